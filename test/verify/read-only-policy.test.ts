import { loadCatalogue } from '../../bin/catalogue';
import { type Control, defineControl } from '../../lib/control/control';
import { readOnlyPolicy } from '../../lib/verify/read-only-policy';
import { readingOperation } from '../../lib/verify/sdk-clients';

const catalogue = loadCatalogue();
const reads = [...new Set(catalogue.flatMap(({ live }) => live?.reads ?? []))];

const packages: Readonly<Record<string, object>> = {
  cloudtrail: require('@aws-sdk/client-cloudtrail'),
  cloudwatch: require('@aws-sdk/client-cloudwatch'),
  config: require('@aws-sdk/client-config-service'),
  guardduty: require('@aws-sdk/client-guardduty'),
  iam: require('@aws-sdk/client-iam'),
  inspector2: require('@aws-sdk/client-inspector2'),
  securityhub: require('@aws-sdk/client-securityhub'),
  sns: require('@aws-sdk/client-sns'),
  sts: require('@aws-sdk/client-sts'),
};

const reading = (...actions: readonly string[]): Control =>
  defineControl({
    id: 'log-99',
    title: 'Something holds',
    family: 'logging',
    claims: ['x'],
    doesNotProve: 'Anything.',
    parameters: {},
    messages: {},
    live: { reads: actions, expects: 'any-number', collect: async () => ({}), judge: () => [] },
  });

describe('what verify must be allowed', () => {
  test('is exactly what the catalogue reads, and who it is', () => {
    const { Version, Statement } = readOnlyPolicy(catalogue);
    expect(Version).toBe('2012-10-17');
    expect(Statement).toMatchObject([{ Effect: 'Allow', Resource: '*' }]);
    expect(Statement[0]?.Action).toEqual(['sts:GetCallerIdentity', ...reads].sort());
    expect(Statement[0]?.Action).toEqual(
      expect.arrayContaining(['cloudtrail:GetTrailStatus', 'config:DescribeConfigurationRecorderStatus']),
    );
  });

  test('names each action once, in order, and none with a wildcard', () => {
    const policy = readOnlyPolicy([
      reading('config:DescribeConfigRules'),
      reading('config:DescribeConfigRules', 'cloudtrail:ListTrails'),
    ]);
    expect(policy.Statement[0]?.Action).toEqual([
      'cloudtrail:ListTrails',
      'config:DescribeConfigRules',
      'sts:GetCallerIdentity',
    ]);
    expect(JSON.stringify(readOnlyPolicy(catalogue).Statement[0]?.Action)).not.toContain('*');
  });

  test.each(['cloudtrail:StopLogging', 'config:*', 'iam:PassRole', 'sts:AssumeRole'])(
    'fails when a control declares %s',
    (action) => {
      expect(() => readOnlyPolicy([reading(action)])).toThrow(`action '${action}'`);
    },
  );
});

test.each(reads)('the SDK knows %s', (action) => {
  const { service, operation } = readingOperation(action);
  expect(packages[service]).toHaveProperty(`${operation}Command`, expect.any(Function));
});
