/** Runs that one judgement may take before its combinations count as too many to look at. */
export const maximumWorlds = 256;

/** The combinations of conditions and parameters that a judgement can meet outgrew {@link maximumWorlds}. */
export class TooManyWorlds extends Error {
  override readonly name = 'TooManyWorlds';
}

interface Decision {
  readonly key: string;
  readonly options: number;
  taken: number;
}

/**
 * One consistent choice of everything that a template leaves open. A judgement is ordinary code: where it reads a value that hangs
 * on an open condition or parameter, the world decides; {@link exploreWorlds} runs it again until every reachable choice was taken.
 * Only what a judgement really reads is chosen, and once chosen it holds for the whole run, so conditions stay correlated.
 */
export class World {
  // Most worlds decide nothing, and there is one for every resource and control: the maps come when they are needed.
  private taken?: Map<string, number>;
  private truths?: Map<string, boolean>;

  private constructor(
    private readonly trail: Decision[],
    private depth = 0,
  ) {}

  static first(): World {
    return new World([]);
  }

  /** The next world that is not explored yet, or undefined after the last. */
  next(): World | undefined {
    const trail = this.trail;
    while (trail.length > 0) {
      const last = trail[trail.length - 1] as Decision;
      if (last.taken + 1 < last.options) {
        last.taken++;
        return new World(trail);
      }
      trail.pop();
    }
    return undefined;
  }

  /** Truth of named conditions in this world, by template and name. */
  get conditions(): Map<string, boolean> {
    this.truths ??= new Map();
    return this.truths;
  }

  /** Whether the key is decided in this world already. */
  decided(key: string): number | undefined {
    return this.taken?.get(key);
  }

  /** Takes one of `options` for the key, the same one each time that it is asked in this world. */
  decide(key: string, options: number): number {
    this.taken ??= new Map();
    const known = this.taken.get(key);
    if (known !== undefined) {
      return known;
    }
    const recorded = this.trail[this.depth];
    if (recorded && (recorded.key !== key || recorded.options !== options)) {
      throw new Error(`the judgement looked at '${key}' this time, and at '${recorded.key}' before`);
    }
    const decision = recorded ?? { key, options, taken: 0 };
    if (!recorded) {
      this.trail.push(decision);
    }
    this.depth++;
    this.taken.set(key, decision.taken);
    return decision.taken;
  }
}

/**
 * Runs `judge` in every world that it can tell apart.
 * @param most runs that it may take
 * @throws TooManyWorlds past that many runs: not-assessed, never an explosion in time
 */
export function* exploreWorlds<T>(judge: (world: World) => T, most: number = maximumWorlds): Generator<T> {
  let runs = 0;
  for (let world: World | undefined = World.first(); world; world = world.next()) {
    if (++runs > most) {
      throw new TooManyWorlds(`more than ${most} combinations of conditions and parameters`);
    }
    yield judge(world);
  }
}
