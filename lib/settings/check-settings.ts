import ipaddr from 'ipaddr.js';
import { InputError, refuse } from '../control/input-error';
import { disclosureRules } from './check-disclosure';
import { ENVIRONMENT_NAMES, type EnvironmentName, type EnvironmentSettings, type Organisation } from './environment';
import { ENVIRONMENTS } from './environments';
import { allowedRegions, isRegion } from './regions';
import { matches, optional, type SettingRule } from './setting-rule';

const FILE = 'lib/settings/environments.ts';

export const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const address = (name: 'security' | 'privacy' | 'operations'): SettingRule => ({
  name: `contacts.${name}`,
  read: ({ contacts }) => contacts?.[name],
  accepts: matches(EMAIL),
  expected: () => 'an e-mail address such as security@example.com',
});

const ORIGIN = /^https:\/\/([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(:\d{1,5})?$/;

const image = (name: 'image' | 'proxyImage'): SettingRule => ({
  name: `application.${name}`,
  read: ({ application }) => application?.[name],
  accepts: matches(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/),
  expected: () => 'an image by its digest, registry/repository@sha256: and 64 hexadecimal digits',
});

const RULES: readonly SettingRule[] = [
  {
    name: 'account',
    read: ({ account }) => account,
    accepts: matches(/^\d{12}$/),
    expected: () => 'the twelve digits of an AWS account id, as a string',
  },
  {
    name: 'region',
    read: ({ region }) => region,
    accepts: isRegion,
    expected: () => `a Region inside the European Union: ${allowedRegions()}`,
  },
  {
    name: 'domainName',
    read: ({ domainName }) => domainName,
    accepts: matches(DOMAIN),
    expected: () => 'a domain name in lower case such as app.example.com',
  },
  {
    name: 'vpcCidr',
    read: ({ vpcCidr }) => vpcCidr,
    accepts: isVpcRange,
    expected: () => 'the first address of a private IPv4 range from /16 to /20, such as 10.20.0.0/16',
  },
  address('security'),
  address('privacy'),
  address('operations'),
  ...disclosureRules,
  image('image'),
  image('proxyImage'),
  {
    name: 'application.databaseCertificates.path',
    read: ({ application }) => application?.databaseCertificates?.path,
    accepts: matches(/^(\/[\w.-]+)+$/),
    expected: () => 'the absolute path of a file in the image, such as /etc/ssl/rds/bundle.pem',
  },
  {
    name: 'application.databaseCertificates.sha256',
    read: ({ application }) => application?.databaseCertificates?.sha256,
    accepts: matches(/^[0-9a-f]{64}$/),
    expected: () => '64 hexadecimal digits in lower case, as sha256sum prints them',
  },
  {
    name: 'application.migrations',
    read: ({ application }) => application?.migrations,
    accepts: optional(matches(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/)),
    expected: () => 'a folder below that of the CDK app, such as database/migrations',
  },
  {
    name: 'application.healthPath',
    read: ({ application }) => application?.healthPath,
    accepts: optional(matches(/^(\/|(\/[a-zA-Z0-9._-]+)+)$/)),
    expected: () => 'a path such as /health',
  },
  {
    name: 'application.readers',
    read: ({ application }) => application?.readers,
    accepts: optional((value) => Array.isArray(value) && value.every(matches(ORIGIN))),
    expected: () => 'exact origins such as https://status.example.com',
  },
  {
    name: 'certificateMonitor',
    read: ({ certificateMonitor }) => certificateMonitor,
    accepts: optional(matches(/^https:\/\/[a-z0-9.-]+(:\d+)?\/[^\s?#]*$/)),
    expected: () => 'an https address with a path and nothing behind it, such as https://crt.sh/',
  },
  {
    name: 'contentDelivery.certificateArn',
    read: ({ contentDelivery }) => contentDelivery?.certificateArn,
    accepts: optional(matches(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/)),
    expected: () => 'the ARN of an ACM certificate in the Region that CloudFront takes them from',
  },
  {
    name: 'contentDelivery.webAclArn',
    read: ({ contentDelivery }) => contentDelivery?.webAclArn,
    accepts: optional(matches(/^arn:aws:wafv2:[a-z0-9-]+:\d{12}:global\/webacl\/[\w-]+\/[a-z0-9-]+$/)),
    expected: () => 'the ARN of a web ACL with the scope of CloudFront',
  },
  {
    name: 'delivery.repository',
    read: ({ delivery }) => delivery && (delivery.repository ?? ''),
    accepts: optional(matches(/^[\w-]+(\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/)),
    expected: () => 'a repository on GitHub, owner/name or owner@123456/name@456789 with the ids of both',
  },
  {
    name: 'delivery.environment',
    read: ({ delivery }) => delivery && (delivery.environment ?? ''),
    accepts: optional(matches(/^[\w.-]+$/)),
    expected: () => 'an environment of the repository such as production; a branch is none',
  },
  {
    name: 'organisations',
    read: ({ organisations }) => organisations,
    accepts: optional(areOrganisations),
    expected: () =>
      'a list of organisations, each with a name of its own, a host and at least one address range such as 203.0.113.0/24',
  },
];

/**
 * Returns the settings of one environment, checked.
 *
 * @param name What the caller asked for, such as the value of `-c environment=...`.
 * @param environments @default - the environments of `lib/settings/environments.ts`
 * @throws if there is no such environment, if two environments share an account, or if a setting is missing or wrong
 */
export function readEnvironment(
  name: unknown,
  environments: Readonly<Partial<Record<EnvironmentName, Omit<EnvironmentSettings, 'name'>>>> = ENVIRONMENTS,
): EnvironmentSettings {
  const known = ENVIRONMENT_NAMES.find((environment) => environment === name);
  if (!known) {
    throw new InputError(
      `environment is ${shown(name)}, expected one of ${ENVIRONMENT_NAMES.join(', ')}: change --environment, or -c environment=... of the CDK`,
    );
  }
  const found = environments[known];
  if (!found) {
    throw new InputError(`environment '${known}' is missing: describe it in ${FILE}`);
  }
  const twin = ENVIRONMENT_NAMES.find(
    (other) => other !== known && environments[other] && environments[other]?.account === found.account,
  );
  if (twin && found.account) {
    throw new InputError(
      `environment '${known}': account is ${shown(found.account)}, which is also the account of '${twin}', expected an account of its own: change account in ${FILE}`,
    );
  }
  return checkSettings({ ...found, name: known });
}

/**
 * Returns the same settings if every one of them is there and right. The types say the same; this is for values that come from
 * a file, a parameter or JavaScript.
 *
 * @throws naming each setting that is missing or wrong, the value it has and the values it may have
 */
export function checkSettings(settings: EnvironmentSettings): EnvironmentSettings {
  const wrong = RULES.filter(({ read, accepts }) => !accepts(read(settings))).map(({ name, read, expected }) => {
    const value = read(settings);
    const state = value === undefined || value === '' ? 'is missing' : `is ${shown(value)}`;
    return `environment '${settings.name}': ${name} ${state}, expected ${expected()}: change ${name} in ${FILE}`;
  });
  refuse(wrong);
  return settings;
}

function areOrganisations(value: unknown): boolean {
  if (!Array.isArray(value)) {
    return false;
  }
  const names = value.map((each: Partial<Organisation> | null) => each?.name);
  return (
    new Set(names).size === names.length &&
    value.every(
      (each: Partial<Organisation> | null) =>
        matches(/^[a-z][a-z0-9-]{0,40}$/)(each?.name) &&
        matches(DOMAIN)(each?.host) &&
        Array.isArray(each?.addresses) &&
        each.addresses.length > 0 &&
        each.addresses.every((range: unknown) => typeof range === 'string' && ipaddr.isValidCIDR(range)),
    )
  );
}

/** RFC 1918, as large as a VPC may be and no smaller than nine subnets of a /24 need; no bits set behind the prefix. */
function isVpcRange(value: unknown): boolean {
  if (
    typeof value !== 'string' ||
    !ipaddr.IPv4.isValidCIDR(value) ||
    !ipaddr.IPv4.isValidFourPartDecimal(value.split('/')[0] ?? '')
  ) {
    return false;
  }
  const [start, prefix] = ipaddr.IPv4.parseCIDR(value);
  const first = ipaddr.IPv4.networkAddressFromCIDR(value).toString();
  return start.range() === 'private' && prefix >= 16 && prefix <= 20 && first === start.toString();
}

export function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(JSON.stringify(value));
}
