import { loadCatalogue } from '../../bin/catalogue';
import { type Control, defineControl } from '../../lib/control/control';
import type { AccountReader, LiveHalf } from '../../lib/control/live';
import { satisfied } from '../../lib/control/verdict';
import { openAccount } from '../../lib/verify/open-account';
import { digestOf } from '../../lib/verify/plain-data';
import { onlyDeclared, verifyAccount } from '../../lib/verify/verify-account';
import { figuresOf } from '../control-tester';
import { RecordedAccount } from '../recorded-account';
import { isolateEnvironment } from './environment';
import { brokenRule, changed, emptyLists, now, rightAnswer, trailArn } from './recordings';
import { type Answer, type Answers, callerIdentity, StandIn, unknownOperationPage } from './stand-in';

isolateEnvironment();

const catalogue = loadCatalogue();
const live = ['det-05', 'log-01'].map((id) => {
  const control = catalogue.find((each) => each.id === id);
  if (!control) {
    throw new Error(`no control ${id}`);
  }
  return control;
});

/** Verifies the two controls against a stand-in that answers as given, with the right answers elsewhere. */
async function verify(answers: (...request: Parameters<Answers>) => Answer | undefined, controls = live) {
  const standIn = await StandIn.start((request) =>
    request.action.startsWith('sts:') ? callerIdentity() : (answers(request) ?? rightAnswer(request)),
  );
  const account = await openAccount({
    region: 'eu-central-1',
    now,
    endpoint: standIn.endpoint,
    maxAttempts: 2,
    timeout: 2_000,
  });
  try {
    const evidence = await verifyAccount({ controls, figures: figuresOf(merged(controls)), account });
    return { ...evidence, actions: standIn.actions(), verdicts: evidence.controls.map(({ verdict }) => verdict) };
  } finally {
    account.close();
    await standIn.stop();
  }
}

/** One control with the parameters of several, so that one set of figures serves them. */
function merged(controls: readonly Control[]): Control {
  const [first] = controls;
  if (!first) {
    throw new Error('no control to verify');
  }
  return { ...first, parameters: Object.assign({}, ...controls.map(({ parameters }) => parameters)) };
}

const on =
  (action: string, answer: Answer) =>
  (request: Parameters<Answers>[0]): Answer | undefined =>
    request.action === action ? answer : undefined;

describe('an account that keeps its promises', () => {
  test('satisfies both controls, with what was seen of each subject', async () => {
    const { controls, verdicts, targets, facts } = await verify(() => undefined);
    expect(verdicts).toEqual(['satisfied', 'satisfied']);
    expect(targets).toEqual([
      {
        path: 'account/111122223333/eu-central-1',
        sha256: digestOf(facts),
        account: '111122223333',
        region: 'eu-central-1',
      },
    ]);
    const [config, trail] = controls;
    expect(config?.subjects.map(({ logicalId, verdict }) => [logicalId, verdict])).toEqual([
      ['default', 'satisfied'],
      ['default', 'satisfied'],
      ['databases-encrypted', 'satisfied'],
      ['keys-rotate', 'satisfied'],
    ]);
    expect(trail).toMatchObject({ id: 'log-01', parameters: { 'audit.dataEvents': true } });
    expect(trail?.subjects).toMatchObject([
      { target: 'account/111122223333/eu-central-1', logicalId: trailArn, type: 'AWS::CloudTrail::Trail' },
    ]);
    expect(trail?.subjects[0]?.observations).toContainEqual({
      property: 'LatestDeliveryTime',
      value: '2026-03-02T11:56:00.000Z',
    });
  });

  test('facts are plain data, which judged again give the same verdicts', async () => {
    const { facts, controls } = await verify(() => undefined);
    const stored = JSON.parse(JSON.stringify(facts));
    expect(stored).toEqual(facts);
    for (const [index, control] of live.entries()) {
      const again = control.live?.judge(stored[control.id], { figures: figuresOf(control) });
      expect(again?.map(({ outcome }) => outcome.verdict)).toEqual(
        controls[index]?.subjects.map(({ verdict }) => verdict),
      );
    }
  });
});

describe('an account that breaks them', () => {
  test.each<readonly [string, Parameters<typeof verify>[0], readonly string[], RegExp]>([
    [
      'a trail that is stopped',
      (request) =>
        request.action === 'cloudtrail:GetTrailStatus' ? changed(request, { IsLogging: false }) : undefined,
      ['satisfied', 'not-satisfied'],
      /trail arn:aws:cloudtrail:\S+ records nothing/,
    ],
    [
      'a rule on the second page that is broken',
      (request) =>
        request.action === 'config:DescribeComplianceByConfigRule' && request.input.NextToken === 'more'
          ? { body: brokenRule }
          : undefined,
      ['not-satisfied', 'satisfied'],
      /rule keys-rotate of AWS Config is broken; resources that break it: 2$/,
    ],
    [
      'nothing in it',
      ({ action }) => ({ body: emptyLists[action] }),
      ['not-satisfied', 'not-satisfied'],
      /no configuration recorder is there/,
    ],
  ])('is found out: %s', async (_name, answers, expected, message) => {
    const { controls, verdicts } = await verify(answers);
    expect(verdicts).toEqual(expected);
    const findings = controls.flatMap(({ subjects }) => subjects).filter(({ verdict }) => verdict === 'not-satisfied');
    expect(findings.map((subject) => subject.message).join('\n')).toMatch(message);
    expect(findings.every(({ fix }) => fix !== undefined)).toBe(true);
  });
});

describe('an account that cannot be looked at', () => {
  const refusals: readonly (readonly [string, Answer, string])[] = [
    ['denied', { error: 'AccessDeniedException' }, 'was denied'],
    ['throttled', { error: 'ThrottlingException' }, 'was throttled until the last attempt'],
    ['not implemented', unknownOperationPage, 'is not implemented by the endpoint'],
    ['half an answer', { raw: '{', status: 200, type: 'application/x-amz-json-1.1' }, 'failed'],
    ['hung up on', 'hang up', 'failed'],
  ];

  test.each(refusals)('%s everywhere: nothing is satisfied', async (_name, answer) => {
    const { verdicts } = await verify(() => answer);
    expect(verdicts).toEqual(['not-assessed', 'not-assessed']);
  });

  test.each(refusals)(
    '%s in one read: that control is not assessed, the other goes on',
    async (_name, answer, words) => {
      const { controls, verdicts } = await verify(on('config:DescribeConfigRules', answer));
      expect(verdicts).toEqual(['not-assessed', 'satisfied']);
      const reasons = controls.flatMap(({ subjects }) => subjects).filter(({ verdict }) => verdict === 'not-assessed');
      expect(reasons.map(({ logicalId, message }) => [logicalId, message])).toEqual([
        ['111122223333', expect.stringContaining(`config:DescribeConfigRules ${words}: `)],
      ]);
    },
  );

  test('a recorder without its status is not called satisfied', async () => {
    const { controls } = await verify(
      on('config:DescribeConfigurationRecorderStatus', { error: 'AccessDeniedException' }),
    );
    const subjects = controls.flatMap((control) => control.subjects);
    expect(subjects.filter(({ type }) => type === 'AWS::Config::ConfigurationRecorder')).toEqual([]);
  });

  test('a page that fails makes the listing incomplete, and the control not assessed', async () => {
    const { controls, verdicts } = await verify(({ action, input }) =>
      action === 'config:DescribeConfigRules' && 'NextToken' in input ? { error: 'AccessDeniedException' } : undefined,
    );
    expect(verdicts).toEqual(['not-assessed', 'satisfied']);
    expect(controls[0]?.subjects.map(({ message }) => message).join()).toContain(
      'config:DescribeConfigRules came back incomplete: page 2 failed',
    );
  });

  test('an answer of an unknown shape is not assessed, with what was expected', async () => {
    const { controls, verdicts } = await verify(
      on('cloudtrail:DescribeTrails', { body: { trailList: [{ Name: 'audit' }] } }),
    );
    expect(verdicts).toEqual(['satisfied', 'not-assessed']);
    expect(controls[1]?.subjects).toMatchObject([
      {
        logicalId: '111122223333',
        message: expect.stringContaining('TrailARN is missing in the answer, expected text'),
      },
    ]);
  });
});

describe('controls of any kind', () => {
  const base = { family: 'logging', claims: ['x'], doesNotProve: 'Anything.', parameters: {}, messages: {} };
  const withHalf = (half: Partial<LiveHalf>): Control =>
    defineControl({
      ...base,
      id: 'log-99',
      title: 'Something holds',
      live: { reads: [], expects: 'any-number', collect: async () => ({}), judge: () => [], ...half },
    });
  const account = () => new RecordedAccount({});
  const judge = async (control: Control) =>
    (await verifyAccount({ controls: [control], figures: figuresOf(control), account: account() })).controls[0];

  test('without a live half are left out', async () => {
    const control = defineControl({ ...base, id: 'log-98', title: 'Something is written' });
    const { controls } = await verifyAccount({ controls: [control], figures: figuresOf(control), account: account() });
    expect(controls).toEqual([]);
  });

  test('that may be empty are satisfied by nothing, those that may not are not', async () => {
    const messages = { missing: { violation: 'nothing in {name}', fix: 'add something' } };
    expect(await judge(withHalf({}))).toMatchObject({ verdict: 'satisfied', subjects: [] });
    expect(await judge({ ...withHalf({ expects: 'at-least-one' }), messages })).toMatchObject({
      verdict: 'not-satisfied',
      subjects: [{ logicalId: '111122223333', message: 'nothing in 111122223333', fix: 'add something' }],
    });
  });

  test.each<readonly [string, Partial<LiveHalf>, string]>([
    [
      'collect throws',
      { collect: () => Promise.reject(new Error('no such member')) },
      'the facts could not be collected: no such member',
    ],
    [
      'an undeclared read is made',
      { reads: ['cloudtrail:ListTrails'], collect: (from) => from.read('cloudtrail:DescribeTrails') },
      "the facts could not be collected: read 'cloudtrail:DescribeTrails' is not declared: declared are cloudtrail:ListTrails",
    ],
    [
      'judge throws',
      {
        judge: () => {
          throw new Error('a mistake');
        },
      },
      'the judgement failed: a mistake',
    ],
    [
      'judge changes the facts',
      {
        collect: async () => ({ seen: [] }),
        judge: (facts) => {
          (facts as { seen: unknown[] }).seen.push('more');
          return [{ subject: 'x', type: 'X', outcome: satisfied }];
        },
      },
      'the judgement failed: Cannot add property',
    ],
    [
      'a finding has no words',
      { judge: () => [{ subject: 'x', type: 'X', outcome: { verdict: 'not-satisfied', message: 'nobody' } }] },
      "the judgement failed: control log-99 has no message 'nobody'",
    ],
  ])('are not assessed when %s', async (_name, half, message) => {
    expect(await judge(withHalf(half))).toMatchObject({
      verdict: 'not-assessed',
      subjects: [{ logicalId: '111122223333', type: 'AWS::Account', message: expect.stringContaining(message) }],
    });
  });

  test('see only the reads that they declared', async () => {
    const reader: AccountReader = onlyDeclared(account(), ['cloudtrail:DescribeTrails']);
    await expect(reader.read('cloudtrail:GetTrail')).rejects.toThrow("read 'cloudtrail:GetTrail' is not declared");
    await expect(reader.list('config:DescribeConfigRules', 'ConfigRules')).rejects.toThrow('is not declared');
    await expect(reader.in('eu-west-1').read('cloudtrail:GetTrail')).rejects.toThrow('is not declared');
  });
});
