import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';

/** Whether a place names a key that the customer of AWS manages, and one that can encrypt stored data. */
export function judgeCustomerKey(key: Node): readonly Outcome[] {
  return decide(key.pattern(), {
    known: (name) => (/^(arn:[^/]*:)?(alias\/)?aws\/[\w-]+$/.test(name) ? finding('platformKey') : judgeKind(key)),
    absent: () => finding('platformKey'),
  });
}

/** An asymmetric or HMAC key encrypts no stores; the specification of a key elsewhere cannot be seen, and the service refuses a wrong one. */
function judgeKind(key: Node): readonly Outcome[] {
  const reference = key.resolved.kind === 'reference' ? key.reference() : undefined;
  if (reference?.kind !== 'known' || reference.value.subject.type !== 'AWS::KMS::Key') {
    return [satisfied];
  }
  const kind = reference.value.subject.text('KeySpec');
  return decide(kind, {
    known: (spec) => (spec === 'SYMMETRIC_DEFAULT' ? satisfied : finding('wrongKind', key.path, { kind: spec })),
    absent: () => satisfied,
  });
}
