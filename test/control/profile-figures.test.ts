import type { Bound } from '../../lib/control/claim';
import type { Parameter } from '../../lib/control/parameter';
import { boundClaims } from '../../lib/control/profile-figures';
import { claim, messageOf, profile, promise, register } from './fixtures';
import { door, flag, higher, lower, regions, resolve, tls } from './sample-parameters';

describe('a number', () => {
  test.each<[string, Parameter, [Bound, number][], number, number | undefined, number | undefined, string[]]>([
    ['nothing promised: the default', higher, [], 35, undefined, undefined, []],
    [
      'the highest floor',
      higher,
      [
        ['at_least', 30],
        ['at_least', 731],
      ],
      731,
      731,
      undefined,
      ['b-1'],
    ],
    ['a floor below the default, which nobody promised', higher, [['at_least', 7]], 7, 7, undefined, ['a-0']],
    ['a ceiling above the default', higher, [['at_most', 90]], 35, undefined, 90, []],
    ['a ceiling below the default', higher, [['at_most', 7]], 7, undefined, 7, ['a-0']],
    [
      'a floor under a ceiling',
      higher,
      [
        ['at_most', 90],
        ['at_least', 30],
      ],
      30,
      30,
      90,
      ['b-1'],
    ],
    ['an exact figure', higher, [['exact', 30]], 30, 30, 30, ['a-0']],
    [
      'an exact figure twice',
      higher,
      [
        ['exact', 30],
        ['exact', 30],
      ],
      30,
      30,
      30,
      ['a-0', 'b-1'],
    ],
    [
      'the lowest ceiling',
      lower,
      [
        ['at_most', 15],
        ['at_most', 60],
      ],
      15,
      undefined,
      15,
      ['a-0'],
    ],
    ['a floor below the default of what should be low', lower, [['at_least', 5]], 20, 5, undefined, []],
    ['a floor above the default of what should be low', lower, [['at_least', 30]], 30, 30, undefined, ['a-0']],
  ])('%s', (_, parameter, figures, value, floor, ceiling, claims) => {
    const promises = figures.map(([bound, figure], index) => promise(`${'ab'[index]}-${index}`, bound, figure));
    const bound = promises.length > 0 ? promises : [claim('a-none')];
    expect(resolve(parameter, bound)).toEqual({ parameter: 'p', value, floor, ceiling, claims });
  });

  test('ignores planned claims and other parameters', () => {
    const planned = { ...promise('a-planned', 'at_least', 900), planned: true };
    expect(resolve(higher, [planned, promise('a-other', 'at_least', 99, 'q')]).value).toBe(35);
  });

  test('fails where a floor stands above a ceiling, naming both claims and both figures', () => {
    const message = messageOf(() =>
      resolve(higher, [promise('b-long', 'at_least', 30), promise('a-short', 'at_most', 7)]),
    );
    expect(message).toBe(
      "InputError: profile 'sample': no 'p' keeps these claims together: 'b-long' promises at_least 30, 'a-short' promises at_most 7: add a resolution to policies/profiles/sample.yaml that says which of them yields",
    );
  });

  test('fails on a figure of another kind, naming its register', () => {
    expect(messageOf(() => resolve(higher, [promise('a-x', 'at_least', 'two years')]))).toBe(
      "InputError: claim 'a-x': figure 'p' is at_least \"two years\", expected a number (days): correct it in policies/claims/a.yaml",
    );
  });
});

describe('a flag', () => {
  test.each<[Parameter, Bound, boolean, boolean]>([
    [flag, 'at_least', true, true],
    [flag, 'exact', true, true],
    [flag, 'exact', false, false],
    [flag, 'at_least', false, false],
    [door, 'exact', false, false],
    [door, 'at_least', false, false],
    [door, 'exact', true, true],
  ])('%j with %s %j is %j', (parameter, bound, promised, value) => {
    expect(resolve(parameter, [promise('a-x', bound, promised)]).value).toBe(value);
  });

  test('fails on at_most, which can be read both ways, and on a number', () => {
    expect(messageOf(() => resolve(door, [promise('a-x', 'at_most', false)]))).toContain(
      "figure 'p' is at_most false, expected true or false with bound exact, or at_least for at least as strict",
    );
    expect(messageOf(() => resolve(flag, [promise('a-x', 'exact', 1)]))).toContain(
      'is exact 1, expected true or false',
    );
  });

  test('fails where one claim wants it on and another off', () => {
    const claims = [promise('a-off', 'exact', false), promise('b-on', 'at_least', true)];
    expect(messageOf(() => resolve(flag, claims))).toContain(
      "'b-on' promises at_least true, 'a-off' promises exact false",
    );
  });
});

describe('a choice', () => {
  test('is the strictest word', () => {
    const claims = [promise('a-x', 'at_least', '1.2'), promise('b-x', 'at_least', '1.3')];
    expect(resolve(tls, claims)).toEqual({ parameter: 'p', value: '1.3', claims: ['b-x'] });
  });

  test('is held down by at_most', () => {
    expect(resolve(tls, [promise('a-x', 'at_most', '1.0')]).value).toBe('1.0');
    expect(resolve(tls, [promise('a-x', 'at_most', '1.3')]).value).toBe('1.2');
  });

  test('fails on two different exact words', () => {
    const claims = [promise('a-x', 'exact', '1.2'), promise('b-x', 'exact', '1.3')];
    expect(messageOf(() => resolve(tls, claims))).toContain(`'b-x' promises exact "1.3", 'a-x' promises exact "1.2"`);
  });

  test.each(['1.4', 1.3, true])('fails on %j, which is none of its words', (value) => {
    expect(messageOf(() => resolve(tls, [promise('a-x', 'at_least', value)]))).toContain(
      'expected one of 1.0, 1.2, 1.3',
    );
  });
});

describe('a set', () => {
  test('is what every ceiling allows', () => {
    const claims = [
      promise('a-x', 'at_most', ['eu-west-1', 'eu-central-1', 'eu-north-1']),
      promise('b-x', 'at_most', ['eu-north-1', 'eu-central-1']),
    ];
    expect(resolve(regions, claims)).toEqual({
      parameter: 'p',
      value: ['eu-central-1', 'eu-north-1'],
      claims: ['a-x', 'b-x'],
    });
  });

  test('is the default where that holds what is asked, else what all ask together', () => {
    expect(resolve(regions, [promise('a-x', 'at_least', ['eu-west-1'])]).claims).toEqual([]);
    const claims = [promise('a-x', 'at_least', ['b', 'c']), promise('b-x', 'at_least', ['a', 'b'])];
    expect(resolve(regions, claims).value).toEqual(['a', 'b', 'c']);
  });

  test('may be empty where a claim promises none', () => {
    const claims = [promise('a-x', 'at_most', []), promise('b-x', 'at_most', ['eu-west-1'])];
    expect(resolve(regions, claims).value).toEqual([]);
  });

  test('fails on sets that share no member, though two and two do', () => {
    const claims = [
      promise('a-x', 'at_most', ['one', 'two']),
      promise('b-x', 'at_most', ['two', 'three']),
      promise('c-x', 'at_most', ['three', 'one']),
    ];
    expect(messageOf(() => resolve(regions, claims))).toMatch(/'a-x' promises .*'b-x' promises .*'c-x' promises/);
  });

  test('fails where a member that one claim asks for is not allowed by another', () => {
    const claims = [promise('a-x', 'at_least', ['us-east-1']), promise('b-x', 'exact', ['eu-west-1'])];
    expect(messageOf(() => resolve(regions, claims))).toContain(
      `'a-x' promises at_least ["us-east-1"], 'b-x' promises exact ["eu-west-1"]`,
    );
  });

  test('fails on a single word', () => {
    expect(messageOf(() => resolve(regions, [promise('a-x', 'at_most', 'eu-west-1')]))).toContain(
      'expected a list of words',
    );
  });
});

describe('a profile', () => {
  test('binds every claim of its documents, planned ones too', () => {
    const registers = [register('a', [claim('a-x'), claim('a-y', { planned: true })]), register('b', [claim('b-x')])];
    expect(boundClaims(profile(['a']), registers).map(({ id }) => id)).toEqual(['a-x', 'a-y']);
  });

  test('fails on a document without a register', () => {
    expect(messageOf(() => boundClaims(profile(['z']), [register('b', []), register('a', [])]))).toBe(
      "InputError: profile 'sample': unknown document 'z': known are a, b",
    );
  });
});
