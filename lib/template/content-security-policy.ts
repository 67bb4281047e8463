/** One content security policy: directives by name in lower case, each with its sources as written. */
export type ContentSecurityPolicy = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the value of a Content-Security-Policy header as browsers do: policies apart by commas, directives by semicolons, and of a
 * directive that occurs twice the first alone counts.
 *
 * Source: https://www.w3.org/TR/CSP3/#parse-serialized-policy-list
 */
export function readPolicies(header: string): readonly ContentSecurityPolicy[] {
  return header
    .split(',')
    .map(readPolicy)
    .filter((policy) => policy.size > 0);
}

function readPolicy(text: string): ContentSecurityPolicy {
  const policy = new Map<string, readonly string[]>();
  for (const part of text.split(';')) {
    const [name = '', ...sources] = part.split(/[\t\n\f\r ]+/).filter((word) => word !== '');
    if (name !== '' && !policy.has(name.toLowerCase())) {
      policy.set(name.toLowerCase(), sources);
    }
  }
  return policy;
}

const fallbacks: Readonly<Record<string, readonly string[]>> = {
  'script-src-elem': ['script-src', 'default-src'],
  'script-src-attr': ['script-src', 'default-src'],
  'style-src-elem': ['style-src', 'default-src'],
  'style-src-attr': ['style-src', 'default-src'],
  'worker-src': ['child-src', 'script-src', 'default-src'],
  'frame-src': ['child-src', 'default-src'],
};

const alone = ['base-uri', 'form-action', 'frame-ancestors'];

/** The sources that hold for a directive, its own or those that it falls back to; undefined where nothing limits it. */
export function sourcesOf(policy: ContentSecurityPolicy, directive: string): readonly string[] | undefined {
  const names = [directive, ...(alone.includes(directive) ? [] : (fallbacks[directive] ?? ['default-src']))];
  return names.map((name) => policy.get(name)).find((sources) => sources !== undefined);
}
