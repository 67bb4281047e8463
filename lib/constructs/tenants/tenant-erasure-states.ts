import { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { tell } from '../response/incident-steps';

export interface ErasureServices {
  /** Bus on which the application hears what happens when: it tells the customer. */
  readonly bus: events.IEventBus;
  /** Hears of an erasure that does not go on. */
  readonly alerts: sns.ITopic;
  readonly eraser: lambda.IFunction;
  /**
   * Takes away what each tenant has for itself.
   *
   * @default - tenants have nothing for themselves
   */
  readonly provisioner?: lambda.IFunction;
  /** Whether tenants share a database; otherwise the provisioner drops the one of the tenant, with the keys in it. */
  readonly sharesDatabase: boolean;
  /** Days for which the erasure can be called off. */
  readonly graceDays: number;
}

/**
 * Announced, called off or waited for, recorded, erased, looked at, confirmed. Until the wait is over nothing is deleted: whoever stops the execution
 * has called it off. What is not in the ledger is not erased. Accounts go first, so that nobody adds to what is erased, and keys last. Whatever fails or is left is told of, and tried again
 * after an hour from the first step on, each of which finishes what was begun; nothing is confirmed that a look has not shown to be gone.
 */
export function erasureStates(scope: Construct, services: ErasureServices): sfn.IChainable {
  const late = tell(scope, 'Escalate erasure', services.alerts, 'Erasure of a tenant does not go on', {
    erasure: sfn.JsonPath.objectAt('$.erasure'),
    ask: 'Look at the log of the function and at what is left; the process tries again every hour.',
    execution: sfn.JsonPath.stringAt('$$.Execution.Id'),
  });
  const again = new sfn.Wait(scope, 'Pause', { time: sfn.WaitTime.duration(Duration.hours(1)) });
  const verify = ask(scope, 'Verify erasure', services.eraser, { action: 'verify' }, late, '$.verified');
  const steps = [...eraseSteps(scope, services, late), verify];
  const [first = verify] = steps;
  for (const [at, step] of steps.slice(0, -1).entries()) {
    step.next(steps[at + 1] ?? verify);
  }
  late.next(again.next(first));
  verify.next(
    new sfn.Choice(scope, 'Is erased')
      .when(
        sfn.Condition.and(
          sfn.Condition.isPresent('$.verified.erased'),
          sfn.Condition.booleanEquals('$.verified.erased', true),
        ),
        say(scope, 'Confirm erasure', services.bus, 'Tenant erased').next(new sfn.Succeed(scope, 'Erased')),
      )
      .otherwise(late),
  );
  return begin(scope, services, first);
}

function begin(scope: Construct, { bus, eraser, graceDays }: ErasureServices, first: sfn.IChainable): sfn.IChainable {
  const plan = new tasks.LambdaInvoke(scope, 'Plan', {
    lambdaFunction: eraser,
    payload: sfn.TaskInput.fromObject({
      action: 'plan',
      tenant: sfn.JsonPath.stringAt('$.erasure.tenant'),
      requestedAt: sfn.JsonPath.stringAt('$$.Execution.StartTime'),
      graceDays,
    }),
    resultSelector: { erasedAt: sfn.JsonPath.stringAt('$.Payload.erasedAt') },
    resultPath: '$.plan',
  });
  const grace = new sfn.Wait(scope, 'Grace', { time: sfn.WaitTime.duration(Duration.days(graceDays)) });
  return new sfn.Choice(scope, 'Is requested')
    .when(
      sfn.Condition.and(
        sfn.Condition.isPresent('$.erasure.tenant'),
        sfn.Condition.isString('$.erasure.tenant'),
        sfn.Condition.isPresent('$.erasure.by'),
      ),
      plan
        .next(say(scope, 'Announce erasure', bus, 'Tenant erasure announced'))
        .next(grace)
        .next(first),
    )
    .otherwise(
      new sfn.Fail(scope, 'Not requested', {
        error: 'NotRequested',
        cause: 'an erasure has a tenant and somebody by whom it was asked for',
      }),
    );
}

function eraseSteps(
  scope: Construct,
  { eraser, provisioner, sharesDatabase }: ErasureServices,
  late: sfn.IChainable,
): readonly tasks.LambdaInvoke[] {
  const step = (name: string, code: lambda.IFunction, action: string) => ask(scope, name, code, { action }, late);
  return [
    step('Record erasure', eraser, 'record'),
    step('Erase accounts', eraser, 'accounts'),
    step('Erase files', eraser, 'files'),
    ...(sharesDatabase ? [step('Erase rows', eraser, 'rows')] : []),
    ...(provisioner
      ? [step(sharesDatabase ? 'Take off the catalogue' : 'Erase database with its keys', provisioner, 'remove')]
      : []),
    ...(sharesDatabase ? [step('Destroy keys', eraser, 'keys')] : []),
  ];
}

/** Asks a function for a step; what it had no time for, it is asked for again at once. */
function ask(
  scope: Construct,
  name: string,
  code: lambda.IFunction,
  payload: { readonly action: string },
  late: sfn.IChainable,
  resultPath = sfn.JsonPath.DISCARD,
): tasks.LambdaInvoke {
  const state = new tasks.LambdaInvoke(scope, name, {
    lambdaFunction: code,
    payload: sfn.TaskInput.fromObject({ ...payload, tenant: sfn.JsonPath.stringAt('$.erasure.tenant') }),
    ...(resultPath === sfn.JsonPath.DISCARD
      ? {}
      : {
          resultSelector: {
            erased: sfn.JsonPath.objectAt('$.Payload.erased'),
            remains: sfn.JsonPath.objectAt('$.Payload.remains'),
          },
        }),
    resultPath,
  });
  state.addRetry({ errors: ['Unfinished'], interval: Duration.seconds(1), backoffRate: 1, maxAttempts: 1000 });
  state.addCatch(late, { errors: ['States.ALL'], resultPath: '$.error' });
  return state;
}

/** Tells whoever listens on the bus: ids and dates, and nothing about a person. */
function say(
  scope: Construct,
  name: string,
  eventBus: events.IEventBus,
  detailType: string,
): tasks.EventBridgePutEvents {
  return new tasks.EventBridgePutEvents(scope, name, {
    entries: [
      {
        eventBus,
        source: 'avouch.erasure',
        detailType,
        detail: sfn.TaskInput.fromObject({
          tenant: sfn.JsonPath.stringAt('$.erasure.tenant'),
          requestedAt: sfn.JsonPath.stringAt('$$.Execution.StartTime'),
          erasedAt: sfn.JsonPath.stringAt('$.plan.erasedAt'),
          execution: sfn.JsonPath.stringAt('$$.Execution.Id'),
        }),
      },
    ],
    resultPath: sfn.JsonPath.DISCARD,
  });
}
