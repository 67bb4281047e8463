import type { FailedRead, ReadFailure } from '../control/live';

const denied =
  /^(AccessDenied|Access ?Denied|Unauthorized|NotAuthorized|AuthFailure|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|OptInRequired|InvalidSignature)/;

const throttled =
  /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|BandwidthLimitExceeded|SlowDown|PriorRequestNotComplete|EC2Throttled)/;

const notImplemented = /^(UnknownOperation|InvalidAction|NotImplemented)/;

/** Sorts what the SDK threw after its last attempt. What is of no known kind has `failed`: none of them is ever a pass. */
export function failedRead(error: unknown): FailedRead {
  return { ok: false, failure: kindOf(error), message: messageOf(error) };
}

/** Name under which the service, or the SDK, knows an error. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function kindOf(error: unknown): ReadFailure {
  const name = nameOf(error);
  const status = statusOf(error);
  if (throttled.test(name) || status === 429) {
    return 'throttled';
  }
  if (notImplemented.test(name) || status === 501 || (isUnreadable(error) && [404, 405, 500].includes(status ?? 0))) {
    return 'not-implemented';
  }
  return denied.test(name) || status === 401 || status === 403 ? 'denied' : 'failed';
}

function messageOf(error: unknown): string {
  if (isUnreadable(error)) {
    return `the endpoint answered HTTP ${statusOf(error) ?? 'without a status'} with something that is no answer of the service`;
  }
  const name = nameOf(error);
  const code = textIn(error, 'code');
  // The SDK appends lines for its own developers
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const words = line.trim() || code || 'no reason given';
  return ['Error', 'Unknown', ''].includes(name) ? words : `${name}: ${words}`;
}

/** The body did not parse: a page of a proxy, an operation that a stand-in for AWS does not know, an answer cut off. */
function isUnreadable(error: unknown): boolean {
  return nameOf(error) === 'SyntaxError' && statusOf(error) !== undefined;
}

function statusOf(error: unknown): number | undefined {
  const metadata = memberOf(error, '$metadata');
  const status = memberOf(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

function textIn(error: unknown, member: string): string {
  const value = memberOf(error, member);
  return typeof value === 'string' ? value : '';
}

function memberOf(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
}
