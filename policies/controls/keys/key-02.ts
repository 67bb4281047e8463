import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { keysRotationDays } from '../parameters';

/** Certificate authorities of RDS that are in force until 2061 or later. The one of 2019 ended in August 2024. */
const currentAuthorities = /^rds-ca-(rsa2048|rsa4096|ecc384)-g\d+$/;

/** KEY-02: KMS keys rotate by themselves, and databases have certificates that RDS renews by itself. */
export const control = defineControl({
  id: 'key-02',
  title: 'Every key that can rotate by itself does so in time, and database certificates come from a current authority',
  family: 'keys',
  claims: ['cfeu-credentials-key-management', 'clvr-cert-key-rotation'],
  doesNotProve:
    'That data is encrypted anew: KMS keeps old key material to read what it wrote. Asymmetric, HMAC and imported keys and those of other key stores are rotated by hand, by the runbook; certificates of the edge are enc-08.',
  runbook: 'rotate-keys-by-hand',
  parameters: { 'keys.rotationDays': keysRotationDays },
  messages: {
    missing: {
      violation: 'no key that rotates by itself is deployed, so nothing keeps the promise of key rotation',
      fix: 'deploy a symmetric key with enableKeyRotation',
    },
    notRotated: {
      violation: 'key {name} does not rotate: {property} is {value}',
      fix: 'set enableKeyRotation: true and a rotationPeriod within the promise',
    },
    tooSlow: {
      violation: 'key {name} rotates every {days} days, more than the {limit} that are promised',
      fix: 'set rotationPeriod to Duration.days({limit}) or less',
    },
    oldAuthority: {
      violation: 'database instance {name} has a certificate of a bygone authority: {property} is {value}',
      fix: 'set caCertificate to CaCertificate.RDS_CA_RSA2048_G1 or another current one',
    },
  },
  template: {
    judges: ['AWS::KMS::Key', 'AWS::RDS::DBInstance', 'AWS::DocDB::DBInstance'],
    expects: 'at-least-one',
    expected: ['AWS::KMS::Key'],
    judge: (subject, { figures }) =>
      subject.type === 'AWS::KMS::Key'
        ? judgeKey(subject, figures.number('keys.rotationDays'))
        : judgeAuthority(subject),
  },
});

/** Defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html. */
function judgeKey(key: Subject, limit: number): readonly Outcome[] {
  return decide(key.text('KeySpec'), {
    known: (spec) =>
      spec === 'SYMMETRIC_DEFAULT' ? judgeOrigin(key, limit) : notApplicable(byHand(`its kind, ${spec},`)),
    absent: () => judgeOrigin(key, limit),
  });
}

function judgeOrigin(key: Subject, limit: number): readonly Outcome[] {
  return decide(key.text('Origin'), {
    known: (origin) =>
      origin === 'AWS_KMS' ? judgeRotation(key, limit) : notApplicable(byHand(`key material of the origin ${origin}`)),
    absent: () => judgeRotation(key, limit),
  });
}

function byHand(what: string): string {
  return `${what} cannot rotate by itself: the runbook rotate-keys-by-hand applies`;
}

function judgeRotation(key: Subject, limit: number): readonly Outcome[] {
  return decide(key.bool('EnableKeyRotation'), {
    known: (on) => (on ? judgePeriod(key, limit) : finding('notRotated')),
    absent: () => finding('notRotated'),
  });
}

/** KMS rotates every 365 days where nothing is said, and takes 90 to 2560. */
function judgePeriod(key: Subject, limit: number): readonly Outcome[] {
  const inTime = (days: number) => (days > limit ? finding('tooSlow', undefined, { days, limit }) : satisfied);
  return decide(key.number('RotationPeriodInDays'), {
    known: (days) =>
      days < 90 || days > 2560 ? notAssessed(`KMS rotates every 90 to 2560 days, got ${days}`) : inTime(days),
    absent: () => inTime(365),
  });
}

/** Without a name RDS takes its current default: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html. */
function judgeAuthority(instance: Subject): readonly Outcome[] {
  return decide(instance.text('CACertificateIdentifier'), {
    known: (authority) => (currentAuthorities.test(authority) ? satisfied : finding('oldAuthority')),
    absent: () => satisfied,
  });
}
