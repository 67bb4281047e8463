import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateEvidence } from '../../lib/evidence/validate-evidence';
import { type SampleDatabases, startSamples } from './sample-databases';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'avouch-verify-'));
let samples: SampleDatabases;

jest.setTimeout(60_000);

beforeAll(async () => {
  samples = await startSamples();
}, 180_000);

afterAll(() => samples?.server.stop());

/** Runs the command as an auditor does: without AWS, the password in the environment. */
function verify(addresses: readonly string[]) {
  const without = addresses.map((address) => address.replace(':only-for-this-test@', '@'));
  const env = { PATH: process.env.PATH, HOME: folder, PGPASSWORD: 'only-for-this-test' };
  const controls = ['--control', 'enc-03', 'ten-04'];
  const args = ['verify', ...without.flatMap((address) => ['--database', address]), ...controls, '--format', 'json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'bin', 'avouch.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

test('avouch verify --database judges databases alone, without AWS, and says what is still awaited', () => {
  const { stdout, stderr } = verify([samples.url('rls'), samples.url('database')]);
  const evidence = validateEvidence(JSON.parse(stdout));
  const host = `database/localhost:${samples.server.port}`;
  expect(evidence.targets.map(({ path }) => path)).toEqual(
    expect.arrayContaining([`${host}/sample`, `${host}/tenant_a`]),
  );
  expect(
    evidence.controls.map(({ id, subjects }) => [id, [...new Set(subjects.map(({ target }) => target))].sort()]),
  ).toEqual([
    ['enc-03', [`${host}/sample`, `${host}/tenant_a`]],
    ['ten-04', [`${host}/sample`, `${host}/tenant_a`]],
  ]);
  const statusOf = (claim: string) => evidence.claims.find(({ id }) => id === claim);
  // The strictest profile asks for TLS 1.3, which this server does not insist on
  expect(statusOf('clvr-db-tls-verify-full')).toMatchObject({ status: 'broken' });
  expect(statusOf('tdb-app-code-scoped')).toMatchObject({ status: 'awaiting' });
  expect(statusOf('clvr-db-tls-verify-full')?.reasons).toContain('enc-03 also needs `avouch check`');
  expect(readFileSync(join(folder, 'avouch.out', 'evidence.json'), 'utf8')).not.toContain('only-for-this-test');
  expect(stderr).toContain(`looking at ${host}/sample`);
  expect(stderr).not.toContain('only-for-this-test');
});

test('a database is named once', () => {
  const { status, stderr } = verify([samples.url('rls'), samples.url('rls')]);
  expect([status, stderr]).toEqual([3, expect.stringMatching(/\/sample is named twice by --database/)]);
});
