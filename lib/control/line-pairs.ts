/** A line by its number and what it is known by. */
export interface KnownLine {
  readonly line: number;
  readonly fingerprint: string;
}

/** A line before and after: one side is missing where it is gone or new. */
export interface LinePair {
  readonly before?: KnownLine;
  readonly after?: KnownLine;
}

/** What stands between two lines that both texts share in order, and the shared line that closes it. */
interface Gap {
  readonly gone: readonly KnownLine[];
  readonly fresh: readonly KnownLine[];
  readonly shared?: LinePair;
}

/**
 * Pairs the lines of two texts: those of a longest common subsequence, then equal lines that changed places, then within each gap a line
 * that is gone with one that is new, in order. Pairs come in the order of the newer text; what is gone stands where it was.
 */
export function pairLines(before: readonly KnownLine[], after: readonly KnownLine[]): LinePair[] {
  const gaps = findGaps(before, after);
  const origin = findRelocated(gaps);
  const relocated = new Set(origin.values());
  return gaps.flatMap(({ gone, fresh, shared }) => {
    const replaced = gone.filter((line) => !relocated.has(line));
    const added = fresh.filter((line) => !origin.has(line));
    const replacedBy = new Map(added.map((line, index) => [line, replaced[index]]));
    return [
      ...replaced.slice(added.length).map((line) => ({ before: line })),
      ...fresh.map((line) => ({ before: origin.get(line) ?? replacedBy.get(line), after: line })),
      ...(shared ? [shared] : []),
    ];
  });
}

function findGaps(before: readonly KnownLine[], after: readonly KnownLine[]): Gap[] {
  const common = commonLengths(before, after);
  const gaps: Gap[] = [];
  let [gone, fresh]: [KnownLine[], KnownLine[]] = [[], []];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [old, young] = [before[left], after[right]];
    if (old && young && old.fingerprint === young.fingerprint) {
      gaps.push({ gone, fresh, shared: { before: old, after: young } });
      [gone, fresh] = [[], []];
      [left, right] = [left + 1, right + 1];
    } else if (old && (!young || common(left + 1, right) >= common(left, right + 1))) {
      gone.push(old);
      left += 1;
    } else if (young) {
      fresh.push(young);
      right += 1;
    }
  }
  return [...gaps, { gone, fresh }];
}

/** Length of the longest common subsequence of what follows two positions. */
function commonLengths(
  before: readonly KnownLine[],
  after: readonly KnownLine[],
): (left: number, right: number) => number {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (left: number, right: number) => lengths[left * width + right] ?? 0;
  for (let left = before.length - 1; left >= 0; left -= 1) {
    for (let right = after.length - 1; right >= 0; right -= 1) {
      lengths[left * width + right] =
        before[left]?.fingerprint === after[right]?.fingerprint
          ? at(left + 1, right + 1) + 1
          : Math.max(at(left + 1, right), at(left, right + 1));
    }
  }
  return at;
}

/** Lines that left one gap and came up in another: where each of them was. */
function findRelocated(gaps: readonly Gap[]): Map<KnownLine, KnownLine> {
  const waiting = new Map<string, KnownLine[]>();
  for (const line of gaps.flatMap(({ gone }) => gone)) {
    waiting.set(line.fingerprint, [...(waiting.get(line.fingerprint) ?? []), line]);
  }
  const origin = new Map<KnownLine, KnownLine>();
  for (const line of gaps.flatMap(({ fresh }) => fresh)) {
    const was = waiting.get(line.fingerprint)?.shift();
    if (was) {
      origin.set(line, was);
    }
  }
  return origin;
}
