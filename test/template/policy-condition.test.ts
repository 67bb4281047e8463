import { narrows } from '../../lib/template/policy-condition';
import { notKnown, parameter, said, statement } from './policy-case';

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
