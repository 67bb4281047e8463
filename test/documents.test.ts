import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from '../bin/documents';

test.each([...documents()])('%s follows from the registers and the catalogue: run npm run docs', (path, text) => {
  expect(readFileSync(join(__dirname, '..', path), 'utf8')).toBe(text);
});
