import type { LiveCase } from '../../../lib/control/cases';

const now = '2026-03-02T12:00:00.000Z';
const image = 'arn:aws:ecr:eu-central-1:111122223333:repository/application/sha256:0123';

const enabled = { status: 'ENABLED', errorCode: 'ALL_ACTIONS_COMPLETED', errorMessage: '' };

const resource = {
  resourceId: image,
  resourceType: 'AWS_ECR_CONTAINER_IMAGE',
  accountId: '111122223333',
  scanType: 'PACKAGE',
  scanStatus: { statusCode: 'ACTIVE', reason: 'SUCCESSFUL' },
  lastScannedAt: '2026-03-02T03:00:00.000Z',
};

/** An account that keeps the promise, but for the state and the resources given. */
function account(state: object = {}, resources: readonly object[] = [resource]): LiveCase['answers'] {
  const resourceState = { ec2: enabled, ecr: enabled, lambda: enabled, lambdaCode: enabled, ...state };
  return {
    'inspector2:BatchGetAccountStatus': {
      value: { accounts: [{ accountId: '111122223333', state: enabled, resourceState }], failedAccounts: [] },
    },
    'inspector2:ListCoverage': { value: { coveredResources: resources } },
  };
}

const scanned = (properties: object) => account({}, [{ ...resource, ...properties }]);

const judged = (
  name: string,
  answers: LiveCase['answers'],
  verdict: LiveCase['expect']['verdict'],
  subject: string,
  message?: string,
): LiveCase => ({ name, answers, now, expect: { verdict, subject, message } });

const withStatus = (value: Readonly<Record<string, unknown>>): LiveCase['answers'] => ({
  ...account(),
  'inspector2:BatchGetAccountStatus': { value },
});

export const liveCases: readonly LiveCase[] = [
  judged('every kind is enabled and an image was scanned today', account(), 'satisfied', image),
  judged('an account with nothing to scan yet', account({}, []), 'satisfied', '111122223333'),
  judged(
    'a host that was stopped is not missed',
    account({}, [
      resource,
      { ...resource, resourceId: 'i-1', scanStatus: { statusCode: 'INACTIVE', reason: 'EC2_INSTANCE_STOPPED' } },
    ]),
    'satisfied',
    image,
  ),
  judged(
    'Inspector knows nothing of the account',
    withStatus({ accounts: [] }),
    'not-satisfied',
    '111122223333',
    'missing',
  ),
  judged(
    'code of functions is not scanned',
    account({ lambdaCode: { status: 'DISABLED' } }),
    'not-satisfied',
    '111122223333',
    'disabled',
  ),
  judged('hosts are not spoken of', account({ ec2: undefined }), 'not-satisfied', '111122223333', 'disabled'),
  judged(
    'a host without an agent',
    scanned({ scanStatus: { statusCode: 'INACTIVE', reason: 'UNMANAGED_EC2_INSTANCE' } }),
    'not-satisfied',
    image,
    'uncovered',
  ),
  judged(
    'somebody excluded it by a tag',
    scanned({ scanStatus: { statusCode: 'INACTIVE', reason: 'EXCLUDED_BY_TAG' } }),
    'not-satisfied',
    image,
    'uncovered',
  ),
  judged('it is being enabled', account({ ecr: { status: 'ENABLING' } }), 'not-assessed', '111122223333'),
  judged(
    'the status of the account could not be found out',
    withStatus({ accounts: [], failedAccounts: [{ accountId: '111122223333', errorCode: 'INTERNAL_ERROR' }] }),
    'not-assessed',
    '111122223333',
  ),
  judged(
    'the last dated scan is two days old',
    scanned({ lastScannedAt: '2026-02-28T12:00:00.000Z' }),
    'not-assessed',
    image,
  ),
  judged('no scan is dated', scanned({ lastScannedAt: undefined }), 'not-assessed', image),
];
