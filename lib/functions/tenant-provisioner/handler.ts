import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { readMigrations } from '../../database/migration-files';
import { tenantNames } from '../../database/tenant-names';
import { carriedMigrations } from '../database-access/carried-migrations';
import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress, setting } from '../database-access/sign-in';
import { type Provisioner, type ProvisionerAnswer, type ProvisionerRequest, provision } from './provisioner';
import { TenantBuckets } from './tenant-buckets';
import { type TenantBelongings, TenantCatalogue } from './tenant-catalogue';

/** Entry point of the function: one tenant, with the SDK of the runtime and the SQL files beside this file. */
export async function handler(request: ProvisionerRequest): Promise<ProvisionerAnswer> {
  const { env } = process;
  const databases = env.PGHOST ? databasesOf(env) : undefined;
  const buckets = env.BUCKET_PREFIX ? bucketsOf(env) : undefined;
  const belongings = (tenant: string): TenantBelongings => {
    const { database, prefix, role } = tenantNames(tenant);
    return { ...(databases && { database, role }), ...(buckets ? { bucket: buckets.nameOf(tenant) } : { prefix }) };
  };
  return provision(request, {
    catalogue: new TenantCatalogue(new DynamoDB(), setting(env, 'CATALOGUE'), belongings),
    databases,
    buckets,
    now: () => new Date(),
  });
}

function databasesOf(env: NodeJS.ProcessEnv): Provisioner['databases'] {
  return {
    connect: iamSignIn(databaseAddress(env)),
    migrations: readMigrations(join(__dirname, 'migrations')),
    application: carriedMigrations(env, __dirname),
    tenantKey: setting(env, 'TENANT_KEY'),
  };
}

function bucketsOf(env: NodeJS.ProcessEnv): TenantBuckets {
  return new TenantBuckets(new S3(), {
    prefix: setting(env, 'BUCKET_PREFIX'),
    account: setting(env, 'BUCKET_ACCOUNT'),
    partition: setting(env, 'BUCKET_PARTITION'),
    region: setting(env, 'AWS_REGION'),
    key: setting(env, 'BUCKET_KEY'),
    minimumTls: setting(env, 'BUCKET_MINIMUM_TLS'),
    tenantRole: setting(env, 'BUCKET_TENANT_ROLE'),
    admitted: setting(env, 'BUCKET_ADMITTED').split(' '),
    accessLogs: setting(env, 'BUCKET_ACCESS_LOGS'),
    keepReplacedDays: Number(setting(env, 'BUCKET_KEEP_REPLACED_DAYS')),
    abortUploadAfterDays: Number(setting(env, 'BUCKET_ABORT_UPLOAD_AFTER_DAYS')),
    backupTag: { key: setting(env, 'BUCKET_BACKUP_TAG'), value: setting(env, 'BUCKET_BACKUP_VALUE') },
  });
}
