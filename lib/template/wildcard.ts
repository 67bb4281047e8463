/**
 * Whether a text matches a pattern in which `*` stands for any characters and `?` for one, as IAM matches actions and ARNs. Walks
 * both side by side and goes back to the last `*` alone, so that hostile patterns take no more than their length times the text's.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let read = 0;
  let star = -1;
  let resume = 0;
  while (read < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = read;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[read])) {
      at++;
      read++;
    } else if (star >= 0) {
      at = star + 1;
      read = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') {
    at++;
  }
  return at === pattern.length;
}
