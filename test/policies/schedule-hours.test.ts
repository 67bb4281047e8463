import { longestGapHours } from '../../policies/controls/backup/schedule-hours';

const day = 24;

test.each([
  ['rate(1 day)', day],
  ['rate(12 hours)', 12],
  ['rate(30 minutes)', 0.5],
  ['rate(7 days)', 7 * day],
  ['cron(0 2 * * ? *)', day],
  [' cron(0 2 ? * * *) ', day],
  ['cron(0 2 * * * *)', day],
  ['cron(0 0/6 * * ? *)', 6],
  ['cron(15,45 * * * ? *)', 0.5],
  ['cron(0 1,13 * * ? *)', 12],
  ['cron(0 1,2 * * ? *)', 23],
  ['cron(0 3 ? * SUN *)', 7 * day],
  ['cron(0 3 ? * 1 *)', 7 * day],
  ['cron(0 3 ? * sun,wed *)', 4 * day],
  ['cron(0 3 ? * MON-FRI *)', 3 * day],
  ['cron(0 3 ? * 2-6 *)', 3 * day],
  ['cron(0 3 ? * 1/2 *)', 2 * day],
  ['cron(0 4 1 * ? *)', 31 * day],
  ['cron(0 4 L * ? *)', 31 * day],
  ['cron(0 4 1,15 * ? *)', 17 * day],
  ['cron(0 4 31 * ? *)', 61 * day],
  ['cron(0 4 1 1/3 ? *)', 92 * day],
  ['cron(0 4 1 JAN,JUL ? *)', 184 * day],
  ['cron(0 4 29 FEB ? *)', 1461 * day],
  ['cron(0 4 ? * SUN#1 *)', 35 * day],
  ['cron(0 4 ? * 6L *)', 35 * day],
])('%s leaves at most %d hours between two runs', (expression, hours) => {
  expect(longestGapHours(expression)).toBe(hours);
});

test.each(['at(2027-01-01T02:00:00)', 'cron(0 2 * * ? 2024)', 'cron(0 2 * * ? 2026-2099)', 'cron(0 4 30 FEB ? *)'])(
  '%s ends, or never runs',
  (expression) => {
    expect(longestGapHours(expression)).toBe(Number.POSITIVE_INFINITY);
  },
);

test.each([
  '',
  'daily',
  'rate(0 days)',
  'rate(1 week)',
  'cron(0 2 * * ?)',
  'cron(0 25 * * ? *)',
  'cron(0 2 15W * ? *)',
  'cron(0 2 1 * MON *)',
  'cron(0 2 ? * FUN *)',
  'cron(0 2 0 * ? *)',
  'cron(0 2 ? * 5-2 *)',
  'cron(0 2/0 * * ? *)',
  'cron(0 2 * * ? soon)',
])('fails to understand %j, rather than guess', (expression) => {
  expect(longestGapHours(expression)).toBeUndefined();
});
