import { oncePerObject } from '../../../lib/template/remember';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** A rule of the schedule for one type of store. */
export interface Rule {
  readonly id: string;
  readonly type: string;
  /** Whether only stores with the rule's tag are meant. */
  readonly isTagged: boolean;
  readonly keep: number | 'while-active';
}

/**
 * Reads the lines of the schedule: `id type tagged|untagged days|while-active`.
 *
 * @throws Error where a line is none: it comes from a figure, not from a template
 */
export const rulesOf = oncePerObject((lines: readonly string[]): readonly Rule[] =>
  lines.map((line) => {
    const [id, type, tagged, keep] = line.split(' ');
    const days = Number(keep);
    if (!id || !type || !tagged || !keep || !(keep === 'while-active' || Number.isInteger(days))) {
      throw new Error(
        `'${line}' is no line of a retention schedule, expected: id type tagged|untagged days|while-active`,
      );
    }
    return { id, type, isTagged: tagged === 'tagged', keep: keep === 'while-active' ? keep : days };
  }),
);

/** Tag by which a store names its rule. */
const tagName = 'retention';

/** The rule that a store names, or that is for every store of its type; undefined where there is none. */
export function ruleOf(store: Subject, rules: readonly Rule[]): Rule | { readonly unknown: string } | undefined {
  const ofType = rules.filter(({ type }) => type === store.type);
  const named = namedRule(store);
  if (named === undefined) {
    return ofType.find(({ isTagged }) => !isTagged);
  }
  return ofType.find(({ id }) => id === named) ?? { unknown: named };
}

export function namedRule(store: Subject): string | undefined {
  const tags = store.items('Tags');
  for (const tag of tags.kind === 'known' ? tags.value : []) {
    const key = tag.at('Key').text();
    const value = key.kind === 'known' && key.value === tagName ? tag.at('Value').pattern() : undefined;
    if (value) {
      return value.kind === 'known' ? value.value : '(unknown)';
    }
  }
  return undefined;
}

/** Rules for which nothing is there. */
export function unusedRules(rules: readonly Rule[], scope: Scope): readonly Rule[] {
  return rules.filter((rule) => !scope.resources(rule.type).some((store) => ruleOf(store, rules) === rule));
}
