import { type Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DataKey } from '../storage/data-key';

export interface MachineKeyProps {
  /** Alias of the key without the `alias/` in front: the name of the state machine. */
  readonly name: string;
  /** What the machine remembers, in words. */
  readonly protects: string;
  readonly keyRotation: Duration;
}

/** Key of what a state machine remembers. The delivery of its log decrypts what the machine hands over. */
export function machineKey(scope: Construct, { keyRotation, name, protects }: MachineKeyProps): kms.IKey {
  return new DataKey(scope, 'Key', {
    protects,
    alias: name,
    services: ['states'],
    rotationPeriod: keyRotation,
    writers: [
      new iam.PolicyStatement({
        sid: 'DeliverLog',
        principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    ],
  }).key;
}
