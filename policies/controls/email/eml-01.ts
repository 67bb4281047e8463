import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeEvents, judgeTransport, setType, suppressionOf } from './configuration-sets';
import { judgeSenders } from './critical-senders';

const identityType = 'AWS::SES::EmailIdentity';
const listType = 'AWS::SES::ContactList';

/** EML-01: whom mail leaves alone, and the one way past that. */
export const control = defineControl({
  id: 'eml-01',
  title:
    'Mail leaves alone whoever bounced, complained or opted out, and one role alone may send past that, from one address',
  family: 'email',
  claims: [
    'cfus-email-hard-bounce',
    'cfus-email-complaints',
    'cfus-email-unsubscribes',
    'cfus-email-critical-bypass',
    'cly-delete-confirmation-email',
  ],
  doesNotProve:
    'That the application names the contact list with every mail that people may opt out of, which is all that honours an opt-out; that what is sent past the suppression list is what nobody may miss; that the account has left the sandbox of SES; and that a mail to a dead address arrives, which the bypass only tries.',
  runbook: 'handle-returned-mail',
  parameters: {},
  messages: {
    missing: {
      violation: 'no configuration set is deployed, so nothing leaves alone whoever bounced or complained',
      fix: 'deploy a configuration set with suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS',
    },
    notSuppressed: {
      violation: 'configuration set {name} goes on writing to addresses for the reason {reason}',
      fix: 'set suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS',
    },
    clear: {
      violation: 'configuration set {name} hands mail to servers without TLS: {property} is {value}',
      fix: 'set tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE',
    },
    unheard: {
      violation: 'nobody is told which mails of configuration set {name} bounced or were reported as spam',
      fix: 'add an event destination that is enabled, for BOUNCE and COMPLAINT, to EventBridge, SNS or Firehose',
    },
    noDefault: {
      violation: 'a mail of identity {name} that names no configuration set is sent without any',
      fix: 'set configurationSet of the identity to the one that suppresses',
    },
    bypassByDefault: {
      violation: 'a mail of identity {name} that names no configuration set goes past the suppression list',
      fix: 'set configurationSet of the identity to the one that suppresses',
    },
    noIdentity: {
      violation: 'no identity is deployed, so which configuration set a mail has by default is left to the account',
      fix: 'deploy an EmailIdentity of the domain with its configurationSet',
    },
    noList: {
      violation: 'no contact list is deployed, so nobody can opt out: the suppression list does not know opt-outs',
      fix: 'deploy a contact list, and name it in listManagementOptions of every mail that people may opt out of',
    },
    unasked: {
      violation: 'contact list {name} has people on a topic who never asked for it: {property} is {value}',
      fix: 'set defaultSubscriptionStatus: OPT_OUT',
    },
    noBypass: {
      violation: 'no configuration set reaches suppressed addresses, so a mail that nobody may miss is dropped too',
      fix: 'deploy one configuration set with disableSuppressionList, for one role that sends such mails',
    },
    severalBypasses: {
      violation: '{count} configuration sets go past the suppression list: {sets}',
      fix: 'keep one, and let the others suppress',
    },
    noSender: {
      violation: 'nobody may send through configuration set {name}, so a mail that nobody may miss is never sent',
      fix: 'let one role send through it, from one address',
    },
    severalSenders: {
      violation: 'more than one may send past the suppression list through configuration set {name}: {senders}',
      fix: 'name configuration sets in the resources of who sends ordinary mail, and keep this one to a role of its own',
    },
    anySender: {
      violation: '{policy} lets mail of any address go past the suppression list through {name} ({at})',
      fix: 'add StringEquals on ses:FromAddress with the whole address, or take the configuration set from its resources',
    },
  },
  template: {
    judges: [setType, identityType, listType],
    expects: 'at-least-one',
    expected: [setType],
    judge: (subject, context) => {
      switch (subject.type) {
        case setType:
          return judgeSet(subject, context);
        case identityType:
          return judgeIdentity(subject, context);
        default:
          return judgeList(subject);
      }
    },
    judgeWhole,
  },
});

function judgeSet(set: Subject, { scope }: JudgementContext): readonly Outcome[] {
  return [...judgeSuppression(set, scope), ...judgeTransport(set), judgeEvents(set, scope)];
}

function judgeSuppression(set: Subject, scope: JudgementContext['scope']): readonly Outcome[] {
  const suppression = suppressionOf(set);
  switch (suppression.kind) {
    case 'ordinary':
      return [
        satisfied,
        ...suppression.missing.map((reason) => finding('notSuppressed', suppression.property, { reason })),
      ];
    case 'critical':
      return [satisfied, ...judgeSenders(set, scope)];
    case 'unknown':
      return [notAssessed(suppression.reason, suppression.property)];
  }
}

/** Source: https://docs.aws.amazon.com/ses/latest/dg/managing-configuration-sets-default-sets.html. */
function judgeIdentity(identity: Subject, { scope }: JudgementContext): readonly Outcome[] {
  const path = 'ConfigurationSetAttributes.ConfigurationSetName';
  return decide(identity.at(path).pattern(), {
    known: () => {
      const set = scope
        .resources(setType)
        .find((each) =>
          scope.referring(each, identityType, path).some(({ definition }) => definition === identity.definition),
        );
      const suppression = set && suppressionOf(set);
      if (!suppression) {
        return notAssessed('its configuration set is not here');
      }
      return suppression.kind === 'critical' ? finding('bypassByDefault') : satisfied;
    },
    absent: () => finding('noDefault'),
  });
}

function judgeList(list: Subject): readonly Outcome[] {
  const topics = decide(list.items('Topics'), {
    known: (items) =>
      items.flatMap((topic) =>
        decide(topic.at('DefaultSubscriptionStatus').text(), {
          known: (status) => (status === 'OPT_OUT' ? satisfied : finding('unasked')),
          absent: () => notAssessed('a topic needs a status for those who said nothing'),
        }),
      ),
    // Whoever opts out, opts out of everything
    absent: () => satisfied,
  });
  return topics.length > 0 ? topics : [satisfied];
}

function* judgeWhole({ scope, presentOnly }: JudgementContext): Generator<WholeOutcome> {
  const sets = scope.resources(setType);
  const [first] = sets;
  if (presentOnly || !first) {
    return;
  }
  const about = { target: first.template.path, subject: '', type: setType };
  const critical = sets.filter((set) => suppressionOf(set).kind === 'critical');
  if (critical.length === 0) {
    yield { ...about, outcome: finding('noBypass'), claims: ['cfus-email-critical-bypass'] };
  }
  if (critical.length > 1) {
    const names = critical.map(({ logicalId }) => logicalId).join(', ');
    yield { ...about, outcome: finding('severalBypasses', undefined, { count: critical.length, sets: names }) };
  }
  if (scope.resources(identityType).length === 0) {
    yield { ...about, type: identityType, outcome: finding('noIdentity') };
  }
  if (scope.resources(listType).length === 0) {
    yield { ...about, type: listType, outcome: finding('noList'), claims: ['cfus-email-unsubscribes'] };
  }
}
