import { oncePerObject, oncePerText } from '../../lib/template/remember';

describe('what is computed once', () => {
  test('an object is looked at once, another of the same content by itself', () => {
    const compute = jest.fn(({ length }: readonly string[]) => length);
    const lengthOf = oncePerObject(compute);
    const list = ['a'];
    expect([lengthOf(list), lengthOf(list), lengthOf(['a', 'b'])]).toEqual([1, 1, 2]);
    expect(compute).toHaveBeenCalledTimes(2);
  });

  test('an answer of undefined is an answer', () => {
    const compute = jest.fn(() => undefined);
    const answer = oncePerText(compute);
    expect([answer('a'), answer('a')]).toEqual([undefined, undefined]);
    expect(compute).toHaveBeenCalledTimes(1);
  });

  test('the oldest text makes room, and is computed again when it comes back', () => {
    const compute = jest.fn((text: string) => text.toUpperCase());
    const upper = oncePerText(compute);
    for (let count = 0; count <= 512; count++) {
      upper(`text ${count}`);
    }
    compute.mockClear();
    expect(upper('text 512')).toBe('TEXT 512');
    expect(compute).not.toHaveBeenCalled();
    expect(upper('text 0')).toBe('TEXT 0');
    expect(compute).toHaveBeenCalledTimes(1);
  });

  test('fails again for a text that failed', () => {
    const read = oncePerText((text: string) => {
      throw new Error(`cannot read ${text}`);
    });
    expect(() => read('a')).toThrow('cannot read a');
    expect(() => read('a')).toThrow('cannot read a');
  });
});
