import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkSettings } from '../settings/check-settings';
import type { EnvironmentSettings } from '../settings/environment';
import type { DeployedFigures } from '../settings/figures';
import { AnchorStack } from './anchor-stack';
import { ApplicationStack } from './application-stack';
import { AuditStack } from './audit-stack';
import { DataStack } from './data-stack';
import { EdgeStack } from './edge-stack';
import { IdentityStack } from './identity-stack';
import { ImagesStack } from './images-stack';
import { KeysStack } from './keys-stack';
import { NetworkStack } from './network-stack';

export interface EnvironmentStageProps {
  readonly settings: EnvironmentSettings;
  readonly figures: DeployedFigures;
}

/**
 * Everything of one environment, in one account and one Region, by name.
 *
 * @throws if a setting is missing or wrong, naming each
 */
export class EnvironmentStage extends Stage {
  readonly keys: KeysStack;
  readonly audit: AuditStack;
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly identity: IdentityStack;
  readonly edge: EdgeStack;
  readonly images: ImagesStack;
  readonly application: ApplicationStack;
  readonly anchor: AnchorStack;

  constructor(scope: Construct, id: string, props: EnvironmentStageProps) {
    const { figures } = props;
    const settings = checkSettings(props.settings);
    const env = { account: settings.account, region: settings.region };
    super(scope, id, { env });
    const environment = { env, settings, figures, tags: { environment: settings.name } };
    const trailName = `${settings.name}-audit`;
    Tags.of(this).add('environment', settings.name);

    this.keys = new KeysStack(this, 'Keys', { ...environment, trailName });
    const { keys } = this.keys;
    this.audit = new AuditStack(this, 'Audit', { ...environment, keys, trailName });
    this.network = new NetworkStack(this, 'Network', { ...environment, keys });
    const { accessLogs, alerts } = this.audit;
    this.data = new DataStack(this, 'Data', { ...environment, keys, accessLogs, alerts, vpc: this.network.vpc });
    this.identity = new IdentityStack(this, 'Identity', { ...environment, keys, accessLogs });
    const { vpc } = this.network;
    const userPools = [this.identity.staff.userPool, this.identity.customers.userPool];
    this.edge = new EdgeStack(this, 'Edge', { ...environment, keys, accessLogs, alerts, vpc, userPools });
    this.images = new ImagesStack(this, 'Images', { ...environment, keys });
    const { edge } = this;
    const { database, files, filesAccess } = this.data;
    this.application = new ApplicationStack(this, 'Application', {
      ...environment,
      keys,
      vpc,
      edge,
      database,
      files,
      filesAccess,
    });
    this.application.addStackDependency(this.images);
    this.anchor = new AnchorStack(this, 'Anchor', { ...environment, keys, accessLogs, alerts, vpc, database });
    // The trail records from the start: whatever is built after it is built on the record
    this.network.addStackDependency(this.audit);
  }
}
