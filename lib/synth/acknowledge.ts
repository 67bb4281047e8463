import { Stage, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Exception, isControlId, widthProblems } from '../control/exception';
import { ownPluginName } from './opinions';

/**
 * Hands the live exceptions to the CDK, so that its own report keeps every finding that they excuse, with the reason, under the
 * suppressed ones. Expired and too wide ones are not handed over: the finding then fails the synthesis by itself.
 * @param today YYYY-MM-DD
 */
export function acknowledgeExceptions(root: IConstruct, exceptions: readonly Exception[], today: string): void {
  const constructs = constructsByPath(root);
  for (const exception of exceptions) {
    const { id, reason, owner, approver, approved, expires, applies } = exception;
    if (today > expires || today < approved || widthProblems(exception).length > 0) {
      continue;
    }
    const words = `${reason} (exception ${id}; owner ${owner}; approved by ${approver} on ${approved}; expires ${expires})`;
    for (const { rule, paths } of applies) {
      const qualified = isControlId(rule) ? `${ownPluginName}::${rule}` : rule;
      for (const construct of paths.flatMap((path) => constructs.get(path) ?? [])) {
        Validations.of(construct).acknowledge({ id: qualified, reason: words });
      }
    }
  }
}

/** Constructs by their path below the stage that they are in, or below the app where there is none. */
function constructsByPath(root: IConstruct): ReadonlyMap<string, readonly IConstruct[]> {
  const found = new Map<string, IConstruct[]>();
  for (const construct of root.node.findAll()) {
    const stage = Stage.of(construct)?.node.path ?? '';
    const path = stage === '' ? construct.node.path : construct.node.path.slice(stage.length + 1);
    found.set(path, [...(found.get(path) ?? []), construct]);
  }
  return found;
}
