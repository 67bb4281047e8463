import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyValidationStack,
  type PolicyViolation,
} from 'aws-cdk-lib';
import { sha256 } from '../control/fingerprint';
import { Graph } from '../template/graph';
import { isObject, parseTemplateText } from '../template/parse';
import { stackSetType } from '../template/stack-sets';
import { Template } from '../template/template';

/** Findings on one template; the path is put in again when they are told. */
type Remembered = readonly PolicyViolation[];

/** A template that is asked about: a stack's, or one that a stack set of it carries, written to a file of its own. */
interface Asked {
  readonly stack: PolicyValidationStack;
  readonly key: string;
  /** Where its findings are told, if not on its own resources. */
  readonly carrier?: { readonly templatePath: string; readonly logicalId: string };
}

/**
 * The CDK's own CloudFormation validation, asked once about each template, those that stack sets carry too. Its engine costs seconds to start, more than everything else of a
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
    const folder = mkdtempSync(join(tmpdir(), 'avouch-carried-'));
    try {
      const violations = this.violations(context, folder);
      return { success: violations.every(({ severity }) => severity !== 'error' && severity !== 'fatal'), violations };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** @param folder takes the carried templates, since the engine reads files */
  private violations(context: IPolicyValidationContext, folder: string): PolicyViolation[] {
    const known = readMemory(this.memory);
    const asked = context.stackTemplates.flatMap((stack): readonly Asked[] => [
      { stack, key: this.keyOf(stack) },
      ...carriedBy(stack, folder).map((each) => ({ ...each, key: this.keyOf(each.stack) })),
    ]);
    const unknown = asked.filter(({ key }) => !known.has(key));
    if (unknown.length > 0) {
      const report = this.inner.validate({ ...context, stackTemplates: unknown.map(({ stack }) => stack) });
      for (const { stack, key } of unknown) {
        known.set(key, findingsOn(stack, report.violations));
      }
    }
    // What no stack has any more is forgotten.
    const current = new Map(asked.map(({ key }) => [key, known.get(key) ?? []]));
    writeMemory(this.memory, current);
    return asked.flatMap((each) => (current.get(each.key) ?? []).map((violation) => toldOf(each, violation)));
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

/** On the resource of its template; for a carried one on the stack set, since nothing inside it is a resource of the stack. */
function toldOf({ stack, carrier }: Asked, violation: PolicyViolation): PolicyViolation {
  const { violatingResources, description } = violation;
  if (!carrier) {
    const { templatePath } = stack;
    return { ...violation, violatingResources: violatingResources.map((each) => ({ ...each, templatePath })) };
  }
  const { templatePath, logicalId: resourceLogicalId } = carrier;
  const within = violatingResources.map((each) => each.resourceLogicalId ?? 'the whole').join(', ');
  return {
    ...violation,
    description: `in the template that it carries, ${within}: ${description}`,
    violatingResources: [{ resourceLogicalId, templatePath, locations: ['Properties/TemplateBody'] }],
  };
}

/** Writes out what the stack sets of a stack carry. One that cannot be read is not assessed by the controls, which say so. */
function carriedBy(stack: PolicyValidationStack, folder: string): readonly Omit<Asked, 'key'>[] {
  const { templatePath, stackConstructPath } = stack;
  const text = readFileSync(templatePath, 'utf8');
  if (!text.includes(stackSetType)) {
    return [];
  }
  const origin = { path: templatePath, sha256: sha256(text), region: stack.region };
  const [, ...carried] = new Graph([new Template(origin, parseTemplateText(text, templatePath))]).allTemplates;
  return carried.map(({ document, path, origin: { region } }) => {
    const file = join(folder, `${sha256(path)}.template.json`);
    writeFileSync(file, JSON.stringify(document));
    return {
      stack: { stackConstructPath, templatePath: file, accountId: undefined, region },
      carrier: { templatePath, logicalId: path.slice(templatePath.length + 1).split('#')[0] ?? '' },
    };
  });
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
