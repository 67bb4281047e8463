import type { Subject } from '../../../lib/template/subject';

/**
 * Whether everything in a bucket is gone after so many days: copies that somebody fetches, while what they are copies of lies elsewhere. That
 * nothing else lies there is said by the retention schedule (dat-01), under which what belongs to accounts in use has no such period.
 */
export function isPassing(bucket: Subject | undefined, most: number): boolean {
  const rules = bucket?.items('LifecycleConfiguration.Rules');
  return (rules?.kind === 'known' ? rules.value : []).some((rule) => {
    const status = rule.at('Status').text();
    const days = rule.at('ExpirationInDays').number();
    const isWhole = ['Prefix', 'TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'].every(
      (path) => rule.at(path).resolved.kind === 'absent',
    );
    return (
      isWhole && status.kind === 'known' && status.value === 'Enabled' && days.kind === 'known' && days.value <= most
    );
  });
}
