import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** For tests: an HTTP server in this process, and what it was asked. */
export interface TestServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly authorization: string | null;
    readonly range: string | null;
    readonly body: string;
  }[];
}

export interface TestAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | string;
  /** Breaks the connection after the body. */
  readonly cut?: boolean;
  /** Sends nothing more and keeps the connection open. */
  readonly hang?: boolean;
  /** Sends one byte of the body at a time, with a pause in milliseconds. */
  readonly dripMs?: number;
}

export type TestHandler = (request: { path: string; authorization: string | null; range: string | null }) => TestAnswer;

/** For tests: runs an action against a server and stops it, connections and all. */
export async function withServer<T>(handler: TestHandler, action: (server: TestServer) => Promise<T>): Promise<T> {
  const requests: TestServer['requests'][number][] = [];
  const server = createServer((request, response) => {
    const { authorization = null, range = null } = request.headers;
    const path = request.url ?? '';
    void textOf(request).then((body) => {
      requests.push({ method: request.method ?? '', path, authorization, range, body });
      send(response, handler({ path, authorization, range }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await action({ host: `127.0.0.1:${portOf(server.address())}`, requests });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the test server has no port');
  return address.port;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

function send(response: ServerResponse, answer: TestAnswer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.statusCode = answer.status ?? 200;
  if (answer.hang === true) {
    response.flushHeaders();
    return;
  }
  const body = Buffer.from(answer.body ?? '');
  if (answer.dripMs !== undefined) {
    drip(response, body, answer.dripMs);
  } else if (answer.cut === true) {
    response.write(body, () => response.destroy());
  } else {
    response.end(body);
  }
}

function drip(response: ServerResponse, body: Buffer, pauseMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at >= body.length || response.destroyed) {
      clearInterval(timer);
      response.end();
    } else {
      response.write(body.subarray(at, ++at));
    }
  }, pauseMs);
}
