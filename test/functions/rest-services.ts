import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as a service saw it: `guardduty eu-west-1 POST /admin/enable`, and what came with it. */
export interface ServiceCall {
  readonly line: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a service answers: the body of a 200, or an error by its name. */
export type ServiceAnswer =
  | { readonly body: object }
  | { readonly error: string; readonly message?: string; readonly status?: number };

/**
 * A server on this machine that speaks as services do whose calls are paths and JSON (GuardDuty, Inspector, Security Hub), and those whose calls are
 * targets (CloudTrail). Requests come from the real SDK, so that its serialization and its retries are what is tested.
 */
export class RestServices {
  readonly calls: ServiceCall[] = [];

  private constructor(private readonly server: Server) {}

  /** @param answers to each call; a call that it gives nothing for is answered with `{}` */
  static async start(answers: (call: ServiceCall) => ServiceAnswer | undefined): Promise<RestServices> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const services = new RestServices(server);
    server.on('request', async (request, response) => {
      const call = await callOf(request);
      services.calls.push(call);
      const answer = answers(call) ?? { body: {} };
      if ('error' in answer) {
        response.writeHead(answer.status ?? 400, {
          'content-type': 'application/json',
          'x-amzn-errortype': answer.error,
        });
        response.end(JSON.stringify({ __type: answer.error, message: answer.message ?? 'as recorded' }));
      } else {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer.body));
      }
    });
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return services;
  }

  lines(): readonly string[] {
    return this.calls.map(({ line }) => line);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function callOf(request: IncomingMessage): Promise<ServiceCall> {
  let body = '';
  for await (const part of request) {
    body += String(part);
  }
  // The scope that a request is signed for says which service of which Region it means
  const [, , region, service] = /Credential=([^,]+)/.exec(request.headers.authorization ?? '')?.[1]?.split('/') ?? [];
  const target = request.headers['x-amz-target'];
  const path = target === undefined ? `${request.method} ${request.url}` : String(target).split('.').at(-1);
  return { line: `${service} ${region} ${path}`, input: body === '' ? {} : JSON.parse(body) };
}
