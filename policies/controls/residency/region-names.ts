import { Node } from '../../../lib/template/node';
import { isObject, type Json } from '../../../lib/template/parse';
import type { Subject } from '../../../lib/template/subject';
import type { Template } from '../../../lib/template/template';

const direction = '(?:north|south|central|east|west|northeast|northwest|southeast|southwest)';

/** A Region, or an availability zone of it, as a word of its own: in an ARN, a host name, a setting. */
const regionName = new RegExp(
  `(?<![A-Za-z0-9])((?:(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?|eusc-[a-z]{2})-${direction}-\\d+)(?!\\d)`,
  'g',
);

/** Model of Bedrock behind an inference profile that spreads requests over Regions: `us.anthropic.…`, `global.amazon.…`. */
const routedModel =
  /(?<![A-Za-z0-9.-])(us-gov|us|eu|apac|au|jp|ca|sa|global)\.(?:ai21|amazon|anthropic|cohere|deepseek|meta|minimax|mistral|moonshot|openai|qwen|stability|twelvelabs|writer)\.(?!com\b)/g;

/** Cheap to look for, and in every such name: most texts hold neither, and every text of every resource is looked at. */
const regionHint = /[a-z]-\d/;
const modelHint = /(?:us|us-gov|eu|apac|au|jp|ca|sa|global)\.[a-z]/;

/**
 * Regions that the profiles for Europe may answer from.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
const behindEuropeanProfiles = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];

/** How the engine writes the Region of the stack itself where nothing says which it is. */
export const ownRegion = '${AWS::Region}';

/** Something in a text that leads out of the promised Regions. */
export interface Mention {
  readonly path: string;
  readonly kind: 'region' | 'model';
  readonly name: string;
}

/** Regions that a text names, each once. */
export function regionsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(regionName)].map((match) => match[1] ?? ''))];
}

function leadingOut(text: string, promised: readonly string[]): readonly Omit<Mention, 'path'>[] {
  const groups = new Set([...text.matchAll(routedModel)].map((match) => match[1] ?? ''));
  const staysInside = behindEuropeanProfiles.every((region) => promised.includes(region));
  return [
    ...regionsIn(text)
      .filter((region) => !promised.includes(region))
      .map((name) => ({ kind: 'region' as const, name })),
    ...[...groups]
      .filter((group) => group !== 'eu' || !staysInside)
      .map((group) => ({ kind: 'model' as const, name: `${group}.*` })),
  ];
}

/** Words about a thing, tags, and patterns that are compared with: nothing goes where they say. */
const idleKeys = /^(Tags|UserPoolTags|Comment|EventPattern|FilterPattern|FilterPolicy|\w*Description)$/;

/**
 * Everything in a resource's properties that names a Region or a model outside the promised ones. Only parts whose raw text may name one
 * are resolved, so that conditions elsewhere in the resource cost nothing. What a statement denies is no way out.
 */
export function mentionsIn(subject: Subject, promised: readonly string[]): readonly Mention[] {
  const found: Mention[] = [];
  const visit = (node: Node): void => {
    const { resolved } = node;
    if (resolved.kind === 'list') {
      resolved.items.forEach((cell, index) => {
        if (mayLeadOut(cell.raw, cell.template, promised)) {
          visit(new Node(subject, `${node.path}.${index}`, cell));
        }
      });
    } else if (resolved.kind === 'map') {
      const { entries, template } = resolved;
      for (const [key, raw] of entries.Effect === 'Deny' ? [] : Object.entries(entries)) {
        if (!idleKeys.test(key) && mayLeadOut(raw, template, promised)) {
          visit(new Node(subject, node.path === '' ? key : `${node.path}.${key}`, { raw, template }));
        }
      }
    } else if (resolved.kind !== 'absent') {
      const text = node.pattern();
      const words = text.kind === 'known' ? text.value : text.kind === 'unresolved' ? text.text : '';
      found.push(...leadingOut(words, promised).map((mention) => ({ ...mention, path: node.path })));
    }
  };
  if (mayLeadOut(subject.definition.properties, subject.template, promised)) {
    visit(subject.root);
  }
  return found;
}

/** Whether a raw value, or a parameter or mapping that it reads, names a Region that is not promised, or a routed model. */
function mayLeadOut(raw: unknown, template: Template, promised: readonly string[]): boolean {
  const leads = (part: unknown): boolean => {
    if (typeof part === 'string') {
      return (
        (regionHint.test(part) && regionsIn(part).some((region) => !promised.includes(region))) ||
        (modelHint.test(part) && part.search(routedModel) >= 0)
      );
    }
    if (Array.isArray(part)) {
      return part.some(leads);
    }
    return isObject(part) && leadsThrough(part);
  };
  const leadsThrough = (part: Json): boolean => {
    const { Ref: name, 'Fn::FindInMap': lookup, 'Fn::Join': join } = part;
    if (Array.isArray(join) && Array.isArray(join[1]) && leads(literalsOf(join[1]).join(String(join[0])))) {
      return true;
    }
    if (typeof name === 'string') {
      const { Default: byDefault, AllowedValues: allowed } = template.parameter(name) ?? {};
      return leads([byDefault, allowed, template.origin.parameterValues?.get(name)]);
    }
    if (Array.isArray(lookup) && typeof lookup[0] === 'string') {
      return leads(template.section('Mappings')[lookup[0]]) || leads(lookup.slice(1));
    }
    return Object.values(part).some(leads);
  };
  return leads(raw);
}

/** The parts of a joined text: a name in pieces is a name. */
function literalsOf(parts: readonly unknown[]): readonly string[] {
  return parts.map((part) => (typeof part === 'string' ? part : ' '));
}
