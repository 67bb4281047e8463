import type { Subject } from '../../../lib/template/subject';
import { matchesWildcard } from '../../../lib/template/wildcard';

/** Suffixes below which anybody can have a host of their own: naming one lets data out to strangers. */
const shared = [
  'amazonaws.com',
  'amazonaws.eu',
  'amazonaws.com.cn',
  'api.aws',
  'on.aws',
  'cloudfront.net',
  'azurewebsites.net',
  'windows.net',
  'azure.com',
  'googleapis.com',
  'github.io',
  'herokuapp.com',
  'vercel.app',
  'workers.dev',
];

/** Hosts as a firewall writes them, whichever: `*.example.com` and `.example.com` are the same, and case does not matter. */
export function hostOf(written: string): string {
  return written.trim().toLowerCase().replace(/\.$/, '').replace(/^\*\./, '.');
}

/** Whether a host stands for strangers' hosts too: everything, a whole top level, or what anybody can have a host below. */
export function isForStrangers(host: string): boolean {
  if (!/^[*.]/.test(host)) {
    return host === '' || host.includes('*');
  }
  const below = host.replace(/^[*.]+/, '');
  return !below.includes('.') || shared.some((suffix) => below === suffix || below.endsWith(`.${suffix}`));
}

/**
 * Hosts of the register as they read where the subject is deployed; what is not known of the place matches anything. AWS in another
 * partition is not for the identities of this one, and need not be allowed.
 */
export function registeredHosts(registered: readonly string[], { template }: Subject): readonly string[] {
  const { account, region } = template.origin;
  const isSovereign = region?.startsWith('eusc-') ?? false;
  const suffix = region === undefined ? '*' : isSovereign ? 'amazonaws.eu' : 'amazonaws.com';
  const foreign = region === undefined ? /^$/ : isSovereign ? /\.amazonaws\.com$/ : /\.amazonaws\.eu$/;
  return registered
    .map((host) =>
      hostOf(host)
        .replaceAll('{account}', account ?? '*')
        .replaceAll('{region}', region ?? '*')
        .replaceAll('{suffix}', suffix),
    )
    .filter((host) => !foreign.test(host));
}

/** Whether the register lists a host, or all of what it lies below. */
export function isRegistered(host: string, registered: readonly string[]): boolean {
  return registered.some((known) => matchesWildcard(known, host) || (known.startsWith('.') && host.endsWith(known)));
}
