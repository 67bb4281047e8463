import type { Control, WholeOutcome } from '../control/control';
import type { Observation, SubjectEvidence } from '../control/evidence';
import { type Outcome, worstVerdict } from '../control/verdict';
import type { RecordedRead } from '../template/scope';
import type { ResourceDefinition } from '../template/template';

/** An outcome and what was read to reach it. */
export interface JudgedOutcome {
  readonly outcome: Outcome;
  readonly reads?: readonly RecordedRead[];
}

/** Properties whose values never leave the machine. */
const secret = /(password|secretstring|authtoken|privatekey|clientsecret|apikey)$/i;

/**
 * What a judgement says of one resource, over all worlds: each distinct finding or unseen property by itself, or one entry where all
 * is well. Empty when the resource exists in no world.
 */
export function subjectEvidence(
  control: Control,
  definition: ResourceDefinition,
  judged: readonly JudgedOutcome[],
  reads: readonly RecordedRead[],
): readonly SubjectEvidence[] {
  if (judged.length === 0) {
    return [];
  }
  const observations = observationsOf(definition, reads);
  const verdict = worstVerdict(judged.map(({ outcome }) => outcome.verdict));
  const provenance = definition.template.origin.provenance?.get(definition.logicalId);
  const place = {
    target: definition.template.path,
    logicalId: definition.logicalId,
    type: definition.type,
    constructPath: provenance?.constructPath ?? constructPathOf(definition),
    source: provenance?.source ?? definition.template.origin.locate?.(definition.logicalId),
  };
  const distinct = new Map<string, SubjectEvidence>();
  for (const { outcome, reads: seen } of judged) {
    if (outcome.verdict === verdict) {
      const words = wordsOf(control, outcome, place, seen ?? reads, definition);
      distinct.set(JSON.stringify(words), { ...place, verdict, ...words, observations });
    }
  }
  return verdict === 'not-satisfied' || verdict === 'not-assessed'
    ? [...distinct.values()]
    : [...distinct.values()].slice(0, 1);
}

/** What a judgement says of a stack, a file or whatever else is no resource. */
export function wholeEvidence(control: Control, whole: WholeOutcome): SubjectEvidence {
  const { target, subject: logicalId, type, outcome, observations = [] } = whole;
  const words = wordsOf(control, outcome, { logicalId, type, target }, []);
  return { target, logicalId, type, verdict: outcome.verdict, ...words, observations };
}

function constructPathOf(definition: ResourceDefinition): string | undefined {
  const path = definition.metadata['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}

function observationsOf(subject: ResourceDefinition, reads: readonly RecordedRead[]): readonly Observation[] {
  const distinct = new Map<string, Observation>();
  for (const read of reads) {
    const property = read.subject === subject ? read.property : `${read.subject.logicalId}.${read.property}`;
    const value = typeof read.value === 'string' && secret.test(read.property) ? '(not shown)' : read.value;
    distinct.set(`${property}\u0000${JSON.stringify(value)}`, { property, value });
  }
  return [...distinct.values()];
}

function wordsOf(
  control: Control,
  outcome: Outcome,
  place: { readonly logicalId: string; readonly type: string; readonly target: string },
  reads: readonly RecordedRead[],
  subject?: ResourceDefinition,
): { readonly message?: string; readonly fix?: string } {
  switch (outcome.verdict) {
    case 'satisfied':
      return {};
    case 'not-applicable':
      return { message: outcome.reason };
    case 'not-assessed':
      return { message: outcome.property ? `${outcome.property}: ${outcome.reason}` : outcome.reason };
    case 'not-satisfied': {
      const words = control.messages[outcome.message];
      if (!words) {
        throw new Error(`control ${control.id} has no message '${outcome.message}'`);
      }
      const read = reads.findLast((each) => each.subject === subject && each.property === outcome.property);
      const value = outcome.property !== undefined && secret.test(outcome.property) ? '(not shown)' : read?.value;
      const values = {
        name: place.logicalId || place.target,
        type: place.type,
        property: outcome.property,
        value,
        ...outcome.values,
      };
      return { message: fill(words.violation, values), fix: fill(words.fix, values) };
    }
  }
}

function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? display(values[name]) : placeholder,
  );
}

function display(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
}

export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
