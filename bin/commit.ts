import { execFileSync } from 'node:child_process';

/** Commit that a run belongs to, or null outside a git checkout. */
export function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
