import fc from 'fast-check';
import { Graph } from '../../lib/template/graph';
import { type Answer, conditionsOn, narrows } from '../../lib/template/policy-condition';
import {
  allowsAnyone,
  coversAction,
  deniesEveryone,
  matchesAction,
  type PolicyDocument,
  type PolicyStatement,
  statementsOf,
} from '../../lib/template/policy-document';
import type { Reading } from '../../lib/template/reading';
import { Scope } from '../../lib/template/scope';
import { Template } from '../../lib/template/template';
import { matchesWildcard } from '../../lib/template/wildcard';

function read(policy: unknown): Reading<PolicyDocument> {
  const document = {
    Parameters: { Account: { Type: 'String' } },
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket' },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: policy } },
    },
  };
  const template = new Template({ path: 'case.json', sha256: '' }, JSON.parse(JSON.stringify(document)));
  const definition = template.resources.get('Policy');
  if (!definition) {
    throw new Error('the template has no policy');
  }
  return statementsOf(new Scope(new Graph([template])).subject(definition).at('PolicyDocument'));
}

function statement(given: Record<string, unknown>): PolicyStatement {
  const reading = read({ Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', ...given } });
  const [only, ...others] = reading.kind === 'known' ? reading.value.statements : [];
  if (!only || others.length > 0) {
    throw new Error(`expected one statement, got ${JSON.stringify(reading)}`);
  }
  return only;
}

const said = (answer: Answer) => (answer.kind === 'known' ? answer.value : answer.reason);

const parameter = { Ref: 'Account' };
const notKnown = "the parameter 'Account' is the deployer's to choose";

describe('reading a policy document', () => {
  test('takes lone texts for lists and a lone statement for a list of one', () => {
    const { effect, actions, principals, resources } = statement({ Principal: { AWS: 'arn:aws:iam::1:root' } });
    expect(effect).toBe('Allow');
    expect(actions).toEqual({ form: 'only', values: ['s3:GetObject'], unresolved: [] });
    expect(principals.values).toEqual([{ kind: 'AWS', id: 'arn:aws:iam::1:root' }]);
    expect(resources.form).toBe('absent');
  });

  test('leaves references and pseudo parameters as holes', () => {
    const { resources, principals } = statement({
      Principal: { AWS: { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:root` } },
      Resource: [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': 'Bucket.Arn' }, '/*']] }],
    });
    expect(principals.values[0]?.id).toBe(`arn:aws:iam::\${AWS::AccountId}:root`);
    expect(resources.values).toEqual([`\${Bucket.Arn}`, `\${Bucket.Arn}/*`]);
  });

  test('keeps what cannot be read apart from what can', () => {
    const { principals, resources } = statement({
      Principal: { AWS: ['arn:aws:iam::1:root', parameter] },
      Resource: parameter,
    });
    expect(principals.values).toHaveLength(1);
    expect(principals.unresolved.map(({ reason }) => reason)).toEqual([notKnown]);
    expect(resources).toMatchObject({ values: [], unresolved: [{ reason: notKnown }] });
  });

  test('reads a policy that is written as JSON text', () => {
    const text = JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: `\${x}` }] });
    expect(read(text)).toMatchObject({ kind: 'known', value: { statements: [{ effect: 'Deny' }] } });
    expect(read('no policy')).toMatchObject({ kind: 'unresolved' });
  });

  test('tells an absent document from one without statements and from one that cannot be read', () => {
    expect(read(undefined).kind).toBe('absent');
    expect(read({ Version: '2012-10-17' }).kind).toBe('unresolved');
    expect(read(parameter).kind).toBe('unresolved');
    expect(read({ Statement: [] })).toMatchObject({ kind: 'known', value: { statements: [] } });
  });

  test.each([
    ['an effect that nobody knows', { Effect: 'allow', Action: '*' }],
    ['an effect behind a parameter', { Effect: parameter, Action: '*' }],
    ['no effect', { Action: '*' }],
    ['a statement behind a parameter', parameter],
  ])('fails to read a statement with %s', (_name, broken) => {
    const reading = read({ Statement: [broken, { Effect: 'Deny', Action: '*' }] });
    expect(reading).toMatchObject({ kind: 'known', value: { statements: [{ effect: 'Deny' }] } });
    expect(reading.kind === 'known' ? reading.value.unresolved : []).toHaveLength(1);
  });

  test('takes Action beside NotAction for neither', () => {
    expect(statement({ NotAction: 's3:PutObject' }).actions).toMatchObject({ values: [], unresolved: [{}] });
  });

  test('takes operators apart', () => {
    const given = statement({
      Condition: {
        'ForAllValues:StringLikeIfExists': { 'aws:TagKeys': ['a', 'b'] },
        Bool: { 'AWS:SecureTransport': false },
        NumericLessThan: { 's3:TlsVersion': 1.3 },
      },
    });
    expect(given.conditions.list[0]).toMatchObject({
      operator: 'StringLike',
      quantifier: 'ForAllValues',
      ifExists: true,
      values: ['a', 'b'],
    });
    expect(conditionsOn(given, 'aws:securetransport')).toMatchObject([{ operator: 'Bool', values: ['false'] }]);
    expect(conditionsOn(given, 's3:tlsversion')).toMatchObject([{ values: ['1.3'], ifExists: false }]);
  });
});

describe('whom a statement reaches', () => {
  test.each([
    ['the lone asterisk', { Principal: '*' }, true],
    ['every AWS principal', { Principal: { AWS: '*' } }, true],
    ['one of several', { Principal: { AWS: ['arn:aws:iam::1:root', '*'] } }, true],
    ['the root of every account', { Principal: { AWS: 'arn:aws:iam::*:root' } }, true],
    [
      'every account of a partition to be filled in',
      { Principal: { AWS: `arn:\${AWS::Partition}:iam::*:root` } },
      true,
    ],
    ['all but one', { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::1:root' } }, true],
    ['everybody, and one who cannot be read', { Principal: { AWS: ['*', parameter] } }, true],
    ['one who cannot be read', { Principal: { AWS: parameter } }, notKnown],
    ['principals that cannot be read', { Principal: parameter }, notKnown],
    ['a principal that is no principal', { Principal: 'arn:aws:iam::1:root' }, "expected '*' or kinds of principals"],
    ['one account', { Principal: { AWS: 'arn:aws:iam::1:root' } }, false],
    ['roles of one account', { Principal: { AWS: 'arn:aws:iam::1:role/*' } }, false],
    ['a service', { Principal: { Service: 'logs.amazonaws.com' } }, false],
    ['whoever holds the policy', { Principal: undefined }, false],
  ])('%s', (_name, given, expected) => {
    expect(said(allowsAnyone(statement(given)))).toBe(expected);
  });

  test('a Deny allows nobody, and denies everybody unless it spares some', () => {
    const deny = statement({ Effect: 'Deny' });
    expect([said(allowsAnyone(deny)), said(deniesEveryone(deny))]).toEqual([false, true]);
    const spares = statement({ Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::1:root' } });
    expect(said(deniesEveryone(spares))).toBe(false);
    expect(said(deniesEveryone(statement({})))).toBe(false);
  });
});

describe('which actions a statement covers', () => {
  test.each([
    ['*', 'kms:Decrypt', true],
    ['kms:*', 'kms:Decrypt', true],
    ['KMS:decrypt', 'kms:Decrypt', true],
    ['s3:Get*', 's3:GetObject', true],
    ['s3:*Object', 's3:GetObject', true],
    ['s3:*Object', 's3:GetObjectAcl', false],
    ['s3:G?tObject', 's3:GetObject', true],
    ['s3:GetObject', 's3:GetObjectVersion', false],
    ['s3.GetObject', 's3:GetObject', false],
  ])('%s and %s', (pattern, action, expected) => {
    expect(matchesAction(pattern, action)).toBe(expected);
  });

  test('NotAction covers everything but what it names', () => {
    const given = statement({ Action: undefined, NotAction: 's3:Get*' });
    expect([said(coversAction(given, 's3:PutObject')), said(coversAction(given, 's3:GetObject'))]).toEqual([
      true,
      false,
    ]);
  });

  test('fails to answer where the action that decides cannot be read', () => {
    expect(said(coversAction(statement({ Action: ['s3:Get*', parameter] }), 's3:GetObject'))).toBe(true);
    expect(said(coversAction(statement({ Action: ['s3:Get*', parameter] }), 's3:PutObject'))).toBe(notKnown);
  });

  test('wildcards match as a plain recursive matcher does', () => {
    const matches = (pattern: string, text: string): boolean =>
      pattern === ''
        ? text === ''
        : pattern[0] === '*'
          ? matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)))
          : text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && matches(pattern.slice(1), text.slice(1));
    const word = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 9 });
    fc.assert(
      fc.property(
        word('ab*?'),
        word('ab'),
        (pattern, text) => matchesWildcard(pattern, text) === matches(pattern, text),
      ),
      { numRuns: 2000 },
    );
  });

  test('a hostile pattern takes no time', () => {
    const start = performance.now();
    expect(matchesWildcard(`${'a*'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('which conditions narrow who may call', () => {
  const source = 'arn:aws:s3:eu-central-1:111122223333:x';
  test.each<[string, Record<string, unknown>, boolean | string]>([
    ['none', {}, false],
    ['an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } }, true],
    ['an organization, key in other case', { StringEquals: { 'AWS:PRINCIPALORGID': 'o-abc' } }, true],
    ['paths below an organization', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-abc/r-1/*' } }, true],
    ['an organization only if there is one', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abc' } }, false],
    ['every value, so none as well', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-abc/*' } }, false],
    ['any organization', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }, false],
    ['everybody but an organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abc' } }, false],
    ['an account', { StringEquals: { 'aws:SourceAccount': '111122223333' } }, true],
    ['the own account', { StringEquals: { 'kms:CallerAccount': { Ref: 'AWS::AccountId' } } }, true],
    ['accounts, one of them anything', { StringLike: { 'aws:SourceAccount': ['111122223333', '*'] } }, false],
    [
      'a service alone, which everybody has',
      { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
      false,
    ],
    ['a source', { ArnLike: { 'aws:SourceArn': `${source}*` } }, true],
    ['a source of every account', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-central-1:*:topic' } }, false],
    ['a bucket', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::files' } }, true],
    ['a bucket whose name others can take', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::files*' } }, false],
    ['a resource of the template', { ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': ['Bucket', 'Arn'] } } }, true],
    ['the caller compared with itself', { StringEquals: { 'aws:PrincipalArn': `\${aws:PrincipalArn}` } }, false],
    [
      'a role of the own account',
      { ArnLike: { 'aws:PrincipalArn': { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/x` } } },
      true,
    ],
    ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, true],
    ['an office', { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, true],
    ['the world', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, false],
    ['half the world', { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } }, false],
    ['the IPv6 world', { IpAddress: { 'aws:SourceIp': '::/0' } }, false],
    ['a mount target', { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } }, true],
    ['no mount target', { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'false' } }, false],
    ['a user agent', { StringEquals: { 'aws:UserAgent': 'me' } }, false],
    ['a condition that cannot be read', { StringEquals: { 'aws:SourceAccount': parameter } }, notKnown],
    [
      'one that cannot be read beside one that narrows',
      { StringEquals: { 'aws:SourceAccount': parameter, 'aws:PrincipalOrgID': 'o-abc' } },
      true,
    ],
    ['one that cannot be read beside anything', { StringLike: { 'aws:SourceAccount': [parameter, '*'] } }, false],
    ['no values', { StringEquals: { 'aws:SourceAccount': [] } }, false],
  ])('%s', (_name, condition, expected) => {
    expect(said(narrows(statement({ Condition: condition })))).toBe(expected);
  });

  test('fails to answer where the conditions as a whole cannot be read', () => {
    expect(said(narrows(statement({ Condition: parameter })))).toBe(notKnown);
    expect(said(narrows(statement({ Condition: { StringEquals: parameter } })))).toBe(notKnown);
  });
});

test('never throws, whatever the document holds', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('*', 'Allow', 'Deny', 's3:*', 'arn:aws:iam::*:root', '', null, 0, true, `\${a:b}`),
      fc.constantFrom(parameter, { Ref: 'Bucket' }, { 'Fn::Join': 1 }, { 'Fn::If': ['a', 1, 2] }),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          ...[
            'Statement',
            'Effect',
            'Principal',
            'NotPrincipal',
            'AWS',
            'Action',
            'NotAction',
            'Resource',
            'Condition',
          ],
          ...['StringLike', 'Bool', 'aws:SourceArn', 'aws:SourceIp', '__proto__', 'constructor'],
        ),
        tie('any'),
        { maxKeys: 5 },
      ),
    ),
  })).any;
  let judged = 0;
  fc.assert(
    fc.property(value, (policy) => {
      const reading = read({ Statement: [policy] });
      for (const each of reading.kind === 'known' ? reading.value.statements : []) {
        for (const answer of [allowsAnyone(each), deniesEveryone(each), narrows(each), coversAction(each, 's3:*')]) {
          expect(['known', 'unresolved']).toContain(answer.kind);
        }
        judged++;
      }
      expect(['known', 'absent', 'unresolved']).toContain(reading.kind);
    }),
    { numRuns: 2000 },
  );
  expect(judged).toBeGreaterThan(0);
});
