import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyValidationStack,
  type PolicyViolation,
} from 'aws-cdk-lib';
import { sha256 } from '../control/fingerprint';
import { isObject } from '../template/parse';

/** Findings on one template; the path is put in again when they are told. */
type Remembered = readonly PolicyViolation[];

/**
 * The CDK's own CloudFormation validation, asked once about each template. Its engine costs seconds to start, more than everything else of a
 * synthesis together, and says the same of the same template: what it said is kept by the SHA-256 of template, place and version.
 *
 * It takes the place of the validation that the CDK runs by itself, under the same name, so that exceptions keep their ids; the app
 * switches that one off with `builtinCloudFormationValidation: false`.
 */
export class TemplateValidation implements IPolicyValidationPlugin {
  readonly name = CloudFormationValidatePlugin.PLUGIN_NAME;
  private readonly inner = new CloudFormationValidatePlugin();

  /**
   * @param memory file that the answers are kept in; it may be deleted at any time
   * @param version version of the engine, part of each answer's key
   */
  constructor(
    private readonly memory: string,
    readonly version: string,
  ) {}

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const known = readMemory(this.memory);
    const stacks = context.stackTemplates.map((stack) => ({ stack, key: this.keyOf(stack) }));
    const unknown = stacks.filter(({ key }) => !known.has(key));
    if (unknown.length > 0) {
      const report = this.inner.validate({ ...context, stackTemplates: unknown.map(({ stack }) => stack) });
      for (const { stack, key } of unknown) {
        known.set(key, findingsOn(stack, report.violations));
      }
    }
    // What no stack has any more is forgotten.
    const current = new Map(stacks.map(({ key }) => [key, known.get(key) ?? []]));
    writeMemory(this.memory, current);
    const violations = stacks.flatMap(({ stack, key }) => (current.get(key) ?? []).map((each) => toldOf(stack, each)));
    return { success: violations.every(({ severity }) => severity !== 'error' && severity !== 'fatal'), violations };
  }

  private keyOf({ templatePath, accountId, region, stackConstructPath }: PolicyValidationStack): string {
    const place = JSON.stringify([this.version, accountId, region, stackConstructPath]);
    return sha256(`${place}\n${readFileSync(templatePath, 'utf8')}`);
  }
}

function findingsOn({ templatePath }: PolicyValidationStack, violations: readonly PolicyViolation[]): Remembered {
  return violations.flatMap((violation) => {
    const violatingResources = violation.violatingResources
      .filter((resource) => resource.templatePath === templatePath)
      .map(({ templatePath: _, ...resource }) => resource);
    return violatingResources.length > 0 ? [{ ...violation, violatingResources }] : [];
  });
}

function toldOf({ templatePath }: PolicyValidationStack, violation: PolicyViolation): PolicyViolation {
  return {
    ...violation,
    violatingResources: violation.violatingResources.map((resource) => ({ ...resource, templatePath })),
  };
}

/** A memory that cannot be read is no memory: everything is then asked anew. */
function readMemory(file: string): Map<string, Remembered> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(
      isObject(content)
        ? Object.entries(content).filter((entry): entry is [string, Remembered] => Array.isArray(entry[1]))
        : [],
    );
  } catch {
    return new Map();
  }
}

/** Written in one step, so that a synthesis beside this one reads the old memory or the new. */
function writeMemory(file: string, memory: ReadonlyMap<string, Remembered>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(Object.fromEntries(memory)));
  renameSync(`${file}.${process.pid}`, file);
}
