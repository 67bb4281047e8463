import type { Scope } from '../template/scope';
import type { Subject } from '../template/subject';
import type { Register } from './claim';
import type { DatabaseHalf } from './database';
import type { LiveHalf } from './live';
import type { Figures, Parameter } from './parameter';
import type { RegisterContext } from './records';
import type { Outcome } from './verdict';

/** Words of a finding. Placeholders in braces: {name}, {type}, {property}, {value}, and whatever the outcome's `values` bring. */
export interface Message {
  /** What is wrong, naming the resource and the value got; lower case, no full stop. */
  readonly violation: string;
  /** What to change; lower case, no full stop. */
  readonly fix: string;
}

export interface JudgementContext {
  readonly figures: Figures;
  /** Everything that is deployed together with the subject. Look up with `referring`; walking all resources for each subject is quadratic. */
  readonly scope: Scope;
  /** Whether only what is there is judged: somebody's template, read without the deployment that it belongs to. */
  readonly presentOnly: boolean;
  /** Day of the run, YYYY-MM-DD, UTC: a template can hold a date that passes. */
  readonly today: string;
}

/** The half that judges templates. */
export interface TemplateHalf {
  /** Resource types that are subjects; `*` for every resource. */
  readonly judges: readonly string[];
  /**
   * Whether the promise needs such a resource to exist. `at-least-one`: none is a finding with the message `missing`, unless only what is
   * present is judged.
   */
  readonly expects: 'at-least-one' | 'any-number';
  /**
   * Types of which one must exist, where not every judged type will do: a client is no user pool.
   *
   * @default - any of `judges`
   */
  readonly expected?: readonly string[];
  /** Judges one resource that exists, in one world. Ordinary code: the engine runs it for every reachable combination of conditions. */
  judge(subject: Subject, context: JudgementContext): Outcome | readonly Outcome[];
  /** Judges what is no single resource: stacks, files, a family of types taken together. */
  judgeWhole?(context: JudgementContext): Iterable<WholeOutcome>;
}

/** An outcome on a subject that is no resource. */
export interface WholeOutcome {
  /** Path of the template or file. */
  readonly target: string;
  /** Stack name, file name or logical id. */
  readonly subject: string;
  readonly type: string;
  readonly outcome: Outcome;
  /**
   * Claims that it is about: what one kind of test comes to says nothing of another kind.
   *
   * @default - all that the control keeps
   */
  readonly claims?: readonly string[];
  readonly observations?: readonly { readonly property: string; readonly value: unknown }[];
}

/** The half that judges what a company writes of itself, its claims and its other registers: is what we publish honest? */
export interface RegisterHalf {
  judge(
    registers: readonly Register[],
    catalogue: readonly Control[],
    context: RegisterContext,
  ): Iterable<WholeOutcome>;
}

/** A testable statement that keeps claims. */
export interface Control {
  /** Lower case, family and number: `enc-04`. Never reused. */
  readonly id: string;
  /** The passing state, in one sentence. */
  readonly title: string;
  /** One of the 18 families, as a folder name. */
  readonly family: string;
  /** Claims that it keeps; the registers list the same binding from their side. */
  readonly claims: readonly string[];
  /** What a reader must not conclude from a pass; one honest sentence or more. */
  readonly doesNotProve: string;
  /**
   * Whether a part of the passing state shows neither in templates nor in the account, so that a person must vouch for it.
   *
   * @default false
   */
  readonly attested?: boolean;
  /** Slug of the page in `runbooks/` that mends a finding. */
  readonly runbook?: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly messages: Readonly<Record<string, Message>>;
  readonly template?: TemplateHalf;
  readonly live?: LiveHalf;
  readonly database?: DatabaseHalf;
  readonly register?: RegisterHalf;
}

/** Gives a control its type; what the type cannot say is checked by the catalogue's tests. */
export function defineControl(control: Control): Control {
  return control;
}
