import { sha256 } from '../control/fingerprint';
import { InputError } from '../control/input-error';
import { isObject, type Json, own, parseTemplateText } from './parse';
import { oncePerObject } from './remember';
import { type ResourceDefinition, Template } from './template';

export const stackSetType = 'AWS::CloudFormation::StackSet';

/**
 * The template that a stack set carries in its own text, or why it cannot be read. It is deployed to accounts of which nothing is known, so it has
 * no account, and a Region only where all its instances share one.
 */
export const carriedTemplate = oncePerObject((set: ResourceDefinition): Template | string => {
  const properties = isObject(set.properties) ? set.properties : {};
  const text = own(properties, 'TemplateBody');
  if (typeof text !== 'string') {
    return text === undefined
      ? 'the template of this stack set is not here'
      : 'the template of this stack set is known only to a deployment';
  }
  const { origin } = set.template;
  const path = `${origin.path}#${set.logicalId}`;
  try {
    const document = parseTemplateText(text, path);
    const carried = new Template(
      {
        path,
        sha256: sha256(text),
        region: sharedRegion(properties, origin.region),
        provenance: provenanceOf(set, document),
        locate: origin.locate && (() => origin.locate?.(set.logicalId)),
      },
      document,
    );
    carried.stackSet = set;
    return carried;
  } catch (error) {
    if (error instanceof InputError) {
      return `the template of this stack set cannot be read: ${error.message}`;
    }
    throw error;
  }
});

/** The file in which a template stands: for one that a stack set carries, that of the stack set. */
export function fileOf(path: string): string {
  return path.split('#')[0] ?? path;
}

/** Whatever is in the template was written where the stack set was. */
function provenanceOf({ template, logicalId, metadata }: ResourceDefinition, { Resources }: Json) {
  const known = template.origin.provenance?.get(logicalId);
  const path = metadata['aws:cdk:path'];
  const constructPath = known?.constructPath ?? (typeof path === 'string' ? path : undefined);
  const ids = isObject(Resources) ? Object.keys(Resources) : [];
  return new Map(ids.map((id) => [id, { constructPath, source: known?.source }]));
}

function groupsOf(properties: Json): readonly Json[] | undefined {
  const groups = own(properties, 'StackInstancesGroup');
  return Array.isArray(groups) && groups.every(isObject) ? groups : undefined;
}

function sharedRegion(properties: Json, ownRegion: string | undefined): string | undefined {
  const regions = new Set<unknown>();
  for (const { Regions } of groupsOf(properties) ?? []) {
    for (const region of Array.isArray(Regions) ? Regions : [Regions]) {
      regions.add(isObject(region) && region.Ref === 'AWS::Region' ? ownRegion : region);
    }
  }
  const [one, ...others] = regions;
  return others.length === 0 && typeof one === 'string' ? one : undefined;
}
