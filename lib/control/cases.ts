import { isObject, type Json } from '../template/parse';
import type { FigureValue, Register } from './claim';
import type { Control } from './control';
import type { ReadFailure } from './live';
import type { Records } from './records';
import type { Verdict } from './verdict';

/**
 * The cases of a control: what keeps it, the edits that break it, and what it must refuse to judge. One tester runs every control's
 * cases and holds them to its laws; see test/control-tester.ts.
 */
export interface ControlCases {
  /** Templates that keep the promise, by name: the base of every mutation. */
  readonly compliant: Readonly<Record<string, CompliantCase>>;
  /** Single edits of a compliant template that break it, each to one message on one subject. */
  readonly mutations: readonly Mutation[];
  /** Whole templates with a verdict of their own: traps, disputed readings, bad shapes. */
  readonly others?: readonly OtherCase[];
  /**
   * Properties whose absence keeps the promise because the service documents a default that does: `Type: Path` to the default and its source.
   */
  readonly absentKeeps?: Readonly<Record<string, string>>;
  /** Properties that are read, but whose value alone need not change the verdict: `Type: Path` (a `*` stands for one segment) to the reason. */
  readonly indifferent?: Readonly<Record<string, string>>;
  readonly live?: readonly LiveCase[];
  /** Changes of a real database that was set up as it should be, and the verdict that each must give. */
  readonly database?: readonly DatabaseCase[];
  /** For a control that judges the registers themselves. */
  readonly registers?: readonly RegisterCase[];
}

/** Registers and a catalogue, and the verdict on each claim, vendor or whatever else they list. */
export interface RegisterCase {
  readonly name: string;
  /** @default - no claims */
  readonly registers?: readonly Register[];
  /** @default - no other control */
  readonly catalogue?: readonly Control[];
  /** @default - nothing in any of them */
  readonly records?: Partial<Records>;
  /** @default strictest */
  readonly profile?: string;
  /**
   * Day of the run, YYYY-MM-DD.
   *
   * @default 2026-12-01
   */
  readonly today?: string;
  /**
   * Codes of the documents that the profile binds.
   *
   * @default - those of all registers
   */
  readonly documents?: readonly string[];
  /** Figures other than the control's defaults. */
  readonly figures?: Readonly<Record<string, FigureValue>>;
  /** Numbers that are promised exactly: their figure is the lowest and the highest value at once. */
  readonly exact?: readonly string[];
  readonly expect: Readonly<Record<string, Verdict | { readonly message: string }>>;
}

export interface CompliantCase {
  readonly template: Json;
  /** Figures other than the control's defaults. */
  readonly figures?: Readonly<Record<string, FigureValue>>;
  /** Numbers that are promised exactly: their figure is the lowest and the highest value at once. */
  readonly exact?: readonly string[];
  /** Files beside the template, for controls that judge a whole assembly. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where the template is deployed; by default eu-central-1 and account 111122223333. */
  readonly region?: string;
  /**
   * Day of the run, YYYY-MM-DD.
   *
   * @default 2026-12-01
   */
  readonly today?: string;
}

export interface Mutation {
  readonly name: string;
  /** Name of the compliant case that it edits. */
  readonly of: string;
  readonly edit: Edit;
  /** Logical id to edit, where the case holds several resources of the edit's type. */
  readonly target?: string;
  readonly expect: {
    /** Message of the finding, or `not-assessed`. */
    readonly message: string;
    /** Logical id of the subject that it is found on; by default the edited one. */
    readonly at?: string;
  };
  /** Why this edit is not tried on the project's own stacks; by default it is, and must be caught there. */
  readonly notShipped?: string;
  /** Which of the project's own resources to try it on; by default every one that the control judges or follows. */
  readonly shippedWhere?: (resource: Json) => boolean;
}

export interface OtherCase extends CompliantCase {
  readonly name: string;
  /** Verdict and message by logical id; only the named subjects are compared. */
  readonly expect: Readonly<Record<string, Verdict | { readonly message: string }>>;
  readonly presentOnly?: boolean;
}

/** Recorded answers of the account, and the verdict that they must give. */
export interface LiveCase {
  readonly name: string;
  /** By action: the answer, or several for several inputs, of which the first that fits the input counts. */
  readonly answers: Readonly<Record<string, LiveAnswer | readonly LiveAnswer[]>>;
  readonly figures?: Readonly<Record<string, FigureValue>>;
  /** Time of the run, ISO 8601. */
  readonly now?: string;
  /** Verdict of the control; with a message, the finding that must be there, and on what. */
  readonly expect: { readonly verdict: Verdict; readonly message?: string; readonly subject?: string };
}

/** What is done to a real database, and the verdict that it must lead to. */
export interface DatabaseCase {
  readonly name: string;
  /** How tenants are kept apart in the database that is changed. */
  readonly mode: 'rls' | 'database';
  /** Statements, run one by one as the superuser; none leaves the database as it was set up. `{database}` stands for its name. */
  readonly change: readonly string[];
  readonly figures?: Readonly<Record<string, FigureValue>>;
  /** Verdict of the control; with a message, the finding that must be there, and on what. */
  readonly expect: { readonly verdict: Verdict; readonly message?: string; readonly subject?: string };
}

export type LiveAnswer = {
  /** Members that the input must have for this answer; by default it fits every input. */
  readonly when?: Readonly<Record<string, unknown>>;
  /** Region that answers; by default every one. */
  readonly region?: string;
} & (
  | {
      /** The whole output, as plain data: times as ISO 8601 text, the pages of a listing joined. */
      readonly value: Readonly<Record<string, unknown>>;
    }
  | {
      readonly failure: ReadFailure;
      /** The service's own words, where a judgement reads them. */
      readonly message?: string;
    }
);

/** One edit of a template. */
export interface Edit {
  /** Resource type that it edits. */
  readonly on: string;
  /** Changes the template, given the logical id of the resource to edit. */
  apply(template: Json, logicalId: string): void;
}

/** Sets a property; `path` is dotted below Properties, missing objects are made. */
export function set(type: string, path: string, value: unknown): Edit {
  return {
    on: type,
    apply: (template, logicalId) => {
      const segments = path.split('.');
      const last = segments.pop() ?? '';
      parentOf(propertiesOf(template, logicalId), segments)[last] = structuredClone(value);
    },
  };
}

/** Removes a property. */
export function remove(type: string, path: string): Edit {
  return {
    on: type,
    apply: (template, logicalId) => {
      const segments = path.split('.');
      const last = segments.pop() ?? '';
      const parent = parentOf(propertiesOf(template, logicalId), segments);
      if (Array.isArray(parent)) {
        parent.splice(Number(last), 1);
      } else {
        delete parent[last];
      }
    },
  };
}

/** Changes a resource's properties freely, where setting and removing cannot say it. */
export function change(type: string, edit: (properties: Json, template: Json, logicalId: string) => void): Edit {
  return { on: type, apply: (template, logicalId) => edit(propertiesOf(template, logicalId), template, logicalId) };
}

/** Adds a resource beside one of a type; it is told the logical id of that one. */
export function addBeside(type: string, logicalId: string, resource: (besideId: string) => Json): Edit {
  return {
    on: type,
    apply: (template, besideId) => {
      resourcesOf(template)[logicalId] = resource(besideId);
    },
  };
}

/** Removes a resource of a type altogether. */
export function removeResource(type: string): Edit {
  return {
    on: type,
    apply: (template, logicalId) => {
      delete resourcesOf(template)[logicalId];
    },
  };
}

export function resourcesOf(template: Json): Json {
  return isObject(template.Resources) ? template.Resources : {};
}

function propertiesOf(template: Json, logicalId: string): Json {
  const resource = resourcesOf(template)[logicalId];
  if (!isObject(resource)) {
    throw new Error(`the template has no resource '${logicalId}' to edit`);
  }
  if (!isObject(resource.Properties)) {
    resource.Properties = {};
  }
  return resource.Properties as Json;
}

function parentOf(root: Json, segments: readonly string[]): Json {
  let place = root;
  for (const segment of segments) {
    if (typeof place[segment] !== 'object' || place[segment] === null) {
      place[segment] = {};
    }
    place = place[segment] as Json;
  }
  return place;
}
