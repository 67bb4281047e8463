import type { Json } from './parse';
import type { ResourceDefinition, Template } from './template';

/** A raw value and the template in which its references read. */
export interface Cell {
  readonly raw: unknown;
  readonly template: Template;
  /** Name of the parameter for which the deployer, not the template, chose this value. */
  readonly choice?: string;
}

/** What a value comes to in one world. */
export type Resolved =
  | {
      readonly kind: 'scalar';
      readonly value: string | number | boolean;
      /** Name of the parameter for which the deployer, not the template, chose this value. */
      readonly choice?: string;
    }
  | { readonly kind: 'list'; readonly items: readonly Cell[]; readonly choice?: string }
  | { readonly kind: 'map'; readonly entries: Json; readonly template: Template }
  /** Exactly a resource's Ref or attribute. */
  | { readonly kind: 'reference'; readonly resource: ResourceDefinition; readonly attribute: string }
  /** Text with holes that are known by name: references to resources and pseudo parameters, as `${Bucket.Arn}`. */
  | { readonly kind: 'pattern'; readonly text: string; readonly choice?: string }
  | { readonly kind: 'absent' }
  | Unresolved;

export interface Unresolved {
  readonly kind: 'unresolved';
  /** Why the value cannot be known, lower case. */
  readonly reason: string;
  /** As much of the value as can be read, holes as `${...}`. */
  readonly text: string;
  /** The parameter that stands in the way, where it is one. */
  readonly parameter?: { readonly template: Template; readonly name: string };
}

export const absent: Resolved = { kind: 'absent' };

export function unresolved(reason: string, text = '', parameter?: Unresolved['parameter']): Unresolved {
  return { kind: 'unresolved', reason, text, parameter };
}

/** The text of a value, where it has one; `literal` is false when it has holes. */
export interface Text {
  readonly text: string;
  readonly literal: boolean;
  readonly choice?: string;
}

/** Reads a resolved value as text, holes written `${...}`, or says why that cannot be. */
export function textOf(resolved: Resolved): Text | Unresolved {
  switch (resolved.kind) {
    case 'scalar':
      return { text: String(resolved.value), literal: true, choice: resolved.choice };
    case 'pattern':
      return { text: resolved.text, literal: false, choice: resolved.choice };
    case 'reference':
      return { text: referenceText(resolved.resource, resolved.attribute), literal: false };
    case 'absent':
      return unresolved('AWS::NoValue is no text');
    case 'unresolved':
      return resolved;
    case 'list':
    case 'map':
      return unresolved(`expected text, got ${resolved.kind === 'list' ? 'a list' : 'an object'}`);
  }
}

export function referenceText(resource: ResourceDefinition, attribute: string): string {
  return attribute === 'Ref' ? `\${${resource.logicalId}}` : `\${${resource.logicalId}.${attribute}}`;
}

/** A literal or symbolic text as a resolved value. */
export function resolvedText(text: string, literal: boolean, choice?: string): Resolved {
  return literal ? { kind: 'scalar', value: text, choice } : { kind: 'pattern', text, choice };
}
