import type { Claim, FigureValue } from '../../lib/control/claim';
import type { Parameter } from '../../lib/control/parameter';
import { resolveFigures } from '../../lib/control/profile-figures';
import { claim, messageOf, profile, promise, register } from './fixtures';
import { door, flag, higher, lower, regions, resolve, tls, yielding } from './sample-parameters';

describe('a resolution', () => {
  const claims = [promise('a-short', 'at_most', 7), promise('b-long', 'at_least', 30)];

  test('takes the yielding claim out', () => {
    expect(resolve(higher, claims, { resolutions: [yielding(['a-short'])] })).toEqual({
      parameter: 'p',
      value: 30,
      floor: 30,
      ceiling: undefined,
      claims: ['b-long'],
    });
    expect(resolve(higher, claims, { resolutions: [yielding(['b-long'])] }).value).toBe(7);
  });

  test('leaves the default where every claim yields', () => {
    expect(resolve(higher, claims, { resolutions: [yielding(['b-long', 'a-short'])] }).claims).toEqual([]);
  });

  test('sets a value of its own within what stands', () => {
    expect(resolve(higher, claims, { resolutions: [yielding(['a-short'], 60)] })).toMatchObject({
      value: 60,
      floor: 30,
      claims: ['b-long'],
    });
  });

  test('of another parameter changes nothing', () => {
    const resolutions = [{ ...yielding(['a-short']), parameter: 'q' }];
    expect(messageOf(() => resolve(higher, claims, { resolutions }))).toContain("no 'p' keeps these claims together");
  });

  test('fails on a value that breaks a claim which does not yield', () => {
    expect(messageOf(() => resolve(higher, claims, { resolutions: [yielding(['a-short'], 10)] }))).toBe(
      "InputError: profile 'sample': resolution of 'p' to 10 breaks 'b-long', which promises at_least 30: choose another value or add the claim to the yields of a resolution",
    );
  });

  test('fails on a value of another kind, and on two values', () => {
    expect(messageOf(() => resolve(higher, claims, { resolutions: [yielding(['a-short'], true)] }))).toContain(
      "resolution of 'p': value is true, expected a number (days)",
    );
    const resolutions = [yielding(['a-short'], 40), yielding(['a-short'], 50)];
    expect(messageOf(() => resolve(higher, claims, { resolutions }))).toContain('sets 40 and 50: keep one of them');
  });
});

describe('a tightening', () => {
  const tightens = (value: FigureValue) => ({ tightens: [{ parameter: 'p', value, because: 'we can' }] });

  test.each<[Parameter, Claim, FigureValue]>([
    [higher, promise('a-x', 'at_least', 8), 12],
    [higher, promise('a-x', 'at_least', 8), 8],
    [lower, promise('a-x', 'at_most', 15), 5],
    [flag, claim('a-x'), true],
    [door, claim('a-x'), false],
    [tls, promise('a-x', 'at_least', '1.2'), '1.3'],
    [regions, promise('a-x', 'at_most', ['eu-west-1', 'eu-north-1']), ['eu-west-1']],
  ])('%# sets the stricter value', (parameter, bound, value) => {
    expect(resolve(parameter, [bound], tightens(value)).value).toEqual(value);
  });

  test('moves the bound that controls measure, even where it repeats the default', () => {
    expect(resolve(higher, [promise('a-x', 'at_least', 8)], tightens(12))).toMatchObject({
      floor: 12,
      claims: ['a-x'],
    });
    expect(resolve(higher, [claim('a-x')], tightens(35))).toMatchObject({ value: 35, floor: 35, claims: [] });
    expect(resolve(lower, [claim('a-x')], tightens(5))).toMatchObject({ value: 5, ceiling: 5 });
  });

  test.each<[Parameter, Claim, FigureValue, string]>([
    [higher, promise('a-x', 'at_least', 30), 7, 'to 7 is looser than 30, which a-x promise'],
    [higher, claim('a-x'), 7, "to 7 is looser than 35, the control's default"],
    [lower, promise('a-x', 'at_most', 15), 16, 'to 16 is looser than 15'],
    [flag, promise('a-x', 'exact', true), false, 'to false is looser than true'],
    [tls, promise('a-x', 'at_least', '1.3'), '1.2', 'to "1.2" is looser than "1.3"'],
    [regions, promise('a-x', 'at_most', ['a']), ['a', 'b'], 'to ["a","b"] is looser than ["a"]'],
    [higher, promise('a-x', 'exact', 30), 31, "to 31 breaks 'a-x', which promises exact 30"],
    [higher, claim('a-x'), 'long', 'value is "long", expected a number (days)'],
    [tls, claim('a-x'), '2.0', 'value is "2.0", expected one of 1.0, 1.2, 1.3'],
  ])('%# fails where it loosens or does not fit', (parameter, bound, value, words) => {
    const message = messageOf(() => resolve(parameter, [bound], tightens(value)));
    expect(message).toContain("InputError: profile 'sample': tightening of 'p'");
    expect(message).toContain(words);
  });

  test('of a parameter that no control declares stays in the profile', () => {
    const figures = resolveFigures(profile(['a'], tightens(1)), [register('a', [claim('a-x')])], {});
    expect(figures.all.size).toBe(0);
  });
});
