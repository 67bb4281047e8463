import type { Claim, FigureValue } from '../../lib/control/claim';
import type { Parameter, ResolvedFigure } from '../../lib/control/parameter';
import type { Profile, Resolution } from '../../lib/control/profile';
import { resolveFigures } from '../../lib/control/profile-figures';
import { profile, register } from './fixtures';

export const higher: Parameter = { kind: 'number', stricter: 'higher', default: 35, unit: 'days', description: 'kept' };
export const lower: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 20,
  unit: 'minutes',
  description: 'idle',
};
export const flag: Parameter = { kind: 'flag', stricter: true, default: false, description: 'locked' };
export const door: Parameter = { kind: 'flag', stricter: false, default: true, description: 'open to the world' };
export const tls: Parameter = {
  kind: 'choice',
  weakestFirst: ['1.0', '1.2', '1.3'],
  default: '1.2',
  description: 'version',
};
export const regions: Parameter = { kind: 'set', default: ['eu-central-1', 'eu-west-1'], description: 'regions' };

/** The figure `p` of a profile that binds these claims. */
export function resolve(
  parameter: Parameter,
  claims: readonly Claim[],
  changes: Partial<Profile> = {},
): ResolvedFigure {
  const documents = [...new Set(claims.map(({ document }) => document))];
  const registers = documents.map((code) =>
    register(
      code,
      claims.filter(({ document }) => document === code),
    ),
  );
  const figure = resolveFigures(profile(documents, changes), registers, { p: parameter }).all.get('p');
  if (!figure) {
    throw new Error('the parameter was not resolved');
  }
  return figure;
}

export const yielding = (yields: readonly string[], value?: FigureValue): Resolution => ({
  parameter: 'p',
  yields,
  value,
  because: 'they exclude each other',
  publish: 'A better sentence.',
});
