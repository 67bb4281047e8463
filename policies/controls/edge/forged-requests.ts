/** A request that a page of another site makes a browser send. */
export interface ForgedRequest {
  readonly method: string;
  readonly origin?: string;
  /** Value of Sec-Fetch-Site. */
  readonly site?: string;
}

export const changingMethods = ['POST', 'PUT', 'PATCH', 'DELETE'];

type Marks = Omit<ForgedRequest, 'method'>;

/** What gives a forged request away. */
const declared: readonly Marks[] = [
  { origin: 'https://evil.example', site: 'cross-site' },
  { origin: 'https://evil.example' },
  { origin: 'null', site: 'cross-site' },
  { origin: 'null' },
  { site: 'cross-site' },
];

/** Requests that say nothing of where they come from, as old browsers send them. */
export const silentMarks: readonly Marks[] = [{}, { site: 'same-site' }];

/** Origins that look like one that is named, and are somebody else's. */
export function lookalikes(texts: Iterable<string>): readonly Marks[] {
  const hosts = new Set<string>();
  for (const text of texts) {
    if (text.includes('://')) {
      for (const [host] of text.replaceAll('\\', '').matchAll(/[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi)) {
        hosts.add(host.toLowerCase());
      }
    }
  }
  return [...hosts]
    .slice(0, 8)
    .flatMap((host) =>
      [
        `https://${host}.evil.example`,
        `https://evil-${host}`,
        `https://evil.${host}`,
        `https://${host.replace('.', 'x')}`,
        `http://${host}`,
      ].map((origin) => ({ origin })),
    );
}

export type Fate = 'refused' | 'admitted' | 'unknown';

/** How a guard answers forged requests: which methods it does not look at at all, and which origin it takes for its own. */
export interface GuardHoles {
  readonly methods: readonly string[];
  readonly example?: ForgedRequest;
  readonly unknown: boolean;
}

/** Tries every changing method with every mark. */
export function holesOf(fate: (request: ForgedRequest) => Fate, similar: readonly Marks[]): GuardHoles {
  const marks = [...declared, ...similar];
  const answers = changingMethods.map((method) =>
    marks.map((mark) => ({ request: { method, ...mark }, fate: fate({ method, ...mark }) })),
  );
  const methods = changingMethods.filter((_, index) => answers[index]?.every((answer) => answer.fate === 'admitted'));
  const rest = answers.flat().filter(({ request }) => !methods.includes(request.method));
  return {
    methods,
    example: rest.find((answer) => answer.fate === 'admitted')?.request,
    unknown: rest.some((answer) => answer.fate === 'unknown'),
  };
}

export function described({ method, origin, site }: ForgedRequest): string {
  const said = [origin === undefined ? '' : `Origin: ${origin}`, site === undefined ? '' : `Sec-Fetch-Site: ${site}`];
  return [method, said.filter((each) => each !== '').join(', ') || 'neither Origin nor Sec-Fetch-Site'].join(' with ');
}
