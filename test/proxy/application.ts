import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What reached the application. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An application that does everything wrong: careless cookies, headers that tell what it is built with, errors full of secrets. */
export class CarelessApplication {
  readonly seen: Seen[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.note(request, Buffer.concat(chunks).toString());
        if (request.url === '/dies') {
          request.socket.destroy();
          return;
        }
        response.writeHead(statusOf(request.url ?? ''), {
          'content-type': 'text/html',
          'set-cookie': [
            'session=1',
            'cross=2; Path=/; SameSite=None',
            'loose=3; path=/; secure; samesite=lax',
            '__Host-id=4; HttpOnly',
          ],
          server: 'Careless/1.2.3',
          'x-powered-by': 'Careless',
          'x-debug-token': 'abc',
          'content-security-policy': 'default-src *',
          'x-frame-options': 'ALLOWALL',
          'strict-transport-security': 'max-age=0',
          'access-control-allow-origin': '*',
          'access-control-allow-credentials': 'true',
          'x-accel-redirect': '/health',
          ...(request.url?.startsWith('/status/3') ? { location: '/elsewhere' } : {}),
        });
        response.end('Error: SELECT * FROM users WHERE password at /srv/app/db.js:12');
      });
    });
    this.server.on('connection', (socket) => this.sockets.add(socket));
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      this.note(request, '');
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSet-Cookie: socket=1\r\n\r\n`,
      );
      socket.on('data', (data) => socket.write(data));
      socket.on('error', () => socket.destroy());
    });
  }

  /** @returns the loopback port that it listens on */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('the application listens on no port');
    }
    return address.port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private note({ method = '', url = '', headers }: IncomingMessage, body: string): void {
    this.seen.push({ method, url, headers, body });
  }
}

/** `/status/404` answers with that status, everything else with 200. */
function statusOf(url: string): number {
  return Number(/\/status\/(\d+)/.exec(url)?.[1] ?? 200);
}
