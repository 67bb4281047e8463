import { Match, Template } from 'aws-cdk-lib/assertions';
import { readEnvironment } from '../../lib/settings/check-settings';
import type { EnvironmentStage } from '../../lib/stacks/environment-stage';
import { MaintenanceStack } from '../../lib/stacks/maintenance-stack';
import { environment } from './synthesize';

function maintenance(stage: EnvironmentStage): Template {
  const stack = stage.node.children.find((child) => child instanceof MaintenanceStack);
  if (!(stack instanceof MaintenanceStack)) {
    throw new Error('the stage has no maintenance stack');
  }
  return Template.fromStack(stack);
}

function statements(template: Template): { readonly Action: string | string[] }[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ({ Properties: { PolicyDocument: document } }) => document.Statement,
  );
}

test('both looks are made every day, and a look that fails three times is reported', () => {
  const template = maintenance(environment());
  template.resourceCountIs('AWS::Events::Rule', 2);
  template.allResourcesProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', State: 'ENABLED' });
  template.allResourcesProperties('AWS::Lambda::Function', {
    DeadLetterConfig: { TargetArn: Match.anyValue() },
    LoggingConfig: { LogGroup: Match.anyValue() },
    VpcConfig: Match.anyValue(),
  });
});

test('the watch may ask for the images that run, and for no others', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const own = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/production/application@${digest}`;
  const { application, ...settings } = readEnvironment('production');
  const template = maintenance(environment({ ...settings, application: { ...application, image: own } }));
  const asked = statements(template).filter(({ Action: action }) => action === 'ecr:DescribeImages');
  expect(JSON.stringify(asked)).toMatch(/:ecr:eu-central-1:111122223333:repository\/production\/application"/);
  expect(asked.length).toBe(1);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ DAYS: '30', IMAGES: Match.stringLikeRegexp(digest) }) },
  });
});

test('the sweep reads settings of log groups, and no line of them', () => {
  const actions = statements(maintenance(environment())).flatMap(({ Action: action }) => action);
  expect(actions.filter((action) => action.startsWith('logs:')).sort()).toEqual([
    'logs:CreateLogStream',
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:ListTagsForResource',
    'logs:PutLogEvents',
    'logs:PutLogEvents',
  ]);
});
