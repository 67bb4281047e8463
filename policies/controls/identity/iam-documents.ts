import type { Node } from '../../../lib/template/node';
import { type PolicyDocument, statementsOf } from '../../../lib/template/policy-document';
import type { Reading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';

/** Types that carry policies of identities: what they say is what somebody may do. */
export const identityPolicyTypes = [
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::Role',
  'AWS::IAM::User',
  'AWS::IAM::Group',
  'AWS::SSO::PermissionSet',
] as const;

const inlineOwners: readonly string[] = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** A policy of an identity, and where it stands. */
export interface IdentityDocument {
  readonly place: Node;
  readonly reading: Reading<PolicyDocument>;
}

/** The policies that a resource gives an identity, or why their list cannot be read. */
export function identityDocuments(subject: Subject): readonly IdentityDocument[] {
  return placesOf(subject).map((place) => ({ place, reading: statementsOf(place) }));
}

function placesOf(subject: Subject): readonly Node[] {
  if (subject.type === 'AWS::SSO::PermissionSet') {
    return subject.at('InlinePolicy').resolved.kind === 'absent' ? [] : [subject.at('InlinePolicy')];
  }
  if (!inlineOwners.includes(subject.type)) {
    return [subject.at('PolicyDocument')];
  }
  const list = subject.items('Policies');
  if (list.kind === 'absent') {
    return [];
  }
  // A list that cannot be read is read as a document, which then says so
  return list.kind === 'known' ? list.value.map((item) => item.at('PolicyDocument')) : [subject.at('Policies')];
}

/** Policies that are attached by name: of AWS (`AdministratorAccess`), or of one's own. */
export function attachedPolicies(subject: Subject): Node {
  return subject.at(subject.type === 'AWS::SSO::PermissionSet' ? 'ManagedPolicies' : 'ManagedPolicyArns');
}
