import { Stack, type Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ENVIRONMENT_NAMES } from '../../lib/settings/environment';
import { isRegion, REGIONS } from '../../lib/settings/regions';
import { organization } from '../policy-evaluation/guard-rails';
import { environment } from './synthesize';

const regions = Object.keys(REGIONS).filter(isRegion);

/**
 * What CloudFormation takes of one template.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const limits = { resources: 500, bytes: 1_000_000, outputs: 200, parameters: 200, inlineBytes: 51_200 };

const stages: readonly (readonly [string, () => Stage])[] = [
  ...ENVIRONMENT_NAMES.map((name) => [name, () => environment({ name })] as const),
  ['production with a worldwide delivery network', () => environment({}, { edgeMode: 'cdn' })],
  ['organization', () => organization()],
];

const places: readonly (readonly [string, () => Stage])[] = regions.flatMap((region) => [
  [`an environment in ${region}`, () => environment({ region })] as const,
  [`the organization in ${region}`, () => organization({ region }, { allowedRegions: regions })] as const,
]);

function stacksOf(stage: Stage): readonly Stack[] {
  return stage.node.findAll().filter((child): child is Stack => child instanceof Stack && !child.nested);
}

test.each(stages)('%s: CloudFormation takes every template', (_, make) => {
  const stacks = stacksOf(make());
  expect(stacks).not.toEqual([]);
  for (const stack of stacks) {
    const template = Template.fromStack(stack).toJSON();
    const count = (section: string) => Object.keys(template[section] ?? {}).length;
    expect([stack.stackName, count('Resources') > 0 && count('Resources') <= limits.resources]).toEqual([
      stack.stackName,
      true,
    ]);
    expect([stack.stackName, count('Outputs') <= limits.outputs, count('Parameters') <= limits.parameters]).toEqual([
      stack.stackName,
      true,
      true,
    ]);
    expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThanOrEqual(limits.bytes);
    const bodies = Object.values(Template.fromStack(stack).findResources('AWS::CloudFormation::StackSet'));
    for (const { Properties } of bodies) {
      expect(Buffer.byteLength(Properties.TemplateBody)).toBeLessThanOrEqual(limits.inlineBytes);
      const { Resources, Parameters = {} } = JSON.parse(Properties.TemplateBody);
      expect(Object.keys(Resources).length).toBeLessThanOrEqual(limits.resources);
      // A parameter without a value would be asked of nobody
      expect(Properties.Parameters?.map(({ ParameterKey }: { ParameterKey: string }) => ParameterKey) ?? []).toEqual(
        Object.keys(Parameters),
      );
      // Nothing of it waits for a bucket or a bootstrap in the account
      expect(Properties.TemplateBody).not.toMatch(/cdk-hnb659fds|AssetParameters|"S3Key"|TemplateURL/);
    }
  }
});

/** Names that a template imports, wherever in it. */
function importsOf(template: unknown): readonly string[] {
  const text = JSON.stringify(template);
  return [...text.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map((match) => match[1] ?? '');
}

function exportsOf(template: { readonly [section: string]: unknown }): readonly string[] {
  const outputs: Record<string, { readonly Export?: { readonly Name: string } }> = Object.assign({}, template.Outputs);
  return Object.values(outputs).flatMap((output) => (output.Export ? [output.Export.Name] : []));
}

test.each(places)('%s: stacks are deployed one after the other, each on what is there by then', (_, make) => {
  const stage = make();
  const { stacks } = stage.synth();
  const deployed = new Set<string>();
  const exported = new Set<string>();
  const waiting = new Map(stacks.map((stack) => [stack.id, stack]));
  while (waiting.size > 0) {
    const next = [...waiting.values()].find((stack) =>
      stack.dependencies.every(({ id }) => deployed.has(id) || !stacks.some((each) => each.id === id)),
    );
    if (!next) {
      throw new Error(`these stacks wait for each other: ${[...waiting.keys()].join(', ')}`);
    }
    const missing = importsOf(next.template).filter((name) => !exported.has(name));
    expect([next.stackName, missing]).toEqual([next.stackName, []]);
    for (const name of exportsOf(next.template)) {
      exported.add(name);
    }
    deployed.add(next.id);
    waiting.delete(next.id);
  }
  expect(deployed.size).toBe(stacks.length);
  expect(exported.size > 0).toBe(stage.node.id !== 'organization');
});
