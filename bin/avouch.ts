#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { InputError } from '../lib/control/input-error';
import { fail, wrongUse } from './failure';

const program = new Command('avouch')
  .description('deploys what a security whitepaper promises, and proves it')
  .option('-V, --version', 'print the version')
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(asOurs(text)) })
  .helpCommand('help [command]', 'print the help of a command')
  .action((options: { version?: boolean }, { args: [unknown] }: Command) => {
    if (options.version) {
      const { toolVersion } = require('./version') as typeof import('./version');
      process.stdout.write(`${toolVersion()}\n`);
    } else if (unknown !== undefined) {
      const known = program.commands.map((command) => command.name()).join(', ');
      throw new InputError(`unknown command '${unknown}': known are ${known}`);
    } else {
      // Whoever asks for nothing has not passed a check.
      program.help({ error: true });
    }
  });

/** Commander's complaint in the manner of ours: one sentence, lower case, no full stop. */
function asOurs(text: string): string {
  return text
    .replace(/^error: /, 'avouch: ')
    .replace('. Expected ', ': expected ')
    .replace(/\.(?=\n*$)/, '');
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads has had enough, as `| head` has: what the run found stands all the same, and its exit code.
  if (error.code !== 'EPIPE') {
    fail(new InputError(`cannot write to standard output: ${error.message}`));
    process.on('exit', () => {
      process.exitCode = wrongUse;
    });
  }
});
process.stderr.on('error', () => {
  // Nobody listens: there is nothing left to say it with.
});

const profile = () => new Option('--profile <name>', 'whose promises bind').default('strictest');
const out = () => new Option('--out <dir>', 'folder for the evidence').default('avouch.out');
const everyFormat = 'table, json, md, html, csv, sarif, junit or oscal, on standard output';
const format = (words: string) => new Option('--format <format>', words).default('table');

program
  .command('check [path]')
  .description(
    'judge the synthesized templates of this app, or of PATH: a template, a cloud assembly, or a folder of templates',
  )
  .addOption(profile())
  .option('--environment <name>', 'environment of this app', 'production')
  .addOption(format(everyFormat))
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
  .addOption(format(everyFormat))
  .addOption(out())
  .option('--control <id...>', 'judge these controls alone')
  .option('--fail-on <status>', 'broken, unproven or awaiting', 'unproven')
  .action(async (options) => {
    const { verify } = require('./commands/verify') as typeof import('./commands/verify');
    process.exitCode = await verify(options);
  });

program
  .command('diff <base> [file]')
  .description('what got weaker, stronger, new or lost since BASE, the evidence of an earlier run')
  .addOption(format('table or json'))
  .action((base: string, file: string | undefined, options: { format: string }) => {
    const { diff } = require('./commands/diff') as typeof import('./commands/diff');
    process.exitCode = diff(base, file ?? 'avouch.out/evidence.json', options.format);
  });

program
  .command('report [file]')
  .description('render an evidence file')
  .addOption(format(everyFormat))
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

// Last, because commands inherit it: a word that is no command is told apart above, a second path is one too many.
program.allowExcessArguments();

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has printed what is wrong, or the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : wrongUse;
  } else {
    fail(error);
  }
});
