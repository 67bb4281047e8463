import { addBeside, type ControlCases, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject } from '../../../lib/template/parse';

const certificate = 'AWS::CertificateManager::Certificate';
const record = 'AWS::Route53::RecordSet';
const zone = 'AWS::Route53::HostedZone';
const rule = 'AWS::Events::Rule';
const schedule = 'AWS::Scheduler::Schedule';

const whole = 'zone, certificate and watch';
const scheduled = 'watch started by the scheduler';

function endpoint(type: string, Properties: Readonly<Record<string, unknown>> = {}) {
  return { Type: type, Properties };
}

const watch = endpoint('AWS::Lambda::Function', { Environment: { Variables: { MONITOR: 'https://crt.sh/' } } });

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: {
          Zone: endpoint(zone, { Name: 'app.example.com.' }),
          Issuers: endpoint(record, {
            HostedZoneId: { Ref: 'Zone' },
            Name: 'app.example.com.',
            Type: 'CAA',
            ResourceRecords: ['0 issue "amazon.com"'],
          }),
          Address: endpoint(record, { HostedZoneId: { Ref: 'Zone' }, Name: 'app.example.com.', Type: 'A' }),
          Certificate: endpoint(certificate, {
            DomainName: 'app.example.com',
            ValidationMethod: 'DNS',
            CertificateTransparencyLoggingPreference: 'ENABLED',
          }),
          Schedule: endpoint(rule, {
            ScheduleExpression: 'rate(6 hours)',
            State: 'ENABLED',
            Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Watch', 'Arn'] } }],
          }),
          Watch: watch,
        },
      },
    },
    [scheduled]: {
      template: {
        Resources: {
          Schedule: endpoint(schedule, {
            ScheduleExpression: 'cron(0 */4 * * ? *)',
            Target: { Arn: { 'Fn::GetAtt': ['Watch', 'Arn'] } },
          }),
          Watch: endpoint('AWS::Lambda::Function', { Tags: [{ Key: 'purpose', Value: 'certificate-transparency' }] }),
        },
      },
    },
  },
  mutations: [
    {
      name: 'validated by mail',
      of: whole,
      edit: set(certificate, 'ValidationMethod', 'EMAIL'),
      expect: { message: 'renewedByHand' },
    },
    {
      name: 'validated by mail, by absence',
      of: whole,
      edit: remove(certificate, 'ValidationMethod'),
      expect: { message: 'renewedByHand' },
    },
    {
      name: 'kept out of the public logs',
      of: whole,
      edit: set(certificate, 'CertificateTransparencyLoggingPreference', 'DISABLED'),
      expect: { message: 'unlogged' },
    },
    {
      name: 'a certificate uploaded to IAM',
      of: whole,
      edit: addBeside(certificate, 'Uploaded', () => endpoint('AWS::IAM::ServerCertificate')),
      expect: { message: 'uploaded', at: 'Uploaded' },
    },
    {
      name: 'no CAA record',
      of: whole,
      edit: removeResource(record),
      target: 'Issuers',
      expect: { message: 'noCaa', at: 'Zone' },
      shippedWhere: ({ Properties }) => isObject(Properties) && Properties.Type === 'CAA',
    },
    {
      name: 'CAA record that names somebody else',
      of: whole,
      edit: set(record, 'ResourceRecords', ['0 issue "letsencrypt.org"']),
      target: 'Issuers',
      expect: { message: 'noCaa', at: 'Zone' },
      shippedWhere: ({ Properties }) => isObject(Properties) && Properties.Type === 'CAA',
    },
    {
      name: 'CAA record that only asks for reports',
      of: whole,
      edit: set(record, 'ResourceRecords', ['0 iodef "mailto:security@amazon.com"']),
      target: 'Issuers',
      expect: { message: 'noCaa', at: 'Zone' },
      shippedWhere: ({ Properties }) => isObject(Properties) && Properties.Type === 'CAA',
    },
    {
      name: 'a look once a day',
      of: whole,
      edit: set(rule, 'ScheduleExpression', 'rate(1 day)'),
      expect: { message: 'rareWatch' },
    },
    {
      name: 'a look at noon',
      of: scheduled,
      edit: set(schedule, 'ScheduleExpression', 'cron(0 12 * * ? *)'),
      expect: { message: 'rareWatch' },
      notShipped: 'the project starts its watch by a rule',
    },
    {
      name: 'a look whenever an expression says that is not understood',
      of: scheduled,
      edit: set(schedule, 'ScheduleExpression', 'cron(0 3,5 1W * ? 2031)'),
      expect: { message: 'not-assessed' },
      notShipped: 'the project starts its watch by a rule',
    },
    {
      name: 'the watch is switched off',
      of: whole,
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'stoppedWatch' },
    },
    { name: 'no watch', of: whole, edit: removeResource(rule), expect: { message: 'missing', at: '' } },
  ],
  others: [
    {
      name: 'another job on a clock is no watch',
      template: {
        Resources: {
          Nightly: endpoint(rule, {
            ScheduleExpression: 'rate(1 day)',
            Targets: [{ Arn: { 'Fn::GetAtt': ['Cleaner', 'Arn'] } }],
          }),
          Cleaner: endpoint('AWS::Lambda::Function'),
        },
      },
      expect: { Nightly: 'not-applicable', '': { message: 'missing' } },
    },
    {
      name: 'a private zone and a private certificate concern nobody outside; records may come in a group',
      template: {
        Resources: {
          Inside: endpoint(zone, { VPCs: [{ VPCId: 'vpc-1', VPCRegion: 'eu-central-1' }] }),
          Private: endpoint(certificate, {
            CertificateAuthorityArn: 'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/1',
          }),
          Outside: endpoint(zone, { Name: 'example.com.' }),
          Records: endpoint('AWS::Route53::RecordSetGroup', {
            HostedZoneId: { Ref: 'Outside' },
            RecordSets: [{ Type: 'CAA', ResourceRecords: ['0 issue "amazonaws.com"'] }],
          }),
        },
      },
      expect: { Inside: 'not-applicable', Private: 'not-applicable', Outside: 'satisfied' },
    },
    {
      name: 'a CAA record of a name below the zone says nothing of the zone',
      template: {
        Resources: {
          Zone: endpoint(zone, { Name: 'example.com' }),
          Below: endpoint(record, {
            HostedZoneId: { Ref: 'Zone' },
            Name: 'sub.example.com',
            Type: 'CAA',
            ResourceRecords: ['0 issue "amazon.com"'],
          }),
        },
      },
      presentOnly: true,
      expect: { Zone: { message: 'noCaa' } },
    },
    {
      name: 'a certificate whose logging is left to the default is logged',
      template: { Resources: { Certificate: endpoint(certificate, { ValidationMethod: 'DNS' }) } },
      presentOnly: true,
      expect: { Certificate: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::CertificateManager::Certificate: CertificateTransparencyLoggingPreference':
      'ENABLED (CertificateTransparencyLoggingPreference)',
    'AWS::CertificateManager::Certificate: CertificateAuthorityArn': 'then the public authority of Amazon issues it',
    'AWS::Route53::HostedZone: VPCs': 'then the zone is public',
    'AWS::Events::Rule: State': 'ENABLED (State)',
    'AWS::Scheduler::Schedule: State': 'ENABLED (State)',
  },
  indifferent: {
    'AWS::Route53::RecordSet: Type': 'a record of another type is no CAA record, and that there is one is judged',
    'AWS::Route53::HostedZone: VPCs': 'only that it is bound to a network spares a zone',
    'AWS::CertificateManager::Certificate: CertificateAuthorityArn': 'only a private authority spares a certificate',
  },
};
