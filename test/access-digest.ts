import type { Graph } from '../lib/template/graph';
import type { Node } from '../lib/template/node';
import {
  type PolicyClause,
  type PolicyPrincipal,
  type PolicyStatement,
  statementsOf,
} from '../lib/template/policy-document';
import { Scope } from '../lib/template/scope';

/** Where policies stand: type, path of the document, and whether it says who may assume a role. */
const documents: readonly (readonly [type: string, path: string])[] = [
  ['AWS::IAM::Policy', 'PolicyDocument'],
  ['AWS::IAM::ManagedPolicy', 'PolicyDocument'],
  ['AWS::IAM::Role', 'AssumeRolePolicyDocument'],
  ['AWS::KMS::Key', 'KeyPolicy'],
  ['AWS::S3::BucketPolicy', 'PolicyDocument'],
  ['AWS::EC2::VPCEndpoint', 'PolicyDocument'],
  ['AWS::Logs::ResourcePolicy', 'PolicyDocument'],
  ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'],
];

/** Who may do what on what, one line a statement, sorted: the page on which a widened permission shows. */
export function accessDigest(graph: Graph): string {
  const scope = new Scope(graph);
  const lines = documents.flatMap(([type, path]) =>
    scope.resources(type).flatMap((resource) => {
      const place = `${resource.template.origin.stackName}/${resource.logicalId}`;
      const inline = type === 'AWS::IAM::Role' ? inlinePolicies(resource.at('Policies')) : [];
      return [resource.at(path), ...inline].flatMap((node) => linesOf(place, node));
    }),
  );
  return `${lines.sort().join('\n')}\n`;
}

function inlinePolicies(policies: Node): readonly Node[] {
  const list = policies.items();
  return list.kind === 'known' ? list.value.map((policy) => policy.at('PolicyDocument')) : [];
}

function linesOf(place: string, node: Node): readonly string[] {
  const reading = statementsOf(node);
  if (reading.kind === 'absent') {
    return [];
  }
  if (reading.kind === 'unresolved') {
    throw new Error(`${place}: the policy cannot be read: ${reading.reason}`);
  }
  expect(reading.value.unresolved).toEqual([]);
  return reading.value.statements.map((statement) => `${place}: ${lineOf(statement, node)}`);
}

function lineOf(statement: PolicyStatement, node: Node): string {
  const who = clause(statement.principals, (principal: PolicyPrincipal) => `${principal.kind}:${principal.id}`);
  const what = clause(statement.actions, String);
  const on = clause(statement.resources, String);
  const condition = node.at(`${statement.property.slice(node.path.length + 1)}.Condition`).resolved;
  const when = condition.kind === 'map' ? ` when ${JSON.stringify(condition.entries)}` : '';
  return `${statement.effect} ${who || 'its holder'} ${what} on ${on || 'itself'}${when}`;
}

function clause<T>(given: PolicyClause<T>, text: (value: T) => string): string {
  const values = given.values.map(text).sort().join(', ');
  return given.form === 'except' ? `all but ${values}` : values;
}
