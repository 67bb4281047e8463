import { entropy, isPlaceholder } from '../../../lib/control/secret-patterns';
import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';
import { exposes, fetchedSecret, secretAttribute } from './secret-exposure';
import { isHidden, rawOf, sourceOf } from './secret-source';

/** Places whose values anybody may read who may describe the resource: as an object, as a list of names and values, or as one text. */
const plainPlaces: Readonly<
  Record<string, readonly { readonly path: string; readonly shape: 'map' | 'list' | 'text' }[]>
> = {
  'AWS::Lambda::Function': [{ path: 'Environment.Variables', shape: 'map' }],
  'AWS::ECS::TaskDefinition': [{ path: 'ContainerDefinitions.*.Environment', shape: 'list' }],
  'AWS::Batch::JobDefinition': [{ path: 'ContainerProperties.Environment', shape: 'list' }],
  'AWS::CodeBuild::Project': [{ path: 'Environment.EnvironmentVariables', shape: 'list' }],
  'AWS::AppRunner::Service': [
    { path: 'SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables', shape: 'list' },
  ],
  'AWS::Amplify::App': [{ path: 'EnvironmentVariables', shape: 'list' }],
  'AWS::EC2::Instance': [{ path: 'UserData', shape: 'text' }],
  'AWS::EC2::LaunchTemplate': [{ path: 'LaunchTemplateData.UserData', shape: 'text' }],
  'AWS::AutoScaling::LaunchConfiguration': [{ path: 'UserData', shape: 'text' }],
  'AWS::SSM::Parameter': [{ path: 'Value', shape: 'text' }],
};

export const plainTypes: readonly string[] = Object.keys(plainPlaces);

/** Judges what of a resource's environment, start script or stored parameter ends as plain text. */
export function judgePlainPlaces(subject: Subject): readonly Outcome[] {
  return (plainPlaces[subject.type] ?? []).flatMap(({ path, shape }) =>
    subject.type === 'AWS::SSM::Parameter'
      ? judgeStoredParameter(subject)
      : variablesAt(subject.root, path, shape).flatMap(([name, value]) => judgeVariable(name, value)),
  );
}

function variablesAt(node: Node, path: string, shape: 'map' | 'list' | 'text'): readonly (readonly [string, Node])[] {
  const star = path.indexOf('*');
  if (star >= 0) {
    const list = node.at(path.slice(0, star - 1));
    return list.resolved.kind === 'unresolved'
      ? [['', list]]
      : partsOf(list).flatMap((item) => variablesAt(item, path.slice(star + 2), shape));
  }
  const place = node.at(path);
  if (shape === 'text' || place.resolved.kind === 'unresolved') {
    return place.resolved.kind === 'absent' ? [] : [[shape === 'text' ? 'text' : '', place]];
  }
  if (shape === 'map') {
    const entries = place.entries();
    return entries.kind === 'known' ? entries.value : [];
  }
  return partsOf(place)
    .filter((entry) => textOf(entry.at('Type').resolved).text !== 'SECRETS_MANAGER')
    .map((entry) => [textOf(entry.at('Name').resolved).text, entry.at('Value')]);
}

function partsOf(node: Node): readonly Node[] {
  return node.resolved.kind === 'list' ? node.resolved.items.map((_, index) => node.at(String(index))) : [];
}

const passwordName = /(passw(or)?d|passphrase|(^|_)pwd)$/i;
const secretName = /(secret|token|api_?key|access_?key|private_?key|credentials?)$/i;

/** A nameless value is a whole environment that cannot be read. */
function judgeVariable(name: string, value: Node): readonly Outcome[] {
  const raw = rawOf(value);
  const isNamed = name === '' || passwordName.test(name) || secretName.test(name);
  // Most values are short words, which need no resolving.
  if (typeof raw === 'string' && !isNamed && !raw.includes('{{resolve:')) {
    return [];
  }
  const { resolved } = value;
  const { text } = textOf(resolved);
  const finds = (what: string): readonly Outcome[] => {
    sourceOf(value);
    return [finding('plainText', value.path, { how: what })];
  };
  const how = exposes(raw, value.subject.template);
  if (how !== undefined) {
    return finds(how);
  }
  if (fetchedSecret.test(text)) {
    return finds('a secret that is fetched at deployment');
  }
  if (resolved.kind === 'reference' && secretAttribute.test(resolved.attribute)) {
    return finds(`the attribute ${resolved.attribute}`);
  }
  if (resolved.kind === 'unresolved' && resolved.parameter) {
    const { template, name: parameter } = resolved.parameter;
    return isHidden(template, parameter) || passwordName.test(name) ? finds(`the parameter ${parameter}`) : [];
  }
  if (resolved.kind === 'scalar') {
    return isSecret(name, text) ? finds(`a value of ${text.length} characters`) : [];
  }
  return resolved.kind === 'unresolved' && isNamed && !text.includes('{{resolve:')
    ? [notAssessed(resolved.reason, value.path)]
    : [];
}

/** By the variable's name and what its value looks like: names of secrets, addresses and switches are none. */
function isSecret(name: string, value: string): boolean {
  if (value === '' || isPlaceholder(value) || /^(arn:|https?:|\/|alias\/|[\d.]+$)/.test(value)) {
    return false;
  }
  return (
    passwordName.test(name) ||
    (secretName.test(name) &&
      value.length >= 16 &&
      /\d/.test(value) &&
      /^[\w+/=.~-]+$/.test(value) &&
      entropy(value) > 3)
  );
}

/** CloudFormation makes no SecureString: what it stores in a parameter is plain text. */
function judgeStoredParameter(parameter: Subject): readonly Outcome[] {
  const name = textOf(parameter.at('Name').resolved).text;
  const value = parameter.at('Value');
  const found = judgeVariable(name, value);
  if (found.length > 0 || !/(secret|token|passw(or)?d|api_?-?key|private_?-?key)$/i.test(name)) {
    return found;
  }
  const { text } = textOf(value.resolved);
  const isHarmless =
    value.resolved.kind !== 'scalar' || text === '' || /^(arn:|https?:)/.test(text) || isPlaceholder(text);
  return isHarmless ? [] : [finding('plainText', value.path, { how: `a value of ${text.length} characters` })];
}
