import { Duration } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';

/** Cognito issues no refresh token that lives for less. */
const SHORTEST_REFRESH_MINUTES = 60;

export interface UserDirectoryClientProps {
  readonly userPool: cognito.IUserPool;
  /** Exact `https` address that a sign-in returns to. */
  readonly callbackUrl: string;
  /** Exact `https` address that a sign-out returns to. */
  readonly logoutUrl: string;
  /** Minutes for which an access or ID token is valid, 5 to 1440. */
  readonly tokenMinutes: number;
}

/**
 * Registers the server of an application with a user pool. The server, not the browser: it has a secret, which Cognito hands to whoever
 * may call `DescribeUserPoolClient`, so it stands in no template and no output; and tokens never leave it.
 *
 * A session cannot end after fifteen idle minutes by these figures alone: the shortest refresh token lives for an hour. The server must
 * remember when it last saw somebody, and refuse to refresh.
 *
 * @throws if an address is not `https` or a validity is outside what Cognito offers
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
 */
export function userDirectoryClient(
  scope: Construct,
  id: string,
  props: UserDirectoryClientProps,
): cognito.UserPoolClient {
  check(props);
  const attributes = new cognito.ClientAttributes().withStandardAttributes({
    email: true,
    givenName: true,
    familyName: true,
    locale: true,
  });
  const tokens = Duration.minutes(props.tokenMinutes);

  return new cognito.UserPoolClient(scope, id, {
    userPool: props.userPool,
    generateSecret: true,
    // Lets threat protection see the address and device of the person instead of the server's
    enablePropagateAdditionalUserContextData: true,
    supportedIdentityProviders: [cognito.UserPoolClientIdentityProvider.COGNITO],
    authFlows: { userSrp: true },
    oAuth: {
      flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
      scopes: [cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
      callbackUrls: [props.callbackUrl],
      logoutUrls: [props.logoutUrl],
    },
    preventUserExistenceErrors: true,
    authSessionValidity: Duration.minutes(3),
    accessTokenValidity: tokens,
    idTokenValidity: tokens,
    refreshTokenValidity: Duration.minutes(Math.max(SHORTEST_REFRESH_MINUTES, props.tokenMinutes)),
    // Each refresh replaces the token; ten seconds are left to repeat a request whose answer was lost
    refreshTokenRotationGracePeriod: Duration.seconds(10),
    enableTokenRevocation: true,
    readAttributes: attributes.withStandardAttributes({ emailVerified: true }),
    writeAttributes: attributes,
  });
}

function check({ callbackUrl, logoutUrl, tokenMinutes }: UserDirectoryClientProps): void {
  for (const url of [callbackUrl, logoutUrl]) {
    if (!url.startsWith('https://') || url.includes('*')) {
      throw new Error(`'${url}' is no address to return to: give one exact address that begins with https://`);
    }
  }
  if (!Number.isInteger(tokenMinutes) || tokenMinutes < 5 || tokenMinutes > 1440) {
    throw new Error(
      `a token cannot be valid for ${tokenMinutes} minutes: Cognito issues tokens for 5 to 1440 whole minutes, choose one of these`,
    );
  }
}
