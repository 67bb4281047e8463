import type { Claim } from './claim';
import { type ControlDigest, digestControl, findingSignals, type Signal, unprovenSignals } from './control-signals';
import type { ClaimEvidence, ControlEvidence, ExceptionEvidence } from './evidence';
import type { Profile } from './profile';

/** Which ways a control of the catalog has to look. */
export interface ControlHalves {
  /** Judged by `check`. */
  readonly template: boolean;
  /** Judged by `verify`. */
  readonly live: boolean;
  /** Judged by both: it looks at the registers themselves. */
  readonly register?: boolean;
  /** Needs a person's dated word. */
  readonly attested: boolean;
}

/** One run, as far as the status of claims depends on it. */
export interface ClaimRun {
  readonly kind: 'check' | 'verify';
  /** Date of the run, YYYY-MM-DD, UTC. */
  readonly today: string;
  /** The catalog: every control that exists, judged in this run or not. */
  readonly catalog: ReadonlyMap<string, ControlHalves>;
  /** Results of this run by control id, those of a merged run included. */
  readonly results: ReadonlyMap<string, ControlEvidence>;
  readonly exceptions: readonly ExceptionEvidence[];
  /**
   * Set where `results` also carry those of the other kind of run, which count until this date.
   * @default the other kind of run is awaited
   */
  readonly merged?: { readonly validUntil: string };
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

const worstFirst = ['broken', 'unproven', 'excepted', 'awaiting'] as const;

/**
 * The status of each bound claim: the worst thing that any of its controls says. Could-not-look is never a pass: a claim is kept only
 * where every control bound to it exists, was judged in every way it has, and is satisfied. Attestations cannot be handed in, so
 * no claim is `attested`: what a person must attest awaits it.
 */
export function computeClaimStatuses(claims: readonly Claim[], run: ClaimRun): ClaimEvidence[] {
  const digests = new Map([...run.results].map(([id, evidence]) => [id, digestControl(evidence)]));
  const exceptions = new Map(run.exceptions.map((exception) => [exception.id, exception]));
  return claims.map((claim) => {
    const { id, document, controls } = claim;
    if (claim.planned) {
      return { id, document, status: 'planned', controls, reasons: ['the document itself calls this planned'] };
    }
    const signals = [
      ...controls.flatMap((control) => controlSignals(control, claim, digests.get(control), exceptions, run)),
      ...claimSignals(claim, run),
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
    ...(halves.template || halves.live || halves.register || halves.attested
      ? []
      : [{ status: 'unproven' as const, reason: `${id} has nothing that judges it` }]),
  ];
}

function isSeenBy({ kind, merged }: ClaimRun, { template, live, register }: ControlHalves): boolean {
  const isOwn = kind === 'check' ? template : live;
  return isOwn || register === true || (merged !== undefined && (template || live));
}

/** The ways of looking that this run does not have. */
function pendingSignals(id: string, { template, live, attested }: ControlHalves, run: ClaimRun): Signal[] {
  const other = run.kind === 'check' ? { name: 'verify', has: live } : { name: 'check', has: template };
  const signals: Signal[] = [];
  if (other.has && !run.merged) {
    signals.push({ status: 'awaiting', reason: `${id} also needs \`avouch ${other.name}\`` });
  }
  if (other.has && run.merged && run.today > run.merged.validUntil) {
    const { validUntil } = run.merged;
    signals.push({
      status: 'unproven',
      reason: `${id}: the evidence of \`avouch ${other.name}\` expired on ${validUntil}`,
    });
  }
  if (attested) {
    signals.push({ status: 'awaiting', reason: `${id} also needs a person's attestation` });
  }
  return signals;
}

/** What the claim asks beside its controls. */
function claimSignals({ controls, enforceability, runbook }: Claim, { catalog }: ClaimRun): Signal[] {
  const signals: Signal[] = [];
  if (controls.length === 0) {
    signals.push({ status: 'unproven', reason: 'no control is bound to it', isAbsence: true });
  }
  const known = controls.filter((id) => catalog.has(id));
  if (enforceability === 'verified' && known.length > 0 && !known.some((id) => catalog.get(id)?.live)) {
    const reason = 'its proof is a look at what runs, and no control bound to it looks there';
    signals.push({ status: 'unproven', reason, isAbsence: true });
  }
  const by = runbook === undefined ? '' : ` by runbook '${runbook}'`;
  if (enforceability === 'application-attested') {
    signals.push({ status: 'awaiting', reason: `who builds the application must attest it${by}` });
  } else if (enforceability === 'procedure' || runbook !== undefined) {
    signals.push({ status: 'awaiting', reason: `a person must attest it${by}` });
  }
  return signals;
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
