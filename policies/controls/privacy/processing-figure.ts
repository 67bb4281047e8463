import type { Parameter } from '../../../lib/control/parameter';

/** Which rules of the retention schedule each record of processing is about: what the register says for the profile. */
export const processingRecords: Parameter = {
  kind: 'set',
  default: [],
  description:
    'what is processed where, from the records of processing: record and rule of the retention schedule, with - for a record where a rule is about nobody',
};

/** Records of processing that name a rule of the retention schedule: each line is `record rule`. */
export function recordsOf(rule: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.split(' ')).flatMap(([record, named]) => (named === rule && record ? [record] : []));
}

/** Word that stands for a record where a rule is about nobody. */
export const nobody = '-';
