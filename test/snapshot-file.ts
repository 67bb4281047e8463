import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Compares text with a file of `test/snapshots`, one readable file each. `npm run snapshots` writes them anew; the difference is then
 * read, and the commit says why it changed. In CI a missing file fails.
 */
export function expectSnapshot(name: string, text: string): void {
  const file = join(__dirname, 'snapshots', name);
  if (process.env.UPDATE_SNAPSHOTS === 'yes') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : `no snapshot ${name}: run npm run snapshots and read it`).toBe(
    text,
  );
}
