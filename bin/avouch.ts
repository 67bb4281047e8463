#!/usr/bin/env node
import { Command, Option } from 'commander';
import { fail, wrongUse } from './failure';

const program = new Command('avouch')
  .description('deploys what a security whitepaper promises, and proves it')
  .option('-V, --version', 'print the version')
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'avouch: ')) })
  .action((options: { version?: boolean }) => {
    if (options.version) {
      const { toolVersion } = require('./version') as typeof import('./version');
      process.stdout.write(`${toolVersion()}\n`);
    } else {
      program.help();
    }
  });

const profile = () => new Option('--profile <name>', 'whose promises bind').default('strictest');
const out = () => new Option('--out <dir>', 'folder for the evidence').default('avouch.out');
const format = (words: string) => new Option('--format <format>', words).default('table');

program
  .command('check [path]')
  .description(
    'judge the synthesized templates of this app, or of PATH: a template, a cloud assembly, or a folder of templates',
  )
  .addOption(profile())
  .option('--environment <name>', 'environment of this app', 'production')
  .addOption(format('table, json, md or html on standard output'))
  .addOption(out())
  .option('--control <id...>', 'judge these controls alone')
  .option('--present-only', 'judge what is there, and ask for nothing that is not')
  .option('--parameters <file>', 'CloudFormation parameter file')
  .option('--fail-on <status>', 'broken, unproven or awaiting', 'unproven')
  .action(async (path: string | undefined, options) => {
    const { check } = require('./commands/check') as typeof import('./commands/check');
    process.exitCode = await check(path, options);
  });

program
  .command('verify')
  .description(
    'judge the running account, read-only, with the credentials of the AWS SDK’s ordinary chain, and running databases',
  )
  .addOption(profile())
  .option('--environment <name>', 'environment whose account and region are expected')
  .option('--region <name>', 'region to look at (default: that of the environment, or AWS_REGION)')
  .option(
    '--database <url...>',
    'database to look at, postgresql://ROLE@HOST:PORT/NAME?sslmode=verify-full&sslrootcert=FILE, its password in PGPASSWORD; without --region or --environment nothing of AWS is asked',
  )
  .option('--with <file>', 'evidence of a check of the templates, to count both halves')
  .addOption(format('table, json, md or html on standard output'))
  .addOption(out())
  .option('--control <id...>', 'judge these controls alone')
  .option('--fail-on <status>', 'broken, unproven or awaiting', 'unproven')
  .action(async (options) => {
    const { verify } = require('./commands/verify') as typeof import('./commands/verify');
    process.exitCode = await verify(options);
  });

program
  .command('report [file]')
  .description('render an evidence file')
  .addOption(format('table, json, md or html on standard output'))
  .action((file: string | undefined, options: { format: string }) => {
    const { report } = require('./commands/report') as typeof import('./commands/report');
    report(file ?? 'avouch.out/evidence.json', options.format);
  });

program
  .command('claims')
  .description('the register of promises, or what a newer version of a document changes in it')
  .addOption(profile())
  .addOption(format('table or json'))
  .addOption(out())
  .option('--document <file>', 'compare a newer whitepaper with the lines that were registered')
  .option('--register <code>', 'document that the file replaces, where it cannot be told')
  .action(async (options: { document?: string; register?: string; profile: string; format: string; out: string }) => {
    if (options.document === undefined) {
      const { listClaims } = require('./commands/listings') as typeof import('./commands/listings');
      listClaims(options);
    } else {
      const { compareWithDocument } = require('./commands/document') as typeof import('./commands/document');
      process.exitCode = compareWithDocument(options.document, options.register, options.format);
    }
  });

program
  .command('controls')
  .description('the catalogue of controls')
  .addOption(profile())
  .addOption(format('table or json'))
  .addOption(out())
  .option('--role', 'print the read-only IAM policy that verify needs')
  .action(async (options) => {
    const { listControls } = require('./commands/listings') as typeof import('./commands/listings');
    listControls(options);
  });

program
  .command('explain <id>')
  .description('one claim or control in full; or cost: what an environment of this app is billed by')
  .addOption(profile())
  .option('--environment <name>', 'environment whose cost is explained', 'production')
  .addOption(format('table, or json for cost'))
  .addOption(out())
  .action(async (id: string, options) => {
    if (id.toLowerCase() === 'cost') {
      const { explainCost } = require('./commands/cost') as typeof import('./commands/cost');
      await explainCost(options);
      return;
    }
    const { explainOne } = require('./commands/listings') as typeof import('./commands/listings');
    explainOne(id, options);
  });

program.parseAsync().catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('commander.')) {
    // Commander has printed what is wrong, or the help that was asked for.
    process.exitCode = ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(code) ? 0 : wrongUse;
    return;
  }
  fail(error);
});
