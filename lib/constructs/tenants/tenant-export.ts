import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { databaseEnvironment } from '../database/database-sign-in';
import type { TenantDatabase } from '../database/tenant-database';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import { reportLost, starter } from '../response/incident-detection';
import { machineKey } from '../response/machine-key';
import { recordedMachine } from '../response/recorded-machine';
import type { TenantBuckets } from './tenant-buckets';
import { TenantExportSession } from './tenant-export-session';
import { exportStates } from './tenant-export-states';

export interface TenantExportProps {
  /** Name of the process, such as `production-tenant-export`. */
  readonly name: string;
  /** Formats in which rows are written. */
  readonly formats: readonly ('json' | 'csv')[];
  /** Bucket of requests and exports, such as that of `TenantExports`. */
  readonly exports: s3.IBucket;
  /** Directory with a group for each tenant, named by the 32 hexadecimal digits of its id. */
  readonly customers: cognito.IUserPool;
  readonly database: TenantDatabase;
  /**
   * User and name of the database that all tenants share.
   *
   * @default - each tenant has a database and a user of its own
   */
  readonly shared?: { readonly user: string; readonly database: string };
  /** Bucket in which each tenant has a folder, or the buckets of which each has one. */
  readonly files: s3.IBucket | TenantBuckets;
  /** Key of the files and the exports. */
  readonly key: kms.IKey;
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the logs. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Time between rotations of the key of what the process remembers. */
  readonly keyRotation: Duration;
}

/** Longest run of the function, after which another goes on. */
const TURN = Duration.minutes(15);

/** Hours after which an export that is not ready is given up, loudly: the snapshot that it holds keeps old rows of everybody in the database. */
const RUN_HOURS = 24;

/**
 * Exports what a tenant has, rows, accounts and files, whenever the tenant asks: by putting `<digits>/requests/<name>.json`, `{ "by": "<id of whoever asks>" }`,
 * into the bucket of exports, which only a session of that tenant can do. Whose data is exported follows from where the request lies, and from
 * nothing in it. The export lies in `<digits>/exports/<name>/` once its `manifest.json` is there; the default bus says so by `avouch.export`.
 *
 * No size is too large: a run of the function hands over to the next while its snapshot is open, and S3 itself copies files.
 */
export class TenantExport extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: TenantExportProps) {
    super(scope, id);
    const { alerts, exports } = props;
    const exporter = this.exporter(props);
    const bus = events.EventBus.fromEventBusName(this, 'Bus', 'default');
    this.machine = recordedMachine(this, {
      ...props,
      description: 'Exports what a tenant has',
      key: machineKey(this, { ...props, protects: 'Which tenants are exported, and who asked for it' }),
      states: exportStates(this, { alerts, bus, exporter, patience: TURN }),
      statements: [
        new iam.PolicyStatement({
          sid: 'AskForSteps',
          actions: ['lambda:InvokeFunction'],
          resources: [exporter.functionArn],
        }),
        new iam.PolicyStatement({ sid: 'TellTheBus', actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
      ],
      failed: 'The export of a tenant broke off: find out why, and start it again with the runbook assist-export',
      timeout: Duration.hours(RUN_HOURS),
    });
    this.startOnRequest(exports, alerts);
  }

  private exporter(props: TenantExportProps): lambda.Function {
    const { customers, database, exports, files, formats, shared } = props;
    // By its name: the process refers to the function, and a reference both ways cannot be deployed
    const process = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: props.name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const exporter = functionInVpc(this, 'Exporter', {
      description: 'Exports rows and files of a tenant',
      code: functionCode('tenant-export'),
      environment: {
        EXPORTS_BUCKET: exports.bucketName,
        BUCKET_ACCOUNT: Aws.ACCOUNT_ID,
        ...('arnOf' in files ? { BUCKET_PREFIX: files.prefix } : { FILES_BUCKET: files.bucketName }),
        FORMATS: formats.join(' '),
        RUN_HOURS: String(RUN_HOURS),
        USER_POOL: customers.userPoolId,
        ...databaseEnvironment(database),
        ...(shared && { PGUSER: shared.user, PGDATABASE: shared.database }),
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'AnswerProcess',
          actions: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
          resources: [process],
        }),
        new iam.PolicyStatement({
          sid: 'ListAccounts',
          actions: ['cognito-idp:ListUsersInGroup'],
          resources: [customers.userPoolArn],
        }),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
      timeout: TURN,
      memorySize: 1024,
    });
    // What broke off has lost its snapshot: another attempt would only hide that
    exporter.configureAsyncInvoke({ retryAttempts: 0 });
    exporter.connections.allowToDefaultPort(database, 'sessions that export what is of a tenant');
    this.becomeTenant(exporter, props);
    return exporter;
  }

  private becomeTenant(exporter: lambda.Function, props: TenantExportProps): void {
    const { role: trusted } = exporter;
    if (!trusted) {
      throw new Error(`function '${exporter.node.path}' has no role, expected one that may be let in`);
    }
    const { role } = new TenantExportSession(this, 'Session', { ...props, sharedUser: props.shared?.user, trusted });
    exporter.addEnvironment('EXPORT_ROLE', role.roleArn);
    new iam.ManagedPolicy(this, 'TakeOn', {
      statements: [
        new iam.PolicyStatement({
          sid: 'ExportOneTenant',
          actions: ['sts:AssumeRole', 'sts:TagSession'],
          resources: [role.roleArn],
        }),
      ],
      roles: [trusted],
    });
  }

  private startOnRequest(exports: s3.IBucket, alerts: sns.ITopic): void {
    const place = new Construct(this, 'Start');
    const rule = new events.Rule(place, 'Requested', {
      description: 'A tenant asks for what it has',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [exports.bucketName] },
          object: { key: events.Match.wildcard('*/requests/*') },
        },
      },
      targets: [
        new targets.SfnStateMachine(this.machine, {
          role: starter(place, this.machine, 'Starts the export that a tenant asks for'),
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
          input: events.RuleTargetInput.fromObject({
            export: { key: events.EventField.fromPath('$.detail.object.key') },
          }),
        }),
      ],
    });
    reportLost(rule, alerts, 'A tenant asked for an export and none was started: start it by hand');
  }
}
