import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { GuardDuty } from '@aws-sdk/client-guardduty';
import { Inspector2 } from '@aws-sdk/client-inspector2';
import { customResource } from '../../lib/functions/custom-resource/custom-resource';
import {
  type Clients,
  type DelegationRequest,
  delegateAdministration,
} from '../../lib/functions/delegated-administrators/delegate';
import { isolateEnvironment } from '../verify/environment';
import { RestServices, type ServiceAnswer } from './rest-services';

isolateEnvironment();

const security = '555555555555';

const request: DelegationRequest = {
  RequestType: 'Create',
  ResponseURL: 'https://answer.example.com/signed',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Administrators',
  ResourceType: 'Custom::DelegatedAdministrators',
  ResourceProperties: {
    AccountId: security,
    Services: ['access-analyzer', 'cloudtrail', 'config', 'guardduty', 'inspector2'],
    Regions: ['eu-central-1', 'eu-west-1'],
  },
};

let services: RestServices;
afterEach(() => services.stop());

/** An error as the SDK throws it: told by its name. */
const named = (name: string) => Object.assign(new Error('as recorded'), { name });

/** Runs the handler; what Organizations and the services were asked, and what CloudFormation hears. */
async function answered(
  event: DelegationRequest = request,
  answers: Readonly<Record<string, ServiceAnswer>> = {},
  registration?: Error,
) {
  services = await RestServices.start(({ line }) => answers[line]);
  process.env.AWS_REGION = 'eu-central-1';
  const trusted: string[] = [];
  const clients: Clients = {
    organizations: {
      enableAWSServiceAccess: async ({ ServicePrincipal }) => {
        trusted.push(ServicePrincipal);
      },
      registerDelegatedAdministrator: async ({ AccountId, ServicePrincipal }) => {
        trusted.push(`${ServicePrincipal} by ${AccountId}`);
        if (registration) {
          throw registration;
        }
      },
    },
    cloudTrail: new CloudTrail({ maxAttempts: 1 }),
    guardDuty: (region) => new GuardDuty({ region, maxAttempts: 3 }),
    inspector: (region) => new Inspector2({ region, maxAttempts: 3 }),
  };
  const bodies: string[] = [];
  await customResource(
    (each: DelegationRequest) => delegateAdministration(clients, each),
    async (_url, body) => {
      bodies.push(body);
    },
  )(event);
  expect(bodies).toHaveLength(1);
  return { trusted, answer: JSON.parse(bodies[0] ?? '{}') };
}

test('one account administers every service, the regional ones in each Region', async () => {
  const { trusted, answer } = await answered();
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  expect(trusted).toEqual([
    'access-analyzer.amazonaws.com',
    `access-analyzer.amazonaws.com by ${security}`,
    'cloudtrail.amazonaws.com',
    'config.amazonaws.com',
    `config.amazonaws.com by ${security}`,
    'malware-protection.guardduty.amazonaws.com',
  ]);
  expect(services.lines()).toEqual([
    'cloudtrail eu-central-1 RegisterOrganizationDelegatedAdmin',
    'guardduty eu-central-1 GET /admin',
    'guardduty eu-central-1 POST /admin/enable',
    'guardduty eu-west-1 GET /admin',
    'guardduty eu-west-1 POST /admin/enable',
    'inspector2 eu-central-1 POST /delegatedadminaccounts/list',
    'inspector2 eu-central-1 POST /delegatedadminaccounts/enable',
    'inspector2 eu-west-1 POST /delegatedadminaccounts/list',
    'inspector2 eu-west-1 POST /delegatedadminaccounts/enable',
  ]);
  expect(services.calls.filter(({ line }) => line.endsWith('enable')).map(({ input }) => input)).toEqual([
    { adminAccountId: security },
    { adminAccountId: security },
    expect.objectContaining({ delegatedAdminAccountId: security }),
    expect.objectContaining({ delegatedAdminAccountId: security }),
  ]);
});

/** Answers of both regional services that say who administers them. */
const administered = (account: string): Readonly<Record<string, ServiceAnswer>> =>
  Object.fromEntries(
    request.ResourceProperties.Regions.flatMap((region): [string, ServiceAnswer][] => [
      [
        `guardduty ${region} GET /admin`,
        { body: { adminAccounts: [{ adminAccountId: account, adminStatus: 'ENABLED' }] } },
      ],
      [
        `inspector2 ${region} POST /delegatedadminaccounts/list`,
        { body: { delegatedAdminAccounts: [{ accountId: account, status: 'ENABLED' }] } },
      ],
    ]),
  );

test('what is delegated already is left alone', async () => {
  const { answer } = await answered(
    { ...request, RequestType: 'Update' },
    {
      ...administered(security),
      'cloudtrail eu-central-1 RegisterOrganizationDelegatedAdmin': { error: 'AccountRegisteredException' },
    },
    named('AccountAlreadyRegisteredException'),
  );
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  expect(services.lines().filter((line) => line.endsWith('enable'))).toEqual([]);
});

test('fails the deployment where another account administers a service, and takes nothing away', async () => {
  const { answer } = await answered(request, administered('999999999999'));
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('in eu-central-1: Error: GuardDuty is administered by account 999999999999'),
  });
  expect(services.lines().filter((line) => line.endsWith('enable'))).toEqual([]);
});

test('an administrator of Inspector that was taken away is none', async () => {
  const { answer } = await answered(
    { ...request, ResourceProperties: { ...request.ResourceProperties, Services: ['inspector2'] } },
    {
      'inspector2 eu-west-1 POST /delegatedadminaccounts/list': {
        body: { delegatedAdminAccounts: [{ accountId: '999999999999', status: 'DISABLED' }] },
      },
    },
  );
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  expect(services.lines()).toContain('inspector2 eu-west-1 POST /delegatedadminaccounts/enable');
});

test('a call that is throttled is made again', async () => {
  let refused = 0;
  services = await RestServices.start(({ line }) => {
    if (line === 'guardduty eu-west-1 POST /admin/enable' && refused++ < 2) {
      return { error: 'TooManyRequestsException', status: 429 };
    }
    return undefined;
  });
  const guardDuty = new GuardDuty({ region: 'eu-west-1', maxAttempts: 3 });
  await guardDuty.enableOrganizationAdminAccount({ AdminAccountId: security });
  expect(refused).toBe(3);
});

test.each([
  ['a service that nobody knows', { Services: ['macie2'] }, "service is 'macie2', expected one of access-analyzer"],
  ['no service', { Services: [] }, 'no service is named'],
  ['no Region', { Services: ['guardduty'], Regions: [] }, 'no Region is named'],
])('fails the deployment on %s', async (_name, properties, reason) => {
  const { answer } = await answered({
    ...request,
    ResourceProperties: { ...request.ResourceProperties, ...properties },
  });
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
});

test('fails the deployment where AWS refuses, in its words, and where Organizations does', async () => {
  const { answer } = await answered(request, {
    'inspector2 eu-west-1 POST /delegatedadminaccounts/enable': { error: 'AccessDeniedException', status: 403 },
  });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('in eu-west-1: AccessDeniedException: as recorded'),
  });
  await services.stop();
  const other = await answered(request, {}, named('ConstraintViolationException'));
  expect(other.answer).toMatchObject({ Status: 'FAILED', Reason: 'ConstraintViolationException: as recorded' });
});

test('deleting the stack takes no administrator away', async () => {
  const { answer, trusted } = await answered({ ...request, RequestType: 'Delete' });
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  expect([...trusted, ...services.lines()]).toEqual([]);
});
