// The project's own synthesized stacks, as often as asked for, every copy under ids of its own.

const { mkdtempSync, readdirSync, readFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { synthesizeApp } = require('../../dist/lib/synth/synthesize-app');

const root = join(__dirname, '..', '..');

/** Synthesizes this app once and gives its templates. */
async function ownTemplates() {
  const outdir = mkdtempSync(join(tmpdir(), 'avouch-bench-app-'));
  process.env.CDK_VALIDATION = 'false';
  const context = { environment: 'production', profile: 'strictest' };
  await synthesizeApp({ folder: root, outdir, context });
  return readdirSync(outdir, { recursive: true })
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => JSON.parse(readFileSync(join(outdir, file), 'utf8')));
}

/** Whole copies of the templates until they hold at least a number of resources. */
function* repeated(templates, resources) {
  let left = resources;
  for (let copy = 0; left > 0; copy++) {
    for (const template of templates) {
      left -= Object.keys(template.Resources).length;
      yield rename(template, copy);
      if (left <= 0) {
        return;
      }
    }
  }
}

/** Several copies in one template, of at least a number of resources. */
function merged(templates, resources) {
  const whole = { Parameters: {}, Resources: {}, Outputs: {} };
  for (const { Parameters, Resources, Outputs } of repeated(templates, resources)) {
    Object.assign(whole.Parameters, Parameters);
    Object.assign(whole.Resources, Resources);
    Object.assign(whole.Outputs, Outputs);
  }
  return whole;
}

function rename(template, copy) {
  const ids = new Set([...Object.keys(template.Resources), ...Object.keys(template.Outputs ?? {})]);
  const text = (value) => {
    const [head, ...rest] = value.split('.');
    if (ids.has(head)) {
      return [`${head}x${copy}`, ...rest].join('.');
    }
    const within = value.replace(/\$\{(\w+)/g, (hole, id) => (ids.has(id) ? `\${${id}x${copy}` : hole));
    return within.replace(/^([\w-]+):(ExportsOutput)/, `$1-${copy}:$2`);
  };
  const walk = (value) => {
    if (typeof value === 'string') {
      return text(value);
    }
    if (Array.isArray(value)) {
      return value.map(walk);
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([key, part]) => [ids.has(key) ? `${key}x${copy}` : key, walk(part)]),
        )
      : value;
  };
  return walk(template);
}

module.exports = { ownTemplates, repeated, merged };
