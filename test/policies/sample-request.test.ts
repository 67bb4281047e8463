import { Scope } from '../../lib/template/scope';
import { matcherOf, type SampleRequest } from '../../policies/controls/edge/sample-request';
import { graphOf } from '../control-tester';

const asServersRead = inOrder('URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE');

function inOrder(...types: readonly string[]) {
  return types.map((Type, Priority) => ({ Priority, Type }));
}

function path(
  SearchString: string,
  PositionalConstraint = 'STARTS_WITH',
  TextTransformations: unknown = asServersRead,
) {
  return {
    ByteMatchStatement: { FieldToMatch: { UriPath: {} }, PositionalConstraint, SearchString, TextTransformations },
  };
}

const label = { LabelMatchStatement: { Scope: 'LABEL', Key: 'x' } };

function match(Statement: unknown, request: Partial<SampleRequest> = {}) {
  const graph = graphOf({
    template: {
      Resources: {
        Rule: { Type: 'Test::Rule', Properties: { Statement } },
        Set: { Type: 'AWS::WAFv2::RegexPatternSet', Properties: { RegularExpressionList: ['^/a', '^/b'] } },
      },
    },
  });
  const [rule] = new Scope(graph).resources('Test::Rule');
  return rule && matcherOf(rule.at('Statement'))({ method: 'POST', path: '/login', ...request });
}

describe('a sample request against a statement of a web ACL', () => {
  test.each([
    '/login',
    '/LOGIN',
    '/%6Cogin',
    '/%4cogin',
    '//login',
    '/./login',
    '/x/../login',
    '/login/',
    '/%2e/login',
  ])('the path %s is /login after decoding, normalizing and lower case', (written) => {
    expect(match(path('/login'), { path: written })).toBe(true);
  });

  test('fails to recognize a disguise whose transformation is missing, or comes too early', () => {
    expect(match(path('/login', 'STARTS_WITH', inOrder('LOWERCASE')), { path: '/%6Cogin' })).toBe(false);
    expect(match(path('/login', 'STARTS_WITH', inOrder('LOWERCASE', 'URL_DECODE')), { path: '/%4Cogin' })).toBe(false);
    expect(match(path('/login', 'STARTS_WITH', inOrder('NORMALIZE_PATH', 'URL_DECODE')), { path: '/%2e/login' })).toBe(
      false,
    );
  });

  test.each([
    ['EXACTLY', true, false],
    ['STARTS_WITH', true, true],
    ['ENDS_WITH', true, false],
    ['CONTAINS', true, true],
    ['SOMEHOW', undefined, undefined],
  ])('position %s', (how, same, longer) => {
    expect(match(path('/login', how))).toBe(same);
    expect(match(path('/login', how), { path: '/login/now' })).toBe(longer);
  });

  test('what is not known stays unknown unless the rest decides', () => {
    const and = (...Statements: unknown[]) => ({ AndStatement: { Statements } });
    const or = (...Statements: unknown[]) => ({ OrStatement: { Statements } });
    expect(match(label)).toBeUndefined();
    expect(match({ NotStatement: { Statement: label } })).toBeUndefined();
    expect(match(and(label, path('/other')))).toBe(false);
    expect(match(and(label, path('/login')))).toBeUndefined();
    expect(match(or(label, path('/login')))).toBe(true);
    expect(match(or(label, path('/other')))).toBeUndefined();
    expect(match(path('/login', 'EXACTLY', { Ref: 'Anything' }))).toBeUndefined();
    expect(match(path('/login', 'EXACTLY', inOrder('CMD_LINE')))).toBeUndefined();
    expect(match({ Ref: 'Anything' })).toBeUndefined();
  });

  test('patterns may lie in a set, and an expression that cannot be read is not known', () => {
    const inSet = {
      RegexPatternSetReferenceStatement: {
        Arn: { 'Fn::GetAtt': ['Set', 'Arn'] },
        FieldToMatch: { UriPath: {} },
        TextTransformations: inOrder('NONE'),
      },
    };
    const broken = {
      RegexMatchStatement: {
        FieldToMatch: { UriPath: {} },
        RegexString: '^/(login',
        TextTransformations: inOrder('NONE'),
      },
    };
    expect(match(inSet, { path: '/b' })).toBe(true);
    expect(match(inSet, { path: '/c' })).toBe(false);
    expect(match(broken)).toBeUndefined();
  });

  test('a header that is not sent matches nothing, whatever its name is written like', () => {
    const answered = {
      SizeConstraintStatement: {
        FieldToMatch: { SingleHeader: { Name: 'X-Answer' } },
        ComparisonOperator: 'GE',
        Size: 3,
        TextTransformations: inOrder('NONE'),
      },
    };
    expect(match(answered)).toBe(false);
    expect(match(answered, { headers: { 'x-answer': 'ab' } })).toBe(false);
    expect(match(answered, { headers: { 'x-answer': 'abc' } })).toBe(true);
    expect(match(answered, { anyHeader: 'abcd' })).toBe(true);
  });

  test('an expression that would take for ever is not tried', () => {
    const statement = {
      RegexMatchStatement: {
        FieldToMatch: { UriPath: {} },
        RegexString: '^(/?.+)+!$',
        TextTransformations: inOrder('NONE'),
      },
    };
    expect(match(statement, { path: `/${'a'.repeat(60)}` })).toBeUndefined();
  });

  test('nesting without end is not followed', () => {
    let statement: unknown = path('/login');
    for (let depth = 0; depth < 60; depth++) {
      statement = { NotStatement: { Statement: statement } };
    }
    expect(match(statement)).toBeUndefined();
  });
});
