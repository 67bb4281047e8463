import table from './billed-units.json';

/** A resource type that is billed, how often it occurs and by what it is counted. Never a price: those change, and differ by Region. */
export interface BilledType {
  readonly type: string;
  readonly count: number;
  readonly units: readonly string[];
  /** Page of AWS that has the prices. */
  readonly source: string;
}

/** What the resources of some templates are billed by, and what stack sets bring to every account and Region that they reach. */
export interface Bill extends Billing {
  /** Once in each of those accounts and Regions; how many there are, only the organization knows. */
  readonly members: Billing;
}

/** What resources are billed by. */
export interface Billing {
  readonly billed: readonly BilledType[];
  /** Types that cost nothing by themselves; what they let happen may. */
  readonly free: readonly { readonly type: string; readonly count: number; readonly source: string }[];
  /** Types that the table does not know: nobody may take them for free. */
  readonly unknown: readonly { readonly type: string; readonly count: number }[];
}

const billedBy = new Map(table.billed.map(({ type, units, source }) => [type, { units, source }] as const));
const freeBy = new Map(table.free.flatMap(({ types, source }) => types.map((type) => [type, source] as const)));

/** Resources by their types, as the graph of some templates has them. */
export interface Typed {
  readonly presentTypes: Iterable<string>;
  ofType(type: string): { readonly length: number };
  /** Templates that its stack sets carry. */
  readonly carried: readonly Typed[];
}

/** Counts every resource by its type, those that stack sets bring apart from the others. */
export function billOf(graphs: readonly Typed[]): Bill {
  return { ...billingOf(graphs), members: billingOf(carriedBy(graphs)) };
}

function carriedBy(graphs: readonly Typed[]): readonly Typed[] {
  return graphs.flatMap(({ carried }) => [...carried, ...carriedBy(carried)]);
}

/** Counts every resource by its type. */
function billingOf(graphs: readonly Typed[]): Billing {
  const counts = new Map<string, number>();
  for (const graph of graphs) {
    for (const present of graph.presentTypes) {
      const type = asTable(present);
      counts.set(type, (counts.get(type) ?? 0) + graph.ofType(present).length);
    }
  }
  const counted = [...counts]
    .map(([type, count]) => ({ type, count }))
    .sort((one, other) => one.type.localeCompare(other.type));
  return {
    billed: counted.flatMap(({ type, count }) => {
      const row = billedBy.get(type);
      return row ? [{ type, count, ...row }] : [];
    }),
    free: counted.flatMap(({ type, count }) => {
      const source = freeBy.get(type);
      return source === undefined ? [] : [{ type, count, source }];
    }),
    unknown: counted.filter(({ type }) => !billedBy.has(type) && !freeBy.has(type)),
  };
}

/** A custom resource costs what its function does, whatever it is called, unless what it switches on is billed. */
function asTable(type: string): string {
  return type.startsWith('Custom::') && !billedBy.has(type) ? 'AWS::CloudFormation::CustomResource' : type;
}
