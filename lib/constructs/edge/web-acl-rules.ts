import type { Construct } from 'constructs';
import type { Organisation } from '../../settings/environment';
import type { RateLimits } from '../../settings/figures';
import { type ManagedGroup, managedGroups, type UnorderedRule } from './web-acl-managed-groups';
import { organisationsOnly } from './web-acl-organisations';
import { type LimitedRoutes, ROUTES, rateLimit, rateLimits } from './web-acl-rate-limits';
import { challenge, refuseForgedRequests, refuseUninspected } from './web-acl-request-checks';

export interface ApplicationRulesProps {
  /** Host of the application: the only origin that may send it anything that changes something. */
  readonly domainName: string;
  /** Requests of one client in five minutes, per group of routes. */
  readonly limits: RateLimits;
  readonly hstsSeconds: number;
  /** Whether every cookie must be HttpOnly, Secure and SameSite=Strict; decides who sets the challenge. */
  readonly strictCookies: boolean;
  /** Rules that come before all others, such as those of a honeypot. */
  readonly first: readonly UnorderedRule[];
  /**
   * Paths of the groups of routes, as regular expressions over the path in lower case.
   *
   * @default - the usual names in English, with and without `/api/` and a version in front
   */
  readonly routes?: Readonly<Record<LimitedRoutes, string>>;
  /**
   * Organisations that only their own addresses may reach.
   *
   * @default - none: nobody is kept out by address
   */
  readonly organisations?: readonly Organisation[];
}

const FOR_APPLICATIONS: readonly ManagedGroup[] = [
  'ip-reputation',
  'anonymous-ip',
  'known-bad-inputs',
  'core-rules',
  'sql-injection',
  'linux',
];

/** Cognito shows the firewall no body, and its API is called by our own servers too, which are computers of a hosting provider. */
const FOR_USER_POOLS: readonly ManagedGroup[] = ['ip-reputation', 'known-bad-inputs', 'core-rules'];

/**
 * Rules in front of an application. Limits come before what costs time to inspect, and every limit counts what the rules behind it
 * would refuse.
 */
export function applicationRules(scope: Construct, props: ApplicationRulesProps): UnorderedRule[] {
  const { domainName, hstsSeconds, organisations = [], strictCookies, routes = ROUTES } = props;
  const hosts = organisations.map(({ host }) => host);
  return [
    ...props.first,
    ...organisationsOnly(scope, organisations, hstsSeconds),
    ...rateLimits(props.limits, routes, hstsSeconds),
    refuseUninspected(hstsSeconds),
    refuseForgedRequests(domainName, hosts, hstsSeconds),
    challenge('contact', routes.contact, strictCookies, hstsSeconds),
    challenge('sign-up', routes.signUp, strictCookies, hstsSeconds),
    ...managedGroups(FOR_APPLICATIONS),
  ];
}

/**
 * Rules in front of user pools, whose API is a public entry of its own. One limit over everything and not one per operation: our own
 * servers sign people in from a handful of addresses, and whoever lacks the secret of their client gets no further anyway. A page on
 * our domain calls another host here, so nothing is refused for crossing sites.
 *
 * @param limit requests of one client in five minutes
 */
export function userPoolRules(first: readonly UnorderedRule[], limit: number, hstsSeconds: number): UnorderedRule[] {
  return [...first, rateLimit(limit, hstsSeconds), ...managedGroups(FOR_USER_POOLS)];
}
