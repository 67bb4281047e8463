import { type Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { containmentStates } from './containment-states';
import { reportLost, starter } from './incident-detection';
import { recordedMachine } from './recorded-machine';

export interface IncidentContainmentProps {
  /** Name of the state machine, such as `production-containment`: whoever starts it by hand needs it. */
  readonly name: string;
  /** Names of the service that may be cut off, and of its cluster. */
  readonly service: { readonly cluster: string; readonly name: string };
  /** Name of the role that the service's tasks have. */
  readonly taskRoleName: string;
  /** Ids of the user pools whose people may be locked out. */
  readonly userPoolIds: readonly string[];
  /** Time in which a containment is done, or somebody hears that it is not. */
  readonly within: Duration;
  readonly alerts: sns.ITopic;
  /** Encrypts what it remembers; admits Step Functions and the delivery of logs. */
  readonly key: kms.IKey;
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

/**
 * Cuts off what an incident has reached, so that what is open ends too: a task, the whole service, the credentials of its role, a user.
 *
 * By itself it stops the one task that GuardDuty names in a grave finding: the service goes on, and starts another. Whatever takes the service
 * away from everybody waits for a person, whom a false alarm must convince first. A person starts it for everything else, with
 * `{ "incident": { "id", "title" }, "target": { "kind", "approvedBy", ... } }`; runbook `contain-incident`.
 *
 * Its role can do nothing else: of all policies it may attach the one that denies everything, which is also why it needs no time of issue
 * (`aws:TokenIssueTime`): the deny ends older sessions and newer ones.
 *
 * Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
 */
export class IncidentContainment extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: IncidentContainmentProps) {
    super(scope, id);
    const { partition } = Stack.of(this);
    const denyAll = `arn:${partition}:iam::aws:policy/AWSDenyAll`;
    this.machine = recordedMachine(this, {
      ...props,
      description: 'Cuts off what an incident has reached',
      states: containmentStates(this, { ...props, denyAll }),
      statements: cuts(this, props, denyAll),
      timeout: props.within,
      failed: 'A containment failed, or was not done in time: contain by hand with the runbook',
    });
    const role = starter(new Construct(this, 'Starter'), this.machine);
    const grave = (name: string, description: string, resource: object, target: object) => {
      const rule = new events.Rule(this, name, {
        description,
        eventPattern: {
          source: ['aws.guardduty'],
          detailType: ['GuardDuty Finding'],
          detail: { severity: [{ numeric: ['>=', 7] }], resource },
        },
        targets: [
          new targets.SfnStateMachine(this.machine, {
            role,
            input: events.RuleTargetInput.fromObject({
              incident: { id: events.EventField.eventId, title: events.EventField.fromPath('$.detail.title') },
              target,
            }),
          }),
        ],
      });
      reportLost(rule, props.alerts);
    };
    grave(
      'GraveTask',
      'A task with a grave finding is stopped',
      // Of whichever cluster: one that may not be touched fails, and somebody hears of it
      { resourceType: ['ECSCluster'] },
      { kind: 'task', task: events.EventField.fromPath('$.detail.resource.ecsClusterDetails.taskDetails.arn') },
    );
    grave(
      'GraveCredential',
      'Whether the role of a grave finding is cut off, is asked',
      { resourceType: ['AccessKey'], accessKeyDetails: { userName: [props.taskRoleName] } },
      { kind: 'role' },
    );
  }
}

/** What the cuts need, each on the one thing that it cuts. Looking whether it worked is part of it. */
function cuts(scope: Construct, props: IncidentContainmentProps, denyAll: string): readonly iam.PolicyStatement[] {
  const arn = (service: string, resource: string) => Stack.of(scope).formatArn({ service, resource });
  const { cluster, name } = props.service;
  return [
    new iam.PolicyStatement({
      sid: 'StopTasks',
      actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
      // Which task is not known before it runs: the cluster holds it
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': arn('ecs', `cluster/${cluster}`) } },
    }),
    new iam.PolicyStatement({
      sid: 'StopService',
      actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
      resources: [arn('ecs', `service/${cluster}/${name}`)],
    }),
    new iam.PolicyStatement({
      sid: 'StopScaling',
      actions: ['application-autoscaling:RegisterScalableTarget'],
      // A target has an id that Application Auto Scaling makes up
      resources: ['*'],
      conditions: {
        StringEquals: {
          'application-autoscaling:service-namespace': 'ecs',
          'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount',
        },
      },
    }),
    new iam.PolicyStatement({
      sid: 'DenyRole',
      actions: ['iam:AttachRolePolicy'],
      resources: [Stack.of(scope).formatArn({ service: 'iam', region: '', resource: `role/${props.taskRoleName}` })],
      conditions: { ArnEquals: { 'iam:PolicyARN': denyAll } },
    }),
    new iam.PolicyStatement({
      sid: 'LockOut',
      actions: ['cognito-idp:AdminDisableUser', 'cognito-idp:AdminUserGlobalSignOut'],
      resources: props.userPoolIds.map((id) => arn('cognito-idp', `userpool/${id}`)),
    }),
  ];
}
