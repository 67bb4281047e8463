import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadYaml } from '../lib/template/yaml-short-forms';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const entry = join(root, 'dist', 'bin', 'avouch.js');

interface Step {
  readonly run?: string;
  readonly if?: string;
}

/** The code blocks of one language. */
function blocks(language: string): readonly string[] {
  return [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)]
    .filter(([, word]) => word === language)
    .map(([, , text = '']) => text);
}

test('every file that it links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every command and flag that it shows is one', () => {
  const shown = [...readme.matchAll(/(?:npx |`)avouch ([a-z]+)((?:[^`\n#]|#(?! ))*)/g)];
  expect(shown.length).toBeGreaterThan(10);
  const helps = new Map<string, string>();
  for (const [, command = '', rest = ''] of shown) {
    const help =
      helps.get(command) ?? spawnSync(process.execPath, [entry, command, '--help'], { encoding: 'utf8' }).stdout;
    helps.set(command, help);
    expect(help).toContain(`Usage: avouch ${command}`);
    for (const [flag] of rest.matchAll(/(?<= )--[a-z-]+/g)) {
      expect([command, help]).toEqual([command, expect.stringContaining(`${flag} `)]);
    }
  }
}, 60_000);

/** Runs the steps of the workflow as a runner does: the first failure decides, `always()` runs all the same. */
function runWorkflow(template: object) {
  const folder = mkdtempSync(join(tmpdir(), 'avouch-ci-'));
  const tools = join(folder, 'tools');
  mkdirSync(join(folder, 'synthesized'));
  mkdirSync(tools);
  const manifest = {
    artifacts: { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 'S.template.json' } } },
  };
  writeFileSync(join(folder, 'synthesized', 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'synthesized', 'S.template.json'), JSON.stringify(template));
  // What needs a registry, or an app of somebody's, is stood in for; avouch is the real one
  const npx = `#!/bin/sh\ntool=$1; shift\n[ "$tool" = cdk ] && exec cp -r synthesized cdk.out\nexec "${process.execPath}" "${entry}" "$@"\n`;
  writeFileSync(join(tools, 'npx'), npx);
  writeFileSync(join(tools, 'npm'), '#!/bin/sh\n');
  chmodSync(join(tools, 'npx'), 0o755);
  chmodSync(join(tools, 'npm'), 0o755);

  const [workflow = ''] = blocks('yaml');
  const { jobs } = loadYaml(workflow) as { jobs: { check: { steps: readonly Step[] } } };
  let failed = 0;
  for (const { run, if: condition } of jobs.check.steps) {
    if (run !== undefined && (failed === 0 || condition === 'always()')) {
      const { status } = spawnSync('bash', ['-e', '-c', run], {
        cwd: folder,
        env: { PATH: `${tools}:${process.env.PATH}`, HOME: folder, GITHUB_STEP_SUMMARY: join(folder, 'summary') },
      });
      failed ||= status ?? 1;
    }
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { failed, summary: read('summary'), sarif: JSON.parse(read('avouch.sarif')) };
}

const bucket = (properties: object) => ({ Resources: { Files: { Type: 'AWS::S3::Bucket', Properties: properties } } });

test('its workflow stops a broken promise, and tells where in places that a repository has', () => {
  const { failed, summary, sarif } = runWorkflow(bucket({}));
  expect(failed).toBe(1);
  expect(summary).toMatch(/## Security promises: \d+ broken/);
  const uris = sarif.runs[0].results.map(
    (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
      result.locations[0]?.physicalLocation.artifactLocation.uri,
  );
  expect(uris).not.toEqual([]);
  expect(uris.filter((uri: string) => /^([a-z]+:|\/|\.\.)/.test(uri))).toEqual([]);
}, 60_000);

test('its workflow lets pass what breaks nothing', () => {
  const { failed, summary, sarif } = runWorkflow({
    Resources: { Any: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
  });
  expect([failed, sarif.runs[0].results]).toEqual([0, []]);
  expect(summary).toContain('## Security promises: none broken');
}, 60_000);
