import type { aws_wafv2 as wafv2 } from 'aws-cdk-lib';

/** What the firewall answers itself. One sentence each: an answer that explains the rule teaches how to get past it. */
export const ANSWERS: Readonly<Record<Answer, wafv2.CfnWebACL.CustomResponseBodyProperty>> = {
  refused: { contentType: 'APPLICATION_JSON', content: '{"error":"request refused"}' },
  'too-many': { contentType: 'APPLICATION_JSON', content: '{"error":"too many requests"}' },
  'too-large': { contentType: 'APPLICATION_JSON', content: '{"error":"request too large"}' },
};

type Answer = 'refused' | 'too-many' | 'too-large';

const STATUS: Readonly<Record<Answer, number>> = { refused: 403, 'too-many': 429, 'too-large': 413 };

/**
 * Blocks, and answers with a status and a fixed body, with the headers that every other answer has.
 *
 * @param hstsSeconds seconds for which browsers remember to use HTTPS only
 */
export function block(answer: Answer, hstsSeconds: number): wafv2.CfnWebACL.RuleActionProperty {
  return {
    block: {
      customResponse: {
        responseCode: STATUS[answer],
        customResponseBodyKey: answer,
        responseHeaders: [
          { name: 'Strict-Transport-Security', value: `max-age=${hstsSeconds}; includeSubDomains` },
          { name: 'X-Content-Type-Options', value: 'nosniff' },
          { name: 'Cache-Control', value: 'no-store' },
          ...(answer === 'too-many' ? [{ name: 'Retry-After', value: String(RATE_WINDOW_SECONDS) }] : []),
        ],
      },
    },
  };
}

/** Seconds over which requests are counted; the window moves with time. */
export const RATE_WINDOW_SECONDS = 300;
