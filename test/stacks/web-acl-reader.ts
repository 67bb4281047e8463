import type { Template } from 'aws-cdk-lib/assertions';

/** A request as a client writes it. */
export interface Request {
  readonly method?: string;
  /** Path as sent: encoded, with slashes and all. */
  readonly path?: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Rules of a web ACL in the order in which AWS WAF asks them. */
export function rulesOf(template: Template, description: string): Json[] {
  const acls = Object.values(
    template.findResources('AWS::WAFv2::WebACL', { Properties: { Description: description } }),
  );
  expect(acls).toHaveLength(1);
  const rules: Json[] = acls[0]?.Properties.Rules;
  return [...rules].sort((a, b) => Number(a.Priority) - Number(b.Priority));
}

/**
 * Names of our own rules whose statement matches a request, as AWS documents statements to be read. A model for tests of what the
 * rules mean; what AWS WAF does with them only AWS WAF can show. Managed groups and IP sets match nothing here; a rate-based rule matches
 * what it counts.
 */
export function matching(rules: readonly Json[], request: Request): string[] {
  return rules.filter((rule) => matches(object(rule.Statement), request)).map(({ Name }) => String(Name));
}

function matches(statement: Json, request: Request): boolean {
  const [[kind, value] = ['', {}]] = Object.entries(statement);
  const inner = object(value);
  switch (kind) {
    case 'AndStatement':
      return list(inner.Statements).every((each) => matches(each, request));
    case 'OrStatement':
      return list(inner.Statements).some((each) => matches(each, request));
    case 'NotStatement':
      return !matches(object(inner.Statement), request);
    case 'RegexMatchStatement':
      return texts(inner, request).some((text) => new RegExp(String(inner.RegexString)).test(text));
    case 'ByteMatchStatement':
      expect(['EXACTLY', 'STARTS_WITH']).toContain(inner.PositionalConstraint);
      return texts(inner, request).some((text) =>
        inner.PositionalConstraint === 'EXACTLY'
          ? text === inner.SearchString
          : text.startsWith(String(inner.SearchString)),
      );
    case 'SizeConstraintStatement':
      return texts(inner, request).some((text) =>
        larger(text.length, String(inner.ComparisonOperator), Number(inner.Size)),
      );
    case 'RateBasedStatement':
      return inner.ScopeDownStatement === undefined || matches(object(inner.ScopeDownStatement), request);
    case 'ManagedRuleGroupStatement':
    case 'IPSetReferenceStatement':
      return false;
    default:
      throw new Error(`statement '${kind}' has no meaning here, expected one that is read above`);
  }
}

function larger(size: number, operator: string, limit: number): boolean {
  return operator === 'GT' ? size > limit : size >= limit;
}

/** What is inspected, transformed in order of priority; a header that is not there is not inspected. */
function texts({ FieldToMatch, TextTransformations }: Json, request: Request): string[] {
  const order = [...list(TextTransformations)].sort((a, b) => Number(a.Priority) - Number(b.Priority));
  return fields(object(FieldToMatch), request).map((field) =>
    order.reduce((text, { Type }) => transform(text, String(Type)), field),
  );
}

function fields(field: Json, { method = 'GET', path = '/', headers = {}, body = '' }: Request): string[] {
  const [[kind, value] = ['', {}]] = Object.entries(field);
  const header = headers[String(object(value).Name)];
  const rest = { ...headers };
  delete rest.cookie;
  switch (kind) {
    case 'UriPath':
      return [path];
    case 'Method':
      return [method];
    case 'Body':
      return [body];
    case 'SingleHeader':
      return header === undefined ? [] : [header];
    case 'Headers':
      return Object.entries(rest).map((each) => each.join(': '));
    case 'Cookies':
      return headers.cookie === undefined ? [] : [headers.cookie];
    default:
      throw new Error(`field '${kind}' has no meaning here, expected one that is read above`);
  }
}

function transform(text: string, type: string): string {
  switch (type) {
    case 'NONE':
      return text;
    case 'LOWERCASE':
      return text.toLowerCase();
    case 'URL_DECODE':
    case 'URL_DECODE_UNI':
      return text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    case 'NORMALIZE_PATH':
      return normalized(text);
    default:
      throw new Error(`transformation '${type}' has no meaning here, expected one that is read above`);
  }
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/').slice(1)) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '.' && part !== '') {
      parts.push(part);
    }
  }
  return `/${parts.join('/')}${path.endsWith('/') && parts.length > 0 ? '/' : ''}`;
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}
