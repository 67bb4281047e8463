import { AREAS, areas, groupName, LEVELS, permissions } from '../../settings/permission-catalogue';

/** Namespace of every name in the model. */
export const NAMESPACE = 'App';

/** Ranges of addresses that an organisation can be reached from, at most: Cedar compares with each by name, for it has no loops. */
export const ADDRESS_RANGES = 8;

/** What Verified Permissions takes at most; it cannot be raised. */
const MOST_BYTES = 100_000;

/**
 * The schema of the model in Cedar's JSON: who may be asked about, and about what. Common types keep it below the size that Verified
 * Permissions takes: written out for each action, the same would not fit.
 *
 * @throws if it would not fit
 *
 * Source: https://docs.aws.amazon.com/verifiedpermissions/latest/userguide/quotas.html
 */
export function authorizationSchema(): string {
  const organisation = { type: 'Entity', name: 'Organisation' };
  const text = JSON.stringify({
    [NAMESPACE]: {
      commonTypes: {
        Owned: { type: 'Record', attributes: { organisation } },
        Request: {
          type: 'Record',
          attributes: { mfa: { type: 'Boolean' }, address: { type: 'Extension', name: 'ipaddr' } },
        },
      },
      entityTypes: {
        Organisation: { shape: { type: 'Record', attributes: organisationAttributes() } },
        Role: {},
        User: { memberOfTypes: ['Role'], shape: { type: 'Owned' } },
        ...Object.fromEntries(kinds().map((kind) => [kind, { shape: { type: 'Owned' } }])),
      },
      actions: { ...groups(), ...actions() },
    },
  });
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new Error(
      `the schema of permissions takes ${Buffer.byteLength(text)} bytes, expected at most ${MOST_BYTES}: shorten names, or take kinds or verbs out of the catalogue`,
    );
  }
  return text;
}

function kinds(): readonly string[] {
  return areas().flatMap((area) => [...AREAS[area]]);
}

function organisationAttributes() {
  const range = { type: 'Extension', name: 'ipaddr', required: false };
  return {
    limitsAddresses: { type: 'Boolean' },
    ...Object.fromEntries(Array.from({ length: ADDRESS_RANGES }, (_, index) => [addressRange(index), range])),
  };
}

export function addressRange(index: number): string {
  return `range${index + 1}`;
}

function groups() {
  return Object.fromEntries(areas().flatMap((area) => LEVELS.map((level) => [groupName(area, level), {}])));
}

function actions() {
  return Object.fromEntries(
    permissions().map(({ name, area, level, kind }) => [
      name,
      {
        memberOf: [{ id: groupName(area, level) }],
        appliesTo: { principalTypes: ['User'], resourceTypes: [kind], context: { type: 'Request' } },
      },
    ]),
  );
}
