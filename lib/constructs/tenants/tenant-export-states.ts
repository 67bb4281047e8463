import { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { tell } from '../response/incident-steps';

export interface ExportServices {
  /** Bus on which the application hears that an export is ready. */
  readonly bus: events.IEventBus;
  /** Hears of an export that is large, so that support can lend a hand. */
  readonly alerts: sns.ITopic;
  readonly exporter: lambda.IFunction;
  /** How long one run of the function may take. */
  readonly patience: Duration;
}

/** Runs of the rows of one export after which support hears of it. */
const LARGE = 4;

const { JsonPath, Condition } = sfn;

/**
 * Begun, rows, accounts, files, sealed, announced. A run of the function that has no time left answers while its snapshot is still open, and the next takes it
 * over: an export takes as long as it takes, and sees one moment. Whatever fails ends the export before its manifest is written.
 */
export function exportStates(scope: Construct, services: ExportServices): sfn.IChainable {
  const { bus, exporter } = services;
  const failed = ask(scope, 'Give the turn back', exporter, { action: 'abandon' }).next(
    new sfn.Fail(scope, 'Broke off', {
      error: 'ExportBrokeOff',
      cause: 'a step failed: the history of the execution says why',
    }),
  );
  const done = say(scope, bus).next(new sfn.Succeed(scope, 'Exported'));
  const seal = new tasks.LambdaInvoke(scope, 'Seal export', {
    lambdaFunction: exporter,
    payload: payloadOf({ action: 'seal' }),
    resultSelector: { export: JsonPath.objectAt('$.Payload') },
    resultPath: '$.sealed',
  });
  const files = turn(scope, 'files', 'Export files', inTurn(scope, exporter), seal);
  const accounts = turn(scope, 'accounts', 'Export accounts', inTurn(scope, exporter), files.start);
  const rows = turn(scope, 'rows', 'Export rows', relayed(scope, services), accounts.start);
  assist(scope, services, rows);
  for (const step of [rows.step, accounts.step, files.step, seal]) {
    step.addCatch(failed, { errors: ['States.ALL'], resultPath: '$.error' });
  }
  seal.next(done);
  return begin(scope, exporter, rows.start);
}

function begin(scope: Construct, exporter: lambda.IFunction, next: sfn.IChainable): sfn.IChainable {
  const step = new tasks.LambdaInvoke(scope, 'Begin export', {
    lambdaFunction: exporter,
    payload: sfn.TaskInput.fromObject({
      action: 'begin',
      key: JsonPath.stringAt('$.export.key'),
      run: JsonPath.stringAt('$$.Execution.Name'),
      requestedAt: JsonPath.stringAt('$$.Execution.StartTime'),
    }),
    resultSelector: { answer: JsonPath.objectAt('$.Payload') },
    resultPath: '$.begun',
  });
  const isTurn = new sfn.Choice(scope, 'Is its turn')
    .when(Condition.booleanEquals('$.begun.answer.isTurn', true), next)
    .otherwise(new sfn.Succeed(scope, 'Under way already'));
  return new sfn.Choice(scope, 'Is requested')
    .when(Condition.and(Condition.isPresent('$.export.key'), Condition.isString('$.export.key')), step.next(isTurn))
    .otherwise(
      new sfn.Fail(scope, 'Not requested', {
        error: 'NotRequested',
        cause: 'an export has the key of a request in the bucket of exports',
      }),
    );
}

interface ExportTurn {
  readonly start: sfn.Pass;
  readonly step: tasks.LambdaInvoke;
  readonly isDone: sfn.Choice;
}

/** A step that is asked for again until it says that it is done. */
function turn(
  scope: Construct,
  what: 'rows' | 'accounts' | 'files',
  name: string,
  make: (name: string, what: string) => tasks.LambdaInvoke,
  next: sfn.IChainable,
): ExportTurn {
  const step = make(name, what);
  const start = new sfn.Pass(scope, `Before ${what}`, {
    result: sfn.Result.fromObject({ isDone: false, progress: null }),
    resultPath: `$.${what}`,
  });
  const isDone = new sfn.Choice(scope, `Are ${what} done`).when(
    Condition.booleanEquals(`$.${what}.isDone`, true),
    next,
  );
  start.next(step).next(isDone);
  if (what !== 'rows') {
    isDone.otherwise(step);
  }
  return { start, step, isDone };
}

/** Support is told once of an export that is large, and offers help; the export goes on meanwhile. */
function assist(scope: Construct, { alerts }: ExportServices, { isDone, step }: ExportTurn): void {
  const large = tell(scope, 'Tell support', alerts, 'Export of a tenant is large', {
    export: JsonPath.objectAt('$.begun.answer'),
    ask: 'It goes on by itself. Offer the customer help with fetching it: runbook assist-export.',
    execution: JsonPath.stringAt('$$.Execution.Id'),
  });
  large.next(step);
  isDone.when(Condition.numberEquals('$.rows.progress.round', LARGE + 1), large).otherwise(step);
}

/** Asked without waiting: the answer comes by a token, before the function ends. */
function relayed(scope: Construct, { exporter, patience }: ExportServices) {
  return (name: string, what: string) =>
    new tasks.LambdaInvoke(scope, name, {
      lambdaFunction: exporter,
      invocationType: tasks.LambdaInvocationType.EVENT,
      integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      // Twice, as an invocation may wait for its turn
      taskTimeout: sfn.Timeout.duration(Duration.minutes(patience.toMinutes() * 2)),
      payload: payloadOf({
        action: what,
        progress: JsonPath.objectAt(`$.${what}.progress`),
        token: JsonPath.taskToken,
      }),
      resultPath: `$.${what}`,
    });
}

function inTurn(scope: Construct, exporter: lambda.IFunction) {
  return (name: string, what: string) =>
    new tasks.LambdaInvoke(scope, name, {
      lambdaFunction: exporter,
      payload: payloadOf({ action: what, progress: JsonPath.objectAt(`$.${what}.progress`) }),
      resultSelector: {
        isDone: JsonPath.objectAt('$.Payload.isDone'),
        progress: JsonPath.objectAt('$.Payload.progress'),
      },
      resultPath: `$.${what}`,
    });
}

function ask(scope: Construct, name: string, exporter: lambda.IFunction, payload: { readonly action: string }) {
  return new tasks.LambdaInvoke(scope, name, {
    lambdaFunction: exporter,
    payload: payloadOf(payload),
    resultPath: JsonPath.DISCARD,
  });
}

function payloadOf(payload: Readonly<Record<string, unknown>>): sfn.TaskInput {
  return sfn.TaskInput.fromObject({ ...payload, begun: JsonPath.objectAt('$.begun.answer') });
}

/** Tells whoever listens on the bus: ids and counts, and nothing of what is in the export. */
function say(scope: Construct, eventBus: events.IEventBus): tasks.EventBridgePutEvents {
  return new tasks.EventBridgePutEvents(scope, 'Announce export', {
    entries: [
      {
        eventBus,
        source: 'avouch.export',
        detailType: 'Tenant export ready',
        detail: sfn.TaskInput.fromObject({
          export: JsonPath.objectAt('$.begun.answer'),
          sealed: JsonPath.objectAt('$.sealed.export'),
          execution: JsonPath.stringAt('$$.Execution.Id'),
        }),
      },
    ],
    resultPath: JsonPath.DISCARD,
  });
}
