// Suites that start the command line, or pack it, run what is built. It is built once and before all of them: a build beside a running suite would
// hand it half-written files.

const { execFileSync } = require('node:child_process');
const { chmodSync, mkdtempSync, readdirSync, statSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');

function newestOf(path) {
  const stat = statSync(path);
  if (path.endsWith('.md')) {
    return 0;
  }
  const below = stat.isDirectory() ? readdirSync(path).map((name) => newestOf(join(path, name))) : [];
  return Math.max(stat.mtimeMs, ...below);
}

/** Its last step writes this. */
const built = join(root, 'dist', 'policies', 'controls', 'bundled', 'catalogue.js');

module.exports = () => {
  const sources = ['bin', 'lib', 'policies', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const newest = Math.max(...sources.map((name) => newestOf(join(root, name))));
  const age = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (age < newest) {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  }
  // Whatever suites and the CDK leave behind lies in one folder, which the teardown takes away; servers that run as another user pass through it
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'avouch-tests-'));
  chmodSync(process.env.TMPDIR, 0o755);
};
