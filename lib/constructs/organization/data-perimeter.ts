import { type GuardRailDocument, guardRail } from './guard-rail-principals';

const DATA = ['kms:*', 's3:*', 'secretsmanager:*', 'sqs:*'];

/**
 * Lets only principals of the organization, and AWS services on its behalf, reach its buckets, keys, secrets, queues and roles, whatever their own
 * policies say. A stranger's identity policy is no help: this stands at the resource.
 *
 * Roles are guarded against `AssumeRole` alone: people and pipelines that come with a token of another house (`AssumeRoleWithSAML`,
 * `AssumeRoleWithWebIdentity`) have no organization yet, and the trust policy decides about them.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
 *
 * @param organizationId such as `o-exampleorgid`
 */
export function dataPerimeter(organizationId: string): GuardRailDocument {
  return guardRail(
    {
      Sid: 'OwnPrincipalsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: [...DATA, 'sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organizationId },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    {
      // A service that acts for an account says for which: one of somebody else's is a confused deputy
      Sid: 'ServicesForOwnAccountsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: [...DATA, 'sts:AssumeRole'],
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:SourceOrgID': organizationId },
        Null: { 'aws:SourceAccount': 'false' },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      },
    },
  );
}
