import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Resources of a type in the account and Region of another, as far as the assembly says where its stacks go. */
export function besides(resource: Subject, scope: Scope, type: string): readonly Subject[] {
  const { account, region } = resource.template.origin;
  const agrees = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
  return scope.resources(type).filter(({ template: { origin } }) => {
    return agrees(origin.account, account) && agrees(origin.region, region);
  });
}
