import type { LiveCase } from '../../../lib/control/cases';

const account = '111122223333';
const image = `arn:aws:ecr:eu-central-1:${account}:repository/production/application/sha256:${'a'.repeat(64)}`;

const rule = (identifier: string) => ({
  ConfigRuleName: identifier.toLowerCase(),
  Source: { Owner: 'AWS', SourceIdentifier: identifier },
  ConfigRuleState: 'ACTIVE',
});
const result = (identifier: string, ComplianceType: string, count?: object) => ({
  ConfigRuleName: identifier.toLowerCase(),
  Compliance: { ComplianceType, ...(count ? { ComplianceContributorCount: count } : {}) },
});

const identifiers = [
  'RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED',
  'ECS_FARGATE_LATEST_PLATFORM_VERSION',
  'LAMBDA_FUNCTION_SETTINGS_CHECK',
];

/** A finding as Amazon Inspector lists it, shortened. */
const flaw = (severity: string, firstObservedAt: string, packageManager = 'OS') => ({
  findingArn: `arn:aws:inspector2:eu-central-1:${account}:finding/0a1b2c3d4e5f60718293a4b5c6d7e8f9`,
  awsAccountId: account,
  type: 'PACKAGE_VULNERABILITY',
  title: 'CVE-2026-0001 - openssl',
  severity,
  firstObservedAt,
  lastObservedAt: '2026-03-02T11:00:00.000Z',
  status: 'ACTIVE',
  fixAvailable: 'YES',
  resources: [{ type: 'AWS_ECR_CONTAINER_IMAGE', id: image }],
  packageVulnerabilityDetails: {
    vulnerabilityId: 'CVE-2026-0001',
    vulnerablePackages: [{ name: 'openssl', version: '3.0.1', packageManager, fixedInVersion: '3.0.2' }],
  },
});

interface Given {
  readonly rules?: readonly object[];
  readonly compliance?: readonly object[];
  readonly findings?: readonly object[];
  readonly ecr?: string;
}

function answers(given: Given = {}): LiveCase['answers'] {
  const state = (status: string) => ({ status, errorCode: '', errorMessage: '' });
  return {
    'config:DescribeConfigRules': {
      value: { ConfigRules: given.rules ?? [...identifiers.map(rule), rule('SNS_ENCRYPTED_KMS')] },
    },
    'config:DescribeComplianceByConfigRule': {
      value: {
        ComplianceByConfigRules: given.compliance ?? [
          ...identifiers.map((identifier) => result(identifier, 'COMPLIANT')),
          result('SNS_ENCRYPTED_KMS', 'NON_COMPLIANT'),
        ],
      },
    },
    'inspector2:BatchGetAccountStatus': {
      value: {
        accounts: [
          {
            accountId: account,
            state: state('ENABLED'),
            resourceState: { ec2: state('DISABLED'), ecr: state(given.ecr ?? 'ENABLED'), lambda: state('ENABLED') },
          },
        ],
        failedAccounts: [],
      },
    },
    'inspector2:ListFindings': { value: { findings: given.findings ?? [] } },
  };
}

const broken = (name: string, message: string, subject: string, given: Given): LiveCase => ({
  name,
  answers: answers(given),
  expect: { verdict: 'not-satisfied', message, subject },
});

export const liveCases: readonly LiveCase[] = [
  { name: 'rules that find nothing, and no flaw that waits', answers: answers(), expect: { verdict: 'satisfied' } },
  {
    name: 'a critical flaw of this morning still has its day',
    answers: answers({ findings: [flaw('CRITICAL', '2026-03-02T08:00:00.000Z')] }),
    expect: { verdict: 'satisfied', subject: image },
  },
  broken('a critical flaw of two days', 'overdue', image, {
    findings: [flaw('CRITICAL', '2026-02-28T11:00:00.000Z')],
  }),
  {
    name: 'a high flaw of two days has its month',
    answers: answers({ findings: [flaw('HIGH', '2026-02-28T11:00:00.000Z')] }),
    expect: { verdict: 'satisfied', subject: image },
  },
  broken('a high flaw of two months', 'overdue', image, { findings: [flaw('HIGH', '2026-01-01T00:00:00.000Z')] }),
  {
    name: 'a flaw of a library is the concern of another control',
    answers: answers({ findings: [flaw('CRITICAL', '2026-01-01T00:00:00.000Z', 'NPM')] }),
    expect: { verdict: 'satisfied' },
  },
  broken('a flaw of a package of which nobody says what it is', 'overdue', image, {
    findings: [{ ...flaw('HIGH', '2026-01-01T00:00:00.000Z'), packageVulnerabilityDetails: {} }],
  }),
  {
    name: 'a flaw that somebody told Inspector to hide',
    answers: {
      ...answers(),
      'inspector2:ListFindings': [
        {
          when: {
            filterCriteria: {
              findingStatus: ['ACTIVE', 'SUPPRESSED'].map((value) => ({ comparison: 'EQUALS', value })),
              findingType: [{ comparison: 'EQUALS', value: 'PACKAGE_VULNERABILITY' }],
              fixAvailable: ['YES', 'PARTIAL'].map((value) => ({ comparison: 'EQUALS', value })),
            },
          },
          value: { findings: [{ ...flaw('CRITICAL', '2026-01-01T00:00:00.000Z'), status: 'SUPPRESSED' }] },
        },
        { value: { findings: [] } },
      ],
    },
    expect: { verdict: 'not-satisfied', message: 'overdue', subject: image },
  },
  {
    name: 'a flaw without a beginning is not assessed',
    answers: answers({ findings: [{ ...flaw('HIGH', ''), firstObservedAt: null }] }),
    expect: { verdict: 'not-assessed', subject: image },
  },
  broken('images that Inspector does not look at', 'notScanned', account, { ecr: 'DISABLED' }),
  broken('no rule about patches', 'noRules', account, { rules: [rule('SNS_ENCRYPTED_KMS')] }),
  broken('a rule about patches that is broken', 'nonCompliant', 'lambda_function_settings_check', {
    compliance: [
      ...identifiers.slice(0, 2).map((identifier) => result(identifier, 'COMPLIANT')),
      result('LAMBDA_FUNCTION_SETTINGS_CHECK', 'NON_COMPLIANT', { CappedCount: 2, CapExceeded: false }),
    ],
  }),
  {
    name: 'a rule that has no results yet',
    answers: answers({ compliance: [] }),
    expect: { verdict: 'not-assessed', subject: 'lambda_function_settings_check' },
  },
  {
    name: 'an account that Inspector does not know',
    answers: { ...answers(), 'inspector2:BatchGetAccountStatus': { value: { accounts: [] } } },
    expect: { verdict: 'not-assessed', subject: account },
  },
];
