import { incidentClock } from '../../lib/functions/incident-clock/clock';

const discoveredAt = '2026-11-27T18:00:00Z';
const ask = (over: Partial<Parameters<typeof incidentClock>[0]> = {}) =>
  incidentClock({ discoveredAt, hours: 24, now: '2026-11-27T18:30:00.000Z', ...over });

test('trap 33: the time counts from the discovery, not from the beginning of the step', () => {
  expect(ask()).toEqual({ deadline: '2026-11-28T18:00:00.000Z', seconds: 23.5 * 3600, next: 'deadline' });
  expect(ask({ now: '2026-11-28T10:00:00Z' }).seconds).toBe(8 * 3600);
});

test('trap 33: weekends count', () => {
  expect(ask({ hours: 72 }).deadline).toBe('2026-11-30T18:00:00.000Z');
});

test('the zone of the discovery counts', () => {
  expect(ask({ discoveredAt: '2026-11-27T19:00:00+01:00' })).toEqual(ask());
});

test('what is late is called out every hour', () => {
  expect(ask({ now: '2026-12-24T00:00:00Z' })).toEqual({
    deadline: '2026-11-28T18:00:00.000Z',
    seconds: 3600,
    next: 'deadline',
  });
  expect(ask({ hours: 0.5 }).seconds).toBe(3600);
});

const inBusinessDays = (from: string, businessDays: number) =>
  ask({ discoveredAt: from, hours: undefined, businessDays, now: from }).deadline;

test.each([
  ['a Monday', '2026-11-23T10:00:00Z', '2026-11-30T10:00:00.000Z'],
  ['a Wednesday', '2026-11-25T10:00:00Z', '2026-12-02T10:00:00.000Z'],
  ['a Friday, late', '2026-11-27T23:30:00Z', '2026-12-04T23:30:00.000Z'],
  ['a Saturday', '2026-11-28T10:00:00Z', '2026-12-04T10:00:00.000Z'],
  ['a Sunday, late', '2026-11-29T23:59:59Z', '2026-12-04T23:59:59.000Z'],
  ['a Friday in its own zone that is still Thursday in UTC', '2026-11-27T00:30:00+01:00', '2026-12-03T23:30:00.000Z'],
  ['the end of a year', '2026-12-30T08:00:00Z', '2027-01-06T08:00:00.000Z'],
])('five business days from %s', (_name, from, deadline) => {
  expect(inBusinessDays(from, 5)).toBe(deadline);
});

test('one business day from a Friday is Monday', () => {
  expect(inBusinessDays('2026-11-27T10:00:00Z', 1)).toBe('2026-11-30T10:00:00.000Z');
});

test('what is almost late is called out when it is late, and not an hour after', () => {
  expect(ask({ now: '2026-11-28T17:58:00Z' }).seconds).toBe(120);
});

test.each([
  ['2026-11-27T18:30:00Z', 23.5 * 3600, 'reminder'],
  ['2026-11-28T18:00:00Z', 24 * 3600, 'reminder'],
  ['2026-11-30T05:59:59Z', 1, 'reminder'],
  ['2026-11-30T06:00:00Z', 12 * 3600, 'deadline'],
  ['2026-11-30T18:00:00Z', 3600, 'deadline'],
])('people are reminded on the way to the deadline: at %s in %d seconds', (now, seconds, next) => {
  expect(ask({ hours: 72, remind: [24, 48, 60], now })).toEqual({
    deadline: '2026-11-30T18:00:00.000Z',
    seconds,
    next,
  });
});

const inCalendar = (from: string, over: object = { days: 30, months: 1 }) =>
  ask({ discoveredAt: from, hours: undefined, now: from, ...over }).deadline;

test.each([
  ['31 January, to the end of February', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['31 January of a leap year', '2028-01-31T10:00:00Z', '2028-02-29T10:00:00.000Z'],
  ['30 January', '2026-01-30T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['29 January', '2026-01-29T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['28 January, which February has', '2026-01-28T10:00:00Z', '2026-02-27T10:00:00.000Z'],
  ['the last second of January', '2026-01-31T23:59:59Z', '2026-02-28T23:59:59.000Z'],
  ['28 February, four weeks and no more', '2026-02-28T10:00:00Z', '2026-03-28T10:00:00.000Z'],
  ['29 February', '2028-02-29T10:00:00Z', '2028-03-29T10:00:00.000Z'],
  ['31 March, when April has 30 days', '2026-03-31T10:00:00Z', '2026-04-30T10:00:00.000Z'],
  ['1 March, whose month has 31 days', '2026-03-01T10:00:00Z', '2026-03-31T10:00:00.000Z'],
  ['the end of a year', '2026-12-31T10:00:00Z', '2027-01-30T10:00:00.000Z'],
  ['2 December, into the next year', '2026-12-02T10:00:00Z', '2027-01-01T10:00:00.000Z'],
])('30 days or a month, whichever is over first, from %s', (_name, from, deadline) => {
  expect(inCalendar(from)).toBe(deadline);
});

test.each([
  ['a month alone', '2026-03-01T10:00:00Z', { months: 1 }, '2026-04-01T10:00:00.000Z'],
  ['days alone', '2026-01-31T10:00:00Z', { days: 30 }, '2026-03-02T10:00:00.000Z'],
  ['three months, of which November has no 31st', '2026-08-31T10:00:00Z', { months: 3 }, '2026-11-30T10:00:00.000Z'],
  ['three months over the end of a year', '2026-11-30T10:00:00Z', { months: 3 }, '2027-02-28T10:00:00.000Z'],
  ['90 days before three months', '2026-12-02T10:00:00Z', { days: 90, months: 3 }, '2027-03-02T10:00:00.000Z'],
])('%s', (_name, from, over, deadline) => {
  expect(inCalendar(from, over)).toBe(deadline);
});

test('a month is counted where it was received: in UTC it is March already', () => {
  expect(inCalendar('2026-02-28T20:00:00-05:00')).toBe('2026-03-29T01:00:00.000Z');
  expect(inCalendar('2026-03-01T00:30:00+02:00')).toBe('2026-03-30T22:30:00.000Z');
});

test('who starts late gains no day of the month', () => {
  const late = { hours: undefined, days: 30, months: 1, discoveredAt: '2026-01-31T10:00:00Z' };
  expect(ask({ ...late, now: '2026-02-27T10:00:00Z' })).toEqual({
    deadline: '2026-02-28T10:00:00.000Z',
    seconds: 24 * 3600,
    next: 'deadline',
  });
});

test.each([
  ['2026-02-01T10:00:00Z', 17 * 24 * 3600, 'reminder'],
  ['2026-02-18T10:00:00Z', 8 * 24 * 3600, 'reminder'],
  ['2026-02-26T10:00:00Z', 2 * 24 * 3600, 'deadline'],
  ['2026-02-28T10:00:00Z', 3600, 'deadline'],
])('people are reminded before the end, however long the month is: at %s in %d seconds', (now, seconds, next) => {
  const question = { hours: undefined, days: 30, months: 1, remindBefore: [240, 48] };
  expect(ask({ ...question, discoveredAt: '2026-01-31T10:00:00Z', now })).toMatchObject({ seconds, next });
});

test.each([
  ['a discovery that has not come yet', { discoveredAt: '2026-11-28T18:00:00Z' }, /has not come yet/],
  ['a discovery without a zone', { discoveredAt: '2026-11-27 18:00' }, /with its zone/],
  ['a discovery that is no time', { discoveredAt: 'yesterday' }, /with its zone/],
  ['no time at all', { hours: 0 }, /more than 0/],
  ['no figure at all', { hours: undefined }, /expected one of them/],
  ['two figures', { businessDays: 5 }, /expected one of them/],
  ['half a business day', { hours: undefined, businessDays: 0.5 }, /whole number above 0/],
  ['no business day', { hours: undefined, businessDays: 0 }, /whole number above 0/],
  ['a reminder after the end', { hours: 24, remind: [12, 24] }, /remind holds 24, expected hours between 0 and 24/],
  [
    'a reminder after the business days',
    { hours: undefined, businessDays: 1, remind: [72] },
    /remind holds 72, expected hours between 0 and 72/,
  ],
  ['a reminder before the beginning', { remind: [0] }, /remind holds 0/],
  ['a reminder before the end that lies before the beginning', { remindBefore: [25] }, /remindBefore holds 25/],
  ['a reminder at the end', { remindBefore: [0] }, /remindBefore holds 0/],
  ['hours and months', { months: 1 }, /expected one of them, or days and months/],
  ['half a month', { hours: undefined, months: 0.5 }, /months is 0.5, expected a whole number above 0/],
  ['no day', { hours: undefined, days: 0, months: 1 }, /days is 0, expected a whole number above 0/],
])('refuses %s', (_name, over, message) => {
  expect(() => ask(over)).toThrow(message);
});
