import { evaluateCondition } from './conditions';
import type { Graph } from './graph';
import { intrinsicFunctions } from './intrinsics';
import { keyOf, ParameterDomains } from './parameter-domains';
import {
  decidingParameter,
  isListParameter,
  isStored,
  type ParameterName,
  type ParameterOption,
  suppliedTo,
  typed,
} from './parameters';
import { isObject, type Json, own } from './parse';
import { pseudoParameter } from './pseudo-parameters';
import { absent, type Cell, type Resolved, unresolved } from './resolved';
import type { ResourceDefinition, Template } from './template';
import { World } from './world';

/** Intrinsics that one value may need resolved: references that multiply through exports must not explode. */
const maximumWork = 20_000;

/** How far references may lead on from each other. */
const maximumLength = 500;

/** Resolves raw template values in one world. */
export class Evaluator {
  /** Intrinsics being resolved, to notice one that comes back to itself. */
  private active?: Set<object>;
  private conditionsPending?: Set<string>;
  private work = 0;

  constructor(
    readonly graph: Graph,
    readonly world: World = World.first(),
  ) {}

  /** Named conditions being evaluated, to notice one that comes back to itself. */
  get pending(): Set<string> {
    this.conditionsPending ??= new Set();
    return this.conditionsPending;
  }

  /** Resolves the outermost value; parts of a list or an object stay raw until they are asked for. */
  resolve(raw: unknown, template: Template): Resolved {
    if (typeof raw === 'string') {
      return raw.includes('{{resolve:')
        ? unresolved('a dynamic reference is resolved at deployment', raw)
        : { kind: 'scalar', value: raw };
    }
    if (typeof raw === 'boolean' || typeof raw === 'number') {
      return { kind: 'scalar', value: raw };
    }
    if (Array.isArray(raw)) {
      return { kind: 'list', items: raw.map((item): Cell => ({ raw: item, template })) };
    }
    if (!isObject(raw)) {
      return raw === undefined ? absent : unresolved('null is no value in a template');
    }
    const name = functionIn(raw);
    return name === undefined ? { kind: 'map', entries: raw, template } : this.intrinsic(name, raw, template);
  }

  /** Resolves an item of a list. */
  resolveCell({ raw, template, choice }: Cell): Resolved {
    const resolved = this.resolve(raw, template);
    return choice !== undefined && (resolved.kind === 'scalar' || resolved.kind === 'pattern')
      ? { ...resolved, choice }
      : resolved;
  }

  /** An evaluator whose answers hang on no world but the first. */
  neutral(): Evaluator {
    return new Evaluator(this.graph);
  }

  condition(name: string, template: Template): boolean {
    return evaluateCondition(name, template, this);
  }

  /** Takes one of the values that an open parameter, or a pseudo parameter that conditions compare, may have. */
  choose(parameter: ParameterName): ParameterOption {
    const options = this.domains.optionsOf(parameter);
    const taken = this.world.decide(keyOf(parameter), Math.max(options.length, 1));
    return options[taken] ?? { deployerChosen: true };
  }

  get domains(): ParameterDomains {
    return ParameterDomains.of(this.graph);
  }

  private intrinsic(name: string, raw: Json, template: Template): Resolved {
    const evaluate = Object.hasOwn(intrinsicFunctions, name) ? intrinsicFunctions[name] : undefined;
    if (!evaluate || Object.keys(raw).length > 1) {
      return unresolved(evaluate ? `${name} stands beside other keys` : `${name} cannot be resolved`);
    }
    this.active ??= new Set();
    const { active } = this;
    if (active.has(raw)) {
      return unresolved('references go round in a circle');
    }
    this.work = active.size === 0 ? 1 : this.work + 1;
    if (this.work > maximumWork || active.size > maximumLength) {
      return unresolved('references multiply beyond what can be followed');
    }
    active.add(raw);
    try {
      return name === 'Ref' ? this.reference(raw[name], template) : evaluate(raw[name], template, this);
    } finally {
      active.delete(raw);
    }
  }

  private reference(argument: unknown, template: Template): Resolved {
    if (typeof argument !== 'string') {
      return unresolved('Ref names no parameter or resource');
    }
    if (argument.startsWith('AWS::')) {
      return this.pseudo(argument, template);
    }
    if (template.parameter(argument)) {
      return this.parameter(argument, template);
    }
    const resource = template.resources.get(argument);
    return resource
      ? { kind: 'reference', resource, attribute: 'Ref' }
      : unresolved(`'${argument}' is no parameter or resource of the template`, `\${${argument}}`);
  }

  private pseudo(name: string, template: Template): Resolved {
    if (name === 'AWS::NoValue') {
      return absent;
    }
    const value = pseudoParameter(template, name);
    if (value !== undefined) {
      return { kind: 'scalar', value };
    }
    const parameter = decidingParameter({ template, name });
    const taken = this.world.decided(keyOf(parameter));
    const chosen = taken === undefined ? undefined : this.domains.optionsOf(parameter)[taken]?.value;
    return typeof chosen === 'string' ? { kind: 'scalar', value: chosen } : { kind: 'pattern', text: `\${${name}}` };
  }

  private parameter(name: string, template: Template): Resolved {
    const definition = template.parameter(name) ?? {};
    const given = template.origin.parameterValues?.get(name);
    const supplied = given === undefined ? this.fromAbove(name, definition, template) : absent;
    if (isStored(definition) && (given !== undefined || supplied.kind !== 'absent')) {
      return unresolved(`the parameter '${name}' is read from Parameter Store at deployment`, `\${${name}}`);
    }
    if (given !== undefined || supplied.kind !== 'absent') {
      return given === undefined ? supplied : asResolved(typed(definition, given), template);
    }
    const { value, deployerChosen } = this.choose({ template, name });
    return value === undefined
      ? unresolved(`the parameter '${name}' is the deployer's to choose`, `\${${name}}`, { template, name })
      : asResolved(value, template, deployerChosen ? name : undefined);
  }

  private fromAbove(name: string, definition: Json, template: Template): Resolved {
    const { parent, stackSet } = template;
    if (stackSet) {
      return this.handedDown(suppliedTo(template, name), definition, stackSet.template);
    }
    return parent ? this.supplied(name, definition, parent) : absent;
  }

  private handedDown(raw: unknown, definition: Json, from: Template): Resolved {
    return isListParameter(definition) ? this.list(raw, from) : this.resolve(raw, from);
  }

  /** What the stack above gives a nested stack's parameter; absent where it leaves it to its default. */
  private supplied(name: string, definition: Json, { properties, template }: ResourceDefinition): Resolved {
    const stack = this.resolve(properties, template);
    const parameters = stack.kind === 'map' ? this.resolve(own(stack.entries, 'Parameters'), template) : stack;
    if (parameters.kind !== 'map') {
      return parameters.kind === 'absent' || parameters.kind === 'unresolved'
        ? parameters
        : unresolved('the Parameters of a nested stack are an object');
    }
    return this.handedDown(own(parameters.entries, name), definition, template);
  }

  /** A list that is handed down as text. */
  private list(raw: unknown, template: Template): Resolved {
    const join = isObject(raw) ? raw['Fn::Join'] : undefined;
    if (Array.isArray(join) && join.length === 2 && join[0] === ',') {
      return this.resolve(join[1], template);
    }
    const resolved = this.resolve(raw, template);
    switch (resolved.kind) {
      case 'scalar':
        return asResolved(typed({ Type: 'CommaDelimitedList' }, String(resolved.value)), template, resolved.choice);
      case 'list':
      case 'absent':
      case 'unresolved':
        return resolved;
      default:
        return unresolved('a list that is handed down with holes in it');
    }
  }
}

function asResolved(value: string | readonly string[], template: Template, choice?: string): Resolved {
  return typeof value === 'string'
    ? { kind: 'scalar', value, choice }
    : { kind: 'list', items: value.map((raw): Cell => ({ raw, template, choice })), choice };
}

/** The function that an object is, or that stands among its keys, where it makes of them what the template does not show. */
function functionIn(raw: Json): string | undefined {
  let keys = 0;
  for (const key in raw) {
    if (key.startsWith('Fn::')) {
      return key;
    }
    keys++;
  }
  return keys === 1 && Object.hasOwn(raw, 'Ref') ? 'Ref' : undefined;
}
