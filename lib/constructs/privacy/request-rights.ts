import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** A right that people have over data about them, and what its exercise asks of us. */
interface Right {
  /** As the input of the process names it. */
  readonly name: string;
  /** Name of the state that it leads through. */
  readonly state: string;
  readonly ask: string;
}

/**
 * What may be asked for, by the article of GDPR or the section of the California Civil Code. `opt-out` stands apart: it needs no proof of identity
 * and has less time (11 CCR 7026).
 */
const RIGHTS: readonly Right[] = [
  {
    name: 'access',
    state: 'Access',
    ask: 'Hand out a copy with purposes, recipients, time limits and source (GDPR, Article 15)',
  },
  {
    name: 'rectification',
    state: 'Rectification',
    ask: 'Correct it where it is kept, and tell the recipients (GDPR, Articles 16 and 19)',
  },
  {
    name: 'erasure',
    state: 'Erasure',
    ask: 'Erase it unless a law obliges to keep it, and tell the recipients (GDPR, Articles 17 and 19)',
  },
  {
    name: 'restriction',
    state: 'Restriction',
    ask: 'Keep it and use it for nothing else, and tell the recipients (GDPR, Articles 18 and 19)',
  },
  {
    name: 'portability',
    state: 'Portability',
    ask: 'Hand out what the person gave us in a form that machines read (GDPR, Article 20)',
  },
  {
    name: 'objection',
    state: 'Objection',
    ask: 'Stop the use that is objected to, at once where it is advertising (GDPR, Article 21)',
  },
  {
    name: 'know',
    state: 'Know',
    ask: 'Tell what is collected, from whom, what for and who gets it, and hand it out (Cal. Civ. Code 1798.110)',
  },
  {
    name: 'delete',
    state: 'Deletion',
    ask: 'Delete it, and have service providers and contractors delete it (Cal. Civ. Code 1798.105)',
  },
];

/** Where the kind of request leads; `opt-out` goes its own way. */
export function byRight(
  scope: Construct,
  ways: { readonly usual: sfn.IChainable; readonly optOut: sfn.IChainable },
): sfn.Choice {
  const noted = (state: string, ask: string) =>
    new sfn.Pass(scope, state, { result: sfn.Result.fromString(ask), resultPath: '$.request.task' });
  const choice = new sfn.Choice(scope, 'Which right');
  for (const { name, state, ask } of RIGHTS) {
    choice.when(sfn.Condition.stringEquals('$.request.right', name), noted(state, ask).next(ways.usual));
  }
  return choice
    .when(
      sfn.Condition.stringEquals('$.request.right', 'opt-out'),
      noted('Objection to sale', 'Stop selling and sharing, and tell who got it (Cal. Civ. Code 1798.120)').next(
        ways.optOut,
      ),
    )
    .otherwise(
      // A word that we do not know stops no clock
      noted('Unclear right', 'Find out what the person wants, and do that: words of no law are a request too').next(
        ways.usual,
      ),
    );
}

/** Whether a whole customer is to be erased, in the words of whoever looked at who asked. */
export function asksForErasure(): sfn.Condition {
  const isRight = (name: string) => sfn.Condition.stringEquals('$.request.right', name);
  return sfn.Condition.or(isRight('erasure'), isRight('delete'));
}
