import type { Subject } from '../../../lib/template/subject';

/** How long a token lives; `property` says where that was read. */
export type TokenLife =
  | { readonly kind: 'known'; readonly seconds: number; readonly property: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly property: string };

const secondsOf: ReadonlyMap<string, number> = new Map([
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3_600],
  ['days', 86_400],
]);

/**
 * What Cognito takes where a client gives no unit or no validity: 15 without a unit is 15 hours.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cognito-userpoolclient.html
 */
const byDefault = {
  AccessToken: { unit: 'hours', seconds: 3_600 },
  IdToken: { unit: 'hours', seconds: 3_600 },
  RefreshToken: { unit: 'days', seconds: 30 * 86_400 },
};

export function lifeOf(client: Subject, token: keyof typeof byDefault): TokenLife {
  const validity = client.number(`${token}Validity`);
  const unit = client.text(`TokenValidityUnits.${token}`);
  if (validity.kind === 'absent') {
    return { kind: 'known', seconds: byDefault[token].seconds, property: validity.property };
  }
  const unread = [validity, unit].find((reading) => reading.kind === 'unresolved');
  if (unread?.kind === 'unresolved') {
    return { kind: 'unknown', reason: unread.reason, property: unread.property };
  }
  const name = unit.kind === 'known' ? unit.value : byDefault[token].unit;
  const seconds = secondsOf.get(name);
  return seconds === undefined || validity.kind !== 'known'
    ? { kind: 'unknown', reason: `expected seconds, minutes, hours or days, got ${name}`, property: unit.property }
    : { kind: 'known', seconds: validity.value * seconds, property: validity.property };
}

/** The longest of the tokens that let their bearer in. */
export function longestLife(client: Subject): TokenLife {
  const access = lifeOf(client, 'AccessToken');
  const id = lifeOf(client, 'IdToken');
  if (access.kind === 'unknown' || id.kind === 'unknown') {
    return access.kind === 'unknown' ? access : id;
  }
  return id.seconds > access.seconds ? id : access;
}
