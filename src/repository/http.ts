import { STATUS_CODES } from 'node:http';
import { TrowelError, type Where } from '../model/index.js';
import {
  type ClientTls,
  type Env,
  type HttpAnswer,
  type HttpClient,
  type HttpHints,
  isTransient,
  openHttp,
  readBody,
  tooSlow,
} from '../oci/index.js';
import { decompress } from '../pack/index.js';
import { type Answer, type ChartCache, notKept } from './cache.js';
import { scanIndex } from './index-scan.js';
import type { ScannedIndex } from './index-scanner.js';
import { unescaped, withoutSecrets } from './reference.js';
import type { Server } from './server.js';

/** How the command line takes what a server of charts lacked. */
export const chartHints: HttpHints = { plainHttp: (host) => `--plain-http=${host}`, ca: '--ca-file FILE' };

export interface HttpChartsOptions {
  readonly cache: ChartCache;
  readonly offline: boolean;
  readonly timeoutMs: number;
  readonly env: Env;
  /** Hosts to which a redirect may leave TLS. */
  readonly plainHttp: readonly string[];
  /** Waits before a retry; a test passes its own. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** A small HTTP client for chart repositories: their index, and files of them. */
export interface HttpCharts {
  /**
   * The index of a repository, as far as it concerns one chart; asked with what the cache has of it, so that an index
   * that did not change is not sent again. Throws TrowelError `not-found`, `denied`, `rate-limited`, `unreachable`,
   * `timeout`, `truncated`, and what `scanIndex` throws.
   */
  index(server: Server, url: URL, chart: string): Promise<ScannedIndex>;
  /** A whole file; `stated` is its SHA-256 (hex) where that is known: then the cache may answer alone. */
  file(server: Server, url: URL, asked: FileWish): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface FileWish {
  /** In messages: `the archive`. */
  readonly what: string;
  readonly stated: string | null;
  readonly limitBytes: number;
  readonly where: Where;
}

const tries = 3;
/** An answer that comes with fewer bytes a second would never end. */
const slowestBytes = 256;

/** Opens nothing yet. Follows: helm pkg/getter/httpgetter.go, pkg/repo/chartrepo.go (DownloadIndexFile). */
export function openHttpCharts(options: HttpChartsOptions): HttpCharts {
  const { cache, offline, timeoutMs, env, plainHttp, sleep } = options;
  /** One client for each way to speak TLS. */
  const clients = new Map<string, HttpClient>();
  const clientFor = (tls: ClientTls): HttpClient => {
    const key = JSON.stringify(tls);
    const known = clients.get(key);
    if (known !== undefined) return known;
    const client = openHttp({
      plainHttp,
      hints: chartHints,
      ca: null,
      tls,
      env,
      timeoutMs,
      ...(sleep === undefined ? {} : { sleep }),
    });
    clients.set(key, client);
    return client;
  };

  /** Indexes that were asked for in this run: their repositories are not asked again for the next chart. */
  const fresh = new Set<string>();

  async function ask(
    server: Server,
    url: URL,
    known: Answer | null,
    wanted: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    const { target, headers } = authorized(server, url);
    const validators = {
      ...(known?.etag == null ? {} : { 'if-none-match': known.etag }),
      ...(known?.lastModified == null ? {} : { 'if-modified-since': known.lastModified }),
    };
    const answer = await clientFor(server.tls).send({ url: target, headers: { ...wanted, ...headers, ...validators } });
    if (answer.status === 200 || (answer.status === 304 && known !== null)) return answer;
    answer.discard();
    throw refusal(answer, url, headers.authorization !== undefined);
  }

  async function readIndex(server: Server, url: URL, chart: string): Promise<ScannedIndex> {
    const question = `index ${withoutUser(url)}`;
    let known = await cache.answer(question);
    let kept = known === null ? null : await cache.stream(known.digest);
    if (offline) {
      if (kept === null) throw notKept('the index', { url: withoutSecrets(url.href) });
      return await scanIndex(kept, chart);
    }
    if (kept !== null && fresh.has(question)) return await scanIndex(kept, chart);
    // Bytes that are gone cannot be confirmed.
    if (kept === null) known = null;
    const answer = await ask(server, url, known, {
      accept: 'application/yaml, application/json, */*',
      'accept-encoding': 'gzip',
    });
    if (answer.status === 304 && kept !== null) {
      answer.discard();
      fresh.add(question);
      return await scanIndex(kept, chart);
    }
    kept = null;
    const packed = answer.header('content-encoding')?.trim().toLowerCase() === 'gzip';
    const plain = packed ? decompress(paced(answer, timeoutMs), 'gzip') : paced(answer, timeoutMs);
    const { chunks, done } = cache.tee(plain);
    const scanned = await scanIndex(chunks, chart);
    const digest = await done();
    // A page that is no index is told of, and not kept for the next time.
    const isIndex = digest !== null && scanned.hasApiVersion;
    if (isIndex) {
      await cache.remember(question, { digest, ...validatorsOf(answer) });
      fresh.add(question);
    }
    return scanned;
  }

  async function readFile(server: Server, url: URL, asked: FileWish): Promise<Uint8Array> {
    const stated = asked.stated === null ? null : await cache.bytes(asked.stated);
    if (stated !== null) return stated;
    const question = `file ${withoutUser(url)}`;
    const known = await cache.answer(question);
    const kept = known === null ? null : await cache.bytes(known.digest);
    if (offline) {
      if (kept === null) throw notKept(asked.what, asked.where);
      return kept;
    }
    const answer = await ask(server, url, kept === null ? null : known, {
      accept: 'application/gzip, application/octet-stream, */*',
    });
    if (answer.status === 304 && kept !== null) {
      answer.discard();
      return kept;
    }
    const bytes = await readBody(answer, asked.limitBytes, timeoutMs);
    const digest = await cache.keep(bytes);
    await cache.remember(question, { digest, ...validatorsOf(answer) });
    return bytes;
  }

  return {
    index: (server, url, chart) => again(() => readIndex(server, url, chart)),
    file: (server, url, asked) => again(() => readFile(server, url, asked)),
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

/** A connection that breaks in the middle of a body is tried again from its beginning. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === tries || !isTransient(error)) throw error;
    }
  }
}

/**
 * The request with the credentials that may go where it goes: to scheme, host and port of the repository alone, or
 * wherever it points with `passCredentials`. What stands in a URL itself is for that URL.
 */
function authorized(server: Server, url: URL): { target: URL; headers: Readonly<Record<string, string>> } {
  const target = new URL(url);
  target.username = '';
  target.password = '';
  target.hash = '';
  const own = server.passCredentials || server.url.origin === url.origin;
  const [username, password] =
    url.username !== ''
      ? [unescaped(url.username), unescaped(url.password)]
      : own
        ? [server.username, server.password]
        : ['', ''];
  if (username === '' || password === '') return { target, headers: {} };
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  return { target, headers: { authorization } };
}

function withoutUser(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  return shown.href;
}

function validatorsOf(answer: HttpAnswer): Pick<Answer, 'etag' | 'lastModified'> {
  return { etag: answer.header('etag'), lastModified: answer.header('last-modified') };
}

async function* paced(answer: HttpAnswer, timeoutMs: number): AsyncGenerator<Uint8Array> {
  const begun = Date.now();
  let bytes = 0;
  try {
    for await (const part of answer.body) {
      bytes += part.length;
      const elapsedMs = Date.now() - begun;
      if (elapsedMs > timeoutMs && bytes < (elapsedMs / 1000) * slowestBytes) throw tooSlow(answer);
      yield part;
    }
  } finally {
    answer.discard();
  }
}

/** In Helm's words, with which of the possible causes it is. */
function refusal(answer: HttpAnswer, url: URL, asked: boolean): TrowelError {
  const { status } = answer;
  const what = `failed to fetch ${withoutSecrets(url.href)} : ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  if (status === 404 || status === 410) return new TrowelError('not-found', { what });
  if (status === 401 || status === 403) {
    const todo = asked
      ? 'check the user name and password'
      : 'give --username and --password, or add the repository with helm repo add';
    return new TrowelError('denied', { what, todo });
  }
  if (status === 429) {
    const after = answer.header('retry-after');
    const when = after === null ? 'later' : `after ${after.slice(0, 40)}${/^\d+$/.test(after) ? ' seconds' : ''}`;
    return new TrowelError('rate-limited', { what, todo: `try again ${when}` });
  }
  if (status >= 500) return new TrowelError('unreachable', { what, todo: 'try again later' });
  return new TrowelError('bad-bytes', { what });
}
