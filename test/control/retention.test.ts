import { loadPolicies } from '../../bin/policies';
import { loadPromises } from '../../bin/promises';
import { retentionLines } from '../../lib/control/retention';
import { parseRetention } from '../../lib/control/retention-file';

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

test.each([
  ['a rule without an end', rule('').replace('keep: { days: 30 }', 'keep: long'), 'keep'],
  ['no days at all', rule('').replace('days: 30', 'days: 0'), 'days'],
  ['a store that is none', rule('').replace('AWS::Logs::LogGroup', 'logs'), 'stores'],
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
