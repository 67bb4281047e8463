import { type ControlCases, type LiveCase, remove, removeResource, set } from '../../../lib/control/cases';

const repository = 'AWS::ECR::Repository';
const group = 'AWS::CodeArtifact::PackageGroup';
const registry = 'AWS::ECR::RegistryScanningConfiguration';

const account = '111122223333';
const lambda = `arn:aws:lambda:eu-central-1:${account}:function:watch:$LATEST`;

/** A finding as Amazon Inspector lists it, shortened. */
const flaw = (severity: string, firstObservedAt: string, packageManager = 'NODEPKG') => ({
  findingArn: `arn:aws:inspector2:eu-central-1:${account}:finding/0a1b2c3d4e5f60718293a4b5c6d7e8f9`,
  type: 'PACKAGE_VULNERABILITY',
  title: 'CVE-2026-0002 - left-pad',
  severity,
  firstObservedAt,
  status: 'ACTIVE',
  fixAvailable: 'YES',
  resources: [{ type: 'AWS_LAMBDA_FUNCTION', id: lambda }],
  packageVulnerabilityDetails: { vulnerablePackages: [{ name: 'left-pad', version: '1.0.0', packageManager }] },
});

function answers(findings: readonly object[] = [], functions = 'ENABLED'): LiveCase['answers'] {
  const state = (status: string) => ({ status, errorCode: '', errorMessage: '' });
  const resourceState = { ec2: state('DISABLED'), ecr: state('ENABLED'), lambda: state(functions) };
  return {
    'inspector2:BatchGetAccountStatus': {
      value: { accounts: [{ accountId: account, state: state('ENABLED'), resourceState }], failedAccounts: [] },
    },
    'inspector2:ListFindings': { value: { findings } },
  };
}

const live: readonly LiveCase[] = [
  { name: 'no flaw is open', answers: answers(), expect: { verdict: 'satisfied', subject: account } },
  {
    name: 'a critical flaw of this morning still has its day',
    answers: answers([flaw('CRITICAL', '2026-03-02T08:00:00.000Z')]),
    expect: { verdict: 'satisfied', subject: lambda },
  },
  {
    name: 'a critical flaw of last week',
    answers: answers([flaw('CRITICAL', '2026-02-23T08:00:00.000Z')]),
    expect: { verdict: 'not-satisfied', message: 'overdue', subject: lambda },
  },
  {
    name: 'a medium flaw of last year',
    answers: answers([flaw('MEDIUM', '2025-12-01T08:00:00.000Z', 'PYTHONPKG')]),
    expect: { verdict: 'not-satisfied', message: 'overdue', subject: lambda },
  },
  {
    name: 'a flaw of the operating system is the concern of another control',
    answers: answers([flaw('CRITICAL', '2025-12-01T08:00:00.000Z', 'OS')]),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'functions that Inspector does not look at',
    answers: answers([], 'DISABLED'),
    expect: { verdict: 'not-satisfied', message: 'notScanned', subject: account },
  },
];

const usual = 'a registry that is scanned on push';
const whole = 'a registry that is scanned as a whole';

export const cases: ControlCases = {
  compliant: {
    [usual]: {
      template: {
        Resources: {
          Images: { Type: repository, Properties: { ImageScanningConfiguration: { ScanOnPush: true } } },
          Packages: {
            Type: group,
            Properties: {
              OriginConfiguration: { Restrictions: { ExternalUpstream: { RestrictionMode: 'BLOCK' } } },
            },
          },
        },
      },
    },
    [whole]: {
      template: {
        Resources: {
          Images: { Type: repository, Properties: {} },
          Scans: {
            Type: registry,
            Properties: { ScanType: 'ENHANCED', Rules: [{ ScanFrequency: 'CONTINUOUS_SCAN' }] },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'images are not scanned',
      of: usual,
      edit: set(repository, 'ImageScanningConfiguration.ScanOnPush', false),
      expect: { message: 'unscanned' },
    },
    {
      name: 'nobody says whether images are scanned',
      of: usual,
      edit: remove(repository, 'ImageScanningConfiguration'),
      expect: { message: 'unscanned' },
      notShipped: 'a rule of the whole registry may stand in for it',
    },
    {
      name: 'the scan of the whole registry has no rule',
      of: whole,
      edit: set(registry, 'Rules', []),
      expect: { message: 'unscanned', at: 'Images' },
      notShipped: 'our registries are scanned on push as well',
    },
    {
      name: 'there is no registry',
      of: whole,
      edit: removeResource(repository),
      expect: { message: 'missing', at: '' },
      notShipped: 'the project deploys two registries: one stays when the other goes',
    },
    {
      name: 'packages come in from outside as they like',
      of: usual,
      edit: set(group, 'OriginConfiguration.Restrictions.ExternalUpstream.RestrictionMode', 'ALLOW'),
      expect: { message: 'unvetted' },
      notShipped: 'the project deploys no registry of packages',
    },
    {
      name: 'nobody says whether packages may come in',
      of: usual,
      edit: remove(group, 'OriginConfiguration'),
      expect: { message: 'unvetted' },
      notShipped: 'the project deploys no registry of packages',
    },
  ],
  others: [
    {
      name: 'a registry of packages alone',
      template: { Resources: { Packages: { Type: group, Properties: {} } } },
      presentOnly: true,
      expect: { Packages: { message: 'unvetted' } },
    },
    {
      name: 'a repository that says no is found, whatever the registry does',
      template: {
        Resources: {
          Images: { Type: repository, Properties: { ImageScanningConfiguration: { ScanOnPush: false } } },
          Scans: { Type: registry, Properties: { Rules: [{ ScanFrequency: 'SCAN_ON_PUSH' }] } },
        },
      },
      expect: { Images: { message: 'unscanned' } },
    },
  ],
  live,
};
