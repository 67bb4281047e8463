import { InputError } from '../../lib/control/input-error';
import { type AccountProps, openAccount } from '../../lib/verify/open-account';
import { isolateEnvironment } from './environment';
import { type Answer, type Answers, callerIdentity, StandIn, unknownOperationPage } from './stand-in';

isolateEnvironment();

let standIn: StandIn;
afterEach(() => standIn?.stop());

/** Opens an account of which AWS_ENDPOINT_URL tells; STS answers as given. */
async function open(identity: Answer, props: Partial<AccountProps> = {}, answers: Answers = () => identity) {
  standIn = await StandIn.start(answers);
  process.env.AWS_ENDPOINT_URL = standIn.endpoint;
  return openAccount({ region: 'eu-central-1', maxAttempts: 2, timeout: 2_000, ...props });
}

describe('opening an account', () => {
  test('asks STS who it is, at AWS_ENDPOINT_URL', async () => {
    const now = new Date('2026-03-02T12:00:00Z');
    const account = await open(callerIdentity(), { now, region: 'eu-west-1', expectedAccount: '111122223333' });
    account.close();
    expect(account).toMatchObject({ accountId: '111122223333', region: 'eu-west-1', now });
    expect(standIn.actions()).toEqual(['sts:GetCallerIdentity']);
  });

  test('an endpoint given by the caller comes before AWS_ENDPOINT_URL', async () => {
    standIn = await StandIn.start(() => callerIdentity());
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    const account = await openAccount({ region: 'eu-central-1', endpoint: standIn.endpoint });
    account.close();
    expect(account.accountId).toBe('111122223333');
  });

  test('fails without credentials, and says what to set', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const opening = open(callerIdentity());
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(/^no AWS credentials found: .*set AWS_PROFILE/);
    expect(standIn.seen).toEqual([]);
  });

  test('fails with credentials of another account', async () => {
    const opening = open(callerIdentity('444455556666'), { expectedAccount: '111122223333' });
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow('the credentials belong to account 444455556666, expected 111122223333');
  });

  test.each<readonly [string, Answer, RegExp]>([
    ['expired', { error: 'ExpiredTokenException', status: 403 }, /^the AWS credentials were refused: ExpiredToken/],
    ['unknown', { error: 'InvalidClientTokenId', status: 403 }, /^the AWS credentials were refused: InvalidClient/],
    [
      'a page instead of an answer',
      unknownOperationPage,
      /^the account could not be identified: sts:GetCallerIdentity: /,
    ],
    [
      'an answer without an account',
      { body: '<GetCallerIdentityResponse/>' },
      /^sts:GetCallerIdentity named no account/,
    ],
    ['a connection that breaks', 'hang up', /^the account could not be identified: .*check the network/],
  ])('fails with credentials that are %s', async (_name, identity, message) => {
    const opening = open(identity);
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(message);
  });

  test('fails where nobody listens', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    const opening = openAccount({ region: 'eu-central-1', maxAttempts: 1 });
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(/could not be identified: .*ECONNREFUSED/);
  });
});
