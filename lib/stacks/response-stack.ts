import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { DisclosureReminder } from '../constructs/response/disclosure-reminder';
import { IncidentContainment } from '../constructs/response/incident-containment';
import { IncidentDetection } from '../constructs/response/incident-detection';
import { IncidentProcess } from '../constructs/response/incident-process';
import { ReportProcess } from '../constructs/response/report-process';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface ResponseStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  readonly keys: { readonly logs: kms.IKey };
  /** Hears of every step of an incident. */
  readonly alerts: sns.ITopic;
  /** The service that can be cut off. */
  readonly service: ecs.FargateService;
  /** Pools whose users can be locked out. */
  readonly userPools: readonly cognito.IUserPool[];
}

/** What happens once something has happened. */
export class ResponseStack extends Stack {
  readonly incidents: IncidentProcess;

  constructor(scope: Construct, id: string, props: ResponseStackProps) {
    super(scope, id, props);
    const { alerts, figures, keys, service, settings, vpc } = props;
    const log = { logKey: keys.logs, retentionDays: figures.auditRetentionDays };
    // Names of those who lead, and of whom an incident touches
    Tags.of(this).add('data-class', 'personal');
    const process = {
      alerts,
      vpc,
      ...log,
      keyRotation: Duration.days(figures.keyRotationDays),
    };
    this.incidents = new IncidentProcess(this, 'Incidents', {
      ...process,
      name: `${settings.name}-incident`,
      hours: { cause: figures.incidents.causeHours, notify: figures.incidents.notifyHours },
    });
    new ReportProcess(this, 'Reports', {
      ...process,
      ...figures.disclosure,
      name: `${settings.name}-vulnerability-report`,
    });
    new DisclosureReminder(this, 'DisclosureReminder', { expires: settings.disclosure.expires, alerts });
    new IncidentDetection(this, 'Detection', { process: this.incidents, alerts });
    new IncidentContainment(this, 'Containment', {
      name: `${settings.name}-containment`,
      service: { cluster: service.cluster.clusterName, name: service.serviceName },
      taskRoleName: service.taskDefinition.taskRole.roleName,
      userPoolIds: props.userPools.map(({ userPoolId }) => userPoolId),
      within: Duration.minutes(figures.incidents.containMinutes),
      alerts,
      ...log,
      key: this.incidents.key,
    });
  }
}
