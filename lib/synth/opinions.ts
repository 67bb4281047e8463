import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpinionEvidence, OpinionFinding } from '../control/evidence';
import { InputError } from '../control/input-error';
import { isObject, type Json } from '../template/parse';

/** Name under which our own judgement stands in the CDK's validation report; `check` judges anew and does not count it twice. */
export const ownPluginName = 'Avouch';

/**
 * What the checkers that ran during a synthesis found: cdk-nag's packs and CloudFormation validation. The CDK's report holds only
 * findings, so `expected` names who was asked; one of them that left no trace and no report is `not-run`.
 *
 * @param folder the assembly
 * @param expected checkers that the app asked, by plugin name and version
 */
export function readOpinions(
  folder: string,
  expected: readonly { readonly tool: string; readonly version?: string }[],
): readonly OpinionEvidence[] {
  const file = join(folder, 'validation-report.json');
  const reports = existsSync(file) ? pluginReports(file) : undefined;
  const asked = expected.map(({ tool, version }): OpinionEvidence => {
    const report = reports?.find((each) => each.pluginName === tool);
    return { tool, version, state: reports ? 'ran' : 'not-run', findings: report ? findingsOf(report, tool) : [] };
  });
  const unasked = (reports ?? [])
    .filter(({ pluginName }) => pluginName !== ownPluginName && !expected.some(({ tool }) => tool === pluginName))
    .map((report): OpinionEvidence => {
      const tool = String(report.pluginName);
      return { tool, version: text(report.pluginVersion), state: 'ran', findings: findingsOf(report, tool) };
    });
  return [...asked, ...unasked];
}

function pluginReports(file: string): readonly Json[] {
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(report) || !Array.isArray(report.pluginReports)) {
    throw new InputError(`${file} is not a validation report of the CDK: expected pluginReports`);
  }
  return report.pluginReports.filter(isObject);
}

function findingsOf(report: Json, tool: string): readonly OpinionFinding[] {
  const lists = [report.violations, report.suppressedViolations].flatMap((list) => (Array.isArray(list) ? list : []));
  return lists.filter(isObject).flatMap((violation) => {
    const constructs = Array.isArray(violation.violatingConstructs)
      ? violation.violatingConstructs.filter(isObject)
      : [];
    const finding = { rule: qualified(tool, String(violation.ruleName)), description: String(violation.description) };
    return constructs.length === 0 ? [finding] : constructs.map((construct) => ({ ...finding, ...placeOf(construct) }));
  });
}

function placeOf(construct: Json) {
  const resource = isObject(construct.cloudFormationResource) ? construct.cloudFormationResource : {};
  return {
    constructPath: text(construct.constructPath),
    logicalId: text(resource.logicalId),
    target: text(resource.templatePath),
  };
}

/** The id under which the CDK acknowledges a rule: the plugin's name, spaces as dashes, and the rule's. */
function qualified(tool: string, rule: string): string {
  const prefix = `${tool.replace(/ /g, '-')}::`;
  return rule.startsWith(prefix) ? rule : `${prefix}${rule}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
