/** A service whose reads a control may declare. A new one is a new row, and its package a dependency. */
interface Service {
  /** Name of the client class in the package. */
  readonly client: string;
  /** Loads the package; only what a run reads is loaded. */
  readonly load: () => object;
  /** Operations that may be called, where the name alone does not say that they only read. */
  readonly only?: readonly string[];
}

const services: Readonly<Record<string, Service>> = {
  cloudtrail: { client: 'CloudTrailClient', load: () => require('@aws-sdk/client-cloudtrail') },
  cloudwatch: { client: 'CloudWatchClient', load: () => require('@aws-sdk/client-cloudwatch') },
  config: { client: 'ConfigServiceClient', load: () => require('@aws-sdk/client-config-service') },
  guardduty: { client: 'GuardDutyClient', load: () => require('@aws-sdk/client-guardduty') },
  inspector2: { client: 'Inspector2Client', load: () => require('@aws-sdk/client-inspector2') },
  securityhub: { client: 'SecurityHubClient', load: () => require('@aws-sdk/client-securityhub') },
  sns: { client: 'SNSClient', load: () => require('@aws-sdk/client-sns') },
  iam: { client: 'IAMClient', load: () => require('@aws-sdk/client-iam') },
  // GetSessionToken and GetFederationToken hand out credentials
  sts: { client: 'STSClient', load: () => require('@aws-sdk/client-sts'), only: ['GetCallerIdentity'] },
};

const readingVerbs = /^(Get|List|Describe|Lookup|BatchGet)[A-Z]/;

/** An action split at its colon. */
export interface Operation {
  readonly service: string;
  readonly operation: string;
}

/**
 * Splits `service:Operation` and refuses whatever does more than read: nothing else is ever sent.
 * @throws Error naming the action, and what is allowed
 */
export function readingOperation(action: string): Operation {
  const [service = '', operation = '', ...rest] = action.split(':');
  const row = Object.hasOwn(services, service) ? services[service] : undefined;
  if (!row || rest.length > 0) {
    throw new Error(`action '${action}' is of no known service: known are ${Object.keys(services).join(', ')}`);
  }
  const reads = readingVerbs.test(operation) && (row.only?.includes(operation) ?? true);
  if (!reads) {
    const allowed = row.only?.join(', ') ?? 'Get…, List…, Describe…, Lookup… and BatchGet…';
    throw new Error(`action '${action}' may do more than read: allowed of ${service} are ${allowed}`);
  }
  return { service, operation };
}

/** What every client of a run is made with. */
export interface ClientSettings {
  readonly region: string;
  /** Where requests go instead of the service's own address. */
  readonly endpoint?: string;
  /** Attempts at one request, the first included. */
  readonly maxAttempts: number;
  /** Milliseconds that one attempt may take. */
  readonly timeout: number;
}

interface Client {
  send(command: object): Promise<object>;
  destroy(): void;
}

/** The clients of one run, one for each service, made when first asked. */
export class SdkClients {
  private readonly clients = new Map<string, { readonly client: Client; readonly sdk: object }>();

  constructor(private readonly settings: ClientSettings) {}

  /**
   * Calls one reading operation, with the SDK's retries.
   * @throws whatever the SDK throws; Error where the action does more than read or does not exist, or the answer does not end
   */
  async send(action: string, input: object): Promise<object> {
    const { service, operation } = readingOperation(action);
    const { client, sdk } = this.clientOf(service);
    const { maxAttempts, timeout } = this.settings;
    // As long again for the waits between attempts
    const longest = 2 * maxAttempts * timeout;
    return endingWithin(longest, () => client.send(construct(sdk, `${operation}Command`, input)));
  }

  /** Clients with the same settings for another Region; whoever asks closes them. */
  in(region: string): SdkClients {
    return new SdkClients({ ...this.settings, region });
  }

  /** Closes the connections: a process that still holds some does not end. */
  close(): void {
    for (const { client } of this.clients.values()) {
      client.destroy();
    }
    this.clients.clear();
  }

  private clientOf(service: string) {
    let known = this.clients.get(service);
    const row = services[service];
    if (!known && row) {
      const sdk = row.load();
      known = { sdk, client: construct(sdk, row.client, this.configuration()) };
      this.clients.set(service, known);
    }
    if (!known) {
      throw new Error(`no client for the service '${service}'`);
    }
    return known;
  }

  private configuration(): object {
    const { region, endpoint, maxAttempts, timeout } = this.settings;
    return {
      region,
      // Left out, not undefined: only then does the SDK look for AWS_ENDPOINT_URL
      ...(endpoint === undefined ? {} : { endpoint }),
      maxAttempts,
      retryMode: 'standard',
      // The SDK only warns of a request that takes too long unless the last of these is set
      requestHandler: {
        connectionTimeout: timeout,
        requestTimeout: timeout,
        socketTimeout: timeout,
        throwOnRequestTimeout: true,
      },
    };
  }
}

/** The SDK's time limits end with silence; an answer that drips in for ever has to be ended from here. */
async function endingWithin<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no whole answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes an object of a class of the SDK that is known by its name: the naming is the same in every package. */
function construct<T = Client>(sdk: object, name: string, argument: object): T {
  const made: unknown = Reflect.get(sdk, name);
  if (typeof made !== 'function') {
    throw new Error(`the AWS SDK has no ${name}: the action that asks for it is misspelt, or the package is too old`);
  }
  return Reflect.construct(made, [argument]);
}
