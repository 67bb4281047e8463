import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { EnvironmentName, EnvironmentSettings } from '../../lib/settings/environment';
import { ENVIRONMENTS } from '../../lib/settings/environments';
import type { DeployedFigures } from '../../lib/settings/figures';
import type { Region } from '../../lib/settings/regions';
import { DataStack } from '../../lib/stacks/data-stack';
import { IdentityStack } from '../../lib/stacks/identity-stack';
import { FIGURES as STRICTEST } from './synthesize';

export const FIGURES: DeployedFigures = {
  ...STRICTEST,
  databasePort: 6543,
  pitrDays: 9,
  auditRetentionDays: 500,
  passwordMinLength: 13,
  customerSms: false,
};

const ACCOUNT = '123456789012';

export function settingsOf(name: EnvironmentName, region: Region): EnvironmentSettings {
  const contacts = { security: 's@example.com', privacy: 'p@example.com', operations: 'o@example.com' };
  const { application, disclosure } = ENVIRONMENTS[name];
  return {
    name,
    account: ACCOUNT,
    region,
    domainName: 'app.example.com',
    vpcCidr: '10.20.0.0/16',
    contacts,
    disclosure,
    application,
  };
}

/** The stacks that the data and identity stacks stand on: a VPC with three kinds of subnets, and keys in a stack of their own. */
export class Surroundings extends Stack {
  readonly vpc: ec2.Vpc;
  readonly alerts: sns.Topic;

  constructor(app: App, region: Region) {
    super(app, 'Surroundings', { env: { account: ACCOUNT, region } });
    this.alerts = new sns.Topic(this, 'Alerts', { masterKey: this.key('AlertsKey') });
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      availabilityZones: [`${region}a`, `${region}b`],
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
  }

  key(name: string): kms.Key {
    return new kms.Key(this, name, { enableKeyRotation: true });
  }
}

export interface Given {
  readonly name?: EnvironmentName;
  readonly region?: Region;
  readonly figures?: Partial<DeployedFigures>;
  /** Folder with migrations of the application. */
  readonly migrations?: string;
}

/** Both stacks of one environment, synthesized once, with what they were built from. */
export function synthesize({ name = 'production', region = 'eu-central-1', figures = {}, migrations }: Given = {}) {
  const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  const around = new Surroundings(app, region);
  const settings = settingsOf(name, region);
  const props = {
    env: { account: ACCOUNT, region },
    settings: { ...settings, application: { ...settings.application, migrations } },
    figures: { ...FIGURES, ...figures },
  };
  const logs = around.key('LogsKey');
  const data = new DataStack(app, 'Data', {
    ...props,
    vpc: around.vpc,
    alerts: around.alerts,
    keys: {
      database: around.key('DatabaseKey'),
      files: around.key('FilesKey'),
      secrets: around.key('SecretsKey'),
      logs,
    },
  });
  const identity = new IdentityStack(app, 'Identity', {
    ...props,
    keys: { identity: around.key('IdentityKey'), logs },
    vpc: around.vpc,
    alerts: around.alerts,
  });
  return {
    outdir: app.outdir,
    data: Template.fromStack(data),
    identity: Template.fromStack(identity),
    surroundings: Template.fromStack(around),
  };
}

/** Matches a key that another stack exports, by the beginning of its construct id. */
export function keyNamed(name: string) {
  return { 'Fn::ImportValue': expect.stringMatching(new RegExp(`ExportsOutputFnGetAtt${name}`)) };
}

/** The properties of the only resource of a type whose logical id begins so. */
export function only(template: Template, type: string, idBegins = ''): Record<string, unknown> {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(idBegins));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
}

/** The statements of the policy of a bucket, by the beginning of the bucket's logical id. */
export function bucketStatements(template: Template, idBegins: string): Record<string, unknown>[] {
  const policy = only(template, 'AWS::S3::BucketPolicy', idBegins).PolicyDocument;
  return JSON.parse(JSON.stringify(policy)).Statement;
}
