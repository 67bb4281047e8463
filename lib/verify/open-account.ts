import { InputError } from '../control/input-error';
import type { FailedRead } from '../control/live';
import { CachedReader } from './cached-reader';
import { failedRead, nameOf } from './failed-read';
import { SdkClients } from './sdk-clients';

export interface AccountProps {
  /** Region whose resources are read; the SDK's own settings do not decide what is judged. */
  readonly region: string;
  /** Time of the run. @default - the moment of the call */
  readonly now?: Date;
  /** Account that the credentials must belong to, 12 digits. @default - any */
  readonly expectedAccount?: string;
  /** Where requests go instead of AWS. @default - AWS_ENDPOINT_URL and the SDK's other settings, or AWS itself */
  readonly endpoint?: string;
  /** Attempts at one request, the first included. @default 5 */
  readonly maxAttempts?: number;
  /** Milliseconds that one attempt may take. @default 20000 */
  readonly timeout?: number;
}

/**
 * Opens the account that the SDK's ordinary credential chain leads to (environment, profile, single sign-on, role of the machine).
 * Everything that it sends only reads. The caller closes it.
 *
 * @throws InputError where there are no credentials, AWS refuses them, nobody answers, or they belong to another account
 */
export async function openAccount(props: AccountProps): Promise<CachedReader> {
  const { region, now = new Date(), endpoint, maxAttempts = 5, timeout = 20_000 } = props;
  const clients = new SdkClients({ region, endpoint, maxAttempts, timeout });
  try {
    const accountId = await identify(clients);
    const { expectedAccount } = props;
    if (expectedAccount !== undefined && expectedAccount !== accountId) {
      throw new InputError(
        `the credentials belong to account ${accountId}, expected ${expectedAccount}: use a profile or role of that account`,
      );
    }
    return new CachedReader(clients, accountId, region, now);
  } catch (error) {
    clients.close();
    throw error;
  }
}

async function identify(clients: SdkClients): Promise<string> {
  let account: unknown;
  try {
    account = Reflect.get(await clients.send('sts:GetCallerIdentity', {}), 'Account');
  } catch (error) {
    throw new InputError(unidentified(failedRead(error), nameOf(error)));
  }
  if (typeof account !== 'string' || !/^\d{12}$/.test(account)) {
    throw new InputError(
      `sts:GetCallerIdentity named no account, got ${JSON.stringify(account) ?? 'nothing'}: check AWS_ENDPOINT_URL`,
    );
  }
  return account;
}

function unidentified({ failure, message }: FailedRead, name: string): string {
  if (['CredentialsProviderError', 'TokenProviderError', 'ProviderError'].includes(name)) {
    const words = message.replace(`${name}: `, '');
    return `no AWS credentials found: ${words}: set AWS_PROFILE, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`;
  }
  return failure === 'denied'
    ? `the AWS credentials were refused: ${message}: renew them or use others`
    : `the account could not be identified: sts:GetCallerIdentity: ${message}: check the network, the region and AWS_ENDPOINT_URL`;
}
