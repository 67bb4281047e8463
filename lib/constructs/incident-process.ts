import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type HumanProcessProps, humanProcess } from './human-process';
import { type IncidentHours, incidentStates } from './incident-states';

export interface IncidentProcessProps extends HumanProcessProps {
  /**
   * Hours from the discovery until each step must be done.
   *
   * @default - those of the runbooks: half an hour to assess, a day to the cause, fourteen days (ten working days) to the review
   */
  readonly hours?: Partial<IncidentHours>;
}

/**
 * The process of an incident: declared, assessed, contained, eradicated, recovered once its data was shown to be intact, reviewed. People do the
 * work; the process waits for them, counts from the discovery, calls out whoever is late and lets nobody skip a step.
 *
 * Started with `{ "incident": { "id", "title", "discoveredAt" } }`.
 */
export class IncidentProcess extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: IncidentProcessProps) {
    super(scope, id);
    this.machine = humanProcess(
      this,
      props,
      {
        protects: 'What is known of incidents',
        counts: 'Counts how long a step of an incident may still take',
        does: 'Carries out the process of an incident',
        brokeOff: 'The process of an incident broke off: carry on by hand with the runbook',
      },
      (services) => incidentStates(this, services, props.hours),
    );
  }
}
