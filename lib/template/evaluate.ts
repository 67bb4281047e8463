import { evaluateCondition } from './conditions';
import type { Graph } from './graph';
import { intrinsicFunctions } from './intrinsics';
import { type ParameterOption, parameterOptions, pseudoOptions } from './parameters';
import { isObject, type Json } from './parse';
import { pseudoParameter } from './pseudo-parameters';
import { absent, type Cell, type Resolved, unresolved } from './resolved';
import type { Template } from './template';
import { World } from './world';

/** Intrinsics that one world may resolve: references that multiply through exports must not explode. */
const maximumWork = 1_000_000;

/** Resolves raw template values in one world. */
export class Evaluator {
  /** Intrinsics being resolved, to notice one that comes back to itself. */
  private readonly active = new Set<object>();
  private work = 0;

  constructor(
    readonly graph: Graph,
    readonly world: World = World.first(),
  ) {}

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
    const name = intrinsicName(raw);
    return name === undefined ? { kind: 'map', entries: raw, template } : this.intrinsic(name, raw, template);
  }

  condition(name: string, template: Template): boolean {
    return evaluateCondition(name, template, this);
  }

  /** Takes one of the values that an open parameter, or a pseudo parameter that conditions compare, may have. */
  choose(template: Template, name: string): ParameterOption {
    const options = name.startsWith('AWS::') ? pseudoOptions(template, name) : parameterOptions(template, name);
    const taken = this.world.decide(`${template.path}#${name}`, options.length);
    return options[taken] ?? { deployerChosen: true };
  }

  private intrinsic(name: string, raw: Json, template: Template): Resolved {
    const evaluate = Object.hasOwn(intrinsicFunctions, name) ? intrinsicFunctions[name] : undefined;
    if (!evaluate) {
      return unresolved(`${name} cannot be resolved`);
    }
    if (this.active.has(raw)) {
      return unresolved('references go round in a circle');
    }
    if (++this.work > maximumWork) {
      return unresolved('references multiply beyond what can be followed');
    }
    this.active.add(raw);
    try {
      return name === 'Ref' ? this.reference(raw[name], template) : evaluate(raw[name], template, this);
    } finally {
      this.active.delete(raw);
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
    const taken = this.world.decided(`${template.path}#${name}`);
    const chosen = taken === undefined ? undefined : pseudoOptions(template, name)[taken]?.value;
    return typeof chosen === 'string' ? { kind: 'scalar', value: chosen } : { kind: 'pattern', text: `\${${name}}` };
  }

  private parameter(name: string, template: Template): Resolved {
    const given = template.origin.parameterValues?.get(name);
    if (given !== undefined) {
      return this.parameterValue(name, template, { value: given, deployerChosen: false });
    }
    const supplied = template.parent?.properties;
    const parameters = isObject(supplied) && isObject(supplied.Parameters) ? supplied.Parameters : {};
    if (template.parent && Object.hasOwn(parameters, name)) {
      return this.resolve(parameters[name], template.parent.template);
    }
    return this.parameterValue(name, template, this.choose(template, name));
  }

  private parameterValue(name: string, template: Template, option: ParameterOption): Resolved {
    const choice = option.deployerChosen ? name : undefined;
    if (option.value === undefined) {
      return unresolved(`the parameter '${name}' is the deployer's to choose`, `\${${name}}`, { template, name });
    }
    return typeof option.value === 'string'
      ? { kind: 'scalar', value: option.value, choice }
      : { kind: 'list', items: option.value.map((raw) => ({ raw, template })), choice };
  }
}

function intrinsicName(raw: Record<string, unknown>): string | undefined {
  const keys = Object.keys(raw);
  const [key] = keys;
  return keys.length === 1 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::')) ? key : undefined;
}
