import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the stand-in saw it. */
export interface SeenRequest {
  /** `cloudtrail:DescribeTrails` */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Region that a request was signed for: `…Credential=KEY/20260302/eu-central-1/cloudtrail/aws4_request…`. */
function regionOf({ headers }: IncomingMessage): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';
}

/** What the stand-in answers: the body of a 200, an error of the service, or anything else over HTTP. */
export type Answer =
  | { readonly body: unknown }
  | { readonly error: string; readonly message?: string; readonly status?: number }
  | { readonly raw: string; readonly status: number; readonly type?: string }
  | 'hang up'
  | 'never'
  | 'drip';

export type Answers = (request: SeenRequest) => Answer;

const targets: Readonly<Record<string, string>> = {
  CloudTrail_20131101: 'cloudtrail',
  StarlingDoveService: 'config',
};

/**
 * A server on this machine that speaks as the services do: AWS JSON 1.1 for CloudTrail and Config, the query protocol for STS. Requests
 * come from the real SDK, so that its endpoints, serialization, retries and time limits are what is tested.
 */
export class StandIn {
  readonly seen: SeenRequest[] = [];
  /** Regions that requests were signed for, in the order of `seen`. */
  readonly regions: string[] = [];
  /** Most requests that were under way at once. */
  busiest = 0;
  private underWay = 0;

  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async start(answers: Answers): Promise<StandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const standIn = new StandIn(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => void standIn.handle(request, response, answers));
    return standIn;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  actions(): readonly string[] {
    return this.seen.map(({ action }) => action);
  }

  private async handle(request: IncomingMessage, response: ServerResponse, answers: Answers): Promise<void> {
    this.underWay++;
    this.busiest = Math.max(this.busiest, this.underWay);
    response.on('close', () => this.underWay--);
    const seen = requestOf(String(request.headers['x-amz-target'] ?? ''), await bodyOf(request));
    this.seen.push(seen);
    this.regions.push(regionOf(request));
    // A moment, so that requests that may run together do
    await new Promise((resolve) => setTimeout(resolve, 2));
    const answer = answers(seen);
    if (answer === 'hang up') {
      request.socket.destroy();
    } else if (answer === 'drip') {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      const dripping = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(dripping));
    } else if (answer !== 'never') {
      respond(response, seen, answer);
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) {
    body += String(part);
  }
  return body;
}

function requestOf(target: string, body: string): SeenRequest {
  const [service = '', operation = ''] = target.split('.');
  if (target !== '') {
    return { action: `${targets[service] ?? service}:${operation}`, input: JSON.parse(body) };
  }
  const { Action = '', ...input } = Object.fromEntries(new URLSearchParams(body));
  return { action: `sts:${Action}`, input };
}

function respond(response: ServerResponse, { action }: SeenRequest, answer: Exclude<Answer, string>): void {
  const isQuery = action.startsWith('sts:');
  const send = (status: number, type: string, text: string) => {
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': '5d1d1f7b-0b0a-4c5c-9a3a-1f2e3d4c5b6a' });
    response.end(text);
  };
  if ('raw' in answer) {
    send(answer.status, answer.type ?? 'text/html', answer.raw);
  } else if ('error' in answer) {
    const { error, message = 'as recorded', status = 400 } = answer;
    const text = isQuery
      ? `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${error}</Code><Message>${message}</Message></Error></ErrorResponse>`
      : JSON.stringify({ __type: error, message });
    send(status, isQuery ? 'text/xml' : 'application/x-amz-json-1.1', text);
  } else {
    send(
      200,
      isQuery ? 'text/xml' : 'application/x-amz-json-1.1',
      isQuery ? String(answer.body) : JSON.stringify(answer.body),
    );
  }
}

/** Who the caller is, as STS says it. */
export const callerIdentity = (account = '111122223333'): Answer => ({
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::${account}:assumed-role/avouch/verify</Arn><UserId>AROAEXAMPLE:verify</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
});

/** What a server that does not know an operation answers: a page, not an answer of the service. */
export const unknownOperationPage: Answer = {
  raw: '<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n',
  status: 500,
};
