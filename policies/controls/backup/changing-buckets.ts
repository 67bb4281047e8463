import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { madeNames } from '../tenancy/tenant-buckets';

/** Whether a selection takes buckets that no template holds: those whose names begin as something deployed may make them. */
export function changingBuckets(selection: Subject, scope: Scope): boolean {
  if (selection.at('BackupSelection.NotResources').resolved.kind !== 'absent') {
    return false;
  }
  const items = selection.at('BackupSelection.Resources').items();
  const starts = items.kind === 'known' ? items.value.flatMap((item) => startOf(item.pattern())) : [];
  return starts.length > 0 && starts.every((start) => madeNames(scope).some((made) => start.startsWith(made)));
}

function startOf(text: { readonly kind: string; readonly value?: string }): readonly string[] {
  const [, start] = /^arn:(?:\$\{[^}]*\}|[^:])*:s3:::([^*?]+)\*$/.exec(text.value ?? '') ?? [];
  return start === undefined ? [] : [start];
}
