import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkSettings } from '../settings/check-settings';
import type { EnvironmentSettings } from '../settings/environment';
import type { DeployedFigures } from '../settings/figures';
import { AnchorStack } from './anchor-stack';
import { ApplicationStack } from './application-stack';
import { AuditStack } from './audit-stack';
import { AuthorizationStack } from './authorization-stack';
import { BackupStack } from './backup-stack';
import { DataStack } from './data-stack';
import { DeliveryStack } from './delivery-stack';
import { DetectionStack } from './detection-stack';
import { EdgeStack } from './edge-stack';
import { IdentityStack } from './identity-stack';
import { ImagesStack } from './images-stack';
import { KeysStack } from './keys-stack';
import { MailStack } from './mail-stack';
import { MaintenanceStack } from './maintenance-stack';
import { NetworkStack } from './network-stack';
import { PrivacyStack } from './privacy-stack';
import { ResponseStack } from './response-stack';

export interface EnvironmentStageProps {
  readonly settings: EnvironmentSettings;
  readonly figures: DeployedFigures;
  /**
   * Whether an `OrganizationStage` brings GuardDuty and Security Hub to the account: AWS refuses a second of either.
   *
   * @default false
   */
  readonly detectedByOrganization?: boolean;
}

/**
 * Everything of one environment, in one account and one Region, by name.
 * @throws if a setting is missing or wrong, naming each
 */
export class EnvironmentStage extends Stage {
  readonly keys: KeysStack;
  readonly audit: AuditStack;
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly identity: IdentityStack;
  readonly authorization: AuthorizationStack;
  readonly edge: EdgeStack;
  readonly mail: MailStack;
  readonly images: ImagesStack;
  readonly application: ApplicationStack;
  readonly detection: DetectionStack;
  readonly response: ResponseStack;
  readonly privacy: PrivacyStack;
  readonly anchor: AnchorStack;
  readonly backup: BackupStack;

  constructor(scope: Construct, id: string, props: EnvironmentStageProps) {
    const settings = checkSettings(props.settings);
    const env = { account: settings.account, region: settings.region };
    super(scope, id, { env });
    const environment = { env, settings, figures: props.figures, tags: { environment: settings.name } };
    Tags.of(this).add('environment', settings.name);
    if (settings.delivery) {
      new DeliveryStack(this, 'Delivery', { ...environment, delivery: settings.delivery });
    }
    this.keys = new KeysStack(this, 'Keys', environment);
    const { keys, trailName } = this.keys;
    this.audit = new AuditStack(this, 'Audit', { ...environment, keys, trailName });
    this.network = new NetworkStack(this, 'Network', { ...environment, keys });
    const { accessLogs, alerts } = this.audit;
    const { egressLog, flowLog, vpc } = this.network;
    const watched = { ...environment, keys, alerts, vpc };
    this.data = new DataStack(this, 'Data', { ...watched, accessLogs });
    this.identity = new IdentityStack(this, 'Identity', { ...watched, accessLogs });
    this.authorization = new AuthorizationStack(this, 'Authorization', environment);
    const userPools = [this.identity.staff.userPool, this.identity.customers.userPool];
    this.edge = new EdgeStack(this, 'Edge', { ...watched, accessLogs, userPools });
    this.mail = new MailStack(this, 'Mail', { ...watched, zone: this.edge.zone });
    this.images = new ImagesStack(this, 'Images', { ...environment, keys });
    const { data, edge } = this;
    const { database } = data;
    const asked = { authorization: this.authorization.store, mail: this.mail.delivery };
    this.application = new ApplicationStack(this, 'Application', { ...watched, ...asked, edge, data });
    this.application.addStackDependency(this.images);
    this.detection = new DetectionStack(this, 'Detection', {
      ...watched,
      fallback: this.audit.fallback,
      trailLogGroup: this.audit.trailLogGroup,
      detectedByOrganization: props.detectedByOrganization,
      flowLog,
      refusals: { databaseLog: database.serverLog, egressLog, blocked: edge.blocked, lockout: this.identity.lockout },
      application: { ...this.application.service, loadBalancer: edge.loadBalancer, database: database.cluster },
    });
    const { service } = this.application.service;
    this.response = new ResponseStack(this, 'Response', { ...watched, service, userPools });
    this.privacy = new PrivacyStack(this, 'Privacy', { ...watched, accessLogs, data, identity: this.identity });
    new MaintenanceStack(this, 'Maintenance', { ...watched, database });
    this.anchor = new AnchorStack(this, 'Anchor', { ...watched, accessLogs, database });
    this.backup = new BackupStack(this, 'Backup', { ...watched, data, ledger: this.privacy.ledger });
    // The trail records from the start: whatever is built after it is built on the record
    this.network.addStackDependency(this.audit);
  }
}
