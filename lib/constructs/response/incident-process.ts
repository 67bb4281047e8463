import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type HumanProcessProps, humanProcess } from './human-process';
import { type IncidentHours, incidentStates } from './incident-states';

export interface IncidentProcessProps extends HumanProcessProps {
  /**
   * Hours from the discovery until each step must be done.
   *
   * @default - those of the runbooks: half an hour to assess, a day to the cause, three to the notices, fourteen days (ten working days)
   * to the review and to whatever a notice could not say yet
   */
  readonly hours?: Partial<IncidentHours>;
}

/**
 * The process of an incident: declared, assessed, contained, its cause found and eradicated, recovered once its data was shown to be intact,
 * reviewed; beside it the notices to the authority and to customers. People do the work; the process waits for them, counts from the
 * discovery, calls out whoever is late and lets nobody skip a step.
 *
 * Started with `{ "incident": { "id", "title", "discoveredAt" } }`.
 */
export class IncidentProcess extends Construct {
  readonly machine: sfn.StateMachine;
  /** Key of what is known of incidents. */
  readonly key: kms.IKey;

  constructor(scope: Construct, id: string, props: IncidentProcessProps) {
    super(scope, id);
    const { key, machine } = humanProcess(
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
    this.key = key;
    this.machine = machine;
  }
}
