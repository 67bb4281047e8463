import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KeyEraser, type KeyEraserProps } from '../../lib/constructs/tenants/key-eraser';
import { type Definition, definitionOf, interpret } from './interpret';
import { environment } from './synthesize';

const own = Template.fromStack(environment().privacy);
const shared = Template.fromStack(environment({}, { tenancyMode: 'rls', tenantFiles: 'prefix' }).privacy);
const tenant = '00000000-0000-4000-8000-00000000000a';
const requested = { erasure: { tenant, by: 'user-1' } };

/** The interpreter has a clock of its own. */
const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

type Answers = Readonly<Record<string, readonly unknown[]>>;

const nothingLeft = { Payload: { erased: true, remains: [] } };

/** Runs the definition of an erasure; each task gives one answer after the other, and the last one again. */
async function erase(definition: Definition, answers: Answers = {}, input: object = requested) {
  const path: string[] = [];
  const said: Record<string, unknown>[] = [];
  const asked: Record<string, number> = {};
  const usual: Answers = {
    Plan: [{ Payload: { erasedAt: '2026-12-29T09:00:00.000Z' } }],
    'Verify erasure': [nothingLeft],
    ...answers,
  };
  const handlers = Object.entries(definition.States)
    .filter(([, { Type: type }]) => type === 'Task')
    .map(([name]) => [
      name,
      (given: Record<string, unknown>) => {
        path.push(name);
        if (path.length > 100) {
          throw new Error('the process runs in a circle');
        }
        said.push({ name, ...given });
        const turn = asked[name] ?? 0;
        asked[name] = turn + 1;
        const list = usual[name] ?? [{}];
        const answer = list[Math.min(turn, list.length - 1)];
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      },
    ]);
  const context = {
    Execution: { Id: 'execution', Name: 'run', StartTime: '2026-11-29T09:00:00Z' },
    State: { EnteredTime: '2026-11-29T10:00:00Z', Name: 'any', RetryCount: 0 },
    Task: { Token: 'token' },
  };
  const outcome = await interpret(definition, input, Object.fromEntries(handlers), context);
  return { path, said, ...outcome };
}

const among = (path: readonly string[], names: readonly string[]) => path.filter((name) => names.includes(name));

describe.each([
  [
    'its own database and bucket',
    own,
    ['Record erasure', 'Erase accounts', 'Erase files', 'Erase database with its keys'],
  ],
  [
    'a shared database and folder',
    shared,
    ['Record erasure', 'Erase accounts', 'Erase files', 'Erase rows', 'Destroy keys'],
  ],
])('a tenant with %s', (_name, template, steps) => {
  const definition = definitionOf(template, 'production-tenant-erasure');

  test('is announced, erased step by step, looked for and confirmed', async () => {
    const { path, said, ...outcome } = await erase(definition);
    expect(outcome).not.toHaveProperty('error');
    expect(path).toEqual(['Plan', 'Announce erasure', ...steps, 'Verify erasure', 'Confirm erasure']);
    expect(said.find(({ name }) => name === 'Plan')).toMatchObject({
      Payload: { action: 'plan', tenant, requestedAt: expect.stringMatching(time), graceDays: 30 },
    });
    for (const name of ['Announce erasure', 'Confirm erasure']) {
      const { Entries: entries } = said.find((each) => each.name === name) ?? {};
      expect(entries).toEqual([
        expect.objectContaining({
          Source: 'avouch.erasure',
          Detail: expect.objectContaining({
            tenant,
            requestedAt: expect.stringMatching(time),
            erasedAt: '2026-12-29T09:00:00.000Z',
          }),
        }),
      ]);
    }
  });

  test('trap 33: waits thirty days, and nothing is erased before', async () => {
    expect(definition.States.Grace).toMatchObject({ Type: 'Wait', Seconds: 30 * 86_400 });
    const [first] = Object.entries(definition.States).filter(([, state]) =>
      JSON.stringify(state).includes('"Next":"Grace"'),
    );
    expect(first?.[0]).toBe('Announce erasure');
  });

  test.each([...steps, 'Verify erasure'])(
    'is not confirmed where %s fails: people are told, and it is tried again from the first step on',
    async (step) => {
      const { path, ...outcome } = await erase(definition, { [step]: [new Error('denied'), nothingLeft] });
      expect(outcome).not.toHaveProperty('error');
      const told = path.indexOf('Escalate erasure');
      expect(path[told - 1]).toBe(step);
      expect(path.slice(told + 1)).toEqual([...steps, 'Verify erasure', 'Confirm erasure']);
    },
  );

  test.each([
    ['says that something is left', { Payload: { erased: false, remains: ['1 rows of app.client'] } }],
    ['says yes in words', { Payload: { erased: 'true', remains: [] } }],
  ])('is not confirmed where the look %s', async (_name, answer) => {
    const { path } = await erase(definition, { 'Verify erasure': [answer, nothingLeft] });
    expect(among(path, ['Verify erasure', 'Escalate erasure', 'Confirm erasure'])).toEqual([
      'Verify erasure',
      'Escalate erasure',
      'Verify erasure',
      'Confirm erasure',
    ]);
  });

  test.each([[{}], [{ erasure: { tenant } }], [{ erasure: { by: 'user-1' } }], [{ erasure: { tenant: 7, by: 'x' } }]])(
    'that is asked for as %j is refused',
    async (input) => {
      const { path, ...outcome } = await erase(definition, {}, input);
      expect([path, outcome.error]).toEqual([[], expect.stringContaining('an erasure has a tenant and somebody')]);
    },
  );
});

test('files are erased in a session of one tenant, which reads none', () => {
  for (const template of [own, shared]) {
    const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).map((policy) =>
      JSON.stringify(policy),
    );
    const erasing = policies.filter((text) => text.includes('s3:DeleteObjectVersion'));
    expect(erasing).toHaveLength(1);
    expect(erasing[0]).toContain('${aws:PrincipalTag/tenant}');
    expect(erasing[0]).not.toMatch(/s3:(Get|Put)/);
  }
});

test('an erasure without a day to call it off is refused', () => {
  const days = (erasureGraceDays: number) => () => environment({}, { erasureGraceDays });
  expect(days(0)).toThrow('graceDays is 0, expected a whole number from 1 to 365');
  expect(days(1.5)).toThrow('graceDays is 1.5');
});

test('the role that erases files lies where the buckets of tenants let it in', () => {
  const roles = Object.values(own.findResources('AWS::IAM::Role')).map(({ Properties: properties }) => properties);
  const [eraser] = roles.filter(({ Description: words }) => String(words).startsWith('Erases the files'));
  const { BUCKET_ADMITTED: admitted } = Object.values(
    Template.fromStack(environment().data).findResources('AWS::Lambda::Function'),
  )
    .map(({ Properties: properties }) => properties.Environment?.Variables ?? {})
    .find((variables) => variables.BUCKET_ADMITTED);
  expect(eraser?.Path).toBe('/erasure/');
  expect(admitted).toContain('arn:*:iam::*:role/erasure/*');
});

describe('the ledger of erasures', () => {
  const stage = environment();
  const policiesOf = (stack: Stack) =>
    Object.entries(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))
      .filter(([, policy]) => JSON.stringify(policy).includes('LedgerEntries'))
      .map(([id, policy]) => [id, JSON.stringify(policy)] as const);

  test('is locked for as long as records are kept, longer than any backup, and copied into the vaults', () => {
    const [ledger] = Object.values(own.findResources('AWS::S3::Bucket')).map(({ Properties }) => Properties);
    expect(ledger?.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: 'COMPLIANCE', Days: 731 });
    const selections = Object.values(Template.fromStack(stage.backup).findResources('AWS::Backup::BackupSelection'));
    const taken = selections.filter((selection) => JSON.stringify(selection).includes('LedgerEntries'));
    expect(taken.length).toBeGreaterThan(0);
  });

  test('is written by the two that erase and read by the one that looks into restored copies, and by nobody else', () => {
    const privacy = policiesOf(stage.privacy);
    expect(privacy.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'ErasureEraserPolicy',
      'KeyEraserErasePolicy',
    ]);
    for (const [, text] of privacy) {
      expect(text).toContain('"s3:PutObject"');
      expect(text).not.toMatch(/"s3:(Get|List)\w*","Effect":"Allow","Resource":\{"Fn::GetAtt":\["LedgerEntries/);
    }
    const reading = policiesOf(stage.backup).filter(([, text]) => text.includes('ListBucketVersions'));
    expect(reading.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['RestoreDrillValidationPolicy']);
    for (const stack of [stage.application, stage.data, stage.identity, stage.response]) {
      expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('LedgerEntries');
    }
  });

  test('the eraser of keys comes around within the half hour that is reported, or is refused', () => {
    const eraser = (everyMinutes: number) => () =>
      new KeyEraser(new Stack(), 'Eraser', { everyMinutes } as KeyEraserProps);
    expect(eraser(0)).toThrow('everyMinutes is 0, allowed are 1 to 30');
    expect(eraser(31)).toThrow('everyMinutes is 31');
  });
});

describe.each([
  ['its own database and bucket', own],
  ['a shared database and folder', shared],
])('an export of a tenant with %s', (_name, template) => {
  const definition = definitionOf(template, 'production-tenant-export');
  const digits = tenant.replaceAll('-', '');
  const begun = {
    isTurn: true,
    tenant,
    export: '20261129T090000Z-run',
    by: 'user-1',
    requestedAt: '2026-11-29T09:00:00Z',
  };
  const done = { isDone: true, progress: null };
  const goOn = (progress: object) => ({ isDone: false, progress });
  const request = { export: { key: `${digits}/requests/one.json` } };
  const usual: Answers = {
    'Begin export': [{ Payload: begun }],
    'Export rows': [done],
    'Export accounts': [{ Payload: done }],
    'Export files': [{ Payload: done }],
    'Seal export': [{ Payload: { rows: 7 } }],
  };
  const whole = ['Begin export', 'Export rows', 'Export accounts', 'Export files', 'Seal export', 'Announce export'];
  const run = (answers: Answers = {}, input: object = request) => erase(definition, { ...usual, ...answers }, input);

  test('goes from the request to the announcement, and says who asked for what', async () => {
    const { path, said, ...outcome } = await run();
    expect(outcome).not.toHaveProperty('error');
    expect(path).toEqual(whole);
    expect(said[0]).toMatchObject({ Payload: { action: 'begin', key: request.export.key } });
    const { Entries: entries } = said.find(({ name }) => name === 'Announce export') ?? {};
    expect(entries).toEqual([
      expect.objectContaining({
        Source: 'avouch.export',
        DetailType: 'Tenant export ready',
        Detail: expect.objectContaining({ export: begun, sealed: { rows: 7 } }),
      }),
    ]);
  });

  test('asks again from where it stopped, as long as a step is not done; support hears once of a large one', async () => {
    const turns = [2, 3, 4, 5, 6].map((round) => goOn({ round, table: 'app.large' }));
    const files = [{ Payload: goOn({ round: 2, after: 'a.pdf' }) }, { Payload: done }];
    const { path, said } = await run({ 'Export rows': [...turns, done], 'Export files': files });
    expect(among(path, ['Export rows', 'Tell support'])).toEqual([
      ...Array(4).fill('Export rows'),
      'Tell support',
      ...Array(2).fill('Export rows'),
    ]);
    const asked = said.filter(({ name }) => name === 'Export rows').map(({ Payload: payload }) => payload);
    expect(asked[0]).toMatchObject({ action: 'rows', begun, progress: null, token: expect.anything() });
    expect(asked[5]).toMatchObject({ progress: { round: 6, table: 'app.large' } });
    const [, again] = said.filter(({ name }) => name === 'Export files').map(({ Payload: payload }) => payload);
    expect(again).toMatchObject({ action: 'files', progress: { after: 'a.pdf' } });
  });

  test.each(['Export rows', 'Export accounts', 'Export files', 'Seal export'])(
    'fails, and gives the turn back, where %s fails: nothing is announced',
    async (step) => {
      const { path, error } = await run({ [step]: [new Error('denied')] });
      expect(error).toBeDefined();
      expect(path.at(-1)).toBe('Give the turn back');
      expect(path).not.toContain('Announce export');
    },
  );

  test('leaves another one alone that is under way', async () => {
    const { path, ...outcome } = await run({ 'Begin export': [{ Payload: { isTurn: false } }] });
    expect(outcome).not.toHaveProperty('error');
    expect(path).toEqual(['Begin export']);
  });

  test.each([[{}], [{ export: {} }], [{ export: { key: 7 } }]])('that is asked for as %j is refused', async (input) => {
    const { path, error } = await run({}, input);
    expect([path, error]).toEqual([[], expect.stringContaining('an export has the key of a request')]);
  });

  test('waits for a token longer than the function may run, and the function is not run twice', () => {
    const rows = definition.States['Export rows'] as unknown as { Resource: string; TimeoutSeconds: number };
    expect(rows.Resource).toMatch(/lambda:invoke.waitForTaskToken$/);
    expect(rows.TimeoutSeconds).toBeGreaterThan(900);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
  });

  test('reads in a session of the tenant alone', () => {
    const [session] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
      .map((policy) => JSON.stringify(policy))
      .filter((text) => text.includes('GiveTurnBack'));
    expect(session).toMatch(
      template === own ? /dbuser:.*\/tenant_\$\{aws:PrincipalTag\/tenant\}/ : /dbuser:.*\/application"/,
    );
    expect(session).not.toMatch(/s3:(DeleteObjectVersion|DeleteBucket|PutBucket)/);
  });
});

test('buckets of tenants let in the role that exports, and exports are named to the application', () => {
  const functions = Object.values(Template.fromStack(environment().data).findResources('AWS::Lambda::Function'));
  const variables = functions.map(({ Properties: properties }) => properties.Environment?.Variables ?? {});
  expect(variables.find(({ BUCKET_ADMITTED: admitted }) => admitted)?.BUCKET_ADMITTED).toContain('role/export/*');
  expect(JSON.stringify(Template.fromStack(environment().application).toJSON())).toContain('TENANT_EXPORTS_BUCKET');
});

test('a bucket of exports without bounds is refused', () => {
  const exports = (over: object) => () =>
    environment({}, { exports: { formats: ['json'], keepDays: 7, linkMinutes: 15, ...over } });
  expect(exports({ keepDays: 0 })).toThrow('keepDays is 0, expected a whole number from 1 to 365');
  expect(exports({ linkMinutes: 0.5 })).toThrow('linkMinutes is 0.5');
});
