/** What CloudFormation sends to a custom resource, as far as it is read here. */
export interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
}

/** Sends the answer to the address that CloudFormation signed; rejects if it does not arrive. */
export type Answer = (url: string, body: string) => Promise<void>;

/**
 * Makes the handler of a custom resource that sets something and never takes it back. It answers whatever happens: an answer that is
 * missing leaves the stack waiting. Deleting the stack leaves in place what was set, for nothing that goes away makes the account need it
 * less.
 *
 * @param set sets what the resource asks for; what it throws fails the deployment, with its words as the reason
 */
export function customResource<Request extends CustomResourceRequest>(
  set: (request: Request) => Promise<void>,
  answer: Answer = putAnswer,
): (request: Request) => Promise<void> {
  return async (request) => {
    const outcome = request.RequestType === 'Delete' ? { Status: 'SUCCESS' } : await attempt(set, request);
    await answer(
      request.ResponseURL,
      JSON.stringify({
        ...outcome,
        PhysicalResourceId: request.LogicalResourceId,
        StackId: request.StackId,
        RequestId: request.RequestId,
        LogicalResourceId: request.LogicalResourceId,
      }),
    );
  };
}

async function attempt<Request>(
  set: (request: Request) => Promise<void>,
  request: Request,
): Promise<{ Status: string; Reason?: string }> {
  try {
    await set(request);
    return { Status: 'SUCCESS' };
  } catch (error) {
    return { Status: 'FAILED', Reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** Puts the answer over HTTPS. */
async function putAnswer(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body });
  if (!response.ok) {
    throw new Error(`answer to CloudFormation was refused with status ${response.status}, expected 200`);
  }
}
