import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { leavesOpen, says, UNKNOWN } from './incident-answers';
import { humanStep, type IncidentServices, tell } from './incident-steps';

/** Who must hear of a breach: the authority of the controller, and the customers whose data it touches. */
export type Audience = 'Authority' | 'Customers';

export interface NoticeHours {
  /** Hours from the discovery until the notice must be out. */
  readonly notify: number;
  /** Hours from the discovery until what was not known yet must have followed. */
  readonly supplement: number;
}

/**
 * What a notice says (GDPR, Article 33(3)): what happened, of how many people and how many records about which data, who answers questions,
 * what may follow from it, and what is done.
 */
const CONTENT = ['nature', 'people', 'records', 'contact', 'consequences', 'measures'] as const;

/** Who let it out, when, and what shows that it arrived. */
const PROOF = ['approvedBy', 'sentAt', 'receipt'] as const;

/**
 * The notice of a breach to one audience. People write and send it: nothing here sends anything outside. It is done only with everything that
 * a notice must say; what says `not known yet` must follow (Article 33(4)). That nobody need be told is a decision with its reason and with
 * whoever took it, which Article 33(5) wants to be kept.
 */
export function noticeStates(
  scope: Construct,
  audience: Audience,
  services: IncidentServices,
  { notify, supplement }: NoticeHours,
): sfn.IChainable {
  const content = `Answer in words, numbers too: {"nature": what happened, and to which data, "people": how many, "records": how many, "contact": who answers questions, "consequences": what may follow, "measures": what is done, "approvedBy": who let it out, "sentAt": when, "receipt": what shows that it arrived}. What is unknown says '${UNKNOWN}'`;
  const first = humanStep(
    scope,
    {
      name: `Notify${audience}`,
      hours: notify,
      remind: [notify / 3, (notify * 2) / 3, (notify * 5) / 6],
      ask: `${content}. Where nobody need be told: {"notRequired": the reason, "decidedBy": who decided}`,
    },
    services,
  );
  const further = humanStep(
    scope,
    { name: `Supplement${audience}`, hours: supplement, remind: [supplement / 2], ask: content },
    services,
  );
  const say = (name: string, ask: string) =>
    tell(scope, name, services.alerts, `Incident: ${audience.toLowerCase()}`, {
      incident: sfn.JsonPath.objectAt('$.incident'),
      ask,
    });
  const told = say(`${audience} told`, 'The notice is out, and says everything.');
  const spared = say(`${audience} not told`, 'It was decided that nobody need be told. The reason stays on record.');
  const isNotice = (step: string) => says(step, ...CONTENT, ...PROOF);
  const isPart = (step: string) => sfn.Condition.and(isNotice(step), leavesOpen(step, ...CONTENT));
  const [answer, addition] = [`notify${audience.toLowerCase()}`, `supplement${audience.toLowerCase()}`];
  first.wait.next(
    new sfn.Choice(scope, `Is ${audience} notice whole`)
      .when(isPart(answer), further.start)
      .when(isNotice(answer), told)
      .when(says(answer, 'notRequired', 'decidedBy'), spared)
      .otherwise(first.escalate),
  );
  further.wait.next(
    new sfn.Choice(scope, `Is ${audience} supplement whole`)
      .when(isPart(addition), further.start)
      .when(isNotice(addition), told)
      .otherwise(further.escalate),
  );
  return first.start;
}
