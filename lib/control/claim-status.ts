import type { Claim } from './claim';
import {
  type ControlDigest,
  digestControl,
  digestFor,
  findingSignals,
  type Signal,
  unprovenSignals,
} from './control-signals';
import type { ClaimEvidence, ControlEvidence, ExceptionEvidence } from './evidence';
import type { Profile } from './profile';

/** A way of looking that not every run has, and the command that brings it. */
const commandOf = {
  template: 'avouch check',
  live: 'avouch verify',
  database: 'avouch verify --database',
} as const;
export type Way = keyof typeof commandOf;
const ways: readonly Way[] = ['template', 'live', 'database'];

/** Which ways a control of the catalog has to look. */
export interface ControlHalves {
  /** Judges templates. */
  readonly template: boolean;
  /** Judges the running account. */
  readonly live: boolean;
  /** Judges a running database. */
  readonly database: boolean;
  /** Judged by every run: it looks at the registers themselves. */
  readonly register?: boolean;
  /** Needs a person's dated word. */
  readonly attested: boolean;
}

/** One run, as far as the status of claims depends on it. */
export interface ClaimRun {
  /** The ways of looking that `results` carry; those of an earlier run count until a date, YYYY-MM-DD. What is not here is awaited. */
  readonly looked: Readonly<Partial<Record<Way, { readonly validUntil?: string }>>>;
  /** Date of the run, YYYY-MM-DD, UTC. */
  readonly today: string;
  /** The catalog: every control that exists, judged in this run or not. */
  readonly catalog: ReadonlyMap<string, ControlHalves>;
  /** Results of this run by control id, those of a merged run included. */
  readonly results: ReadonlyMap<string, ControlEvidence>;
  readonly exceptions: readonly ExceptionEvidence[];
  /**
   * Whether only what is there is judged. What is absent then awaits a run over the whole app instead of leaving a claim
   * unproven; what is there and could not be assessed still does.
   * @default false
   */
  readonly presentOnly?: boolean;
  /**
   * The profile, for the sentences that it has published instead of a claim that yields.
   * @default no claim yields
   */
  readonly profile?: Pick<Profile, 'name' | 'resolutions'>;
}

const worstFirst = ['broken', 'unproven', 'excepted', 'awaiting', 'attested'] as const;

/**
 * The status of each bound claim: the worst thing that any of its controls says. Could-not-look is never a pass: a claim is kept only
 * where every control bound to it exists, was judged in every way it has, and is satisfied. What a person must attest is `awaiting`, or
 * `attested` where a register holds that person's word and its control found it whole and in time.
 */
export function computeClaimStatuses(claims: readonly Claim[], run: ClaimRun): ClaimEvidence[] {
  const digests = new Map([...run.results].map(([id, evidence]) => [id, digestControl(evidence)]));
  const exceptions = new Map(run.exceptions.map((exception) => [exception.id, exception]));
  return claims.map((claim) => {
    const { id, document, controls } = claim;
    if (claim.planned) {
      return { id, document, status: 'planned', controls, reasons: ['the document itself calls this planned'] };
    }
    const said = controls.map((control) => {
      const digest = digests.get(control);
      return { control, digest: digest && digestFor(digest, id) };
    });
    const signals = [
      ...said.flatMap(({ control, digest }) => controlSignals(control, claim, digest, exceptions, run)),
      ...claimSignals(claim, run, attestation(said, run.today)),
    ].map((signal) => (run.presentOnly && signal.isAbsence ? awaitWholeApp(signal) : signal));
    const ordered = worstFirst.flatMap((status) => signals.filter((signal) => signal.status === status));
    const reasons = [...new Set([...ordered.map(({ reason }) => reason), ...wordingNotes(claim, run)])];
    return { id, document, status: ordered[0]?.status ?? 'kept', controls, reasons };
  });
}

function awaitWholeApp({ reason }: Signal): Signal {
  return { status: 'awaiting', reason: `${reason}: only what is present was judged` };
}

function controlSignals(
  id: string,
  claim: Claim,
  digest: ControlDigest | undefined,
  exceptions: ReadonlyMap<string, ExceptionEvidence>,
  run: ClaimRun,
): Signal[] {
  const halves = run.catalog.get(id);
  if (!halves) {
    return [{ status: 'unproven', reason: `${id} is not in the catalog`, isAbsence: true }];
  }
  const isSeen = isSeenBy(run, halves);
  return [
    ...(digest ? findingSignals(digest, claim.id, exceptions, run.today) : []),
    ...(isSeen ? unprovenSignals(id, digest) : []),
    ...pendingSignals(id, halves, run),
    ...(ways.some((way) => halves[way]) || halves.register || halves.attested
      ? []
      : [{ status: 'unproven' as const, reason: `${id} has nothing that judges it` }]),
  ];
}

function isSeenBy({ looked }: ClaimRun, halves: ControlHalves): boolean {
  return halves.register === true || ways.some((way) => halves[way] && looked[way] !== undefined);
}

/** The ways of looking that this run does not have, or has from a run that is too long ago. */
function pendingSignals(id: string, halves: ControlHalves, { looked, today }: ClaimRun): Signal[] {
  const signals = ways
    .filter((way) => halves[way])
    .flatMap((way): Signal[] => {
      const look = looked[way];
      if (!look) {
        return [{ status: 'awaiting', reason: `${id} also needs \`${commandOf[way]}\`` }];
      }
      const { validUntil = today } = look;
      return today > validUntil
        ? [{ status: 'unproven', reason: `${id}: the evidence of \`${commandOf[way]}\` expired on ${validUntil}` }]
        : [];
    });
  return halves.attested
    ? [...signals, { status: 'awaiting', reason: `${id} also needs a person's attestation` }]
    : signals;
}

/** Until when a person's word counts that the controls rest on, the first of several; undefined where none does, or it is over. */
function attestation(
  said: readonly { readonly control: string; readonly digest?: ControlDigest }[],
  today: string,
): { readonly by: string; readonly until: string } | undefined {
  const words = said.flatMap(({ control: by, digest }) =>
    (digest?.evidence.subjects ?? []).flatMap(({ attestedUntil: until }) =>
      until === undefined ? [] : [{ by, until }],
    ),
  );
  const [first] = words.sort((one, other) => one.until.localeCompare(other.until));
  return first && today <= first.until ? first : undefined;
}

/** What the claim asks beside its controls. */
function claimSignals(
  { controls, enforceability, runbook }: Claim,
  { catalog }: ClaimRun,
  word: ReturnType<typeof attestation>,
): Signal[] {
  const signals: Signal[] = [];
  if (controls.length === 0) {
    signals.push({ status: 'unproven', reason: 'no control is bound to it', isAbsence: true });
  }
  const known = controls.filter((id) => catalog.has(id));
  if (enforceability === 'verified' && known.length > 0 && !known.some((id) => looksAtWhatRuns(catalog.get(id)))) {
    const reason = 'its proof is a look at what runs, and no control bound to it looks there';
    signals.push({ status: 'unproven', reason, isAbsence: true });
  }
  const by = runbook === undefined ? '' : ` by runbook '${runbook}'`;
  if (enforceability === 'application-attested') {
    signals.push({ status: 'awaiting', reason: `who builds the application must attest it${by}` });
  } else if (word && (enforceability === 'procedure' || runbook !== undefined)) {
    signals.push({
      status: 'attested',
      reason: `a person attested it${by}, which ${word.by} found in time until ${word.until}`,
    });
  } else if (enforceability === 'procedure' || runbook !== undefined) {
    signals.push({ status: 'awaiting', reason: `a person must attest it${by}` });
  }
  return signals;
}

function looksAtWhatRuns(halves: ControlHalves | undefined): boolean {
  return halves !== undefined && (halves.live || halves.database);
}

/** Where the wording to publish is not the document's own: said of every status, a kept claim too. */
function wordingNotes({ id, equivalent }: Claim, { profile }: ClaimRun): string[] {
  const yielded = (profile?.resolutions ?? []).filter(({ yields }) => yields.includes(id));
  return [
    ...(equivalent
      ? [`delivered by an equivalent: ${withoutStop(equivalent.delivered)}; publish instead: ${equivalent.publish}`]
      : []),
    ...yielded.map(
      ({ parameter, because, publish }) =>
        `yields on ${parameter} in profile '${profile?.name}': ${withoutStop(because)}; publish instead: ${publish}`,
    ),
  ];
}

/** A sentence that goes on after a semicolon ends without its full stop. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
