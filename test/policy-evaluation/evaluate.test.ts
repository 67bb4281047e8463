import { meets } from './conditions';
import { type Document, decide } from './evaluate';

const principal = { arn: 'arn:aws:iam::333333333333:role/worker', account: '333333333333' };

function allowing(statement: object): Document {
  return { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, statement as Document['Statement'][number]] };
}

// Each row is a sentence of the IAM user guide
test.each([
  ['a positive operator does not match a key that is absent', { StringEquals: { k: 'a' } }, {}, false],
  ['a negated operator matches a key that is absent', { StringNotEquals: { k: 'a' } }, {}, true],
  ['IfExists matches a key that is absent', { BoolIfExists: { k: 'false' } }, {}, true],
  ['IfExists asks where the key is there', { BoolIfExists: { k: 'false' } }, { k: 'true' }, false],
  ['values of a key are alternatives', { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, true],
  [
    'a negated operator matches where none of its values does',
    { StringNotEquals: { k: ['a', 'b'] } },
    { k: 'b' },
    false,
  ],
  ['keys of an operator are all asked', { StringEquals: { k: 'a', l: 'b' } }, { k: 'a', l: 'c' }, false],
  ['operators are all asked', { StringEquals: { k: 'a' }, Bool: { l: 'true' } }, { k: 'a', l: 'false' }, false],
  ['keys are told apart without regard to case', { StringEquals: { 'AWS:Key': 'a' } }, { 'aws:key': 'a' }, true],
  ['values are told apart with regard to case', { StringEquals: { k: 'A' } }, { k: 'a' }, false],
  ['Null true: the key is absent', { Null: { k: 'true' } }, {}, true],
  ['Null false: the key is there', { Null: { k: 'false' } }, {}, false],
  ['ForAllValues matches a request without the key', { 'ForAllValues:StringEquals': { k: 'a' } }, {}, true],
  ['ForAllValues asks every value', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'c'] }, false],
  ['ForAnyValue does not match a request without the key', { 'ForAnyValue:StringEquals': { k: 'a' } }, {}, false],
  ['ForAnyValue asks for one value', { 'ForAnyValue:StringEquals': { k: ['a', 'b'] } }, { k: ['c', 'b'] }, true],
  [
    'a star of an ARN does not reach over a colon',
    { ArnLike: { k: 'arn:*:role/x' } },
    { k: 'arn:aws:iam::1:role/x' },
    false,
  ],
  [
    'a star of an ARN reaches over a slash',
    { ArnLike: { k: 'arn:*:iam::*:role/a/*' } },
    { k: 'arn:aws:iam::1:role/a/b/c' },
    true,
  ],
  ['numbers are compared as numbers', { NumericLessThan: { k: '2.0' } }, { k: '1.0' }, true],
  ['policy variables come from the request', { StringEquals: { k: '${aws:user}' } }, { k: 'u', 'aws:user': 'u' }, true],
  ['a policy variable without its key matches nothing', { StringEquals: { k: '${aws:user}' } }, { k: '' }, false],
])('%s', (_, block, context, expected) => {
  expect(meets(block, context as Record<string, string>)).toBe(expected);
});

test('an operator that nobody taught it is refused', () => {
  expect(() => meets({ DateLessThan: { k: '2026-01-01' } }, { k: '2025-01-01' })).toThrow('knows no operator DateLess');
});

test.each([
  ['a deny wins over an allow', { Effect: 'Deny', Action: 's3:Get*', Resource: '*' }, 's3:GetObject', false],
  [
    'actions are told apart without regard to case',
    { Effect: 'Deny', Action: 'S3:getobject', Resource: '*' },
    's3:GetObject',
    false,
  ],
  [
    'NotAction speaks of everything else',
    { Effect: 'Deny', NotAction: ['iam:*'], Resource: '*' },
    's3:GetObject',
    false,
  ],
  ['NotAction spares what it names', { Effect: 'Deny', NotAction: ['s3:*'], Resource: '*' }, 's3:GetObject', true],
  [
    'NotResource speaks of every other resource',
    { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::b' },
    's3:GetObject',
    false,
  ],
  [
    'NotResource spares what it names',
    { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::a*' },
    's3:GetObject',
    true,
  ],
  [
    'a question mark stands for one character',
    { Effect: 'Deny', Action: 's3:GetObjec?', Resource: '*' },
    's3:GetObject',
    false,
  ],
])('%s', (_, statement, action, allowed) => {
  const request = { principal, action, resource: 'arn:aws:s3:::a' };
  expect(decide(request, { identity: [allowing(statement)] }).allowed).toBe(allowed);
});

test('guard-rails bind neither the management account nor roles linked to a service, and grant nothing', () => {
  const closed = [{ Statement: [{ Sid: 'All', Effect: 'Deny', Action: '*', Resource: '*' }] }];
  const request = { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::a' };
  expect(decide(request, { serviceControl: closed })).toEqual({ allowed: false, because: 'All' });
  expect(decide(request, { serviceControl: closed, managementAccount: '333333333333' }).allowed).toBe(true);
  const linked = { ...principal, serviceLinked: true };
  expect(decide({ ...request, principal: linked }, { serviceControl: closed, resourceControl: closed }).allowed).toBe(
    true,
  );
  expect(decide(request, { serviceControl: [], identity: [] }).because).toBe('no policy allows it');
});

test('a resource control policy binds whoever calls, by the account of the resource', () => {
  const closed = [{ Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }] }];
  const stranger = { arn: 'arn:aws:iam::999999999999:role/x', account: '999999999999' };
  const request = { principal: stranger, action: 's3:GetObject', resource: 'arn:aws:s3:::a' };
  expect(decide(request, { resourceControl: closed, resourceAccount: '333333333333' }).allowed).toBe(false);
  expect(
    decide(request, { resourceControl: closed, resourceAccount: '444444444444', managementAccount: '444444444444' })
      .allowed,
  ).toBe(true);
});

test('a boundary takes away and grants nothing', () => {
  const boundary = { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
  const all = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
  const ask = (action: string, identity: readonly Document[]) =>
    decide({ principal, action, resource: '*' }, { boundary, identity }).allowed;
  expect([ask('s3:GetObject', all), ask('ec2:RunInstances', all), ask('s3:GetObject', [])]).toEqual([
    true,
    false,
    false,
  ]);
});
