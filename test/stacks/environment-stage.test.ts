import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readEnvironment } from '../../lib/settings/check-settings';
import { isRegion, REGIONS } from '../../lib/settings/regions';
import { EnvironmentStage } from '../../lib/stacks/environment-stage';
import { environment, FIGURES } from './synthesize';

const names = Object.keys(REGIONS).filter(isRegion);

test.each(names)('%s synthesizes without asking AWS, and names no other Region or partition', (region) => {
  const stage = environment({ region });
  const stacks = stage.node.children.filter((child) => child instanceof Stack);
  const elsewhere = new RegExp([...names.filter((other) => other !== region), 'us-east-1'].join('|'));
  const foreign = REGIONS[region].partition === 'aws' ? 'arn:aws-eusc:' : 'arn:aws:';

  expect(stacks.map(({ node }) => node.id)).toEqual(
    expect.arrayContaining(['Keys', 'Audit', 'Network', 'Data', 'Identity']),
  );
  for (const stack of stacks) {
    expect([stack.region, stack.account]).toEqual([region, '333333333333']);
    const text = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(text).not.toMatch(elsewhere);
    expect(text).not.toContain(foreign);
    // Every ARN names this partition, or leaves it to CloudFormation.
    const partitions = (text.match(/arn:[a-z-]+:/g) ?? []).filter((arn) => arn !== `arn:${REGIONS[region].partition}:`);
    expect(partitions).toEqual([]);
  }
  expect(stage.synth().manifest.missing).toBeUndefined();
});

test('fails on a Region outside the European Union before it builds anything', () => {
  const app = new App();
  const settings = Object.assign({}, readEnvironment('production'), { region: 'eu-west-2' });
  expect(() => new EnvironmentStage(app, 'production', { settings, figures: FIGURES })).toThrow(
    "region is 'eu-west-2', expected a Region inside the European Union",
  );
  expect(app.node.children).toEqual([]);
});

test('everything is tagged with its environment, and personal data with its class', () => {
  const stage = environment(readEnvironment('staging'));
  Template.fromStack(stage.network).hasResourceProperties('AWS::EC2::VPC', {
    Tags: [
      { Key: 'data-class', Value: 'personal' },
      { Key: 'environment', Value: 'staging' },
      { Key: 'Name', Value: 'staging/Network/Network/Resource' },
    ],
  });
  Template.fromStack(stage.keys).allResourcesProperties('AWS::KMS::Key', {
    Tags: [{ Key: 'environment', Value: 'staging' }],
  });
  expect(stage.keys.stackName).toBe('staging-Keys');
});

test('the trail is there before what it records', () => {
  expect(environment().network.dependencies.map(({ node }) => node.id)).toContain('Audit');
});
