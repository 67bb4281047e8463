import type { Register } from '../../../lib/control/claim';
import type { Control, WholeOutcome } from '../../../lib/control/control';
import { type ProcessingRecord, type ProcessingRegister, recordsUnder } from '../../../lib/control/processing';
import type { RegisterContext } from '../../../lib/control/records';
import { isInEea, isSentPublicDataOnly, type Vendor } from '../../../lib/control/vendor';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { judgeReview } from '../data-lifecycle/register-review';

const file = 'policies/registers/processing.yaml';

/** Judges the records against the other registers and the catalogue: who receives data, what allows it to leave the EEA, what protects it. */
export function* judgeProcessing(
  registers: readonly Register[],
  catalogue: readonly Control[],
  context: RegisterContext,
): Generator<WholeOutcome> {
  const { processing, vendors } = context.records;
  yield judgeReview(
    {
      register: 'the register of processing',
      file,
      promise: 'clvr-ropa-release-review',
      reviewed: processing?.reviewed,
      days: context.figures.number('processing.reviewDays'),
    },
    registers,
    context,
  );
  if (!processing) {
    yield { target: file, subject: 'processing', type: 'Register', outcome: finding('noRegister') };
    return;
  }
  const used = vendors.filter(({ profiles }) => profiles.includes(context.profile));
  const records = recordsUnder(processing, context.profile);
  for (const record of records) {
    yield about(processing, record, [
      ...recipientFaults(record, used),
      ...transferFaults(record, used),
      ...measureFaults(record, catalogue),
    ]);
  }
  for (const vendor of used.filter((each) => each.role !== 'source' && !isSentPublicDataOnly(each))) {
    const isNamed = records.some(({ recipients }) => recipients.includes(vendor.id));
    yield {
      target: 'policies/registers/vendors.yaml',
      subject: vendor.id,
      type: 'Vendor',
      outcome: isNamed ? satisfied : finding('recipientUnrecorded', undefined, { company: vendor.name }),
      observations: [{ property: 'dataCategories', value: vendor.dataCategories.join(', ') }],
    };
  }
}

/** The first fault of a record stands for it: one subject has one outcome in a register. */
function about(
  { controller }: ProcessingRegister,
  record: ProcessingRecord,
  [fault = satisfied]: readonly Outcome[],
): WholeOutcome {
  const { id, purpose, role, basis, subjects, data, recipients, transfers, retention, measures } = record;
  const all = {
    controller: controller.name,
    purpose,
    role,
    basis,
    subjects: subjects.join(', '),
    data: data.join(', '),
    recipients: recipients.join(', '),
    transfers:
      transfers.map(({ recipient, by, reference }) => `${recipient}: ${by}, ${reference}`).join('; ') || 'none',
    retention: retention.join(', '),
    measures: measures.join(', '),
  };
  return {
    target: file,
    subject: id,
    type: 'ProcessingRecord',
    outcome: fault,
    observations: Object.entries(all).map(([property, value]) => ({ property, value })),
  };
}

/** What nobody may call from inside is sent nothing, whatever a record says. */
function recipientFaults({ recipients }: ProcessingRecord, used: readonly Vendor[]): readonly Outcome[] {
  return recipients
    .filter((id) => !used.some((vendor) => vendor.id === id))
    .map((recipient) => finding('recipientUnused', undefined, { recipient }));
}

function transferFaults({ recipients, transfers }: ProcessingRecord, used: readonly Vendor[]): readonly Outcome[] {
  return used
    .filter((vendor) => recipients.includes(vendor.id) && !isInEea(vendor))
    .flatMap(({ id, country, dpa }) => {
      const transfer = transfers.find(({ recipient }) => recipient === id);
      if (!transfer) {
        return [finding('transferUnsaid', undefined, { recipient: id, country })];
      }
      return transfer.by === 'standard-clauses' && !dpa.signed
        ? [finding('clausesUnsigned', undefined, { recipient: id, country })]
        : [];
    });
}

function measureFaults({ measures }: ProcessingRecord, catalogue: readonly Control[]): readonly Outcome[] {
  const known = new Set(catalogue.map(({ id }) => id));
  return measures.filter((id) => !known.has(id)).map((measure) => finding('measureUnknown', undefined, { measure }));
}
