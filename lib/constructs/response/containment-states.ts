import { Duration } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { says } from './incident-answers';
import { tell } from './incident-steps';

export interface ContainmentTargets {
  readonly service: { readonly cluster: string; readonly name: string };
  readonly taskRoleName: string;
  /** ARN of the policy that denies everything. */
  readonly denyAll: string;
  readonly alerts: sns.ITopic;
}

/**
 * Task by itself; service, role and user once a person said so, when starting it or when asked. Each cut ends what is open:
 * a stopped task takes its memory and its connections along, a service without tasks keeps none once scaling sleeps, a role that is denied
 * everything is denied to those who hold its credentials, a user who is signed out everywhere is not only kept from signing in.
 *
 * A cut is done when it is seen to be; the time of the whole machine ends the looking.
 */
export function containmentStates(scope: Construct, props: ContainmentTargets): sfn.IChainable {
  const { alerts } = props;
  const say = (name: string, subject: string, ask: string) =>
    tell(scope, name, alerts, subject, { incident: incident(), target: sfn.JsonPath.objectAt('$.target'), ask });
  const failed = say('Containment failed', 'Containment failed', 'Contain by hand with the runbook, at once.');
  failed.next(new sfn.Fail(scope, 'Not contained', { error: 'NotContained', cause: 'a cut was refused' }));
  const done = say('Contained', 'Contained', 'It is cut off. Say so in the process of the incident.');
  done.next(new sfn.Succeed(scope, 'Done'));
  const left = say(
    'Left alone',
    'Containment: left alone',
    'It was decided to cut nothing off. The reason stays on record.',
  );
  left.next(new sfn.Succeed(scope, 'Decided'));

  const outcome = { done, failed };
  const is = (kind: string) => sfn.Condition.stringEquals('$.target.kind', kind);
  const cut = new sfn.Choice(scope, 'What to cut')
    .when(is('service'), cutService(scope, props, outcome))
    .when(is('role'), cutRole(scope, props, outcome))
    .when(is('user'), cutUser(scope, outcome))
    .otherwise(failed);
  return new sfn.Choice(scope, 'Is a target named')
    .when(sfn.Condition.not(isNamed()), failedUnnamed(scope, alerts))
    .when(is('task'), cutTask(scope, props, outcome))
    .when(says('target', 'approvedBy'), cut)
    .otherwise(approval(scope, alerts, { cut, left, failed }));
}

/** Where a cut leads. */
interface Outcome {
  readonly done: tasks.SnsPublish;
  readonly failed: tasks.SnsPublish;
}

function cutTask(scope: Construct, { service }: ContainmentTargets, outcome: Outcome): sfn.IChainable {
  const stop = call(scope, 'StopTask', outcome, {
    service: 'ecs',
    action: 'stopTask',
    parameters: { Cluster: service.cluster, Task: sfn.JsonPath.stringAt('$.target.task'), Reason: 'Containment' },
  });
  const look = call(scope, 'See task', outcome, {
    service: 'ecs',
    action: 'describeTasks',
    parameters: { Cluster: service.cluster, Tasks: sfn.JsonPath.array(sfn.JsonPath.stringAt('$.target.task')) },
    resultSelector: { 'status.$': '$.Tasks[0].LastStatus' },
    resultPath: '$.seen',
  });
  stop.next(seen(scope, 'task gone', outcome, look, sfn.Condition.stringEquals('$.seen.status', 'STOPPED')));
  return stop;
}

/** Scaling sleeps first, or it would start the tasks again. */
function cutService(scope: Construct, { service }: ContainmentTargets, outcome: Outcome): sfn.IChainable {
  const sleep = call(scope, 'SuspendScaling', outcome, {
    service: 'applicationautoscaling',
    action: 'registerScalableTarget',
    parameters: {
      ServiceNamespace: 'ecs',
      ResourceId: `service/${service.cluster}/${service.name}`,
      ScalableDimension: 'ecs:service:DesiredCount',
      SuspendedState: {
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: true,
        ScheduledScalingSuspended: true,
      },
    },
  });
  const stop = call(scope, 'StopService', outcome, {
    service: 'ecs',
    action: 'updateService',
    parameters: { Cluster: service.cluster, Service: service.name, DesiredCount: 0 },
  });
  const look = call(scope, 'See service', outcome, {
    service: 'ecs',
    action: 'describeServices',
    parameters: { Cluster: service.cluster, Services: [service.name] },
    resultSelector: { 'running.$': '$.Services[0].RunningCount' },
    resultPath: '$.seen',
  });
  sleep.next(stop).next(seen(scope, 'service gone', outcome, look, sfn.Condition.numberEquals('$.seen.running', 0)));
  return sleep;
}

function cutRole(scope: Construct, props: ContainmentTargets, outcome: Outcome): sfn.IChainable {
  const deny = call(scope, 'DenyRole', outcome, {
    service: 'iam',
    action: 'attachRolePolicy',
    parameters: { RoleName: props.taskRoleName, PolicyArn: props.denyAll },
  });
  deny.next(outcome.done);
  return deny;
}

/** Whoever is disabled could go on with the tokens that he has. */
function cutUser(scope: Construct, outcome: Outcome): sfn.IChainable {
  const service = 'cognitoidentityprovider';
  const parameters = {
    UserPoolId: sfn.JsonPath.stringAt('$.target.userPoolId'),
    Username: sfn.JsonPath.stringAt('$.target.username'),
  };
  const disable = call(scope, 'DisableUser', outcome, { service, action: 'adminDisableUser', parameters });
  const signOut = call(scope, 'SignOutUser', outcome, { service, action: 'adminUserGlobalSignOut', parameters });
  disable.next(signOut).next(outcome.done);
  return disable;
}

function call(
  scope: Construct,
  name: string,
  { failed }: Outcome,
  props: Omit<tasks.CallAwsServiceProps, 'iamResources'>,
): tasks.CallAwsService {
  const resultPath = sfn.JsonPath.DISCARD;
  // What the role may do is written where the role is
  const task = new tasks.CallAwsService(scope, name, { resultPath, ...props, iamResources: ['*'] });
  task.addCatch(failed, { errors: ['States.ALL'], resultPath: '$.error' });
  return task;
}

/** Looks again until it is so. */
function seen(
  scope: Construct,
  what: string,
  { done }: Outcome,
  look: tasks.CallAwsService,
  isSo: sfn.Condition,
): sfn.IChainable {
  const again = new sfn.Wait(scope, `Wait for ${what}`, { time: sfn.WaitTime.duration(Duration.seconds(10)) });
  look.next(new sfn.Choice(scope, `Is ${what}`).when(isSo, done).otherwise(again));
  return again.next(look);
}

function isNamed(): sfn.Condition {
  return sfn.Condition.and(sfn.Condition.isPresent('$.incident'), sfn.Condition.isPresent('$.target.kind'));
}

/** Nothing of the input can be repeated, since it may not be there. */
function failedUnnamed(scope: Construct, alerts: sns.ITopic): sfn.IChainable {
  const lost = tell(scope, 'Containment without target', alerts, 'Containment failed', {
    ask: 'Something asked for a containment and named no target: contain by hand with the runbook.',
  });
  return lost.next(
    new sfn.Fail(scope, 'Nothing to contain', {
      error: 'NoTarget',
      cause: 'a containment has an incident and a target',
    }),
  );
}

/** Whoever decides against it says why; whoever says nothing in time is reported with the machine, which ends then. */
function approval(
  scope: Construct,
  alerts: sns.ITopic,
  to: { readonly cut: sfn.Choice; readonly left: tasks.SnsPublish; readonly failed: tasks.SnsPublish },
): sfn.IChainable {
  const approve = new tasks.SnsPublish(scope, 'Approve', {
    topic: alerts,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    subject: 'Containment: yes or no',
    message: sfn.TaskInput.fromObject({
      incident: incident(),
      target: sfn.JsonPath.objectAt('$.target'),
      ask: 'Answer {"approvedBy": who decided} to cut it off, for everybody who uses it; or {"leave": the reason, "decidedBy": who decided}',
      token: sfn.JsonPath.taskToken,
    }),
    resultPath: '$.approve',
  });
  approve.addCatch(to.failed, { errors: ['States.ALL'], resultPath: '$.error' });
  return approve.next(
    new sfn.Choice(scope, 'Is approved')
      .when(says('approve', 'approvedBy'), to.cut)
      .when(says('approve', 'leave', 'decidedBy'), to.left)
      .otherwise(to.failed),
  );
}

function incident(): unknown {
  return sfn.JsonPath.objectAt('$.incident');
}
