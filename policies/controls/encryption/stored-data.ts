import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { judgeCustomerKey } from './customer-key';
import type { StoreEncryption } from './storage-matrix';

/** Judges a store by its row of the matrix. */
export function judgeStore(store: Subject, row: StoreEncryption, { figures }: JudgementContext): readonly Outcome[] {
  if (store.type === 'AWS::KinesisFirehose::DeliveryStream' && readsStream(store)) {
    return [notApplicable('the stream that it reads from keeps the data, and is judged by itself')];
  }
  const encrypted = judgeSwitch(store, row);
  const isBroken = encrypted.some(({ verdict }) => verdict === 'not-satisfied');
  return isBroken || figures.choice('keys.mode') !== 'customer' ? encrypted : [...encrypted, ...judgeKey(store, row)];
}

/** Such a delivery stream keeps nothing itself, and cannot be encrypted by itself. */
function readsStream(delivery: Subject): boolean {
  const source = delivery.text('DeliveryStreamType');
  return source.kind === 'known' && source.value === 'KinesisStreamAsSource';
}

function judgeSwitch(store: Subject, row: StoreEncryption): readonly Outcome[] {
  const key = row.keySuffices && row.key !== undefined ? store.at(row.key) : undefined;
  if (key && key.resolved.kind !== 'absent') {
    return decide(key.pattern(), { known: () => satisfied, absent: () => finding('unencrypted') });
  }
  if (!row.switch) {
    const nothing = { property: 'encryption at rest', value: 'not on offer' };
    return [row.byDefault ? satisfied : finding('unencrypted', undefined, nothing)];
  }
  const { path, on } = row.switch;
  return decide(store.at(path).pattern(), {
    known: (value) => (on.test(value) ? satisfied : finding('unencrypted')),
    absent: () => (row.byDefault ? satisfied : finding('unencrypted')),
  });
}

function judgeKey(store: Subject, { key, keyNeeds }: StoreEncryption): readonly Outcome[] {
  if (key === undefined) {
    return [finding('platformKey', undefined, { property: 'a key', value: 'not on offer' })];
  }
  if (!keyNeeds) {
    return judgeCustomerKey(store.at(key));
  }
  return decide(store.at(keyNeeds.path).pattern(), {
    known: (value) => (keyNeeds.value.test(value) ? judgeCustomerKey(store.at(key)) : finding('platformKey')),
    absent: () => finding('platformKey'),
  });
}

/** Where each type that makes volumes out of a list has that list. */
export const diskLists: Readonly<Record<string, string>> = {
  'AWS::EC2::Instance': 'BlockDeviceMappings',
  'AWS::EC2::LaunchTemplate': 'LaunchTemplateData.BlockDeviceMappings',
  'AWS::AutoScaling::LaunchConfiguration': 'BlockDeviceMappings',
};

/** Judges the volumes that an instance or a template of instances asks for. */
export function judgeDisks(subject: Subject, path: string, { figures }: JudgementContext): readonly Outcome[] {
  // Launch configurations take no key; instances of a template take their volumes from it.
  const asksForOwnKey =
    figures.choice('keys.mode') === 'customer' && subject.type !== 'AWS::AutoScaling::LaunchConfiguration';
  const fromImage = () =>
    subject.at('LaunchTemplate').state() === 'absent'
      ? notAssessed('its volumes are made from the image, which decides how they are encrypted', path)
      : notApplicable('its launch template decides how its volumes are encrypted');
  return decide(subject.at(path).items(), {
    known: (disks) => (disks.length === 0 ? fromImage() : disks.flatMap((disk) => judgeDisk(disk, asksForOwnKey))),
    absent: fromImage,
  });
}

function judgeDisk(disk: Node, asksForOwnKey: boolean): readonly Outcome[] {
  if (disk.at('Ebs').resolved.kind === 'absent' && disk.resolved.kind === 'map') {
    return disk.at('VirtualName').state() === 'absent' && disk.at('NoDevice').state() === 'absent'
      ? [notAssessed('a volume without settings is made from the image', disk.path)]
      : [notApplicable('no volume is made')];
  }
  return decide(disk.at('Ebs.Encrypted').bool(), {
    known: (on) =>
      on ? (asksForOwnKey ? judgeCustomerKey(disk.at('Ebs.KmsKeyId')) : satisfied) : finding('unencrypted'),
    absent: () => finding('unencrypted'),
  });
}

/** A global table has one switch, and a key for each Region. */
export function judgeGlobalTable(table: Subject, { figures }: JudgementContext): readonly Outcome[] {
  if (figures.choice('keys.mode') !== 'customer') {
    return [satisfied];
  }
  return decide(table.bool('SSESpecification.SSEEnabled'), {
    known: (on) =>
      on
        ? decide(table.items('Replicas'), {
            known: (replicas) =>
              replicas.length === 0
                ? finding('platformKey')
                : replicas.flatMap((replica) => judgeCustomerKey(replica.at('SSESpecification.KMSMasterKeyId'))),
            absent: () => finding('platformKey'),
          })
        : finding('platformKey'),
    absent: () => finding('platformKey'),
  });
}
