import fc from 'fast-check';
import { conditionsOn, narrows } from '../../lib/template/policy-condition';
import { allowsAnyone, coversAction, deniesEveryone, matchesAction } from '../../lib/template/policy-document';
import { matchesWildcard } from '../../lib/template/wildcard';
import { notKnown, parameter, read, said, statement } from './policy-case';

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
