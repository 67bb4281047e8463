import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

/** Nothing is logged unless a level is set: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
export function logged(machine: Subject): readonly Outcome[] {
  return decide(machine.text('LoggingConfiguration.Level'), {
    known: (level) => (level === 'ALL' ? satisfied : finding('unlogged')),
    absent: () => finding('unlogged'),
  });
}

/** A key of AWS unless one is named: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html */
export function encrypted(machine: Subject): readonly Outcome[] {
  return decide(machine.text('EncryptionConfiguration.Type'), {
    known: (type) =>
      type === 'CUSTOMER_MANAGED_KMS_KEY'
        ? decide(machine.at('EncryptionConfiguration.KmsKeyId').pattern(), {
            known: () => satisfied,
            absent: () => finding('platformKey'),
          })
        : finding('platformKey'),
    absent: () => finding('platformKey'),
  });
}
