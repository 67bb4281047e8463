import { gapOfDeployment } from './gaps';
import { isObject } from './parse';
import { carriedTemplate, stackSetType } from './stack-sets';
import type { Gap, ResourceDefinition, Template } from './template';

/** A file of an assembly beside its templates: an asset, a manifest, the context. */
export interface AssemblyFile {
  /** Path relative to the assembly. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /** Reads the file's bytes. */
  readonly read: () => Buffer;
}

/** The raw value behind an export, and the template in which it reads. */
export interface ExportedValue {
  readonly template: Template;
  readonly value: unknown;
}

/** Where a stack is deployed, as far as its assembly says. */
export interface Place {
  readonly region?: string;
  /** `any` where a role decides it. */
  readonly account?: string;
}

/**
 * Templates that are deployed together: one template alone, or all of an assembly with its nested stacks and stages. References
 * resolve across them through exports, stack outputs and nested stacks' parameters and outputs.
 */
export class Graph {
  private readonly types = new Map<string, ResourceDefinition[]>();
  private readonly names = new Map<string, ReadonlyMap<string, readonly ResourceDefinition[]>>();
  private readonly candidates = new Map<string, Map<ResourceDefinition, ResourceDefinition[]>>();
  private readonly stacks = new Map<string, Template[]>();
  private readonly nested = new Map<ResourceDefinition, Template>();
  private exportIndex?: ReadonlyMap<string, readonly ExportedValue[]>;
  /** Everything that hides what is deployed, over all templates. */
  readonly gaps: readonly Gap[];
  /**
   * The templates that stack sets carry, each a graph of its own: it is deployed to accounts of which nothing is known, and no reference leads there.
   */
  readonly carried: readonly Graph[];

  constructor(
    readonly templates: readonly Template[],
    /** What else the assembly holds; empty for a template alone. */
    readonly files: readonly AssemblyFile[] = [],
    /** What holds the stack set that carries this template; undefined for what is deployed by itself. */
    readonly carrier?: Graph,
  ) {
    for (const template of templates) {
      if (template.parent) {
        this.nested.set(template.parent, template);
      } else if (template.origin.stackName !== undefined) {
        append(this.stacks, template.origin.stackName, template);
      }
      for (const resource of template.resources.values()) {
        append(this.types, resource.type, resource);
      }
    }
    const sets = this.ofType(stackSetType).map((set) => ({ set, carried: carriedTemplate(set) }));
    this.carried = sets.flatMap(({ carried }) => (typeof carried === 'string' ? [] : [new Graph([carried], [], this)]));
    const unread = sets.flatMap(({ set: { template, logicalId }, carried }) =>
      typeof carried === 'string' ? [{ template, logicalId, reason: carried }] : [],
    );
    this.gaps = [...templates.flatMap(({ gaps }) => gaps), ...this.unseenDeployments(), ...unread];
  }

  /** Every template, those that stack sets carry too. */
  get allTemplates(): readonly Template[] {
    return [...this.templates, ...this.carried.flatMap(({ allTemplates }) => allTemplates)];
  }

  private *unseenDeployments(): Generator<Gap> {
    for (const template of this.templates) {
      for (const resource of template.resources.values()) {
        const gap = this.nested.has(resource) ? undefined : gapOfDeployment(resource);
        if (gap) {
          yield gap;
        }
      }
    }
  }

  /** Every resource type that occurs. */
  get presentTypes(): IterableIterator<string> {
    return this.types.keys();
  }

  /** Number of resources over all templates. */
  get size(): number {
    return this.templates.reduce((sum, { resources }) => sum + resources.size, 0);
  }

  ofType(type: string): readonly ResourceDefinition[] {
    return this.types.get(type) ?? [];
  }

  /** Resources of a type by their logical id, which those of several templates may share. */
  named(type: string, logicalId: string): readonly ResourceDefinition[] {
    const known = this.names.get(type) ?? byLogicalId(this.ofType(type));
    this.names.set(type, known);
    return known.get(logicalId) ?? [];
  }

  /** The stack of a name that a template means: by default one in its own account and region. */
  stackNamed(name: string, from: Template, place: Place = from.origin): Template | undefined {
    return nearest(this.stacks.get(name) ?? [], from, place, (stack) => stack);
  }

  nestedIn(resource: ResourceDefinition): Template | undefined {
    return this.nested.get(resource);
  }

  /**
   * Finds what an export name stands for, in the account and region of the template that imports it.
   * @param nameOf makes text of a raw export name; asked once for each export, so it must not hang on a world
   */
  exported(
    name: string,
    from: Template,
    nameOf: (raw: unknown, template: Template) => string | undefined,
  ): ExportedValue | undefined {
    if (!this.exportIndex) {
      // Set before it is filled: an export whose name imports another would ask for the index that it is part of.
      const index = new Map<string, ExportedValue[]>();
      this.exportIndex = index;
      this.fillExports(index, nameOf);
    }
    return nearest(this.exportIndex.get(name) ?? [], from, from.origin, ({ template }) => template);
  }

  private fillExports(
    index: Map<string, ExportedValue[]>,
    nameOf: (raw: unknown, template: Template) => string | undefined,
  ): void {
    for (const template of this.templates) {
      for (const output of Object.values(template.section('Outputs'))) {
        const name = isObject(output) && isObject(output.Export) ? nameOf(output.Export.Name, template) : undefined;
        if (name !== undefined && isObject(output)) {
          append(index, name, { template, value: output.Value });
        }
      }
    }
  }

  /**
   * Resources of a type that may refer to a target, by the target. The caller resolves what a candidate really refers to in the
   * world that it judges; `index` is asked once for each type and path, so that looking up stays linear.
   */
  referrers(
    key: string,
    target: ResourceDefinition,
    index: () => Map<ResourceDefinition, ResourceDefinition[]>,
  ): readonly ResourceDefinition[] {
    let known = this.candidates.get(key);
    if (!known) {
      known = index();
      this.candidates.set(key, known);
    }
    return known.get(target) ?? [];
  }
}

function byLogicalId(resources: readonly ResourceDefinition[]): ReadonlyMap<string, readonly ResourceDefinition[]> {
  const found = new Map<string, ResourceDefinition[]>();
  for (const resource of resources) {
    append(found, resource.logicalId, resource);
  }
  return found;
}

function append<K, V>(index: Map<K, V[]>, key: K, value: V): void {
  const known = index.get(key);
  if (known) {
    known.push(value);
  } else {
    index.set(key, [value]);
  }
}

/**
 * The one candidate at a place; where several stages of an assembly have one there, the one beside the template that asks. Undefined
 * where that leaves none or several.
 */
function nearest<T>(
  candidates: readonly T[],
  from: Template,
  place: Place,
  templateOf: (candidate: T) => Template,
): T | undefined {
  const there = candidates.filter((candidate) => {
    const { account, region } = templateOf(candidate).origin;
    return region === place.region && (place.account === 'any' || account === place.account);
  });
  const beside = there.filter((candidate) => folderOf(templateOf(candidate)) === folderOf(from));
  const [one, ...others] = beside.length > 0 ? beside : there;
  return others.length === 0 ? one : undefined;
}

function folderOf({ path }: Template): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
