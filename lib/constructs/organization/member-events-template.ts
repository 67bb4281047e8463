import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { ALARMING_CALLS } from '../alerts/event-alerts';

/** Name of the role with which EventBridge of an account sends events to the bus of the organization. */
const ROLE = 'organization-events';

/** What the names of the rules begin with: a guard-rail keeps rules of such a name. */
export const MEMBER_RULES = 'organization-';

/** Parameter of both templates below: ARN of the bus that hears of the events. */
export const eventBusParameter = { EventBus: { Type: 'String', Description: 'ARN of the bus of the organization' } };

/**
 * The role, which an account has once for all Regions. A bus that admits an organization hears only rules that have one.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 *
 * @param condition name of the condition of the template under which it exists
 */
export function eventRole(condition: string): object {
  return {
    EventRole: {
      Type: 'AWS::IAM::Role',
      Condition: condition,
      Properties: {
        RoleName: ROLE,
        Description: 'Sends what must be reported to the bus of the organization, and may do nothing else',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'report',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: { Ref: 'EventBus' } }],
            },
          },
        ],
      },
    },
  };
}

/**
 * A rule in each Region for each thing that must be reported; what is reported in another Region, such as a sign-in of the root user, is counted in the log of
 * the organization's trail.
 *
 * @param condition name of the condition of the template under which they exist
 */
export function eventRules(condition: string): object {
  return Object.fromEntries(
    Object.entries(ALARMING_CALLS).map(([name, { description, eventPattern }]) => [
      `Report${name}`,
      {
        Type: 'AWS::Events::Rule',
        Condition: condition,
        Properties: {
          Name: `${MEMBER_RULES}${name.toLowerCase()}`,
          Description: description,
          State: 'ENABLED',
          EventPattern: rendered(eventPattern),
          Targets: [
            {
              Id: 'Organization',
              Arn: { Ref: 'EventBus' },
              RoleArn: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${ROLE}` },
            },
          ],
        },
      },
    ]),
  );
}

/** As a template has it; the patterns hold no matchers but plain values. */
function rendered({ source, detailType, detail }: EventPattern): object {
  return { ...(source ? { source } : {}), ...(detailType ? { 'detail-type': detailType } : {}), detail };
}
