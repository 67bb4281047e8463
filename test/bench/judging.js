// How fast templates are judged, on this machine: `npm run bench` (after `npm run build`). Every figure is the median of several
// processes; the templates are the project's own stacks, repeated under other ids.

const { execFileSync, spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { cpus, loadavg, tmpdir } = require('node:os');
const { join } = require('node:path');
const { merged, ownTemplates, repeated } = require('./own-templates');

const runs = Number(process.env.BENCH_RUNS ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'avouch-bench-'));
const print = (text = '') => process.stdout.write(`${text}\n`);

function folderOf(name, templates) {
  const target = join(folder, name);
  mkdirSync(target);
  let index = 0;
  for (const template of templates) {
    writeFileSync(join(target, `t${String(index++).padStart(6, '0')}.json`), JSON.stringify(template));
  }
  return target;
}

/** One process; what it prints, its wall time and its peak memory. */
function measured(what, target) {
  return JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'measure.js'), what, target], { encoding: 'utf8' }),
  );
}

const median = (values) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];

function medians(results) {
  return Object.fromEntries(Object.keys(results[0]).map((key) => [key, median(results.map((each) => each[key]))]));
}

function several(measure, times = runs) {
  return medians(Array.from({ length: times }, measure));
}

function table(header, rows) {
  const texts = [
    header,
    ...rows.map((row) =>
      row.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 1 : 0) : String(cell))),
    ),
  ];
  const widths = header.map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  for (const row of texts) {
    print(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  '),
    );
  }
  print();
}

function judging(templates) {
  const sizes = [1_000, 10_000, 100_000];
  const rows = sizes.map((size) => {
    const target = folderOf(`judge-${size}`, repeated(templates, size));
    const {
      controls,
      subjects,
      jsonMs,
      parseMs,
      judgeMs,
      againMs = '-',
      rssMb,
      // The largest takes a minute, and is no less steady for it
    } = several(() => measured('judge', target), size > 10_000 ? 1 : runs);
    rmSync(target, { recursive: true });
    return [
      size,
      controls,
      subjects,
      jsonMs,
      parseMs,
      judgeMs,
      (judgeMs / size) * 1000,
      judgeMs / jsonMs,
      againMs,
      rssMb,
    ];
  });
  print('judging, beyond reading and parsing the files, first time in a process:');
  table(
    [
      'resources',
      'controls',
      'subjects',
      'JSON.parse ms',
      'parse ms',
      'judge ms',
      'ms per 1,000',
      'times JSON.parse',
      'again ms',
      'peak MB',
    ],
    rows,
  );
}

function peers(templates) {
  const size = 1_000;
  const target = folderOf('peers', repeated(templates, size));
  const rows = [
    ['avouch, every control', several(() => measured('judge', target))],
    ['cdk-nag, AwsSolutions over CfnInclude', several(() => measured('nag', target))],
    ["the CDK's CloudFormation validation", several(() => measured('validation', target))],
  ].map(([name, { judgeMs, rssMb }]) => [name, judgeMs, rssMb]);
  print(
    `the same ${size} resources elsewhere, each in a process of its own, without building the app or reading the files:`,
  );
  table(['checker', 'ms', 'peak MB'], rows);
}

/** `avouch check` as a person runs it; exit codes 1 and 2 are verdicts. */
function command(target) {
  const avouch = join(__dirname, '..', '..', 'dist', 'bin', 'avouch.js');
  const probe = `process.on('exit', () => require('node:fs').writeFileSync(process.env.BENCH_RSS, String(process.resourceUsage().maxRSS)));`;
  const hook = join(folder, 'rss.js');
  const said = join(folder, 'rss.txt');
  writeFileSync(hook, probe);
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', hook, avouch, 'check', target, '--out', join(folder, 'out')],
    { env: { ...process.env, BENCH_RSS: said }, encoding: 'utf8' },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status === null || status > 2) {
    throw new Error(`avouch check ended with ${status}: ${stderr}`);
  }
  return { seconds, rssMb: Number(require('node:fs').readFileSync(said, 'utf8')) / 1024 };
}

function commands(templates) {
  const one = folderOf('one', [merged(templates, 500)]);
  const twenty = folderOf(
    'twenty',
    Array.from({ length: 20 }, () => merged(templates, 500)),
  );
  const rows = [
    ['one template of 500 resources', several(() => command(join(one, 't000000.json'))), '0.3 s'],
    ['20 templates of 500 resources', several(() => command(twenty)), '2 s, 300 MB'],
  ].map(([name, { seconds, rssMb }, goal]) => [name, `${seconds.toFixed(2)} s`, rssMb, goal]);
  print('avouch check as a whole process, evidence and table written:');
  table(['what', 'wall', 'peak MB', 'goal'], rows);
}

async function main() {
  print(
    `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)}, medians of ${runs}\n`,
  );
  const templates = await ownTemplates();
  commands(templates);
  judging(templates);
  peers(templates);
}

main()
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
