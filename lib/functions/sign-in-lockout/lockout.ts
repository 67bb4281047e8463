import { createHash } from 'node:crypto';
import { type CounterProps, clearAttempts, countAttempt } from './counter';

/** What Cognito sends before it looks at a password, and after somebody has signed in; shortened to what is read here. */
export interface SignInEvent {
  readonly triggerSource: string;
  readonly userPoolId: string;
  /** The name that was given; for an account that exists, the one that Cognito gave it. */
  readonly userName: string;
  readonly request: object;
  readonly response: object;
}

export interface LockoutProps extends CounterProps {
  readonly log: (line: string) => void;
}

/**
 * Locks an account after too many attempts to sign in without success.
 *
 * Cognito tells nobody of a wrong password: it calls before it looks, and again when everything is right, the second factor too. So each
 * attempt counts from its beginning, and a success wipes the count out. A sign-in that stops at the second factor stays counted.
 *
 * A name that nobody has is counted like any other: a lock that only accounts have would tell who has one.
 *
 * @throws to refuse; Cognito passes the words on to whoever tries. A table that does not answer refuses as well.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
 */
export function signInLockout(props: LockoutProps): (event: SignInEvent) => Promise<SignInEvent> {
  return async (event) => {
    const account = accountOf(event);
    switch (event.triggerSource) {
      case 'PreAuthentication_Authentication':
        if (!(await countAttempt(account, props))) {
          props.log(JSON.stringify({ event: 'sign-in-refused', userPoolId: event.userPoolId, account }));
          throw new Error(`Too many attempts. Try again in ${props.minutes} minutes.`);
        }
        return event;
      case 'PostAuthentication_Authentication':
        await clearAttempts(account, props);
        return event;
      default:
        throw new Error(
          `the function was called for '${event.triggerSource}', expected PreAuthentication or PostAuthentication: attach it to these two`,
        );
    }
  };
}

/** Neither table nor log holds the name: whoever mistypes may have typed a password. */
function accountOf({ userPoolId, userName }: SignInEvent): string {
  return createHash('sha256').update(`${userPoolId}\n${userName.toLowerCase()}`).digest('hex');
}
