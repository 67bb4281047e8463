import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { certsCtIntervalHours } from '../parameters';
import { judgeSchedule } from './certificate-watch';

/** Issuers that stand for Amazon in a CAA record. Source: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const amazonMayIssue = /^\s*\d+\s+issue\s+"(amazon\.com|amazontrust\.com|awstrust\.com|amazonaws\.com)\s*(;[^"]*)?"/i;

/** ENC-08: certificates that nobody has to remember, and that nobody else gets. */
export const control = defineControl({
  id: 'enc-08',
  title:
    'Certificates renew themselves, only issuers named in DNS may issue them, and the public logs of issued ones are watched',
  family: 'encryption',
  claims: ['cfeu-ct-monitoring', 'clvr-cert-key-rotation'],
  doesNotProve:
    'That a renewal went through, that the zone is delegated, that certificates named by their ARN alone were not imported, and that the function which watches finds anything and tells anybody: its own tests and its alarms say so.',
  parameters: { 'certs.ctIntervalHours': certsCtIntervalHours },
  messages: {
    missing: {
      violation: 'nothing on a clock watches the public logs for certificates on our names',
      fix: 'deploy the certificate watch: a function that reads the logs, started by a schedule',
    },
    renewedByHand: {
      violation: 'certificate {name} waits for a mail to be answered before it renews: {property} is {value}',
      fix: 'validate by DNS: certificatemanager.CertificateValidation.fromDns(zone)',
    },
    uploaded: {
      violation: 'certificate {name} was uploaded to IAM, where nothing renews it',
      fix: 'have ACM issue the certificate, validated by DNS',
    },
    unlogged: {
      violation: 'certificate {name} is kept out of the public logs, where a watch could see it: {property} is {value}',
      fix: 'set transparencyLoggingEnabled: true',
    },
    noCaa: {
      violation:
        'zone {name} has no CAA record that names Amazon as issuer, so that everybody may issue for it or nobody renew',
      fix: 'add a CAA record with issue "amazon.com" and an iodef address to the zone',
    },
    rareWatch: {
      violation:
        'the watch {name} looks at the public logs less often than every {promisedHours} hours: {property} is {value}',
      fix: 'shorten the schedule of the certificate watch',
    },
    stoppedWatch: {
      violation: 'the watch {name} of the public logs is switched off: {property} is {value}',
      fix: 'enable the schedule of the certificate watch',
    },
  },
  template: {
    judges: [
      'AWS::CertificateManager::Certificate',
      'AWS::IAM::ServerCertificate',
      'AWS::Route53::HostedZone',
      'AWS::Scheduler::Schedule',
      'AWS::Events::Rule',
    ],
    expects: 'at-least-one',
    expected: ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'],
    judge,
  },
});

function judge(subject: Subject, { figures }: JudgementContext): Outcome | readonly Outcome[] {
  switch (subject.type) {
    case 'AWS::CertificateManager::Certificate':
      return judgeCertificate(subject);
    case 'AWS::IAM::ServerCertificate':
      return finding('uploaded');
    case 'AWS::Route53::HostedZone':
      return judgeZone(subject);
    default:
      return judgeSchedule(subject, figures.number('certs.ctIntervalHours'));
  }
}

function judgeCertificate(certificate: Subject): Outcome | readonly Outcome[] {
  if (certificate.at('CertificateAuthorityArn').state() === 'known') {
    return notApplicable('a private authority issues it: ACM renews it without validation, and no public log lists it');
  }
  return [
    // Absent means EMAIL (ValidationMethod of AWS::CertificateManager::Certificate).
    ...decide(certificate.text('ValidationMethod'), {
      known: (method) => (method === 'DNS' || method === 'HTTP' ? satisfied : finding('renewedByHand')),
      absent: () => finding('renewedByHand'),
    }),
    // Absent means ENABLED (CertificateTransparencyLoggingPreference).
    ...decide(certificate.text('CertificateTransparencyLoggingPreference'), {
      known: (preference) => (preference === 'ENABLED' ? satisfied : finding('unlogged')),
      absent: () => satisfied,
    }),
  ];
}

/** A record of a name below the zone binds that name alone: authorities climb from the name asked for, never down. */
function liesBelow(set: Node, zone: Subject): boolean {
  const [name, apex] = [set.at('Name').resolved, zone.at('Name').resolved].map((each) =>
    each.kind === 'scalar' ? String(each.value).toLowerCase().replace(/\.$/, '') : undefined,
  );
  return name !== undefined && apex !== undefined && name !== apex;
}

function judgeZone(zone: Subject): Outcome | readonly Outcome[] {
  if (zone.at('VPCs').state() === 'known') {
    return notApplicable('a private zone: no authority looks at it');
  }
  const alone = zone.scope.referring(zone, 'AWS::Route53::RecordSet', 'HostedZoneId').map((set) => set.root);
  const groups = zone.scope.referring(zone, 'AWS::Route53::RecordSetGroup', 'HostedZoneId');
  const grouped = groups.flatMap((group) => {
    const sets = group.items('RecordSets');
    return sets.kind === 'known' ? sets.value : [];
  });
  const kinds = [...alone, ...grouped]
    .filter((set) => !liesBelow(set, zone))
    .map((set) => ({ set, type: set.at('Type').text() }));
  const issuers = kinds
    .filter(({ type }) => type.kind === 'known' && type.value === 'CAA')
    .map(({ set }) => set.at('ResourceRecords').items());
  const records = issuers.flatMap((list) => (list.kind === 'known' ? list.value.map((record) => record.text()) : []));
  if (records.some((record) => record.kind === 'known' && amazonMayIssue.test(record.value))) {
    return satisfied;
  }
  const hidden = [...kinds.map(({ type }) => type), ...issuers, ...records].find(({ kind }) => kind === 'unresolved');
  return hidden?.kind === 'unresolved' ? notAssessed(hidden.reason) : finding('noCaa');
}
