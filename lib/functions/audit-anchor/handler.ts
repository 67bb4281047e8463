import { S3 } from '@aws-sdk/client-s3';
import { Signer } from '@aws-sdk/rds-signer';
import { Client } from 'pg';
import { anchorChains, type KeeperSession } from './anchor';
import { AnchorArchive } from './anchor-archive';

const USER = 'audit_keeper';

/** Entry point of the function: one run over all databases, with the SDK of the runtime. `whole` recomputes every chain from its beginning. */
export async function handler(event: { readonly whole?: boolean }): Promise<readonly string[]> {
  return anchorChains({
    connect,
    archive: new AnchorArchive(new S3(), setting('BUCKET'), Number(setting('ANCHOR_MINUTES'))),
    retentionDays: Number(setting('RETENTION_DAYS')),
    whole: event.whole === true,
    now: () => new Date(),
    log: (line) => console.log(line),
  });
}

/** Signs in with IAM, over TLS that is verified in full: the runtime's bundle, which NODE_EXTRA_CA_CERTS names, holds the authorities of RDS. */
async function connect(database: string): Promise<KeeperSession> {
  const [hostname, port] = [setting('DATABASE_HOST'), Number(setting('DATABASE_PORT'))];
  const client = new Client({
    host: hostname,
    port,
    user: USER,
    database,
    password: await new Signer({ hostname, port, username: USER }).getAuthToken(),
    ssl: { rejectUnauthorized: true },
    application_name: 'audit anchor',
    statement_timeout: 300_000,
  });
  // A session that the server ends says so by an event; the next query fails of itself
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
