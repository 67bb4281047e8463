import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RowRetention, type RowRetentionProps } from '../../lib/constructs/database/row-retention';
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

test('both looks are made every day, rows are swept every half hour, and what fails three times is reported', () => {
  const template = maintenance(environment());
  const rules = Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
  expect(rules.map(({ ScheduleExpression, State }) => [ScheduleExpression, State]).sort()).toEqual([
    ['rate(1 day)', 'ENABLED'],
    ['rate(1 day)', 'ENABLED'],
    ['rate(30 minutes)', 'ENABLED'],
  ]);
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
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:ListTagsForResource',
    'logs:PutLogEvents',
    'logs:PutLogEvents',
    'logs:PutLogEvents',
  ]);
});

test('rows are deleted by a function that signs in as the keeper of rows and may do nothing else', () => {
  const template = maintenance(environment());
  const [mine] = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter(({ Properties }) =>
    JSON.stringify(Properties).includes('/row_keeper'),
  );
  const sids = mine?.Properties.PolicyDocument.Statement.map(({ Sid }: { readonly Sid: string }) => Sid);
  expect(sids).toEqual(['WriteLog', 'Report', 'EncryptReports', 'SignInToDatabase', 'LiveInTheVpc']);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { PGPORT: '5432', PGSSLMODE: 'verify-full', PGHOST: Match.anyValue() } },
    Timeout: 900,
  });
  for (const direction of ['Ingress', 'Egress']) {
    template.hasResourceProperties(`AWS::EC2::SecurityGroup${direction}`, {
      FromPort: 5432,
      ToPort: 5432,
      IpProtocol: 'tcp',
    });
  }
});

test('a sweep of rows that fails, and an hour without one, are reported', () => {
  const template = maintenance(environment());
  for (const [MetricName, Period, TreatMissingData] of [
    ['Errors', 60, 'notBreaching'],
    ['Invocations', 3600, 'breaching'],
  ]) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      Period,
      TreatMissingData,
      AlarmActions: [Match.anyValue()],
    });
  }
});

test.each([0, 4, 31, Number.NaN])('fails on sweeps of rows every %s minutes', (everyMinutes) => {
  const props = { everyMinutes } as RowRetentionProps;
  expect(() => new RowRetention(new Stack(), 'RowRetention', props)).toThrow(
    `everyMinutes is ${everyMinutes}, allowed are 5 to 30`,
  );
});
