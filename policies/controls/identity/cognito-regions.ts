import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

/** Where text messages and mail of a pool are handed over. Its own Region is that of its stack (`${AWS::Region}`), judged elsewhere. */
export function messagesStay(pool: Subject, figures: Figures): readonly Outcome[] {
  return [...textMessages(pool, figures), ...mail(pool, figures)];
}

function textMessages(pool: Subject, figures: Figures): readonly Outcome[] {
  if (pool.at('SmsConfiguration').state() === 'absent') {
    return [];
  }
  return decide(pool.at('SmsConfiguration.SnsRegion').pattern(), {
    known: (region) => inside(bracketed(region), figures),
    // No default is documented, and older pools send from an alternate Region
    absent: () => notAssessed('Cognito does not document from which Region it sends when none is given'),
  });
}

/** Without an SES identity Cognito sends the mail itself, from the Region of the pool. */
function mail(pool: Subject, figures: Figures): readonly Outcome[] {
  return decide(pool.at('EmailConfiguration.SourceArn').pattern(), {
    known: (arn) => {
      const region = bracketed(arn).split(':')[3];
      return region === undefined
        ? notAssessed(`expected the ARN of an SES identity, got ${arn}`)
        : inside(region, figures);
    },
    absent: () => satisfied,
  });
}

/** Whether a copy of the pool is kept where data may be stored. */
export function replicaStays(replica: Subject, figures: Figures): readonly Outcome[] {
  return decide(replica.at('RegionName').pattern(), {
    known: (region) => inside(bracketed(region), figures),
    absent: () => notAssessed('CloudFormation requires the Region of a replica'),
  });
}

/** Pseudo parameters without the colons of their own: `<Region>`. */
function bracketed(text: string): string {
  return text.replace(/\$\{AWS::(\w+)\}/g, '<$1>');
}

function inside(region: string, figures: Figures): Outcome {
  const allowed = figures.set('residency.regions');
  return region === '<Region>' || allowed.includes(region)
    ? satisfied
    : finding('outside', undefined, { region, allowed: allowed.join(', ') });
}
