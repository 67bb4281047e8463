import { type CachedReader, maximumPages } from '../../lib/verify/cached-reader';
import { openAccount } from '../../lib/verify/open-account';
import { isolateEnvironment } from './environment';
import { now, rightAnswer } from './recordings';
import { type Answer, type Answers, callerIdentity, type SeenRequest, StandIn, unknownOperationPage } from './stand-in';

isolateEnvironment();

let standIn: StandIn;
let account: CachedReader;
afterEach(async () => {
  account.close();
  await standIn.stop();
});

const isIdentity = ({ action }: SeenRequest) => action.startsWith('sts:');

/** An account that answers the reads as given. */
async function open(answers: Answers, maxAttempts = 1): Promise<CachedReader> {
  standIn = await StandIn.start((request) => (isIdentity(request) ? callerIdentity() : answers(request)));
  process.env.AWS_ENDPOINT_URL = standIn.endpoint;
  account = await openAccount({ region: 'eu-central-1', now, maxAttempts, timeout: maxAttempts > 1 ? 3_000 : 500 });
  standIn.seen.length = 0;
  return account;
}

describe('another Region', () => {
  test('is asked with requests signed for it, once each, and by no other reader', async () => {
    const reader = await open(rightAnswer);
    const first = standIn.regions.length;
    await reader.read('cloudtrail:GetTrailStatus', { Name: 'audit' });
    await reader.in('eu-west-1').read('cloudtrail:GetTrailStatus', { Name: 'audit' });
    await reader.in('eu-west-1').read('cloudtrail:GetTrailStatus', { Name: 'audit' });
    expect(standIn.regions.slice(first)).toEqual(['eu-central-1', 'eu-west-1']);
    expect(reader.in('eu-central-1')).toBe(reader);
    expect(reader.in('eu-west-1')).toMatchObject({ region: 'eu-west-1', accountId: '111122223333', now });
  });
});

describe('one read', () => {
  test('gives plain data: times as text, nothing of the SDK', async () => {
    const { read } = bound(await open(rightAnswer));
    const answer = await read('cloudtrail:GetTrailStatus', { Name: 'audit' });
    expect(answer).toMatchObject({
      ok: true,
      value: {
        IsLogging: true,
        LatestDeliveryTime: '2026-03-02T11:56:00.000Z',
        LatestDigestDeliveryTime: '2026-03-02T11:19:30.000Z',
      },
    });
    expect(answer).not.toHaveProperty('value.$metadata');
    expect(standIn.seen).toEqual([{ action: 'cloudtrail:GetTrailStatus', input: { Name: 'audit' } }]);
  });

  test.each<readonly [string, Answer, string, RegExp]>([
    ['denied', { error: 'AccessDeniedException', message: 'not authorized to perform' }, 'denied', /not authorized/],
    ['denied by status', { error: 'SomethingElse', status: 403 }, 'denied', /SomethingElse/],
    ['an expired session', { error: 'ExpiredTokenException' }, 'denied', /ExpiredToken/],
    ['throttled', { error: 'ThrottlingException', message: 'Rate exceeded' }, 'throttled', /Rate exceeded/],
    ['too many requests', { error: 'TooManyRequestsException', status: 429 }, 'throttled', /TooMany/],
    ['a page of a server that knows no such operation', unknownOperationPage, 'not-implemented', /HTTP 500/],
    ['an unknown operation', { error: 'UnknownOperationException' }, 'not-implemented', /UnknownOperation/],
    ['501', { raw: '{}', status: 501, type: 'application/x-amz-json-1.1' }, 'not-implemented', /./],
    [
      'an error of the operation',
      { error: 'com.amazonaws.cloudtrail.v20131101#TrailNotFoundException', message: 'Unknown trail' },
      'failed',
      /TrailNotFoundException: Unknown trail/,
    ],
    ['a fault of the service', { error: 'InternalFailure', status: 500 }, 'failed', /InternalFailure/],
    [
      'half an answer',
      { raw: '{"IsLogging": tr', status: 200, type: 'application/x-amz-json-1.1' },
      'failed',
      /HTTP 200/,
    ],
    ['the page of a proxy', { raw: '<html>sign in</html>', status: 200 }, 'failed', /no answer of the service/],
    ['a broken connection', 'hang up', 'failed', /hang up|ECONNRESET/],
    ['a service that never answers', 'never', 'failed', /500 ms/],
    ['an answer that never ends', 'drip', 'failed', /no whole answer within 1000 ms/],
  ])('fails as it must: %s', async (_name, answer, failure, message) => {
    const { read } = bound(await open(() => answer));
    expect(await read('cloudtrail:GetTrailStatus', { Name: 'audit' })).toEqual({
      ok: false,
      failure,
      message: expect.stringMatching(message),
    });
  });

  test('is tried again while the service throttles, and gives the answer that follows', async () => {
    let requests = 0;
    const { read } = bound(
      await open((request) => (++requests < 3 ? { error: 'ThrottlingException' } : rightAnswer(request)), 3),
    );
    expect(await read('cloudtrail:GetTrailStatus', { Name: 'audit' })).toMatchObject({ ok: true });
    expect(requests).toBe(3);
  });

  test('is throttled once every attempt was', async () => {
    const { read } = bound(await open(() => ({ error: 'ThrottlingException' }), 2));
    expect(await read('cloudtrail:GetTrailStatus', { Name: 'audit' })).toMatchObject({ failure: 'throttled' });
    expect(standIn.seen).toHaveLength(2);
  });

  test('fails where nobody listens any more', async () => {
    const { read } = bound(await open(rightAnswer));
    await standIn.stop();
    expect(await read('cloudtrail:GetTrailStatus', { Name: 'audit' })).toEqual({
      ok: false,
      failure: 'failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    standIn = await StandIn.start(rightAnswer);
  });

  test('of a listing that goes on is incomplete', async () => {
    const { read } = bound(await open(rightAnswer));
    expect(await read('config:DescribeConfigRules')).toMatchObject({ ok: false, failure: 'incomplete' });
  });

  test.each([
    'cloudtrail:StopLogging',
    'cloudtrail:DeleteTrail',
    'config:PutConfigRule',
    'config:StartConfigRulesEvaluation',
    'config:SelectResourceConfig',
    'sts:AssumeRole',
    'sts:GetSessionToken',
    's3:ListBuckets',
    'cloudtrail:Getaway',
    'cloudtrail',
    'cloudtrail:GetTrail:GetTrail',
  ])('fails before anything is sent when it is %s', async (action) => {
    const { read, list } = bound(await open(rightAnswer));
    await expect(read(action)).rejects.toThrow(action);
    await expect(list(action, 'Items')).rejects.toThrow(action);
    expect(standIn.seen).toEqual([]);
  });
});

describe('a listing', () => {
  const rules = (answers: Answers) =>
    open(answers).then((reader) => bound(reader).list('config:DescribeConfigRules', 'ConfigRules'));

  test('comes whole, page by page', async () => {
    const answer = await rules(rightAnswer);
    expect(answer).toMatchObject({
      ok: true,
      value: [{ ConfigRuleName: 'databases-encrypted' }, { ConfigRuleName: 'keys-rotate' }],
    });
    expect(standIn.seen.map(({ input }) => input)).toEqual([{}, { NextToken: 'page-2' }]);
  });

  test.each<readonly [string, Answer]>([
    ['denied', { error: 'AccessDeniedException' }],
    ['throttled', { error: 'ThrottlingException' }],
    ['not implemented', unknownOperationPage],
    ['without its list', { body: {} }],
    ['cut off', 'hang up'],
  ])('whose second page is %s comes not at all', async (_name, second) => {
    const answer = await rules((request) => ('NextToken' in request.input ? second : rightAnswer(request)));
    expect(answer).toEqual({ ok: false, failure: 'incomplete', message: expect.stringMatching(/^page 2 failed: ./) });
  });

  test('whose first page is denied is denied', async () => {
    expect(await rules(() => ({ error: 'AccessDeniedException' }))).toMatchObject({ failure: 'denied' });
  });

  test.each([[{}], [{ ConfigRules: null }]])('that is no list has failed: %j', async (body) => {
    const answer = await rules(() => ({ body }));
    expect(answer).toMatchObject({ failure: 'failed', message: 'the answer holds no list ConfigRules' });
  });

  test('of nothing is an empty list', async () => {
    expect(await rules(() => ({ body: { ConfigRules: [] } }))).toEqual({ ok: true, value: [] });
  });

  test('that leads back to a page is incomplete', async () => {
    const answer = await rules(() => ({ body: { ConfigRules: [], NextToken: 'again' } }));
    expect(answer).toMatchObject({ failure: 'incomplete', message: expect.stringContaining('read already') });
    expect(standIn.seen).toHaveLength(2);
  });

  test('without end is incomplete', async () => {
    let page = 0;
    const answer = await rules(() => ({ body: { ConfigRules: [], NextToken: `page-${++page}` } }));
    expect(answer).toMatchObject({ failure: 'incomplete', message: `more than ${maximumPages} pages` });
    expect(standIn.seen).toHaveLength(maximumPages);
  });
});

describe('a run', () => {
  test('asks the same thing once, whatever the order of its members, failures included', async () => {
    const { read, list } = bound(
      await open((request) =>
        request.action.endsWith('Selectors') ? { error: 'AccessDeniedException' } : rightAnswer(request),
      ),
    );
    await Promise.all([
      list('cloudtrail:DescribeTrails', 'trailList', { includeShadowTrails: true, trailNameList: [] }),
      list('cloudtrail:DescribeTrails', 'trailList', { trailNameList: [], includeShadowTrails: true }),
      read('cloudtrail:GetEventSelectors', { TrailName: 'audit' }),
    ]);
    await read('cloudtrail:GetEventSelectors', { TrailName: 'audit' });
    await read('cloudtrail:GetEventSelectors', { TrailName: 'another' });
    expect(standIn.actions().filter((action) => action.endsWith('Trails'))).toHaveLength(1);
    expect(standIn.actions().filter((action) => action.endsWith('Selectors'))).toHaveLength(2);
  });

  test('keeps few requests under way at once, and answers them all', async () => {
    const { read } = bound(await open(rightAnswer));
    const names = Array.from({ length: 40 }, (_, index) => `trail-${index}`);
    const answers = await Promise.all(names.map((Name) => read('cloudtrail:GetTrailStatus', { Name })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(40);
    expect(standIn.busiest).toBeGreaterThan(1);
    expect(standIn.busiest).toBeLessThanOrEqual(6);
  });
});

function bound(reader: CachedReader) {
  return { read: reader.read.bind(reader), list: reader.list.bind(reader) };
}
