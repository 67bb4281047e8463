import fc from 'fast-check';
import { compareDocument } from '../../lib/control/document-changes';
import { lineFingerprint } from '../../lib/control/fingerprint';
import { claim, register } from './fixtures';

const text = ['Head', 'We encrypt.', '', 'We log.', 'We back up.', 'Foot'].join('\n');
const paper = register(
  'tdb',
  [
    claim('tdb-encrypt', { lines: [2] }),
    claim('tdb-log', { lines: [4] }),
    claim('tdb-log-kept', { lines: [4] }),
    claim('tdb-backup', { lines: [5] }),
  ],
  text,
);

/** Changes as `kind before>after claims`, those without a change left out. */
function changesTo(newText: string): string[] {
  return compareDocument(paper, newText)
    .filter(({ kind }) => kind !== 'unchanged')
    .map(({ kind, before, after, claims }) => `${kind} ${before ?? ''}>${after ?? ''} ${claims.join(' ')}`.trim());
}

describe('a fingerprint', () => {
  test('is the first half of the SHA-256 that any tool computes', () => {
    expect(lineFingerprint('abc')).toBe('ba7816bf8f01cfea');
  });

  test.each([
    ['  We\u00a0 encrypt.\t', 'We encrypt.'],
    ['We encrypt.\r', 'We encrypt.'],
    ['Zu\u0308rich', 'Z\u00fcrich'],
  ])('of %j is that of %j', (line, same) => {
    expect(lineFingerprint(line)).toBe(lineFingerprint(same));
  });

  test('of a blank line is none', () => {
    expect([lineFingerprint(''), lineFingerprint(' \t\u00a0')]).toEqual([undefined, undefined]);
  });

  test('tells letter case and punctuation apart', () => {
    expect(new Set(['We log.', 'we log.', 'We log'].map(lineFingerprint)).size).toBe(3);
  });
});

describe('a newer text of a whitepaper', () => {
  test('is unchanged under other line ends, spaces and Unicode forms', () => {
    const same = text.replaceAll('\n', '\r\n').replace('We log.', ' We  log. ');
    expect(compareDocument(paper, same).map(({ kind }) => kind)).toEqual(Array(5).fill('unchanged'));
  });

  test('has changed lines, with the claims that each carries and the new words', () => {
    const edited = text.replace('We log.', 'We log a little.');
    expect(changesTo(edited)).toEqual(['changed 4>4 tdb-log tdb-log-kept']);
    expect(compareDocument(paper, edited).find(({ kind }) => kind === 'changed')?.text).toBe('We log a little.');
  });

  test('has new lines, and those below them are moved', () => {
    expect(changesTo(text.replace('We back up.', 'We test.\nWe back up.'))).toEqual([
      'new >5',
      'moved 5>6 tdb-backup',
      'moved 6>7',
    ]);
  });

  test('has lines that are gone, where they were', () => {
    expect(changesTo(text.replace('We back up.\n', ''))).toEqual(['gone 5> tdb-backup', 'moved 6>5']);
  });

  test('has lines that changed places', () => {
    const swapped = ['Head', 'We back up.', 'We encrypt.', '', 'We log.', 'Foot'].join('\n');
    expect(changesTo(swapped)).toEqual([
      'moved 5>2 tdb-backup',
      'moved 2>3 tdb-encrypt',
      'moved 4>5 tdb-log tdb-log-kept',
    ]);
  });

  test('has fewer new lines than old ones in a place: the first are paired, the rest are gone', () => {
    const merged = ['Head', 'We encrypt, log and back up.', 'Foot'].join('\n');
    expect(changesTo(merged)).toEqual([
      'gone 4> tdb-log tdb-log-kept',
      'gone 5> tdb-backup',
      'changed 2>2 tdb-encrypt',
      'moved 6>3',
    ]);
  });

  test('that is empty has lost every line', () => {
    expect(changesTo('').map((change) => change.split(' ')[0])).toEqual(Array(5).fill('gone'));
  });

  test('accounts for every line of both texts once, and calls the same only what is the same', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const old = register('tdb', [claim('tdb-a')], before.join('\n'));
        const changes = compareDocument(old, after.join('\n'));
        const numbers = (list: readonly string[]) => list.flatMap((line, index) => (line === '' ? [] : [index + 1]));
        const ascending = (one: number, other: number) => one - other;
        const sides = (side: 'before' | 'after') => changes.flatMap((change) => change[side] ?? []);
        expect(sides('before').sort(ascending)).toEqual(numbers(before));
        expect(sides('after')).toEqual(numbers(after));
        for (const { kind, before: was, after: is } of changes) {
          const isSame = was !== undefined && is !== undefined && before[was - 1] === after[is - 1];
          expect(kind === 'unchanged' || kind === 'moved').toBe(isSame);
          expect(kind === 'unchanged').toBe(isSame && was === is);
        }
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});
