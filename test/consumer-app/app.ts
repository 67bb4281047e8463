import { AccessLogBucket, DataKey, promiseValidation, TenantFiles } from 'avouch';
import { App, type CfnResource, Stack, Stage, Validations } from 'aws-cdk-lib';

const app = new App();
const staged = app.node.tryGetContext('staged') === 'yes';
const stack = new Stack(staged ? new Stage(app, 'Production') : app, 'Files', {
  env: { account: '444455556666', region: 'eu-central-1' },
});
const { key } = new DataKey(stack, 'Key', { protects: 'uploaded files', alias: 'files', services: ['s3'] });
const { bucket: accessLogs } = new AccessLogBucket(stack, 'AccessLogs', { retentionDays: 90 });
const files = new TenantFiles(stack, 'Uploads', { key, minimumTls: '1.3', accessLogs });

if (app.node.tryGetContext('break') === 'encryption') {
  // What a hurried colleague does: the construct says one thing, the template another.
  const bucket = files.bucket.node.defaultChild as CfnResource;
  bucket.addPropertyDeletionOverride('BucketEncryption');
}

Validations.of(app).addPlugins(
  promiseValidation({ profile: app.node.tryGetContext('profile') ?? 'cly', presentOnly: true }),
);
app.synth();
