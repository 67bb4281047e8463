import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { isRange, parseRange } from '../../../lib/template/cidr';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { type AddressList, addressListOf } from './address-lists';

/** AUZ-03: where an organisation lets in its own addresses only, nobody else comes in. */
export const control = defineControl({
  id: 'auz-03',
  title: 'An organisation that names its addresses is reached from them alone, by every route and over IPv6 too',
  family: 'authorisation',
  claims: ['cfus-ip-allowlist-dashboard', 'cfus-ip-allowlist-api', 'cfus-ip-allowlist-self-service'],
  doesNotProve:
    'That any organisation has a list (without one there is nothing to judge), that an owner can change it alone, that the list holds that organisation’s addresses, and that no entry lies beside the web ACL (edg-01): a person who tried from inside and from outside vouches for these.',
  attested: true,
  parameters: {},
  messages: {
    counted: {
      violation: '{name} only counts who comes from outside the list of rule {rule}',
      fix: 'set the action of the rule to Block',
    },
    partial: {
      violation: '{name} asks for the list of rule {rule} on some paths only, so that the others lead around it',
      fix: 'match the host of the organisation and no path: pages, API and WebSockets answer there alike',
    },
    caseSensitive: {
      violation:
        '{name} compares the host in rule {rule} as it is written, so that capital letters lead around the list',
      fix: 'transform the host with LOWERCASE before it is compared',
    },
    forgeable: {
      violation: '{name} believes the address that a header claims in rule {rule}: {property} is {value}',
      fix: 'remove the forwarded address, or take the LAST one, which the own load balancer wrote',
    },
    withoutHeader: {
      violation: '{name} lets in whoever sends no header in rule {rule}: {property} is {value}',
      fix: 'set fallbackBehavior to NO_MATCH where the statement is negated',
    },
    everybody: {
      violation: '{name} lists {range} for rule {rule}, a good part of the internet',
      fix: 'name the ranges of the organisation',
    },
  },
  template: {
    judges: ['AWS::WAFv2::WebACL'],
    expects: 'any-number',
    judge: judgeAcl,
  },
});

function judgeAcl(acl: Subject): Outcome | readonly Outcome[] {
  const rules = acl.items('Rules');
  if (rules.kind !== 'known') {
    return rules.kind === 'absent' ? notApplicable('it has no rules') : notAssessed(rules.reason, rules.property);
  }
  const lists = rules.value.flatMap((rule) => addressListOf(rule) ?? []);
  return lists.length === 0 ? notApplicable('it keeps no list of addresses to let in') : lists.flatMap(judgeList);
}

function judgeList(list: AddressList): readonly Outcome[] {
  const { resolved } = list.rule.at('Name');
  const rule = resolved.kind === 'scalar' ? String(resolved.value) : list.rule.path;
  const values = { rule };
  return [
    ...judgeAction(list.rule, values),
    ...list.matches.flatMap((match) => judgeMatch(match, values)),
    ...list.sets.flatMap((set) => [...judgeAddress(set, values), ...judgeRanges(set, values)]),
  ];
}

function judgeAction(rule: Node, values: { readonly rule: string }): readonly Outcome[] {
  // Letting some in keeps out nobody unless the rest is blocked.
  const isAllowing = rule.at('Action.Allow').resolved.kind !== 'absent';
  const block = isAllowing ? rule.subject.at('DefaultAction.Block') : rule.at('Action.Block');
  return decide(block.entries(), {
    known: () => satisfied,
    absent: () => finding('counted', block.path, values),
  });
}

function judgeMatch(match: Node, values: { readonly rule: string }): readonly Outcome[] {
  if (match.at('FieldToMatch.UriPath').state() !== 'absent') {
    return [finding('partial', match.path, values)];
  }
  const name = match.at('FieldToMatch.SingleHeader.Name').resolved;
  if (name.kind !== 'scalar' || String(name.value).toLowerCase() !== 'host') {
    return [notAssessed('whether it covers every route of the organisation is not known', match.path)];
  }
  match.at('FieldToMatch.SingleHeader.Name').text();
  return decide(match.at('TextTransformations').items(), {
    known: (list) =>
      list.some((each) => {
        const type = each.at('Type').text();
        return type.kind === 'known' && type.value === 'LOWERCASE';
      })
        ? satisfied
        : finding('caseSensitive', match.path, values),
    absent: () => finding('caseSensitive', match.path, values),
  });
}

/** The address of the connection, unless a header is asked, of which only the last entry is the own load balancer’s. */
function judgeAddress(set: Node, values: { readonly rule: string }): readonly Outcome[] {
  const forwarded = set.at('IPSetForwardedIPConfig');
  if (forwarded.state() === 'absent') {
    return [];
  }
  return [
    ...decide(forwarded.at('Position').text(), {
      known: (position) => (position === 'LAST' ? satisfied : finding('forgeable', undefined, values)),
      absent: () => notAssessed('which of the addresses of a header counts is not said'),
    }),
    ...decide(forwarded.at('FallbackBehavior').text(), {
      known: (behaviour) => (behaviour === 'NO_MATCH' ? satisfied : finding('withoutHeader', undefined, values)),
      absent: () => notAssessed('what holds without the header is not said'),
    }),
  ];
}

function judgeRanges(set: Node, values: { readonly rule: string }): readonly Outcome[] {
  const arn = set.at('Arn');
  if (arn.resolved.kind !== 'reference') {
    return [notAssessed('which addresses are listed is not in the templates', arn.path)];
  }
  return decide(arn.reference(), {
    known: ({ subject: list }) =>
      decide(list.items('Addresses'), {
        known: (addresses) => [satisfied, ...addresses.flatMap((address) => judgeRange(address, arn.path, values))],
        absent: () => notAssessed('which addresses are listed is not in the templates', arn.path),
      }),
    absent: () => notAssessed('which addresses are listed is not in the templates'),
  });
}

function judgeRange(address: Node, property: string, values: { readonly rule: string }): readonly Outcome[] {
  return decide(address.text(), {
    known: (text) => {
      const range = parseRange(text);
      if (!isRange(range)) {
        return notAssessed(range.error, property);
      }
      // A block of a registry to one owner is no larger: an IPv4 /8, an IPv6 /16
      const most = range.family === 4 ? 1n << 24n : 1n << 112n;
      return range.last - range.first + 1n > most
        ? finding('everybody', property, { ...values, range: text })
        : satisfied;
    },
    absent: () => satisfied,
  });
}
