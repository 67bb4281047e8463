// Runs in a process of its own, so that its memory is its own: `node measure.js judge|nag|validation FOLDER`. Prints JSON.

const { readdirSync, readFileSync } = require('node:fs');
const { join, basename } = require('node:path');

const [, , what, folder] = process.argv;
const files = readdirSync(folder)
  .sort()
  .map((file) => join(folder, file));

const since = (start) => performance.now() - start;

function judge() {
  const { loadPromises } = require('../../dist/bin/promises');
  const { judgeCatalogue } = require('../../dist/lib/synth/judge-catalogue');
  const { Graph } = require('../../dist/lib/template/graph');
  const { parseTemplateText } = require('../../dist/lib/template/parse');
  const { Template } = require('../../dist/lib/template/template');
  const { catalogue, figures, policies } = loadPromises('strictest');
  const read = performance.now();
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const parse = performance.now();
  for (const text of texts) {
    JSON.parse(text);
  }
  const parsed = performance.now();
  const documents = texts.map((text, index) => parseTemplateText(text, files[index]));
  const checked = performance.now();
  const place = { sha256: '0'.repeat(64), account: '111122223333', region: 'eu-central-1' };
  const run = () => {
    const start = performance.now();
    const templates = documents.map(
      (document, index) => new Template({ ...place, path: basename(files[index]), stackName: `S${index}` }, document),
    );
    const graphs = [new Graph(templates)];
    const evidence = judgeCatalogue({ controls: catalogue, figures, graphs, registers: policies.registers });
    return { ms: since(start), subjects: evidence.reduce((sum, { subjects }) => sum + subjects.length, 0) };
  };
  const { ms, subjects } = run();
  const resources = documents.reduce((sum, { Resources }) => sum + Object.keys(Resources).length, 0);
  const again = resources > 10_000 ? [] : [run().ms, run().ms, run().ms].sort((a, b) => a - b);
  return {
    resources,
    subjects,
    controls: catalogue.filter(({ template }) => template).length,
    readMs: parse - read,
    jsonMs: parsed - parse,
    parseMs: checked - parsed,
    judgeMs: ms,
    againMs: again[1],
  };
}

/** The same templates as a CDK app includes them: what building that app costs is not counted. */
function included() {
  const { App, Stack, cloudformation_include } = require('aws-cdk-lib');
  const app = new App({ outdir: `${folder}-cdk` });
  files.forEach((templateFile, index) => {
    const stack = new Stack(app, `S${index}`, { env: { account: '111122223333', region: 'eu-central-1' } });
    new cloudformation_include.CfnInclude(stack, 'Include', { templateFile });
  });
  return app;
}

function nag() {
  const { AwsSolutionsChecks } = require('cdk-nag');
  const app = included();
  const pack = new AwsSolutionsChecks(app);
  const start = performance.now();
  const { violations } = pack.validateScope(app);
  return { judgeMs: since(start), violations: violations.length };
}

function validation() {
  const { App, CloudFormationValidatePlugin } = require('aws-cdk-lib');
  const stackTemplates = files.map((templatePath, index) => ({
    templatePath,
    stackConstructPath: `S${index}`,
    accountId: '111122223333',
    region: 'eu-central-1',
  }));
  const start = performance.now();
  const { violations } = new CloudFormationValidatePlugin().validate({
    appConstruct: new App(),
    templatePaths: files,
    stackTemplates,
  });
  return { judgeMs: since(start), violations: violations.length };
}

const result = { judge, nag, validation }[what]();
process.stdout.write(JSON.stringify({ ...result, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
