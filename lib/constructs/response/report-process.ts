import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type HumanProcessProps, humanProcess } from './human-process';
import { type ReportTimes, reportStates } from './report-states';

export interface ReportProcessProps extends HumanProcessProps, ReportTimes {}

/**
 * The process of a vulnerability report: acknowledged by a person, answered with news until it is closed. It counts from the receipt and calls
 * people out while there is still time to keep what was promised.
 *
 * Started with `{ "report": { "id", "title", "receivedAt" } }` by whoever reads the mailbox. An execution ends after a year, as AWS has it: start
 * a new one for a report that is still open.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export class ReportProcess extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: ReportProcessProps) {
    super(scope, id);
    const { machine } = humanProcess(
      this,
      props,
      {
        protects: 'What is known of vulnerability reports',
        counts: 'Counts how long a step of a vulnerability report may still take',
        does: 'Carries out the process of a vulnerability report',
        brokeOff: 'The process of a vulnerability report broke off: carry on by hand with the runbook',
      },
      (services) => reportStates(this, services, props),
    );
    this.machine = machine;
  }
}
