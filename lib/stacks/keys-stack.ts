import { Duration, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DataKey, type DataKeyProps, logWriter, recorderWriter, trailWriter } from '../constructs/storage/data-key';
import type { EnvironmentStackProps } from './environment-stack-props';

/** One key per kind of data, so that each can be disabled, rotated or erased without the others. */
export interface EnvironmentKeys {
  /** Database, its snapshots and its performance data, and the catalogue of tenants. */
  readonly database: kms.IKey;
  /** Files of tenants. */
  readonly files: kms.IKey;
  /** Secrets and parameters. */
  readonly secrets: kms.IKey;
  /** People in the user directories, and what the sign-in remembers about them. */
  readonly identity: kms.IKey;
  /** Backups and their copies, and nothing that is live. */
  readonly backup: kms.IKey;
  /** Images of the application. */
  readonly images: kms.IKey;
  /** Log groups. */
  readonly logs: kms.IKey;
  /** Trail files and configuration history. */
  readonly audit: kms.IKey;
}

/** The keys of an environment. They outlive every other stack. */
export class KeysStack extends Stack {
  readonly keys: EnvironmentKeys;
  /** Name of the trail that may encrypt with the audit key. */
  readonly trailName: string;

  constructor(scope: Construct, id: string, props: EnvironmentStackProps) {
    super(scope, id, props);
    this.trailName = `${props.settings.name}-audit`;
    const key = (name: string, about: Pick<DataKeyProps, 'protects' | 'services' | 'writers'>) =>
      new DataKey(this, name, {
        ...about,
        alias: `${props.settings.name}/${name.toLowerCase()}`,
        rotationPeriod: Duration.days(props.figures.keyRotationDays),
      }).key;

    this.keys = {
      database: key('Database', {
        protects: 'Database, snapshots, performance data and the catalogue of tenants',
        services: ['rds', 'dynamodb', 'backup'],
      }),
      files: key('Files', { protects: 'Files of tenants', services: ['s3'] }),
      secrets: key('Secrets', { protects: 'Secrets and parameters', services: ['secretsmanager', 'ssm', 'rds'] }),
      identity: key('Identity', {
        protects: 'User directories and sign-in state',
        services: ['cognito-idp', 'dynamodb'],
      }),
      backup: key('Backup', {
        protects: 'Backups and their copies',
        services: ['backup', 'rds', 's3', 'dynamodb'],
      }),
      images: key('Images', { protects: 'Images of the application', services: ['ecr'] }),
      logs: key('Logs', { protects: 'Log groups', services: ['s3'], writers: [logWriter(this)] }),
      audit: key('Audit', {
        protects: 'Trail files and configuration history',
        services: ['s3'],
        writers: [trailWriter(this, this.trailName), recorderWriter(this)],
      }),
    };
  }
}
