import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'avouch-consumer-'));

/** Runs the CDK's own command line in the consumer's app. */
function cdkSynth(...args: string[]) {
  const cli = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const offline = ['--no-notices', '--no-version-reporting', '--no-asset-metadata'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'synth', '--quiet', ...offline, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', NO_COLOR: '1' },
  });
  return { status, output: stdout + stderr };
}

beforeAll(() => {
  cpSync(join(__dirname, 'consumer-app'), folder, { recursive: true });
  // As an installation would lay it out: the package, and the CDK that it expects from its user.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'avouch'));
  for (const name of ['aws-cdk-lib', 'constructs', 'typescript']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
}, 60_000);

test('somebody’s app compiles against the package and synthesizes with its promises kept', () => {
  expect(cdkSynth('-c', 'staged=yes').status).toBe(0);
  expect(cdkSynth()).toEqual({ status: 0, output: expect.any(String) });
  expect(readFileSync(join(folder, 'cdk.out', 'Files.template.json'), 'utf8')).toContain('aws:kms');
}, 60_000);

test('fails to synthesize when a promise is broken, naming control, claim, whitepaper, resource and line', () => {
  const { status, output } = cdkSynth('-c', 'break=encryption', '-c', 'profile=strictest');
  expect(status).toBe(1);
  expect(output).toContain('enc-05');
  expect(output).toContain('cly-kms-managed-keys (cly, ');
  expect(output).toContain('Files/Uploads/Bucket');
  expect(output).toMatch(/private-bucket\.ts:\d+|app\.ts:\d+/);
}, 60_000);

test('fails although cdk synth selects no stack inside a stage', () => {
  const { status, output } = cdkSynth('-c', 'break=encryption', '-c', 'profile=strictest', '-c', 'staged=yes');
  expect(status).toBe(1);
  expect(output).toContain('cly-kms-managed-keys (cly, ');
}, 60_000);

test('fails with one line about a profile that does not exist', () => {
  const { status, output } = cdkSynth('-c', 'profile=nobody');
  expect(status).not.toBe(0);
  expect(output).toContain("unknown profile 'nobody': known are cfeu, cfus, clvr, cly, strictest, tdb");
}, 60_000);
