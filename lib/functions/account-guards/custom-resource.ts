import { type Clients, type GuardProperties, setGuards } from './guards';

/** What CloudFormation sends to a custom resource, as far as it is read here. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: GuardProperties;
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
        PhysicalResourceId: `account-guards-${event.ResourceProperties.AccountId}`,
        StackId: event.StackId,
        RequestId: event.RequestId,
        LogicalResourceId: event.LogicalResourceId,
      }),
    );
  };
}

async function attempt(clients: Clients, event: CustomResourceEvent): Promise<{ Status: string; Reason?: string }> {
  try {
    await setGuards(clients, event.ResourceProperties);
    return { Status: 'SUCCESS' };
  } catch (error) {
    return { Status: 'FAILED', Reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** Puts the answer over HTTPS. */
export async function putAnswer(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body });
  if (!response.ok) {
    throw new Error(`answer to CloudFormation was refused with status ${response.status}, expected 200`);
  }
}
