/** A test or an audit by people from outside, as a company records it once its report is there. */
export interface AssuranceRecord {
  /** Lower case, with the time in it: `pentest-2027-q1`. */
  readonly id: string;
  /** `pentest`: they looked for a way in. `audit`: they looked at whether what is said is so. */
  readonly kind: 'pentest' | 'audit';
  /** Company that did it. */
  readonly by: string;
  /** Why these people judge freely: what they neither built nor run, in a sentence. */
  readonly independence: string;
  /** Last day of the work, YYYY-MM-DD; evidence counts from it, whenever it was filed. */
  readonly ended: string;
  /** What was looked at: hosts, stacks, promises. */
  readonly scope: readonly string[];
  /** Where the report lies, and the SHA-256 of the file. */
  readonly report: { readonly reference: string; readonly sha256: string };
  /** Findings of grade critical or high that have no owner and no date yet. */
  readonly undatedFindings: number;
  /** Last day by which the next one ends, YYYY-MM-DD. */
  readonly nextDue: string;
}

/** `policies/registers/assurance.yaml`: empty where nobody commissioned anything, which is then what the reports say. */
export interface AssuranceRegister {
  readonly assurance: readonly AssuranceRecord[];
}
