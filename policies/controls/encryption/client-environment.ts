import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';

/** One environment variable; a value without a node is fetched by the service and not in the template. */
interface Variable {
  readonly name: string;
  readonly value?: Node;
}

const switchedOff = [
  /\breject_?unauthorized["']?\s*[:=]\s*["']?(?:false|0)\b/i,
  /\btrust[\s_]?server[\s_]?certificate\s*=\s*(?:true|yes|1)\b/i,
  /\bsslaccept=accept_invalid_certs\b/i,
];
const modeInside = /\bssl[-_ ]?mode["']?\s*[:=]\s*["']?([a-z][a-z_-]*)/i;
const fullModes = /^verify[-_]?(full|identity)$/i;
const databaseUrl = /^(jdbc:)?postgres(ql)?(\+\w+)?:\/\//i;
const databaseUrlName = /^(DATABASE|POSTGRES(QL)?|PG|DB)_?(CONNECTION_?)?(URL|URI|STRING)$/i;

/** Judges what a function's or a container's environment says of its database connections; nothing, where it says nothing. */
export function judgeEnvironment(subject: Subject): readonly Outcome[] {
  if (subject.type === 'AWS::Lambda::Function') {
    const variables = subject.at('Environment.Variables').entries();
    return variables.kind === 'unresolved'
      ? [notAssessed(variables.reason, variables.property)]
      : judgeVariables((variables.kind === 'known' ? variables.value : []).map(([name, value]) => ({ name, value })));
  }
  const containers = subject.items('ContainerDefinitions');
  if (containers.kind === 'unresolved') {
    return [notAssessed(containers.reason, containers.property)];
  }
  return (containers.kind === 'known' ? containers.value : []).flatMap(judgeContainer);
}

function judgeContainer(container: Node): readonly Outcome[] {
  const written = container.at('Environment').items();
  const fetched = container.at('Secrets').items();
  const hidden = [written, fetched].find((reading) => reading.kind === 'unresolved');
  if (hidden?.kind === 'unresolved') {
    return [notAssessed(hidden.reason, hidden.property)];
  }
  const nameOf = (entry: Node) => textOf(entry.at('Name').resolved).text;
  return judgeVariables([
    ...(fetched.kind === 'known' ? fetched.value : []).map((entry) => ({ name: nameOf(entry) })),
    ...(written.kind === 'known' ? written.value : []).map((entry) => ({
      name: nameOf(entry),
      value: entry.at('Value'),
    })),
  ]);
}

function judgeVariables(variables: readonly Variable[]): readonly Outcome[] {
  const outcomes = variables.flatMap(judgeVariable);
  const hasMode = variables.some(({ name }) => name === 'PGSSLMODE');
  const host = variables.find(({ name }) => name === 'PGHOST' || name === 'PGHOSTADDR');
  return host && !hasMode
    ? [...outcomes, finding('modeMissing', host.value?.path, { variable: 'PGSSLMODE' })]
    : outcomes.filter((outcome) => !(hasMode && isSettledByMode(outcome)));
}

/** A connection string that names no mode takes it from PGSSLMODE. */
function isSettledByMode(outcome: Outcome): boolean {
  return outcome.verdict === 'not-satisfied' && outcome.message === 'modeMissing';
}

function judgeVariable({ name, value }: Variable): readonly Outcome[] {
  if (!value) {
    return name === 'PGSSLMODE' || databaseUrlName.test(name)
      ? [notAssessed(`${name} is fetched at run time: whether it asks for verify-full cannot be seen`)]
      : [];
  }
  const { text } = textOf(value.resolved);
  const isOff = switchedOff.some((pattern) => pattern.test(text));
  if (!isOff && !speaksOfConnection(name, value, text)) {
    return [];
  }
  const reading = value.pattern();
  if (isOff) {
    return [finding('unverified', value.path, { variable: name })];
  }
  const mode = name === 'PGSSLMODE' && reading.kind === 'known' ? text : modeInside.exec(text)?.[1];
  if (mode !== undefined) {
    return [fullModes.test(mode) ? satisfied : finding('weakMode', value.path, { variable: name, mode })];
  }
  if (reading.kind !== 'known') {
    return [notAssessed(reading.kind === 'unresolved' ? reading.reason : `${name} has no value`, value.path)];
  }
  if (name === 'NODE_TLS_REJECT_UNAUTHORIZED') {
    return [reading.value === '0' ? finding('unverified', value.path, { variable: name }) : satisfied];
  }
  return [finding('modeMissing', value.path, { variable: name })];
}

function speaksOfConnection(name: string, value: Node, text: string): boolean {
  const isHidden = value.resolved.kind !== 'scalar' && value.resolved.kind !== 'pattern';
  return (
    /^(PGSSLMODE|NODE_TLS_REJECT_UNAUTHORIZED)$/.test(name) ||
    databaseUrl.test(text) ||
    modeInside.test(text) ||
    (isHidden && databaseUrlName.test(name))
  );
}
