import type { Node } from '../../../lib/template/node';
import { indexReferrers } from '../../../lib/template/referrers';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { matchesWildcard } from '../../../lib/template/wildcard';

const selectionType = 'AWS::Backup::BackupSelection';

/** Kinds of stores that a selection can name: the middle of their ARN, and the property that holds their name. */
const storeKinds: Readonly<Record<string, { readonly arn: string; readonly name: string }>> = {
  'AWS::RDS::DBCluster': { arn: 'rds::cluster:', name: 'DBClusterIdentifier' },
  'AWS::RDS::DBInstance': { arn: 'rds::db:', name: 'DBInstanceIdentifier' },
  'AWS::DocDB::DBCluster': { arn: 'rds::cluster:', name: 'DBClusterIdentifier' },
  'AWS::Neptune::DBCluster': { arn: 'rds::cluster:', name: 'DBClusterIdentifier' },
  'AWS::DynamoDB::Table': { arn: 'dynamodb::table/', name: 'TableName' },
  'AWS::S3::Bucket': { arn: 's3:::', name: 'BucketName' },
  'AWS::EFS::FileSystem': { arn: 'elasticfilesystem::file-system/', name: 'FileSystemId' },
};

/** Whether a selection takes a store: it does, it does not, or a part of it cannot be read. */
export type Selected = 'yes' | 'no' | 'unknown';

/**
 * Whether a selection takes a store: by its ARN and every condition, unless it is excluded, or by any one of its tags.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
 */
export function selects(selection: Subject, store: Subject, scope: Scope): Selected {
  const place = selection.at('BackupSelection');
  const isRestricted =
    place.at('NotResources').resolved.kind !== 'absent' || place.at('Conditions').resolved.kind !== 'absent';
  // Without ARNs, exclusions and conditions are taken from everything
  const named =
    place.at('Resources').resolved.kind === 'absent' && isRestricted
      ? 'yes'
      : names(place.at('Resources'), store, scope);
  const byName = all([named, not(names(place.at('NotResources'), store, scope)), meets(place.at('Conditions'), store)]);
  return any([byName, hasTag(place.at('ListOfTags'), store)]);
}

/** Stores of the templates that a selection takes; whether it names one outside of them, or what cannot be read. */
export function reachOf(
  selection: Subject,
  scope: Scope,
): { readonly stores: readonly Subject[]; readonly isOpen: boolean } {
  const stores = Object.keys(storeKinds)
    .flatMap((type) => scope.resources(type))
    .map((store) => ({ store, selected: selects(selection, store, scope) }));
  const items = selection.at('BackupSelection.Resources').items();
  const texts = items.kind === 'known' ? items.value.map((item) => item.pattern()) : [];
  const isElsewhere = texts.some(
    (text) => text.kind === 'known' && /^arn:[^*?]*:[^*?]+$/.test(text.value) && !text.value.includes('${'),
  );
  return {
    stores: stores.filter(({ selected }) => selected === 'yes').map(({ store }) => store),
    isOpen: isElsewhere || stores.some(({ selected }) => selected === 'unknown') || items.kind === 'unresolved',
  };
}

function names(list: Node, store: Subject, scope: Scope): Selected {
  const items = list.items();
  if (items.kind !== 'known') {
    return items.kind === 'absent' ? 'no' : 'unknown';
  }
  return any(items.value.map((item) => isNamed(item, store, scope)));
}

function isNamed(item: Node, store: Subject, scope: Scope): Selected {
  if (item.resolved.kind === 'reference') {
    const reference = item.reference();
    return reference.kind === 'known' && reference.value.subject === store ? 'yes' : 'no';
  }
  const text = item.pattern();
  if (text.kind !== 'known') {
    return 'unknown';
  }
  const hole = new RegExp(`[:/]\\$\\{${store.logicalId}(\\.\\w+)?\\}$`);
  if (text.value === '*' || (hole.test(text.value) && isMentioned(item.subject, store, scope))) {
    return 'yes';
  }
  const { resolved } = store.at(storeKinds[store.type]?.name ?? '');
  // A name that nobody wrote down is matched by a wildcard alone
  const name = resolved.kind === 'scalar' ? String(resolved.value) : '\u0000';
  const pattern = text.value.replace(/\$\{AWS::\w+\}/g, '*').replace(/^arn:[^:]*:/, 'arn:aws:');
  return matchesWildcard(pattern, `arn:aws:${arnOf(store)}${name}`) ? 'yes' : 'no';
}

/** The ARN of a store from its service up to its name, at home in the Region and account of its stack. */
function arnOf({ type, template: { origin } }: Subject): string {
  const arn = storeKinds[type]?.arn ?? '';
  return arn.replace(/^(rds|dynamodb|elasticfilesystem)::/, `$1:${origin.region ?? ''}:${origin.account ?? ''}:`);
}

/** Logical ids are no one's alone: another template may have the same. */
function isMentioned(selection: Subject, store: Subject, scope: Scope): boolean {
  const path = 'BackupSelection';
  return scope.graph
    .referrers(`${selectionType}#${path}`, store.definition, () => indexReferrers(scope.graph, selectionType, path))
    .includes(selection.definition);
}

const comparisons: Readonly<Record<string, { readonly like: boolean; readonly wanted: boolean }>> = {
  StringEquals: { like: false, wanted: true },
  StringLike: { like: true, wanted: true },
  StringNotEquals: { like: false, wanted: false },
  StringNotLike: { like: true, wanted: false },
};

function meets(conditions: Node, store: Subject): Selected {
  const kinds = conditions.entries();
  if (kinds.kind !== 'known') {
    return kinds.kind === 'absent' ? 'yes' : 'unknown';
  }
  return all(
    kinds.value.flatMap(([kind, list]) => {
      const comparison = comparisons[kind];
      const items = list.items();
      return comparison === undefined || items.kind !== 'known'
        ? ['unknown' as const]
        : items.value.map((item) => compares(item, comparison, store));
    }),
  );
}

function compares(
  item: Node,
  { like, wanted }: { readonly like: boolean; readonly wanted: boolean },
  store: Subject,
): Selected {
  const key = item.at('ConditionKey').text();
  const value = item.at('ConditionValue').text();
  if (key.kind !== 'known' || value.kind !== 'known') {
    return 'unknown';
  }
  const tag = tagOf(store, key.value.replace(/^aws:ResourceTag\//, ''));
  if (tag.kind === 'unknown') {
    return 'unknown';
  }
  const fits = tag.value !== undefined && (like ? matchesWildcard(value.value, tag.value) : tag.value === value.value);
  return fits === wanted ? 'yes' : 'no';
}

function hasTag(list: Node, store: Subject): Selected {
  const items = list.items();
  if (items.kind !== 'known') {
    return items.kind === 'absent' ? 'no' : 'unknown';
  }
  return any(items.value.map((item) => compares(item, { like: false, wanted: true }, store)));
}

/** The value of a store's tag. Looked up without a record: it is the selection that is judged. */
function tagOf(
  store: Subject,
  key: string,
): { readonly kind: 'known'; readonly value?: string } | { readonly kind: 'unknown' } {
  const list = store.at('Tags').items();
  if (list.kind !== 'known') {
    return list.kind === 'absent' ? { kind: 'known' } : { kind: 'unknown' };
  }
  for (const tag of list.value) {
    const name = tag.at('Key').resolved;
    if (name.kind !== 'scalar') {
      return { kind: 'unknown' };
    }
    if (String(name.value) === key) {
      const { resolved } = tag.at('Value');
      return resolved.kind === 'scalar' ? { kind: 'known', value: String(resolved.value) } : { kind: 'unknown' };
    }
  }
  return { kind: 'known' };
}

function any(answers: readonly Selected[]): Selected {
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

function all(answers: readonly Selected[]): Selected {
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';
}

function not(answer: Selected): Selected {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'unknown';
}
