import type { Evaluator } from './evaluate';
import type { ExportedValue } from './graph';
import { isObject, own } from './parse';
import { textOf } from './resolved';
import type { ResourceDefinition, Template } from './template';

/** The value behind `Outputs.Name` of a nested stack, where its template is here and has it. */
export function nestedOutput(
  stack: ResourceDefinition,
  attribute: string,
  { graph }: Evaluator,
): ExportedValue | undefined {
  const nested = graph.nestedIn(stack);
  return nested && outputOf(nested, attribute.slice('Outputs.'.length));
}

function outputOf(template: Template, name: string): ExportedValue | undefined {
  const output = own(template.section('Outputs'), name);
  return isObject(output) && output.Value !== undefined ? { template, value: output.Value } : undefined;
}

/** What an export name stands for, seen from a template. */
export function exportedAs(name: string, from: Template, evaluator: Evaluator): ExportedValue | undefined {
  const exported = evaluator.graph.exported(name, from, (raw, exporter) => {
    // Names are read once for all worlds, so no world may decide them.
    const text = textOf(evaluator.neutral().resolve(raw, exporter));
    return 'kind' in text ? undefined : text.text;
  });
  return exported?.value === undefined ? undefined : exported;
}

/** What Fn::GetStackOutput stands for: an output of a stack by name, in its own or the named region. */
export function outputOfStack(argument: unknown, template: Template, evaluator: Evaluator): ExportedValue | undefined {
  if (!isObject(argument) || typeof argument.OutputName !== 'string') {
    return undefined;
  }
  const name = textOf(evaluator.resolve(argument.StackName, template));
  const { region: here, account } = template.origin;
  const region = argument.Region === undefined ? undefined : textOf(evaluator.resolve(argument.Region, template));
  if ('kind' in name || (region && 'kind' in region)) {
    return undefined;
  }
  const place = { region: region?.text ?? here, account: argument.RoleArn === undefined ? account : 'any' };
  const stackName = /^arn:[^/]*:stack\/([^/]+)\//.exec(name.text)?.[1] ?? name.text;
  const producer = evaluator.graph.stackNamed(stackName, template, place);
  return producer && outputOf(producer, argument.OutputName);
}
