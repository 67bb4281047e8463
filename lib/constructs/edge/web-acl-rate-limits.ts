import type { aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import type { RateLimits } from '../../settings/figures';
import { block, RATE_WINDOW_SECONDS } from './web-acl-answers';
import type { UnorderedRule } from './web-acl-managed-groups';
import { pathMatches } from './web-acl-statements';

/** Groups of routes with a limit of their own; what is left is `publicPages`. */
export type LimitedRoutes = Exclude<keyof RateLimits, 'publicPages'>;

const VERSIONED = '^/(api/)?(v[0-9]+/)?';
// Not `$`: `/login/`, `/login;a=b` and `/login.json` reach the same code on many servers
const END = '([^a-z0-9_-]|$)';

/** Which paths belong to a group, as regular expressions over the path in lower case. */
export const ROUTES: Readonly<Record<LimitedRoutes, string>> = {
  login: `${VERSIONED}(auth/)?(log-?in|sign-?in|session|token|mfa)${END}`,
  passwordReset: `${VERSIONED}(auth/)?(password|forgot-?password|reset-?password|recover)${END}`,
  contact: `${VERSIONED}(contact|feedback|support)${END}`,
  signUp: `${VERSIONED}(auth/)?(sign-?up|register|registration|invite)${END}`,
  billing: `${VERSIONED}(billing|payment|payments|checkout|invoice|invoices|subscription|subscriptions)${END}`,
  api: `^/api${END}`,
};

/**
 * A limit per client and group of routes, and one over everything. Clients are told apart by the address of their connection;
 * callers of the API by their credential as well, because one stolen credential can be used from a thousand addresses.
 *
 * @param limits requests in five minutes
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
 */
export function rateLimits(
  limits: RateLimits,
  routes: Readonly<Record<LimitedRoutes, string>>,
  hstsSeconds: number,
): UnorderedRule[] {
  const action = block('too-many', hstsSeconds);
  const perRoute = Object.entries(routes).map(([group, path]): UnorderedRule => {
    const limit = limitOf(limits, group);
    return { name: `limit-${kebab(group)}`, action, statement: perAddress(limit, pathMatches(path)) };
  });
  return [
    ...perRoute,
    { name: 'limit-api-credential', action, statement: perCredential(limits.api, pathMatches(routes.api)) },
    { name: 'limit-public', action, statement: perAddress(limits.publicPages) },
  ];
}

/** One limit over everything, per address. */
export function rateLimit(limit: number, hstsSeconds: number): UnorderedRule {
  return { name: 'limit-public', action: block('too-many', hstsSeconds), statement: perAddress(limit) };
}

function perAddress(
  limit: number,
  scopeDownStatement?: wafv2.CfnWebACL.StatementProperty,
): wafv2.CfnWebACL.StatementProperty {
  return {
    rateBasedStatement: {
      aggregateKeyType: 'IP',
      evaluationWindowSec: RATE_WINDOW_SECONDS,
      limit: accepted(limit),
      ...(scopeDownStatement ? { scopeDownStatement } : {}),
    },
  };
}

function perCredential(
  limit: number,
  scopeDownStatement: wafv2.CfnWebACL.StatementProperty,
): wafv2.CfnWebACL.StatementProperty {
  return {
    rateBasedStatement: {
      aggregateKeyType: 'CUSTOM_KEYS',
      customKeys: [{ header: { name: 'authorization', textTransformations: [{ priority: 0, type: 'NONE' }] } }],
      evaluationWindowSec: RATE_WINDOW_SECONDS,
      limit: accepted(limit),
      scopeDownStatement,
    },
  };
}

function limitOf(limits: RateLimits, group: string): number {
  const found = Object.entries(limits).find(([name]) => name === group)?.[1];
  if (found === undefined) {
    throw new Error(
      `there is no rate limit for the routes '${group}', expected one of ${Object.keys(limits).join(', ')}`,
    );
  }
  return found;
}

function accepted(limit: number): number {
  if (!Number.isInteger(limit) || limit < 10) {
    throw new Error(
      `a rate limit is ${limit} requests in five minutes, expected a whole number from 10, the least that AWS WAF takes`,
    );
  }
  return limit;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
