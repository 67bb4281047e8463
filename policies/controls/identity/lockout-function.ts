import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

/**
 * What the function that a pool calls before a sign-in counts to, and where: it says so in its environment, which is all that a template
 * shows of it.
 */
export function judgeLockout(pool: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const before = pool.at('LambdaConfig.PreAuthentication');
  const after = pool.at('LambdaConfig.PostAuthentication');
  const [first, second] = [before.state(), after.state()];
  if (first === 'absent') {
    return [finding('uncounted', before.path)];
  }
  if (second === 'absent') {
    return [finding('neverCleared', after.path)];
  }
  const counting = functionAt(before);
  const clearing = functionAt(after);
  if (!counting || !clearing) {
    return [notAssessed('a function that it calls is not in the templates', (counting ? after : before).path)];
  }
  const environment = counting.at('Environment.Variables');
  const table = environment.at('LOCKOUT_TABLE');
  const other = clearing.at('Environment.Variables.LOCKOUT_TABLE');
  return [
    ...figuresOf(environment, figures),
    ...judgeTable(table),
    ...(tableOf(table) === tableOf(other) ? [] : [finding('otherTable', other.path)]),
    ...[...new Set([counting, clearing])].flatMap((each) => callers(each, pool, scope)),
  ];
}

function functionAt(trigger: Node): Subject | undefined {
  const reference = trigger.resolved.kind === 'reference' ? trigger.reference() : undefined;
  return reference?.kind === 'known' && reference.value.subject.type === 'AWS::Lambda::Function'
    ? reference.value.subject
    : undefined;
}

function figuresOf(environment: Node, figures: Figures): readonly Outcome[] {
  const most = figures.number('identity.lockoutFailures');
  const least = figures.number('identity.lockoutMinutes');
  const unsaid = () => notAssessed('what its function counts to is not in the templates');
  return [
    ...decide(environment.at('LOCKOUT_FAILURES').number(), {
      known: (failures) =>
        failures >= 1 && failures <= most ? satisfied : finding('tooMany', undefined, { failures, most }),
      absent: unsaid,
    }),
    ...decide(environment.at('LOCKOUT_MINUTES').number(), {
      known: (minutes) => (minutes >= least ? satisfied : finding('tooShort', undefined, { minutes, least })),
      absent: unsaid,
    }),
  ];
}

/** Counts must not outlive their lock: a table that never forgets grows with every name that somebody makes up. */
function judgeTable(place: Node): readonly Outcome[] {
  return decide(place.reference(), {
    known: ({ subject: table }) => {
      if (table.type !== 'AWS::DynamoDB::Table') {
        return notAssessed(`how ${table.type} counts is not known to this control`);
      }
      return [
        ...decide(table.bool('TimeToLiveSpecification.Enabled'), {
          known: (on) => (on ? satisfied : finding('neverForgotten')),
          absent: () => finding('neverForgotten'),
        }),
        ...decide(table.text('TimeToLiveSpecification.AttributeName'), {
          known: () => satisfied,
          absent: () => finding('neverForgotten'),
        }),
      ];
    },
    absent: () => notAssessed('where its function counts is not in the templates'),
  });
}

function tableOf(place: Node) {
  const { resolved } = place;
  return resolved.kind === 'reference' ? resolved.resource : undefined;
}

/** Cognito may call, for this pool alone: a pool of strangers could otherwise send successes of its own. */
function callers(counter: Subject, pool: Subject, scope: JudgementContext['scope']): readonly Outcome[] {
  const permissions = scope.referring(counter, 'AWS::Lambda::Permission', 'FunctionName');
  const ofCognito = permissions.filter((each) => {
    const principal = each.text('Principal');
    return principal.kind !== 'known' || /^(cognito-idp\.|\*$)/.test(principal.value);
  });
  const open = ofCognito.filter((each) => each.at('SourceArn').state() === 'absent');
  if (open.length > 0) {
    return [finding('openToOthers')];
  }
  const own = scope.referring(pool, 'AWS::Lambda::Permission', 'SourceArn');
  return own.some((each) => ofCognito.includes(each))
    ? [satisfied]
    : [notAssessed('whether Cognito may call its function for this pool is not in the templates')];
}
