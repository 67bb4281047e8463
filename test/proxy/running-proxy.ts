import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { proxyConfiguration, type ReverseProxyProps } from '../../lib/constructs/proxy/reverse-proxy';
import { proxyStart } from '../../lib/constructs/proxy/reverse-proxy-start';

const configuredFolder = process.env.NGINX_PATH ? [dirname(process.env.NGINX_PATH)] : [];
const PATH = [...configuredFolder, ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

function installed(name: string, configured?: string): string | undefined {
  return [configured, ...PATH.map((folder) => join(folder, name))].find(
    (path) => path !== undefined && existsSync(path),
  );
}

/** An nginx that is already on this machine; the tests download none. */
export const nginx: string | undefined = installed('nginx', process.env.NGINX_PATH);
/** Makes the certificate, as it does in the container: node can make keys, but no certificates. */
export const openssl: string | undefined = installed('openssl');

export const HOST = 'app.example.com';
export const ORIGIN = `https://${HOST}`;
export const READER = 'https://status.example.com';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** A real nginx on the loopback address, with a generated configuration. */
export class RunningProxy {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(applicationPort: number, props: Partial<ReverseProxyProps> = {}): Promise<RunningProxy> {
    const folder = mkdtempSync(join(tmpdir(), 'avouch-proxy-'));
    const port = await freePort();
    const text = proxyConfiguration({
      domainName: HOST,
      minimumTls: '1.3',
      hstsSeconds: 31536000,
      strictCookies: true,
      trustedRange: '127.0.0.0/8',
      readers: [READER],
      address: '127.0.0.1',
      port,
      applicationPort,
      directory: join(folder, 'run'),
      ...props,
    });
    const log = openSync(join(folder, 'log'), 'a');
    for (const place of [folder, join(folder, 'log')]) {
      chmodSync(place, 0o777);
    }
    // Files, not pipes: nginx opens /dev/stdout anew, which a socket pair refuses. Nobody's user, as in the container
    const child = spawn('/bin/sh', ['-c', proxyStart(join(folder, 'run'))], {
      stdio: ['ignore', log, log],
      env: { PATH: PATH.join(delimiter), PROXY_CONFIGURATION: text },
      ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
    });
    closeSync(log);
    const proxy = new RunningProxy(port, folder, child);
    await proxy.listens();
    return proxy;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const exited = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill('SIGTERM');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Everything that nginx wrote: access log and errors. */
  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        {
          host: '127.0.0.1',
          port: this.port,
          servername: HOST,
          rejectUnauthorized: false,
          agent: false,
          method,
          path,
          headers: { host: HOST, ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Sends bytes as they are, part after part, and gives everything that came back until nginx closed or fell silent. */
  async raw(text: string | readonly string[], until: RegExp = /$^/): Promise<string> {
    const socket = await this.connect({});
    return new Promise((resolve, reject) => {
      let received = '';
      const finish = () => {
        socket.destroy();
        resolve(received);
      };
      socket.setTimeout(1_500, finish);
      socket.on('data', (data) => {
        received += data.toString('latin1');
        if (until.test(received)) {
          finish();
        }
      });
      socket.on('end', finish);
      socket.on('error', reject);
      [text].flat().forEach((part, index) => {
        setTimeout(() => socket.write(part, 'latin1'), index * 50);
      });
    });
  }

  connect(options: ConnectionOptions): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect(
        { host: '127.0.0.1', port: this.port, servername: HOST, rejectUnauthorized: false, ...options },
        () => resolve(socket),
      );
      socket.once('error', reject);
    });
  }

  private async listens(): Promise<void> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      try {
        (await this.connect({})).destroy();
        return;
      } catch (error) {
        if (this.process.exitCode !== null || Date.now() > deadline) {
          throw new Error(`nginx does not listen: ${this.log()}`, { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address === null || typeof address === 'string' ? reject(new Error('no port')) : resolve(address.port),
      );
    });
  });
}
