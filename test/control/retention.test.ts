import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicies, packageRoot } from '../../bin/policies';
import { loadPromises } from '../../bin/promises';
import { retentionLines, rowLines } from '../../lib/control/retention';
import { parseRetention } from '../../lib/control/retention-file';
import { refuseUnknownRetentionProfiles } from '../../lib/control/retention-names';

const file = 'policies/registers/retention.yaml';
const rule = (over: string) => `reviewed: "2026-11-20"
retention:
  - { id: logs, what: log lines, stores: ["AWS::Logs::LogGroup"], keep: { days: 30 }, then: deleted, ground: law, owner: us${over} }
`;
const figures = { number: (name: string) => (name === 'audit.retentionDays' ? 731 : Number.NaN) };

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return 'nothing was refused';
}

test('a rule is read, and becomes a line for each of its stores', () => {
  const { retention } = parseRetention(file, rule(''));
  expect(retentionLines(retention, 'cly', figures)).toEqual(['logs AWS::Logs::LogGroup untagged 30']);
});

test('a figure of the profile stands for its days, and an account in use for no day at all', () => {
  const [whole] = parseRetention(file, rule('')).retention;
  if (!whole) {
    throw new Error('no rule was read');
  }
  const rules = [
    { ...whole, id: 'files', tagged: true, keep: { figure: 'audit.retentionDays' } },
    { ...whole, keep: 'while-active' as const, profiles: ['cly'] },
  ];
  expect(retentionLines(rules, 'cly', figures)).toEqual([
    'files AWS::Logs::LogGroup tagged 731',
    'logs AWS::Logs::LogGroup untagged while-active',
  ]);
  expect(retentionLines(rules, 'tdb', figures)).toEqual(['files AWS::Logs::LogGroup tagged 731']);
});

test('a rule for tables becomes a line for each, and needs no store', () => {
  const text = rule(', tables: [app.message, app.*]').replace('stores: ["AWS::Logs::LogGroup"], ', '');
  const { retention } = parseRetention(file, text);
  expect(rowLines(retention, 'cly', figures)).toEqual(['logs app.* 30', 'logs app.message 30']);
  expect(retentionLines(retention, 'cly', figures)).toEqual([]);
  const bound = retention.map((each) => ({ ...each, profiles: ['tdb'] }));
  expect(rowLines(bound, 'cly', figures)).toEqual([]);
});

test('refuses a rule about nothing, a table under two rules, and tags without stores', () => {
  const bare = rule('').replace('stores: ["AWS::Logs::LogGroup"], ', '');
  expect(messageOf(() => parseRetention(file, bare))).toContain(
    `${file}: rule 'logs' is about nothing: name stores or tables`,
  );
  const tables = rule(', tables: [app.message]');
  const twice = tables + tables.split('\n')[2]?.replace('id: logs', 'id: more').replace('{ id', '{ tagged: true, id');
  expect(messageOf(() => parseRetention(file, twice))).toContain("table 'app.message' stands under two rules");
  const tagged = bare.replace('owner: us', 'owner: us, tables: [app.message], tagged: true');
  expect(messageOf(() => parseRetention(file, tagged))).toContain("rule 'logs': tagged is about stores");
});

test('refuses a rule for a profile that is not there', () => {
  const { retention } = parseRetention(file, rule(', profiles: [cly, clu]'));
  const profiles = [...loadPolicies().profiles.values()];
  expect(messageOf(() => refuseUnknownRetentionProfiles(retention, profiles))).toContain(
    "retention rule 'logs': unknown profile 'clu': known are cfeu",
  );
  expect(messageOf(() => refuseUnknownRetentionProfiles(retention.slice(1), profiles))).toBe('nothing was refused');
});

test('a review of the schedule counts for as long as the evidence of its runbook', () => {
  const page = readFileSync(join(packageRoot(), 'runbooks', 'review-processing-records.md'), 'utf8');
  const validDays = Number(/validDays: (\d+)/.exec(page)?.[1]);
  expect(loadPromises('clvr').figures.number('retention.reviewDays')).toBe(validDays);
});

test.each([
  ['a rule without an end', rule('').replace('keep: { days: 30 }', 'keep: long'), 'keep'],
  ['no days at all', rule('').replace('days: 30', 'days: 0'), 'days'],
  ['a store that is none', rule('').replace('AWS::Logs::LogGroup', 'logs'), 'stores'],
  ['a table that is none', rule(', tables: [message]'), 'tables'],
  ['a day that is none', rule('').replace('2026-11-20', '2026-11-31'), 'reviewed'],
  ['what nobody knows', rule(', mood: good'), 'mood'],
])('refuses %s', (_name, text, named) => {
  expect(messageOf(() => parseRetention(file, text))).toMatch(new RegExp(`${file}.*${named}`, 's'));
});

test('refuses one rule twice, and two rules for every store of a type', () => {
  const twice = rule('') + rule('').split('\n')[2];
  expect(messageOf(() => parseRetention(file, twice))).toContain("rule 'logs' stands twice");
  expect(messageOf(() => parseRetention(file, twice))).toContain('two rules are for every AWS::Logs::LogGroup');
  expect(messageOf(() => parseRetention(file, twice.replace('{ id: logs', '{ tagged: true, id: logs')))).not.toContain(
    'two rules',
  );
});

test.each([...loadPolicies().profiles.keys()])('the schedule has every period under profile %s', (name) => {
  const lines = loadPromises(name).figures.set('retention.schedule');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => !/ (\d+|while-active)$/.test(line))).toEqual([]);
});
