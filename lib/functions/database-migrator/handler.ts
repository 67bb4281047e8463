import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { readMigrations } from '../../database/migration-files';
import { customResource } from '../custom-resource/custom-resource';
import { carriedMigrations } from '../database-access/carried-migrations';
import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress, setting, signIn } from '../database-access/sign-in';
import { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';
import { deploySchema, type SchemaRequest } from './deploy-schema';

/** Entry point of the function: the schema, deployed with the SDK of the runtime and the SQL files beside this file. */
export const handler = customResource(async (request: SchemaRequest) => {
  const address = databaseAddress(process.env);
  const catalogue = new TenantCatalogue(new DynamoDB(), setting(process.env, 'CATALOGUE'));
  await deploySchema(request, {
    administrator: async () =>
      signIn(address, 'postgres', await administratorOf(setting(process.env, 'ADMINISTRATOR'))),
    connect: iamSignIn(address),
    tenants: () => catalogue.ready(),
    cluster: readMigrations(join(__dirname, 'cluster')),
    migrations: readMigrations(join(__dirname, 'migrations')),
    application: carriedMigrations(process.env, __dirname),
    log: (line) => console.log(line),
  });
});

/** The password that RDS keeps and replaces; read anew each time. */
async function administratorOf(secret: string): Promise<{ readonly user: string; readonly password: string }> {
  const { SecretString: text } = await new SecretsManager().getSecretValue({ SecretId: secret });
  const { username, password } = JSON.parse(text ?? '{}') as { username?: string; password?: string };
  if (!username || !password) {
    throw new Error('the secret of the administrator holds no username and password, expected both');
  }
  return { user: username, password };
}
