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
])('refuses %s', (_name, over, message) => {
  expect(() => ask(over)).toThrow(message);
});
