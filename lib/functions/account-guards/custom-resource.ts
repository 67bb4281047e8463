import { type AccountProperties, type Clients, closeSecurityGroup, setAccountGuards } from './guards';

/** What CloudFormation sends to a custom resource, as far as it is read here. */
export type CustomResourceEvent = Request &
  (
    | { readonly ResourceType: 'Custom::AccountGuards'; readonly ResourceProperties: AccountProperties }
    | {
        readonly ResourceType: 'Custom::VpcRestrictDefaultSG';
        readonly ResourceProperties: { readonly DefaultSecurityGroupId: string };
      }
  );

interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** Sends the answer to the address that CloudFormation signed; rejects if it does not arrive. */
export type Answer = (url: string, body: string) => Promise<void>;

/**
 * Makes the handler. It answers whatever happens: an answer that is missing leaves the stack waiting. Deleting the stack
 * leaves every guard in place, for nothing that goes away makes the account need them less.
 */
export function customResource(clients: Clients, answer: Answer): (event: CustomResourceEvent) => Promise<void> {
  return async (event) => {
    const outcome = event.RequestType === 'Delete' ? { Status: 'SUCCESS' } : await attempt(clients, event);
    await answer(
      event.ResponseURL,
      JSON.stringify({
        ...outcome,
        PhysicalResourceId: event.LogicalResourceId,
        StackId: event.StackId,
        RequestId: event.RequestId,
        LogicalResourceId: event.LogicalResourceId,
      }),
    );
  };
}

async function attempt(clients: Clients, event: CustomResourceEvent): Promise<{ Status: string; Reason?: string }> {
  try {
    await set(clients, event);
    return { Status: 'SUCCESS' };
  } catch (error) {
    return { Status: 'FAILED', Reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

async function set(clients: Clients, event: CustomResourceEvent): Promise<void> {
  const type: string = event.ResourceType;
  switch (event.ResourceType) {
    case 'Custom::AccountGuards':
      return setAccountGuards(clients, event.ResourceProperties);
    case 'Custom::VpcRestrictDefaultSG':
      return closeSecurityGroup(clients.ec2, event.ResourceProperties.DefaultSecurityGroupId);
    default:
      // A template may ask for anything; doing nothing must not look like success
      throw new Error(`resource type is '${type}', expected Custom::AccountGuards or Custom::VpcRestrictDefaultSG`);
  }
}

/** Puts the answer over HTTPS. */
export async function putAnswer(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body });
  if (!response.ok) {
    throw new Error(`answer to CloudFormation was refused with status ${response.status}, expected 200`);
  }
}
