import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { readMigrations } from '../../database/migration-files';
import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress, setting } from '../database-access/sign-in';
import { type ProvisionerRequest, provision } from './provisioner';
import { TenantCatalogue, type TenantRecord } from './tenant-catalogue';

/** Entry point of the function: one tenant, with the SDK of the runtime and the SQL files beside this file. */
export async function handler(request: ProvisionerRequest): Promise<TenantRecord> {
  return provision(request, {
    catalogue: new TenantCatalogue(new DynamoDB(), setting(process.env, 'CATALOGUE')),
    connect: iamSignIn(databaseAddress(process.env)),
    migrations: readMigrations(join(__dirname, 'migrations')),
    tenantKey: setting(process.env, 'TENANT_KEY'),
    now: () => new Date(),
  });
}
