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

/** What a person saw on the house of the source code, where neither a template nor an account shows it. */
export interface SourceReview {
  /** `owner/name`. */
  readonly repository: string;
  /** Role of who looked, and not a name: `security lead`. */
  readonly by: string;
  /** Day of the look, YYYY-MM-DD. */
  readonly looked: string;
  readonly visibility: 'private' | 'internal' | 'public';
  /** Whether the organization lets nobody in without a second factor. */
  readonly secondFactorRequired: boolean;
  /** Reviews of others that every protected branch asks for before a change is merged. */
  readonly requiredReviews: number;
  /** People with access who were on no list of those entitled to it, and still are. */
  readonly unentitledPeople: number;
  /** Where what was seen lies, and its SHA-256. */
  readonly evidence: { readonly reference: string; readonly sha256: string };
}

/** `policies/registers/assurance.yaml`: empty where nobody commissioned anything, which is then what the reports say. */
export interface AssuranceRegister {
  readonly assurance: readonly AssuranceRecord[];
  readonly sourceReviews: readonly SourceReview[];
}
