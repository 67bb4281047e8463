import type { ClaimStatus, Evidence, SubjectEvidence } from '../control/evidence';
import { sha256 } from '../control/fingerprint';
import type { Catalogue } from './catalogue';
import { observedText, oneLine } from './printable';
import { joinReport, nameOf, type Report, type ReportedClaim, sentenceOf } from './report';
import { reach, verdictSentence } from './wording';

/** The version whose schema the document follows. */
const oscalVersion = '1.0.4';
/** OSCAL asks for a namespace of whoever invents names of properties. */
const namespace = 'urn:avouch';

/**
 * A run as OSCAL assessment results: a finding for each promise, an observation for each resource that a control judged, with the values it
 * read, an inventory item for each resource, and a resource with its SHA-256 for each file. OSCAL knows only `satisfied` and
 * `not-satisfied`; the status of the promise stands beside it as the property `status`, and only kept and attested are satisfied. The same
 * evidence gives the same bytes, identifiers too.
 *
 * @throws InputError when the catalogue is of another profile
 */
export function renderOscal(evidence: Evidence, catalogue: Catalogue): string {
  const report = joinReport(evidence, catalogue);
  const { run, tool } = evidence;
  const runId = JSON.stringify([run.kind, run.profile, run.environment, run.startedAt, run.commit]);
  const plan = uuidOf('profile', run.profile);
  const ids = [...report.controls.keys()];
  const objectives = evidence.claims.filter(({ status }) => status !== 'planned');
  const observations = [...report.controls.values()].flatMap((control) =>
    judgedSubjects(control.subjects).map((subject) => observationOf(control.id, control.title, subject, run)),
  );
  const result = {
    uuid: uuidOf('result', runId),
    title: `${tool.name} ${run.kind} for profile ${run.profile}`,
    description: `${verdictSentence(evidence)} ${reach(evidence)}`,
    start: moment(run),
    end: moment(run),
    ...filled('local-definitions', filled('inventory-items', inventory(report))),
    'reviewed-controls': {
      'control-selections': [
        ids.length === 0
          ? { description: 'none was judged' }
          : { 'include-controls': ids.map((id) => ({ 'control-id': id })) },
      ],
      ...(objectives.length === 0
        ? {}
        : {
            'control-objective-selections': [
              { 'include-objectives': objectives.map(({ id }) => ({ 'objective-id': id })) },
            ],
          }),
    },
    ...filled('observations', observations),
    ...filled(
      'findings',
      objectives.flatMap(({ id }) => report.claims.get(id) ?? []).map((claim) => findingOf(claim, report)),
    ),
  };
  const document = {
    'assessment-results': {
      uuid: uuidOf('assessment', runId),
      metadata: {
        title: `Security promises judged with profile ${run.profile}`,
        'last-modified': moment(run),
        version: run.commit ?? run.startedAt,
        'oscal-version': oscalVersion,
        props: [property('tool', `${tool.name} ${tool.version}`)],
      },
      'import-ap': { href: `#${plan}`, remarks: 'the profile whose promises were judged is the plan' },
      results: [result],
      'back-matter': {
        resources: [
          { uuid: plan, title: `profile ${run.profile}`, description: `policies/profiles/${run.profile}.yaml` },
          ...evidence.targets.map(({ path, sha256: value }) => ({
            uuid: uuidOf('target', path),
            title: oneLine(path),
            rlinks: [
              { href: path.split('/').map(encodeURIComponent).join('/'), hashes: [{ algorithm: 'SHA-256', value }] },
            ],
          })),
        ],
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A list under its name; OSCAL allows no empty one. */
function filled(name: string, content: readonly object[] | object): object {
  return Object.keys(content).length === 0 ? {} : { [name]: content };
}

/** To the second: OSCAL takes no fraction that ends in a zero. */
function moment({ startedAt }: Evidence['run']): string {
  return startedAt.replace(/\.\d+Z$/, 'Z');
}

function property(name: string, value: string): object {
  return { name, ns: namespace, value };
}

function judgedSubjects(subjects: readonly SubjectEvidence[]): readonly SubjectEvidence[] {
  return subjects.filter(({ verdict }) => verdict !== 'not-applicable');
}

function placeOf({ target, logicalId, type }: SubjectEvidence): string {
  return JSON.stringify([target, logicalId, type]);
}

function inventory({ controls }: Report): readonly object[] {
  const subjects = [...controls.values()].flatMap((control) => judgedSubjects(control.subjects));
  const distinct = new Map(subjects.map((subject) => [placeOf(subject), subject]));
  return [...distinct].map(([place, subject]) => ({
    uuid: uuidOf('item', place),
    description: oneLine(`${nameOf(subject)} (${subject.type}) of ${subject.target}`),
    ...(subject.constructPath ? { props: [property('construct-path', subject.constructPath)] } : {}),
  }));
}

function observationId(control: string, subject: SubjectEvidence): string {
  return uuidOf('observation', JSON.stringify([control, placeOf(subject), subject.verdict, subject.message ?? '']));
}

function observationOf(control: string, title: string, subject: SubjectEvidence, run: Evidence['run']): object {
  const { verdict, message, fix, source, exception, attestedUntil, observations } = subject;
  return {
    uuid: observationId(control, subject),
    title: `${control} on ${oneLine(nameOf(subject))}`,
    description: oneLine(message ?? title),
    props: [
      property('control', control),
      property('verdict', verdict),
      ...(source === undefined ? [] : [property('source', source)]),
      ...(exception === undefined ? [] : [property('exception', exception)]),
    ],
    methods: [attestedUntil === undefined ? 'TEST' : 'EXAMINE'],
    types: [verdict === 'not-satisfied' ? 'finding' : 'control-objective'],
    subjects: [{ 'subject-uuid': uuidOf('item', placeOf(subject)), type: 'inventory-item' }],
    ...filled(
      'relevant-evidence',
      observations.map(({ property: name, value }) => ({ description: `${oneLine(name)} = ${observedText(value)}` })),
    ),
    collected: moment(run),
    ...(attestedUntil === undefined ? {} : { expires: `${attestedUntil}T23:59:59Z` }),
    ...(fix === undefined ? {} : { remarks: `Fix: ${oneLine(fix)}` }),
  };
}

function findingOf(claim: ReportedClaim, { controls }: Report): object {
  const observed = claim.controls.flatMap((id) =>
    judgedSubjects(controls.get(id)?.subjects ?? [])
      .filter((subject) => subject.claims?.includes(claim.id) ?? true)
      .map((subject) => observationId(id, subject)),
  );
  return {
    uuid: uuidOf('finding', claim.id),
    title: claim.id,
    description: oneLine(sentenceOf(claim)),
    props: [property('status', claim.status), property('document', claim.document)],
    target: {
      type: 'objective-id',
      'target-id': claim.id,
      status: {
        ...stateOf(claim.status),
        ...(claim.reasons.length === 0 ? {} : { remarks: claim.reasons.map(oneLine).join('; ') }),
      },
    },
    ...filled(
      'related-observations',
      [...new Set(observed)].map((id) => ({ 'observation-uuid': id })),
    ),
  };
}

function stateOf(status: ClaimStatus): object {
  const holds = status === 'kept' || status === 'attested';
  const reason = holds ? 'pass' : status === 'broken' ? 'fail' : 'other';
  return { state: holds ? 'satisfied' : 'not-satisfied', reason };
}

/** A UUID that follows from what it names, with the marks of version 5. */
function uuidOf(kind: string, name: string): string {
  const hex = sha256(`${kind} ${name}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
