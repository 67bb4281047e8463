import { InputError } from '../control/input-error';
import { printable } from './printable';

/** Deeper nesting than any CloudFormation template needs; bounding it keeps every later walk off the end of the stack. */
export const maximumDepth = 200;

/**
 * Refuses what JSON.parse lets pass in silence: a key given twice in one object (the last one would win, and the first
 * is what a reader sees) and nesting deeper than {@link maximumDepth}. Expects text that JSON.parse accepts.
 *
 * @throws InputError naming the key and its line
 */
export function refuseAmbiguousJson(text: string, path: string): void {
  const keys: (Set<string> | undefined)[] = [];
  let expectKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        keys.push(new Set());
        expectKey = true;
        refuseDepth(keys.length, path);
        break;
      case 0x5b: // [
        keys.push(undefined);
        expectKey = false;
        refuseDepth(keys.length, path);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        keys.pop();
        expectKey = false;
        break;
      case 0x2c: // ,
        expectKey = keys[keys.length - 1] !== undefined;
        break;
      case 0x22: {
        const end = endOfString(text, at);
        if (expectKey) {
          refuseTwice(keys[keys.length - 1], keyOf(text.slice(at, end + 1)), text, at, path);
          expectKey = false;
        }
        at = end;
        break;
      }
    }
  }
}

/** The key that a quoted text stands for: `"\u0061"` and `"a"` are the same one. */
function keyOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) {
    backslashes++;
  }
  return backslashes % 2 === 1;
}

function refuseTwice(seen: Set<string> | undefined, key: string, text: string, at: number, path: string): void {
  if (seen?.has(key)) {
    const line = text.slice(0, at).split('\n').length;
    throw new InputError(`${path}:${line}: the key "${printable(key)}" is given twice in one object: keep one of them`);
  }
  seen?.add(key);
}

function refuseDepth(depth: number, path: string): void {
  if (depth > maximumDepth) {
    throw new InputError(`${path}: nested deeper than ${maximumDepth} levels: a CloudFormation template is not`);
  }
}
