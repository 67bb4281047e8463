import type { CompliantCase, ControlCases, Edit, Mutation } from '../lib/control/cases';
import type { FigureValue } from '../lib/control/claim';
import type { Control } from '../lib/control/control';
import type { SubjectEvidence } from '../lib/control/evidence';
import { Figures, type ResolvedFigure } from '../lib/control/parameter';
import { worstVerdict } from '../lib/control/verdict';
import { judgeGraph } from '../lib/synth/judge-template';
import { type AssemblyFile, Graph } from '../lib/template/graph';
import { isObject, type Json } from '../lib/template/parse';
import { Template } from '../lib/template/template';

/** The graph of a case's template, as if it were deployed in the EU. */
export function graphOf(given: Pick<CompliantCase, 'template' | 'files' | 'region'>): Graph {
  const origin = { path: 'case.template.json', sha256: '0'.repeat(64), stackName: 'Case', account: '111122223333' };
  const files = Object.entries(given.files ?? {}).map(
    ([path, text]): AssemblyFile => ({ path, size: text.length, read: () => Buffer.from(text) }),
  );
  return new Graph(
    [new Template({ ...origin, region: given.region ?? 'eu-central-1' }, structuredClone(given.template))],
    files,
  );
}

/** A control's own defaults, with a case's figures over them; numbers bind as floor or ceiling, the exact ones as both. */
export function figuresOf(
  control: Control,
  given: Readonly<Record<string, FigureValue>> = {},
  exact: readonly string[] = [],
): Figures {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(control.parameters, name));
  if (unknown.length > 0) {
    throw new Error(`control ${control.id} declares no parameter ${unknown.join(', ')}`);
  }
  return new Figures(
    Object.entries(control.parameters).map(([parameter, definition]): ResolvedFigure => {
      const value = given[parameter] ?? definition.default;
      if (typeof value !== 'number' || definition.kind !== 'number') {
        return { parameter, value, claims: [] };
      }
      const both = exact.includes(parameter);
      const floor = both || definition.stricter === 'higher' ? value : undefined;
      const ceiling = both || definition.stricter === 'lower' ? value : undefined;
      return { parameter, value, claims: [], floor, ceiling };
    }),
  );
}

export function judgeCase(control: Control, given: CompliantCase, presentOnly = false): readonly SubjectEvidence[] {
  return judgeGraph(control, graphOf(given), figuresOf(control, given.figures, given.exact), {
    presentOnly,
    today: given.today ?? '2026-12-01',
  });
}

/** A compliant case's template with one edit made. */
export function mutate(given: CompliantCase, mutation: Mutation): { readonly template: Json; readonly target: string } {
  const template = structuredClone(given.template);
  const target = mutation.target ?? onlyOf(template, mutation.edit, mutation.name);
  mutation.edit.apply(template, target);
  return { template, target };
}

function onlyOf(template: Json, edit: Edit, name: string): string {
  const resources = isObject(template.Resources) ? Object.entries(template.Resources) : [];
  const ids = resources.filter(([, resource]) => isObject(resource) && resource.Type === edit.on).map(([id]) => id);
  if (ids.length !== 1 || ids[0] === undefined) {
    throw new Error(
      `mutation '${name}' must name its target: the case holds ${ids.length} resources of type ${edit.on}`,
    );
  }
  return ids[0];
}

/** The verdict on one logical id, and the message ids that its findings came from. */
export function verdictOn(evidence: readonly SubjectEvidence[], logicalId: string) {
  return worstVerdict(evidence.filter((subject) => subject.logicalId === logicalId).map((subject) => subject.verdict));
}

/** Which of a control's messages a finding's text was made from. */
export function messageOf(control: Control, subject: SubjectEvidence): string {
  if (subject.verdict !== 'not-satisfied') {
    return subject.verdict;
  }
  const matching = Object.entries(control.messages).filter(([, { violation }]) =>
    pattern(violation).test(subject.message ?? ''),
  );
  // A message that is a prefix of another matches both: the longest text is the one that was filled.
  return matching.sort(([, a], [, b]) => literal(b.violation) - literal(a.violation))[0]?.[0] ?? 'unknown';
}

function literal(text: string): number {
  return text.replace(/\{\w+\}/g, '').length;
}

function pattern(violation: string): RegExp {
  const parts = violation.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}

/** One variant of a property that must never satisfy: absent, unresolved, or of a wrong type. */
export interface Variant {
  readonly name: string;
  readonly type: string;
  readonly property: string;
  readonly logicalId: string;
  readonly template: Json;
}

/**
 * Law 4: for every property that judging a compliant case looked at, the case with that property removed, hidden behind a parameter without
 * default, behind an import that nobody exports, and turned into nonsense.
 */
export function* variants(control: Control, cases: ControlCases, given: CompliantCase): Generator<Variant> {
  for (const { logicalId, type, property } of lookedAt(control, given)) {
    const excused = (table: Readonly<Record<string, string>> | undefined) =>
      Object.keys(table ?? {}).some((key) => matches(key, type, property));
    for (const [name, value] of Object.entries(replacements)) {
      const keeps = name === 'absent' && excused(cases.absentKeeps);
      if (!keeps && !excused(cases.indifferent)) {
        yield { name, type, property, logicalId, template: replaced(given.template, logicalId, property, value) };
      }
    }
  }
}

const replacements: Readonly<Record<string, unknown>> = {
  absent: undefined,
  'behind a parameter': { Ref: 'AnythingTheDeployerLikes' },
  'behind an import': { 'Fn::ImportValue': 'nobody-exports-this' },
  nonsense: [[{ no: 'such value' }]],
};

/** Whether `Type: A.*.B` names this property. */
function matches(key: string, type: string, property: string): boolean {
  const [keyType, path] = key.split(': ');
  const keySegments = (path ?? '').split('.');
  const segments = property.split('.');
  return (
    keyType === type &&
    (keySegments.at(-1) === '**'
      ? segments.length >= keySegments.length - 1
      : keySegments.length === segments.length) &&
    keySegments.every((segment, index) => segment === '*' || segment === '**' || segment === segments[index])
  );
}

function lookedAt(
  control: Control,
  given: CompliantCase,
): readonly { logicalId: string; type: string; property: string }[] {
  const resources = isObject(given.template.Resources) ? given.template.Resources : {};
  const typeOf = (logicalId: string) => {
    const resource = resources[logicalId];
    return isObject(resource) ? String(resource.Type) : undefined;
  };
  const found = new Map<string, { logicalId: string; type: string; property: string }>();
  for (const subject of judgeCase(control, given)) {
    for (const { property, value } of subject.observations) {
      const [head, ...rest] = property.split('.');
      const followed = head !== undefined && rest.length > 0 && typeOf(head) !== undefined;
      const logicalId = followed ? head : subject.logicalId;
      const path = followed ? rest.join('.') : property;
      const type = typeOf(logicalId);
      if (type !== undefined && value !== null && path !== '') {
        found.set(`${logicalId}#${path}`, { logicalId, type, property: path });
      }
    }
  }
  return [...found.values()];
}

function replaced(template: Json, logicalId: string, property: string, value: unknown): Json {
  const copy = structuredClone(template);
  copy.Parameters = {
    ...(isObject(copy.Parameters) ? copy.Parameters : {}),
    AnythingTheDeployerLikes: { Type: 'String' },
  };
  const resources = isObject(copy.Resources) ? copy.Resources : {};
  const resource = resources[logicalId];
  let place: unknown = isObject(resource) ? resource.Properties : undefined;
  const keys = keysOf(property, place);
  const last = keys.pop() ?? '';
  for (const key of keys) {
    place = partOf(place, key);
  }
  if (Array.isArray(place)) {
    place.splice(Number(last), 1, ...(value === undefined ? [] : [value]));
  } else if (isObject(place)) {
    if (value === undefined) {
      delete place[last];
    } else {
      place[last] = value;
    }
  }
  return copy;
}

/** The keys along a dotted path. A key may hold dots itself (`rds.force_ssl`): the longest one that is there counts. */
function keysOf(path: string, root: unknown): string[] {
  const keys: string[] = [];
  let segments = path.split('.');
  for (let place = root; segments.length > 0; place = partOf(place, keys.at(-1) ?? '')) {
    const lengths = segments.map((_, index) => segments.length - index);
    const here = place;
    const length = lengths.find((count) => partOf(here, segments.slice(0, count).join('.')) !== undefined) ?? 1;
    keys.push(segments.slice(0, length).join('.'));
    segments = segments.slice(length);
  }
  return keys;
}

function partOf(place: unknown, key: string): unknown {
  return Array.isArray(place)
    ? place[Number(key)]
    : isObject(place) && Object.hasOwn(place, key)
      ? place[key]
      : undefined;
}
