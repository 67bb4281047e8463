import { Duration } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { databaseEnvironment, signInToDatabase } from '../database/database-sign-in';
import type { TenantDatabase } from '../database/tenant-database';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import { machineKey } from '../response/machine-key';
import { recordedMachine } from '../response/recorded-machine';
import type { ErasureLedger } from './erasure-ledger';
import type { TenantBuckets } from './tenant-buckets';
import { erasureStates } from './tenant-erasure-states';
import { TenantFileEraser } from './tenant-file-eraser';

export interface TenantErasureProps {
  /** Name of the process, such as `production-tenant-erasure`. */
  readonly name: string;
  /** Days for which a deletion can be called off; the tenant is erased when they are over, 1 to 365. */
  readonly graceDays: number;
  /** Where each tenant is written down before it is erased. */
  readonly ledger: ErasureLedger;
  /** Directory with a group for each tenant, named by the 32 hexadecimal digits of its id. */
  readonly customers: cognito.IUserPool;
  /** Bucket in which each tenant has a folder. */
  readonly files: s3.IBucket;
  /**
   * Buckets of which each tenant has one.
   *
   * @default - files lie in the bucket of all
   */
  readonly buckets?: TenantBuckets;
  /**
   * Cluster with the database that tenants share.
   *
   * @default - each has a database of its own, which the provisioner drops
   */
  readonly sharedDatabase?: TenantDatabase;
  /**
   * Takes away what each tenant has for itself.
   *
   * @default - tenants have nothing for themselves
   */
  readonly provisioner?: lambda.IFunction;
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the logs. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Time between rotations of the key of what the process remembers. */
  readonly keyRotation: Duration;
}

const ACCOUNTS = [
  'cognito-idp:AdminDeleteUser',
  'cognito-idp:AdminListGroupsForUser',
  'cognito-idp:AdminRemoveUserFromGroup',
  'cognito-idp:ListUsersInGroup',
];

/**
 * Erases a tenant, once the days are over in which it can be called off: accounts, files in every version, rows or database, keys. Start it with
 * `{ "erasure": { "tenant": "<uuid>", "by": "<id of whoever asked>" } }` at the moment of the request; stopping the execution calls it off.
 *
 * What it does is told on the default bus by `avouch.erasure`: `Tenant erasure announced`, with the day, and `Tenant erased`, once a look at all
 * places found nothing. Before the first step the tenant is written into the ledger, by which a restored copy is emptied of it again: nothing is
 * erased that is not recorded.
 *
 * @throws Error where `graceDays` is no whole number from 1 to 365, and where neither a shared database nor a provisioner is handed over
 */
export class TenantErasure extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: TenantErasureProps) {
    super(scope, id);
    check(props);
    const { alerts, provisioner, sharedDatabase } = props;
    const eraser = this.eraser(props);
    const bus = events.EventBus.fromEventBusName(this, 'Bus', 'default');
    const functions = [eraser, ...(provisioner ? [provisioner] : [])];
    this.machine = recordedMachine(this, {
      ...props,
      description: 'Carries out the erasure of a tenant',
      key: machineKey(this, { ...props, protects: 'Which tenants are erased, and who asked for it' }),
      states: erasureStates(this, {
        ...props,
        alerts,
        bus,
        eraser,
        provisioner,
        sharesDatabase: sharedDatabase !== undefined,
      }),
      statements: [
        new iam.PolicyStatement({
          sid: 'AskForSteps',
          actions: ['lambda:InvokeFunction'],
          resources: functions.map(({ functionArn }) => functionArn),
        }),
        new iam.PolicyStatement({ sid: 'TellTheBus', actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
      ],
      failed: 'The erasure of a tenant broke off: start it again, or erase by hand with the runbook',
    });
  }

  private eraser(props: TenantErasureProps): lambda.Function {
    const { buckets, customers, files, ledger, sharedDatabase } = props;
    const eraser = functionInVpc(this, 'Eraser', {
      description: 'Erases accounts, files, rows and keys of a tenant',
      code: functionCode('tenant-erasure'),
      environment: {
        USER_POOL: customers.userPoolId,
        ...ledger.variables,
        ...(buckets ? { BUCKET_PREFIX: buckets.prefix } : { FILES_BUCKET: files.bucketName }),
        ...(sharedDatabase && databaseEnvironment(sharedDatabase)),
      },
      statements: [
        new iam.PolicyStatement({ sid: 'EraseAccounts', actions: ACCOUNTS, resources: [customers.userPoolArn] }),
        ...ledger.writeStatements(),
        ...(sharedDatabase ? [signInToDatabase(sharedDatabase, ['tenant_eraser'])] : []),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
      timeout: Duration.minutes(15),
      memorySize: 512,
    });
    this.letErase(eraser, buckets ?? files);
    if (sharedDatabase) {
      eraser.connections.allowToDefaultPort(sharedDatabase, 'sessions of the eraser of tenants');
    }
    return eraser;
  }

  /** Files are erased in a session that reaches those of one tenant. */
  private letErase(eraser: lambda.Function, files: s3.IBucket | TenantBuckets): void {
    const { role: trusted } = eraser;
    if (!trusted) {
      throw new Error(`function '${eraser.node.path}' has no role, expected one that may be let in`);
    }
    const { role } = new TenantFileEraser(this, 'Files', { files, trusted });
    eraser.addEnvironment('FILES_ROLE', role.roleArn);
    new iam.ManagedPolicy(this, 'TakeOn', {
      statements: [
        new iam.PolicyStatement({
          sid: 'EraseFilesOfOneTenant',
          actions: ['sts:AssumeRole', 'sts:TagSession'],
          resources: [role.roleArn],
        }),
      ],
      roles: [trusted],
    });
  }
}

function check({ graceDays, provisioner, sharedDatabase }: TenantErasureProps): void {
  if (!(Number.isInteger(graceDays) && graceDays >= 1 && graceDays <= 365)) {
    throw new Error(`graceDays is ${graceDays}, expected a whole number from 1 to 365: set the days to call it off`);
  }
  if (!(provisioner || sharedDatabase)) {
    throw new Error(
      'an erasure has neither a shared database nor a provisioner: hand over what the rows of a tenant lie in',
    );
  }
}
