import { block } from './web-acl-answers';
import type { UnorderedRule } from './web-acl-managed-groups';
import {
  and,
  headerHasAtLeast,
  headerIs,
  largerThanInspected,
  methodIsNot,
  not,
  or,
  pathMatches,
} from './web-acl-statements';

/** All of a body that a load balancer hands to the firewall: 8 KB, and it cannot be raised. */
const INSPECTED_BYTES = 8192;

/** Header in which a page sends the answer to the challenge that the application set. */
const CHALLENGE_ANSWER = 'x-challenge-answer';

/** Characters of the shortest answer that a challenge worth the name can have. */
const SHORTEST_ANSWER = 16;

/**
 * Refuses what the firewall cannot read to its end: padding a request until the attack lies behind the limit is the oldest way past it.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html
 */
export function refuseUninspected(hstsSeconds: number): UnorderedRule {
  return {
    name: 'larger-than-inspected',
    action: block('too-large', hstsSeconds),
    statement: largerThanInspected(INSPECTED_BYTES),
  };
}

/**
 * Refuses requests that change something and that another site made the browser send: the browser says so in `Sec-Fetch-Site`, or names
 * an origin that is not ours. Everything that is not known to be harmless counts as changing, and no path is exempt: a webhook is not
 * sent by a browser and carries neither header. The application's own token stands behind this; either holds alone.
 *
 * @param domainName host of the service, whose pages may send
 * @param hosts other hosts of the service; the pages of each may send to itself
 */
export function refuseForgedRequests(domainName: string, hosts: readonly string[], hstsSeconds: number): UnorderedRule {
  const ours = headerIs('origin', `https://${domainName}`);
  const theirOwn = hosts.map((host) => and([headerIs('host', host), headerIs('origin', `https://${host}`)]));
  return {
    name: 'cross-site-request',
    action: block('refused', hstsSeconds),
    statement: and([
      methodIsNot(['GET', 'HEAD', 'OPTIONS']),
      or([
        headerIs('sec-fetch-site', 'cross-site'),
        and([headerHasAtLeast('origin', 1), not(theirOwn.length > 0 ? or([ours, ...theirOwn]) : ours)]),
      ]),
    ]),
  };
}

/**
 * Makes robots fail on the routes given, for every method.
 *
 * The firewall's own CAPTCHA remembers who passed in a cookie, `aws-waf-token`, that is neither HttpOnly nor SameSite=Strict and that
 * nothing can rewrite. Where every cookie must be both, the challenge is one of the application's, a proof of work, and the firewall
 * refuses whatever is sent without an answer to it; whether the answer is right the application decides.
 *
 * @param name last part of the rule's name
 * @param path regular expression over the path in lower case
 */
export function challenge(name: string, path: string, strictCookies: boolean, hstsSeconds: number): UnorderedRule {
  const onRoute = pathMatches(path);
  if (!strictCookies) {
    return {
      name: `challenge-${name}`,
      action: { captcha: {} },
      captchaConfig: { immunityTimeProperty: { immunityTime: 300 } },
      statement: onRoute,
    };
  }
  return {
    name: `challenge-${name}`,
    action: block('refused', hstsSeconds),
    statement: and([
      onRoute,
      methodIsNot(['GET', 'HEAD', 'OPTIONS']),
      not(headerHasAtLeast(CHALLENGE_ANSWER, SHORTEST_ANSWER)),
    ]),
  };
}
