import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, type IPolicyValidationContext, Stack } from 'aws-cdk-lib';
import { promiseValidation } from '../../bin/validation';

/** What `cdk synth` is told of an app with these types of resources. */
function told(...types: readonly string[]) {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'avouch-promises-')) });
  const stack = new Stack(app, 'Own', { env: { account: '111122223333', region: 'eu-central-1' } });
  for (const type of types) {
    new CfnResource(stack, type.split('::')[1] ?? '', { type });
  }
  app.synth();
  const context: Pick<IPolicyValidationContext, 'appConstruct'> = { appConstruct: app };
  const { violations } = promiseValidation({ profile: 'clvr', presentOnly: true }).validate(
    context as IPolicyValidationContext,
  );
  return violations.filter(({ ruleName }) => /^(gov-01|sdl-02)$/.test(ruleName));
}

test('what nobody has done yet is no fault of a template: a synthesis does not warn of it', () => {
  expect(told('AWS::S3::Bucket')).toEqual([]);
});

test('what could not be looked at is a warning', () => {
  expect(told('AWS::S3::Bucket', 'AWS::QLDB::Ledger')).toEqual([
    expect.objectContaining({
      ruleName: 'gov-01',
      severity: 'warning',
      description: expect.stringContaining('whose certificate covers it is not known'),
    }),
  ]);
});
