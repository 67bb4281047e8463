import type { JudgementContext, WholeOutcome } from '../../../lib/control/control';
import { awaited, finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { oncePerObject } from '../../../lib/template/remember';

/** What the register says of one service, under one certificate. */
interface ScopeLine {
  readonly certificate: string;
  /** What the types of its resources begin with. */
  readonly types: string;
  readonly state: 'in' | 'out' | 'unread' | 'unneeded';
  readonly service: string;
}

/**
 * Reads the lines of the scope, `types certificate:in|out|unread|unneeded name of the service`, one certificate after the other.
 *
 * @throws Error where a line is none: it comes from a figure, not from a template
 */
const linesOf = oncePerObject((lines: readonly string[]): readonly ScopeLine[] =>
  lines.flatMap((line) => {
    const [, types, certificates, service] = /^(\S+) ((?:[\w-]+:(?:in|out|unread|unneeded) )+)(.+)$/.exec(line) ?? [];
    if (!types || !certificates || !service) {
      throw new Error(`'${line}' is no line of a scope, expected: types certificate:in|out|unread|unneeded service`);
    }
    return certificates
      .trim()
      .split(' ')
      .map((each) => {
        const [certificate = '', state] = each.split(':');
        return { certificate, types, state: state as ScopeLine['state'], service };
      });
  }),
);

/** Each service that is deployed, under each certificate that the profile leans on, by the types of the templates. */
export function* judgeServices({ figures, scope }: JudgementContext): Generator<WholeOutcome> {
  // What a stack set carries is told once, with the stacks that carry it
  if (scope.carrier) {
    return;
  }
  const lines = linesOf(figures.set('inheritance.scope'));
  const target = scope.graph.templates[0]?.path ?? '';
  const present = [scope, ...scope.carried].flatMap(({ graph }) => [...graph.presentTypes]);
  const types = [...new Set(present)].filter(isOfProvider).sort();
  for (const type of types.filter((each) => lineFor(each, lines) === undefined)) {
    const reason = 'no service of policies/registers/inheritance.yaml has it: whose certificate covers it is not known';
    yield { target, subject: type, type, outcome: notAssessed(reason) };
  }
  for (const certificate of new Set(lines.map((line) => line.certificate))) {
    const own = lines.filter((line) => line.certificate === certificate);
    const deployed = types.flatMap((type) => {
      const line = lineFor(type, own);
      return line ? [{ ...line, type }] : [];
    });
    yield* judgeScope(certificate, deployed, target);
  }
}

function* judgeScope(
  certificate: string,
  deployed: readonly (ScopeLine & { readonly type: string })[],
  target: string,
): Generator<WholeOutcome> {
  const unread: string[] = [];
  for (const service of new Set(deployed.map((each) => each.service))) {
    const ofService = deployed.filter((each) => each.service === service);
    const types = ofService.map(({ type }) => type).join(', ');
    const outcome = outcomeOf(ofService[0]?.state, { certificate, types });
    if (outcome) {
      const observations = [{ property: certificate, value: types }];
      yield { target, subject: service, type: 'Service', outcome, observations };
    } else {
      unread.push(service);
    }
  }
  if (unread.length > 0) {
    yield { target, subject: certificate, type: 'Certificate', ...unreadScope(unread.sort()) };
  }
}

/** Two names in the sentence, all of them in the record. */
function unreadScope(services: readonly string[]): Pick<WholeOutcome, 'outcome' | 'observations'> {
  const [first, second] = services;
  const names =
    services.length > 2 ? `${first}, ${second} and ${services.length - 2} more services` : services.join(' and ');
  return {
    outcome: awaited(
      `nobody has read whether its scope names ${names} that are deployed: read its scopePage in policies/registers/inheritance.yaml, and enter each under covers or excludes, with the day`,
    ),
    observations: services.map((service) => ({ property: service, value: 'not read' })),
  };
}

function outcomeOf(
  state: ScopeLine['state'] | undefined,
  values: Readonly<Record<string, string>>,
): Outcome | undefined {
  switch (state) {
    case 'in':
      return satisfied;
    case 'out':
      return finding('outOfScope', undefined, values);
    case 'unneeded':
      return notApplicable(`${values.certificate} is not leaned on for it in this profile`);
    default:
      return undefined;
  }
}

/** Custom resources are calls of a function, which is deployed beside them and judged as what it is. */
function isOfProvider(type: string): boolean {
  return !/^(Custom::|AWS::CloudFormation::CustomResource$|AWS::CDK::Metadata$)/.test(type);
}

function lineFor(type: string, lines: readonly ScopeLine[]): ScopeLine | undefined {
  return lines
    .filter(({ types }) => type === types || type.startsWith(`${types}::`))
    .sort((one, other) => other.types.length - one.types.length)[0];
}
