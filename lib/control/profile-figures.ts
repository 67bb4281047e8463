import type { Claim, FigureValue, Register } from './claim';
import { InputError } from './input-error';
import { Figures, type Parameter, type ResolvedFigure } from './parameter';
import type { Profile } from './profile';
import { rankedScale } from './ranked-scale';
import type { PromisedFigure, Scale, Settled } from './scale';
import { setScale } from './set-scale';

/**
 * The claims that a profile binds: every claim of its documents, planned ones included.
 *
 * @throws InputError where a document has no register
 */
export function boundClaims(profile: Profile, registers: readonly Register[]): Claim[] {
  return profile.documents.flatMap((document) => {
    const register = registers.find((candidate) => candidate.document === document);
    if (!register) {
      const known = registers.map((candidate) => candidate.document).sort();
      throw new InputError(`profile '${profile.name}': unknown document '${document}': known are ${known.join(', ')}`);
    }
    return register.claims;
  });
}

/**
 * The figure of every declared parameter: the strictest among the bound claims that are not planned, the parameter's
 * default where none carries one, then what the profile resolves and tightens. A tightened number also moves `floor` or
 * `ceiling`, so that a control that reads only those measures it too. What a profile says of a parameter that no control
 * declares stays in the profile.
 *
 * @throws InputError where claims contradict each other without a resolution, a figure has the wrong kind, a resolved
 *   value breaks a claim that does not yield, or a tightening loosens
 */
export function resolveFigures(
  profile: Profile,
  registers: readonly Register[],
  parameters: Readonly<Record<string, Parameter>>,
): Figures {
  const claims = boundClaims(profile, registers).filter((claim) => !claim.planned);
  const promises = claims
    .flatMap((claim) => claim.figures.map((figure) => ({ claim: claim.id, document: claim.document, figure })))
    .sort((one, other) => compareText(one.claim, other.claim));
  return new Figures(
    Object.entries(parameters).map(([name, parameter]) => {
      const scale = parameter.kind === 'set' ? setScale(parameter.default) : rankedScale(parameter);
      const carried = promises.filter(({ figure }) => figure.parameter === name);
      for (const { claim, document, figure } of carried) {
        if (!scale.accepts(figure.value, figure.bound)) {
          throw new InputError(
            `claim '${claim}': figure '${name}' is ${figure.bound} ${say(figure.value)}, expected ${scale.expected}: correct it in policies/claims/${document}.yaml`,
          );
        }
      }
      return resolveOne({ profile, name, scale }, carried);
    }),
  );
}

interface Place {
  readonly profile: Profile;
  readonly name: string;
  readonly scale: Scale;
}

function resolveOne(place: Place, carried: readonly PromisedFigure[]): ResolvedFigure {
  const { profile, name, scale } = place;
  const yields = new Set(
    profile.resolutions.filter(({ parameter }) => parameter === name).flatMap((resolution) => resolution.yields),
  );
  const standing = carried.filter(({ claim }) => !yields.has(claim));
  const settled = scale.settle(standing);
  if ('contradiction' in settled) {
    throw new InputError(describeContradiction(place, settled.contradiction));
  }
  return tighten(place, standing, { parameter: name, ...resolvedValue(place, standing, settled) });
}

function describeContradiction({ profile, name }: Place, sides: readonly PromisedFigure[]): string {
  const said = sides.map(({ claim, figure }) => `'${claim}' promises ${figure.bound} ${say(figure.value)}`);
  return `profile '${profile.name}': no '${name}' keeps these claims together: ${said.join(', ')}: add a resolution to policies/profiles/${profile.name}.yaml that says which of them yields`;
}

/** The value that a resolution sets itself, in place of the strictest of the claims that stand. */
function resolvedValue(
  { profile, name, scale }: Place,
  standing: readonly PromisedFigure[],
  settled: Settled,
): Settled {
  const values = profile.resolutions.flatMap(({ parameter, value }) =>
    parameter === name && value !== undefined ? [value] : [],
  );
  const [value, ...others] = values;
  if (value === undefined) {
    return settled;
  }
  const place = `profile '${profile.name}': resolution of '${name}'`;
  const different = others.find((other) => say(other) !== say(value));
  if (different !== undefined) {
    throw new InputError(`${place} sets ${say(value)} and ${say(different)}: keep one of them`);
  }
  requireKind(place, scale, value);
  refuseBroken(place, scale, value, standing);
  return { ...settled, value, claims: standing.map(({ claim }) => claim) };
}

function tighten(
  { profile, name, scale }: Place,
  standing: readonly PromisedFigure[],
  resolved: ResolvedFigure,
): ResolvedFigure {
  let figure = resolved;
  for (const { value } of profile.tightens.filter(({ parameter }) => parameter === name)) {
    const place = `profile '${profile.name}': tightening of '${name}'`;
    requireKind(place, scale, value);
    if (!scale.isAtLeastAsStrict(value, figure.value)) {
      throw new InputError(
        `${place} to ${say(value)} is looser than ${say(figure.value)}, ${origin(figure)}: a profile may only tighten, set a stricter value or remove it`,
      );
    }
    refuseBroken(place, scale, value, standing);
    figure = { ...figure, ...(scale.strictBound ? { [scale.strictBound]: value } : {}), value };
  }
  return figure;
}

function origin({ claims }: ResolvedFigure): string {
  return claims.length > 0 ? `which ${claims.join(', ')} promise` : "the control's default";
}

function requireKind(place: string, scale: Scale, value: FigureValue): void {
  if (!scale.accepts(value, 'exact')) {
    throw new InputError(`${place}: value is ${say(value)}, expected ${scale.expected}`);
  }
}

function refuseBroken(place: string, scale: Scale, value: FigureValue, standing: readonly PromisedFigure[]): void {
  const broken = standing.find(({ figure }) => !scale.satisfies(value, figure));
  if (broken) {
    const { claim, figure } = broken;
    throw new InputError(
      `${place} to ${say(value)} breaks '${claim}', which promises ${figure.bound} ${say(figure.value)}: choose another value or add the claim to the yields of a resolution`,
    );
  }
}

const say = (value: FigureValue) => JSON.stringify(value);

/** By code unit, so that the order does not depend on the machine's locale. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
