import type { Register } from '../control/claim';
import type { Control } from '../control/control';
import type { Parameter, ResolvedFigure } from '../control/parameter';
import type { Profile } from '../control/profile';

/** A relation of a control to a clause of a published framework; it supports the clause, it does not fulfil it. */
export interface FrameworkRelation {
  /** Name and edition (`ISO 27001:2022`). */
  readonly framework: string;
  /** Clause as the framework numbers it (`A.8.24`). */
  readonly clause: string;
  readonly because?: string;
}

/** What a reader needs to know of a control besides its verdict; every control is one. */
export interface ControlEntry
  extends Pick<Control, 'id' | 'title' | 'family' | 'claims' | 'doesNotProve' | 'runbook' | 'messages' | 'parameters'>,
    Partial<Pick<Control, 'template' | 'live' | 'database' | 'register' | 'attested'>> {
  readonly frameworks?: readonly FrameworkRelation[];
}

/** Everything beside the evidence itself that a rendering shows: promises, controls, and the profile of the run. */
export interface Catalogue {
  readonly registers: readonly Register[];
  readonly controls: readonly ControlEntry[];
  /** The profile that the evidence was judged with. */
  readonly profile: Profile;
  /** Its figures, with the claims that set them. */
  readonly figures: readonly ResolvedFigure[];
}

/** Every parameter of every control, by name; the same parameter is one figure wherever it is declared. */
export function parameterDefinitions(catalogue: Catalogue): ReadonlyMap<string, Parameter> {
  return new Map(catalogue.controls.flatMap(({ parameters }) => Object.entries(parameters)));
}

/** The unit of a parameter, or nothing where a word or a flag has none. */
export function unitOf(parameter: Parameter | undefined): string {
  return parameter?.kind === 'number' ? parameter.unit : '';
}

/** In which direction a parameter gets stricter, in words. */
export function directionOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number':
      return `${parameter.stricter} is stricter`;
    case 'flag':
      return `${parameter.stricter ? 'yes' : 'no'} is stricter`;
    case 'choice':
      return `weakest first: ${parameter.weakestFirst.join(', ')}`;
    case 'set':
      return 'fewer is stricter';
  }
}
