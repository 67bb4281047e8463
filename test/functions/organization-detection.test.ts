import { GuardDuty } from '@aws-sdk/client-guardduty';
import { Inspector2 } from '@aws-sdk/client-inspector2';
import { SecurityHub } from '@aws-sdk/client-securityhub';
import { type CustomResourceRequest, customResource } from '../../lib/functions/custom-resource/custom-resource';
import { type Clients, type DetectionRequest, setDetection } from '../../lib/functions/organization-detection/requests';
import { isolateEnvironment } from '../verify/environment';
import { RestServices, type ServiceAnswer } from './rest-services';

isolateEnvironment();

const envelope: Omit<CustomResourceRequest, 'ResourceType'> = {
  RequestType: 'Create',
  ResponseURL: 'https://answer.example.com/signed',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Resource',
};

const Regions = ['eu-central-1', 'eu-west-1'];

const threats: DetectionRequest = {
  ...envelope,
  ResourceType: 'Custom::OrganizationThreatDetection',
  ResourceProperties: {
    Regions,
    AutoEnable: 'ALL',
    FindingPublishingFrequency: 'FIFTEEN_MINUTES',
    Features: [
      { Name: 'S3_DATA_EVENTS', AutoEnable: 'ALL' },
      {
        Name: 'RUNTIME_MONITORING',
        AutoEnable: 'ALL',
        AdditionalConfiguration: [{ Name: 'ECS_FARGATE_AGENT_MANAGEMENT', AutoEnable: 'ALL' }],
      },
    ],
  },
};

const scans: DetectionRequest = {
  ...envelope,
  ResourceType: 'Custom::OrganizationVulnerabilityScanning',
  ResourceProperties: { AccountId: '555555555555', Regions: ['eu-central-1'], ResourceTypes: ['EC2', 'ECR', 'LAMBDA'] },
};

const aggregator = (LinkedRegions: readonly string[]): DetectionRequest => ({
  ...envelope,
  ResourceType: 'Custom::FindingAggregator',
  ResourceProperties: { HomeRegion: 'eu-central-1', LinkedRegions },
});

let services: RestServices;
afterEach(() => services.stop());

interface Page {
  readonly Accounts: readonly { readonly Id: string; readonly State?: string; readonly Status?: string }[];
  readonly NextToken?: string;
}

/** Runs the handler against the services; what CloudFormation hears. */
async function answered(
  event: DetectionRequest,
  answers: Readonly<Record<string, ServiceAnswer>> = {},
  pages: readonly Page[] = [{ Accounts: [] }],
) {
  services = await RestServices.start(({ line }) => answers[line]);
  process.env.AWS_REGION = 'eu-central-1';
  const waiting = [...pages];
  const clients: Clients = {
    organizations: {
      listAccounts: async () => {
        const { Accounts, NextToken } = waiting.shift() ?? { Accounts: [] };
        return { Accounts: [...Accounts], NextToken };
      },
    },
    guardDuty: (region) => new GuardDuty({ region, maxAttempts: 2 }),
    inspector: (region) => new Inspector2({ region, maxAttempts: 2 }),
    securityHub: new SecurityHub({ maxAttempts: 2 }),
  };
  const bodies: string[] = [];
  await customResource(
    (each: DetectionRequest) => setDetection(clients, each),
    async (_url, body) => {
      bodies.push(body);
    },
  )(event);
  expect(bodies).toHaveLength(1);
  return JSON.parse(bodies[0] ?? '{}');
}

/** What came with the calls of a path. */
const inputsOf = (path: RegExp) => services.calls.filter(({ line }) => path.test(line)).map(({ input }) => input);

describe('GuardDuty', () => {
  const detector = (id: string): ServiceAnswer => ({ body: { detectorIds: [id] } });
  const own = {
    enable: true,
    findingPublishingFrequency: 'FIFTEEN_MINUTES',
    features: [
      { name: 'S3_DATA_EVENTS', status: 'ENABLED' },
      {
        name: 'RUNTIME_MONITORING',
        status: 'ENABLED',
        additionalConfiguration: [{ name: 'ECS_FARGATE_AGENT_MANAGEMENT', status: 'ENABLED' }],
      },
    ],
  };

  test('the detector that is there is set, one that is not is made, and both bind every account', async () => {
    const answer = await answered(threats, {
      'guardduty eu-central-1 GET /detector': detector('aaa'),
      'guardduty eu-west-1 GET /detector': { body: { detectorIds: [] } },
      'guardduty eu-west-1 POST /detector': { body: { detectorId: 'bbb' } },
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(services.lines()).toEqual([
      'guardduty eu-central-1 GET /detector',
      'guardduty eu-central-1 POST /detector/aaa',
      'guardduty eu-central-1 POST /detector/aaa/admin',
      'guardduty eu-west-1 GET /detector',
      'guardduty eu-west-1 POST /detector',
      'guardduty eu-west-1 POST /detector/bbb/admin',
    ]);
    expect(inputsOf(/POST \/detector\/aaa$/)).toEqual([own]);
    expect(inputsOf(/POST \/detector$/)).toEqual([expect.objectContaining(own)]);
    expect(inputsOf(/admin$/)[1]).toEqual({
      autoEnableOrganizationMembers: 'ALL',
      features: [
        { name: 'S3_DATA_EVENTS', autoEnable: 'ALL' },
        {
          name: 'RUNTIME_MONITORING',
          autoEnable: 'ALL',
          additionalConfiguration: [{ name: 'ECS_FARGATE_AGENT_MANAGEMENT', autoEnable: 'ALL' }],
        },
      ],
    });
  });

  test('fails the deployment where nobody made the account administrator, naming the Region', async () => {
    const answer = await answered(threats, {
      'guardduty eu-central-1 GET /detector': detector('aaa'),
      'guardduty eu-west-1 GET /detector': detector('bbb'),
      'guardduty eu-west-1 POST /detector/bbb/admin': {
        error: 'BadRequestException',
        message: 'The request failed because you do not have required AWS Organization master permission.',
      },
    });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('in eu-west-1: BadRequestException: The request failed because'),
    });
  });

  test('fails the deployment where a detector is made and its id is not told', async () => {
    expect(await answered(threats)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('its id') });
  });
});

describe('Inspector', () => {
  const pages: readonly Page[] = [
    { Accounts: [{ Id: '555555555555', State: 'ACTIVE' }], NextToken: 'more' },
    {
      Accounts: [
        { Id: '111111111111', State: 'ACTIVE' },
        { Id: '222222222222', Status: 'ACTIVE' },
        { Id: '333333333333', State: 'SUSPENDED' },
        { Id: '444444444444', State: 'PENDING_CLOSURE', Status: 'ACTIVE' },
      ],
    },
  ];

  test('the administrator first, then whoever joins, then every active account of today', async () => {
    const answer = await answered(
      scans,
      { 'inspector2 eu-central-1 POST /members/list': { body: { members: [{ accountId: '111111111111' }] } } },
      pages,
    );
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(services.lines().map((line) => line.replace('inspector2 eu-central-1 POST ', ''))).toEqual([
      '/enable',
      '/organizationconfiguration/update',
      '/members/list',
      '/members/associate',
      '/enable',
    ]);
    expect(inputsOf(/associate$/)).toEqual([{ accountId: '222222222222' }]);
    expect(inputsOf(/enable$/)).toEqual([
      expect.objectContaining({ accountIds: ['555555555555'], resourceTypes: ['EC2', 'ECR', 'LAMBDA'] }),
      expect.objectContaining({ accountIds: ['111111111111', '222222222222'] }),
    ]);
    expect(inputsOf(/update$/)).toEqual([{ autoEnable: { ec2: true, ecr: true, lambda: true, lambdaCode: false } }]);
  });

  test('a large organization is enabled a hundred accounts at a time', async () => {
    const Accounts = Array.from({ length: 201 }, (_, index) => ({
      Id: String(100_000_000_000 + index),
      State: 'ACTIVE',
    }));
    await answered(scans, {}, [{ Accounts }]);
    expect(inputsOf(/enable$/).map(({ accountIds }) => (Array.isArray(accountIds) ? accountIds.length : 0))).toEqual([
      1, 100, 100, 1,
    ]);
  });

  test('fails the deployment where an account is reported as failed, although the call went through', async () => {
    const answer = await answered(
      scans,
      {
        'inspector2 eu-central-1 POST /enable': {
          body: {
            accounts: [],
            failedAccounts: [
              { accountId: '555555555555', errorCode: 'ACCESS_DENIED', errorMessage: 'no delegated admin' },
            ],
          },
        },
      },
      pages,
    );
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('not enabled in 555555555555 (ACCESS_DENIED no delegated admin)'),
    });
  });

  test('fails the deployment where nothing is named to scan', async () => {
    const answer = await answered({
      ...scans,
      ResourceType: 'Custom::OrganizationVulnerabilityScanning',
      ResourceProperties: { AccountId: '555555555555', Regions, ResourceTypes: [] },
    });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no kind of resource is named') });
  });
});

describe('Security Hub', () => {
  const list = 'securityhub eu-central-1 GET /findingAggregator/list';
  const present = (region: string): Readonly<Record<string, ServiceAnswer>> => ({
    [list]: {
      body: {
        FindingAggregators: [
          { FindingAggregatorArn: `arn:aws:securityhub:${region}:555555555555:finding-aggregator/a1b2` },
        ],
      },
    },
  });

  test('a home Region that no other is linked to', async () => {
    expect(await answered(aggregator([]))).toMatchObject({ Status: 'SUCCESS' });
    expect(inputsOf(/create$/)).toEqual([{ RegionLinkingMode: 'NO_REGIONS' }]);
  });

  test('a Region that is allowed later is linked to the home that is there', async () => {
    expect(await answered(aggregator(['eu-west-1']), present('eu-central-1'))).toMatchObject({ Status: 'SUCCESS' });
    expect(inputsOf(/create$/)).toEqual([]);
    expect(inputsOf(/update$/)).toEqual([
      {
        FindingAggregatorArn: 'arn:aws:securityhub:eu-central-1:555555555555:finding-aggregator/a1b2',
        RegionLinkingMode: 'SPECIFIED_REGIONS',
        Regions: ['eu-west-1'],
      },
    ]);
  });

  test('fails the deployment where another Region is the home', async () => {
    expect(await answered(aggregator([]), present('eu-west-3'))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('the home Region of Security Hub is eu-west-3, expected eu-central-1'),
    });
    expect(services.lines()).toEqual([list]);
  });
});

test('a resource of another type is refused, and deleting the stack leaves everything switched on', async () => {
  const other: DetectionRequest = JSON.parse(JSON.stringify({ ...threats, ResourceType: 'Custom::Other' }));
  expect(await answered(other)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("'Custom::Other'") });
  await services.stop();
  for (const each of [threats, scans, aggregator([])]) {
    expect(await answered({ ...each, RequestType: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(services.lines()).toEqual([]);
    await services.stop();
  }
});
