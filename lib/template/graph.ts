import { isObject } from './parse';
import type { ResourceDefinition, Template } from './template';

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

/**
 * Templates that are deployed together: one template alone, or all of an assembly with its nested stacks and stages. References
 * resolve across them through exports, stack outputs and nested stacks' parameters and outputs.
 */
export class Graph {
  private readonly types = new Map<string, ResourceDefinition[]>();
  private readonly candidates = new Map<string, Map<ResourceDefinition, ResourceDefinition[]>>();
  private readonly stacks = new Map<string, Template>();
  private readonly nested = new Map<ResourceDefinition, Template>();
  private exportIndex?: ReadonlyMap<string, ExportedValue>;

  constructor(
    readonly templates: readonly Template[],
    /** What else the assembly holds; empty for a template alone. */
    readonly files: readonly AssemblyFile[] = [],
  ) {
    for (const template of templates) {
      if (template.parent) {
        this.nested.set(template.parent, template);
      } else if (template.origin.stackName !== undefined) {
        this.stacks.set(template.origin.stackName, template);
      }
      for (const resource of template.resources.values()) {
        const sameType = this.types.get(resource.type);
        if (sameType) {
          sameType.push(resource);
        } else {
          this.types.set(resource.type, [resource]);
        }
      }
    }
  }

  /** Every resource type that occurs. */
  get presentTypes(): IterableIterator<string> {
    return this.types.keys();
  }

  ofType(type: string): readonly ResourceDefinition[] {
    return this.types.get(type) ?? [];
  }

  stackNamed(name: string): Template | undefined {
    return this.stacks.get(name);
  }

  nestedIn(resource: ResourceDefinition): Template | undefined {
    return this.nested.get(resource);
  }

  /**
   * Finds what an export name stands for.
   * @param nameOf makes text of a raw export name; asked once for each export
   */
  exported(name: string, nameOf: (raw: unknown, template: Template) => string | undefined): ExportedValue | undefined {
    if (!this.exportIndex) {
      // Set before it is filled: an export whose name imports another would ask for the index that it is part of.
      const index = new Map<string, ExportedValue>();
      this.exportIndex = index;
      this.fillExports(index, nameOf);
    }
    return this.exportIndex.get(name);
  }

  private fillExports(
    index: Map<string, ExportedValue>,
    nameOf: (raw: unknown, template: Template) => string | undefined,
  ): void {
    for (const template of this.templates) {
      for (const output of Object.values(template.section('Outputs'))) {
        const name = isObject(output) && isObject(output.Export) ? nameOf(output.Export.Name, template) : undefined;
        if (name !== undefined && isObject(output)) {
          index.set(name, { template, value: output.Value });
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
