import type { Subject } from '../../../lib/template/subject';

/** Tag of a user pool that says whom it holds: `staff` or `customers`. */
export const audienceTag = 'avouch:audience';

export type Audience =
  | {
      readonly kind: 'staff' | 'customers';
      /** Whether the tag says so; otherwise it was concluded from who may sign up. */
      readonly tagged: boolean;
    }
  | { readonly kind: 'unknown'; readonly reason: string; readonly property: string };

/**
 * Whom a user pool holds. Its tag says; without one, a pool that anybody may join holds customers, and one that only an administrator
 * fills is taken for staff: the stricter rule, until a tag says otherwise.
 *
 * Source of the default: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUserConfigType.html
 */
export function audienceOf(pool: Subject): Audience {
  const tag = pool.at('UserPoolTags').at(audienceTag).text();
  switch (tag.kind) {
    case 'known':
      return tag.value === 'staff' || tag.value === 'customers'
        ? { kind: tag.value, tagged: true }
        : unknown(tag.property, `the tag ${audienceTag} is '${tag.value}', expected staff or customers`);
    case 'unresolved':
      return unknown(tag.property, tag.reason);
    case 'absent':
      return bySignUp(pool);
  }
}

function bySignUp(pool: Subject): Audience {
  const invited = pool.bool('AdminCreateUserConfig.AllowAdminCreateUserOnly');
  switch (invited.kind) {
    case 'known':
      return { kind: invited.value ? 'staff' : 'customers', tagged: false };
    case 'absent':
      return { kind: 'customers', tagged: false };
    case 'unresolved':
      return unknown(invited.property, invited.reason);
  }
}

function unknown(property: string, reason: string): Audience {
  return { kind: 'unknown', property, reason };
}
