import { relative } from 'node:path';
import { isObject, type Json, own, textual } from './parse';
import type { Provenance } from './template';

/**
 * Construct path and source line of each logical id, from what the CDK writes beside a stack's template: a metadata entry by
 * construct path, with the logical id and the stack trace of its creation.
 */
export function readProvenance(metadata: Json, document: Json): ReadonlyMap<string, Provenance> {
  const found = new Map<string, Provenance>();
  const resources = isObject(document.Resources) ? document.Resources : {};
  const sources = new Map(Object.entries(metadata).map(([path, entries]) => [path, sourceOf(listOf(entries))]));
  for (const [path, entries] of Object.entries(metadata)) {
    const logicalId = listOf(entries).find((entry) => entry.type === 'aws:cdk:logicalId')?.data;
    if (typeof logicalId === 'string' && !found.has(logicalId) && isAt(own(resources, logicalId), path)) {
      const source = sources.get(path) ?? sourceAbove(path, sources);
      found.set(logicalId, { constructPath: path.replace(/^\//, ''), source });
    }
  }
  return found;
}

function listOf(entries: unknown): readonly Json[] {
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

/** A trace is cut before it leaves the CDK where a construct makes many others: what it made stands at its own line. */
function sourceAbove(path: string, sources: ReadonlyMap<string, string | undefined>): string | undefined {
  const above = path.slice(0, path.lastIndexOf('/'));
  return above === ''
    ? undefined
    : (sources.get(above) ?? sources.get(`${above}/Resource`) ?? sourceAbove(above, sources));
}

/** A nested stack's ids may repeat its parent's: where the resource says its own path, only that one counts. */
function isAt(resource: unknown, path: string): boolean {
  const ownPath = isObject(resource) && isObject(resource.Metadata) ? resource.Metadata['aws:cdk:path'] : undefined;
  return resource !== undefined && (ownPath === undefined || `/${textual(ownPath)}` === path);
}

/** The first frame of the app's own code that created the construct. */
function sourceOf(entries: readonly Json[]): string | undefined {
  const trace = entries.find((entry) => entry.type === 'aws:cdk:creationStack')?.data;
  const frames = Array.isArray(trace) ? trace.map(textual) : [];
  for (const frame of frames) {
    const [, file, line] = /\(?((?:\/|[A-Za-z]:\\)[^():]*\.[cm]?[jt]s):(\d+)(?::\d+)?\)?$/.exec(frame) ?? [];
    if (file !== undefined && !file.includes('/node_modules/')) {
      return `${relative(process.cwd(), file)}:${line}`;
    }
  }
  return undefined;
}
