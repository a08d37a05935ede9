import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { type Reason, TrowelError } from '../model/index.js';
import type { Env } from './credential-helper.js';
import { clip } from './digest.js';
import { fileError } from './files.js';

export interface HttpOptions {
  /** Hosts (`host` or `host:port`) that are spoken to without TLS; `*` is every registry. */
  readonly plainHttp: readonly string[];
  /** A PEM file of certificates that are trusted beside the usual ones, or null. */
  readonly ca: string | null;
  readonly env: Env;
  /** How to speak TLS with one server; without it the usual certificates are trusted and none is shown. */
  readonly tls?: ClientTls;
  /** Options to name in messages; default: those of images. */
  readonly hints?: HttpHints;
  /** Longest wait for an answer, and for the next bytes of one. */
  readonly timeoutMs: number;
  /** Waits before a retry; a test passes its own. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** How the command line takes what a server lacked. */
export interface HttpHints {
  readonly plainHttp: (host: string) => string;
  readonly ca: string;
}

const imageHints: HttpHints = { plainHttp: (host) => `--plain-http ${host}`, ca: '--ca FILE' };

/** Files of one server's TLS, as Helm's options and repositories name them; null for none. */
export interface ClientTls {
  /** PEM certificates that are trusted in the place of the usual ones. */
  readonly caFile: string | null;
  /** A certificate with its key, PEM, to show to the server: both or none. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  /** Trusts any certificate. */
  readonly insecure: boolean;
}

export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer whose body must be read to its end or discarded. */
export interface HttpAnswer {
  readonly status: number;
  /** The URL that answered, after redirects. */
  readonly url: URL;
  header(name: string): string | null;
  headers(name: string): readonly string[];
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

export interface HttpClient {
  readonly timeoutMs: number;
  /** Sends, follows redirects, tries again what may pass. Throws TrowelError `unreachable`, `timeout`, `rate-limited`. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const mostRedirects = 10;
const silentTries = 2;
const retryWaitsMs = [250, 1_000, 3_000];
/** A server that wants longer is told of, not waited for. */
const longestWaitMs = 30_000;

/**
 * A small HTTP client for registries. Redirects are followed here and not by the library, because a credential must
 * not leave the host it is for (CVE-2018-1000007 and its like), nor a request leave TLS.
 */
export function openHttp(options: HttpOptions): HttpClient {
  const { hints = imageHints } = options;
  let opened: Promise<{ dispatcher: Dispatcher; request: typeof import('undici').request }> | null = null;
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));

  async function once(request: HttpRequest): Promise<HttpAnswer> {
    let current = request;
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const answer = await exchange(current);
      const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.header('location') : null;
      if (location === null) return answer;
      answer.discard();
      current = redirected(current, location, options.plainHttp, hints);
    }
    throw new TrowelError('unreachable', { what: `more than ${mostRedirects} redirects`, where: shown(request.url) });
  }

  /** Hosts that did not answer twice running: the images after that do not wait for them again. */
  const silent = new Map<string, { count: number; error: TrowelError }>();

  async function exchange(request: HttpRequest): Promise<HttpAnswer> {
    const { origin } = request.url;
    const before = silent.get(origin);
    if (before !== undefined && before.count >= silentTries) throw before.error;
    try {
      const answer = await exchangeOnce(request);
      silent.delete(origin);
      return answer;
    } catch (error) {
      const unheard = error instanceof TrowelError && codeOf(error.cause) === 'UND_ERR_CONNECT_TIMEOUT';
      if (unheard) silent.set(origin, { count: (before?.count ?? 0) + 1, error });
      throw error;
    }
  }

  async function exchangeOnce({ url, method = 'GET', headers = {}, body }: HttpRequest): Promise<HttpAnswer> {
    opened ??= connect(options);
    const { dispatcher, request } = await opened;
    try {
      const answer = await request(url, {
        method,
        headers: { 'user-agent': 'trowel', ...headers },
        dispatcher,
        headersTimeout: options.timeoutMs,
        bodyTimeout: options.timeoutMs,
        ...(body === undefined ? {} : { body }),
      });
      const values = (name: string): readonly string[] => [answer.headers[name] ?? []].flat();
      // A body that is thrown away may still fail later; nobody listens then.
      answer.body.on('error', () => undefined);
      return {
        status: answer.statusCode,
        url,
        header: (name) => values(name)[0] ?? null,
        headers: values,
        body: bodyOf(answer.body, url, hints),
        discard: () => void answer.body.destroy(),
      };
    } catch (error) {
      throw networkError(error, url, hints);
    }
  }

  return {
    timeoutMs: options.timeoutMs,
    async send(request) {
      for (let attempt = 0; ; attempt++) {
        const waitMs = retryWaitsMs[attempt] ?? null;
        let answer: HttpAnswer;
        try {
          answer = await once(request);
        } catch (error) {
          if (waitMs === null || !isTransient(error)) throw error;
          await sleep(waitMs);
          continue;
        }
        if (answer.status !== 429 && answer.status < 500) return answer;
        const asked = retryAfterMs(answer.header('retry-after'));
        if (waitMs === null || (asked ?? 0) > longestWaitMs) return answer;
        answer.discard();
        await sleep(Math.max(asked ?? 0, waitMs));
      }
    },
    async close() {
      if (opened === null) return;
      // A pool that never came to be has nothing to close.
      const client = await opened.catch(() => null);
      await client?.dispatcher.destroy();
    },
  };
}

/** Loads the HTTP library: a run that contacts no registry never does. */
async function connect(
  options: HttpOptions,
): Promise<{ dispatcher: Dispatcher; request: typeof import('undici').request }> {
  const { Agent, EnvHttpProxyAgent, request } = await import('undici');
  const { env } = options;
  const ca = options.ca === null ? await lateCertificates(env) : await trusted(options.ca);
  const own = await clientTls(options.tls);
  // Without other options in one context for all connections: each would read a hundred certificates anew.
  const trust =
    ca === null ? {} : Object.keys(own).length > 0 ? { ca } : { secureContext: createSecureContext({ ca }) };
  const connect = { timeout: options.timeoutMs, ...trust, ...own };
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? '';
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY ?? '';
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? '';
  const dispatcher =
    httpProxy === '' && httpsProxy === ''
      ? new Agent({ connect })
      : new EnvHttpProxyAgent({
          connect,
          requestTls: connect,
          httpProxy,
          httpsProxy: httpsProxy || httpProxy,
          noProxy,
        });
  return { dispatcher, request };
}

async function trusted(path: string): Promise<string[]> {
  return [...rootCertificates, await readPem(path, '--ca', '-----BEGIN CERTIFICATE-----')];
}

/**
 * NODE_EXTRA_CA_CERTS beside the usual certificates, where the start of this process left it unread (bin/trowel); else
 * null, Node knows it. A file that cannot be read is left out, as Node does.
 */
async function lateCertificates(env: Env): Promise<string[] | null> {
  const path = env.TROWEL_LATE_CA ?? '';
  if (path === '') return null;
  try {
    return [...rootCertificates, await readFile(path, 'utf8')];
  } catch {
    process.emitWarning(`Ignoring extra certs from \`${path}\`, load failed`);
    return null;
  }
}

/** What Node's TLS takes. Follows: helm internal/tlsutil/tls.go NewClientTLS. */
async function clientTls(tls: ClientTls | undefined): Promise<Readonly<Record<string, string | boolean>>> {
  if (tls === undefined) return {};
  const { caFile, certFile, keyFile, insecure } = tls;
  const ca = caFile === null ? {} : { ca: await readPem(caFile, '--ca-file', '-----BEGIN CERTIFICATE-----') };
  const pair =
    certFile === null || keyFile === null
      ? {}
      : {
          cert: await readPem(certFile, '--cert-file', '-----BEGIN CERTIFICATE-----'),
          key: await readPem(keyFile, '--key-file', 'PRIVATE KEY-----'),
        };
  return { ...ca, ...pair, ...(insecure ? { rejectUnauthorized: false } : {}) };
}

async function readPem(path: string, option: string, mark: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, what } = fileError(error, path);
    throw new TrowelError(code, { what, where: { option, file: path }, cause: error });
  }
  if (text.includes(mark)) return text;
  const what = option === '--key-file' ? 'holds no private key (PEM)' : 'holds no certificate (PEM)';
  throw new TrowelError('bad-bytes', { what, where: { option, file: path } });
}

/** The request that a redirect asks for: credentials stay with their host, TLS is not left. */
function redirected(
  request: HttpRequest,
  location: string,
  plainHttp: readonly string[],
  hints: HttpHints,
): HttpRequest {
  if (!URL.canParse(location, request.url.href)) {
    throw new TrowelError('bad-bytes', { what: 'redirects to what is no URL', where: shown(request.url) });
  }
  const url = new URL(location, request.url);
  const leavesTls = url.protocol === 'http:' && request.url.protocol === 'https:' && !plainHttp.includes(url.host);
  if (leavesTls || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new TrowelError('unreachable', {
      what: `redirects to ${clip(url.origin)}, which is not protected by TLS`,
      where: shown(request.url),
      todo: `if that is meant, add ${hints.plainHttp(clip(url.host))}`,
    });
  }
  if (url.origin === request.url.origin) return { ...request, url };
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'),
  );
  return { url, headers };
}

/** A small answer in whole. Throws TrowelError `too-large` over the limit, `timeout` where it comes drop by drop. */
export async function readBody(answer: HttpAnswer, limitBytes: number, timeoutMs: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const begun = Date.now();
  let size = 0;
  for await (const part of answer.body) {
    size += part.length;
    if (Date.now() - begun > timeoutMs) throw tooSlow(answer);
    if (size > limitBytes) {
      answer.discard();
      throw new TrowelError('too-large', {
        what: `answers with more than ${limitBytes} bytes`,
        where: shown(answer.url),
      });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export function tooSlow(answer: HttpAnswer): TrowelError {
  answer.discard();
  return new TrowelError('timeout', {
    what: 'sends its answer too slowly',
    where: shown(answer.url),
    todo: 'try again, or give it longer with --timeout',
  });
}

async function* bodyOf(body: AsyncIterable<unknown>, url: URL, hints: HttpHints): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of body) if (part instanceof Uint8Array) yield part;
  } catch (error) {
    throw networkError(error, url, hints);
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfterMs(text: string | null): number | null {
  if (text === null) return null;
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** Whether the same request may well pass a moment later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof TrowelError)) return false;
  return isTransientCode(codeOf(error.cause));
}

function networkError(error: unknown, url: URL, hints: HttpHints): TrowelError {
  if (error instanceof TrowelError) return error;
  const [reason, what, todo] = describe(codeOf(error), error, url, hints);
  return new TrowelError(reason, { what, where: shown(url), ...(todo === '' ? {} : { todo }), cause: error });
}

function describe(code: string, error: unknown, url: URL, hints: HttpHints): readonly [Reason, string, string] {
  if (/^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/.test(code)) {
    return ['timeout', 'did not answer in time', 'try again, or give it longer with --timeout'];
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return ['unreachable', 'the host name is not known here', ''];
  if (code === 'ECONNREFUSED') return ['unreachable', 'refuses the connection', ''];
  if (isTransientCode(code)) return ['truncated', 'broke off the connection', 'try again'];
  if (/^(?:ERR_SSL|EPROTO)/.test(code)) {
    return ['unreachable', 'does not speak TLS', `if it is meant to be plain HTTP, add ${hints.plainHttp(url.host)}`];
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return ['unreachable', `has a certificate that is not trusted (${code})`, `name its authority with ${hints.ca}`];
  }
  const text = error instanceof Error ? error.message : String(error);
  return ['unreachable', `cannot be reached (${code || clip(text)})`, ''];
}

function isTransientCode(code: string): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'].includes(code);
}

/** The system's code, which Node may hide in an AggregateError (one error an address). */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error.cause === undefined ? '' : codeOf(error.cause);
}

/** A URL for a message: what follows the path may be a signature or a token. */
export function shown(url: URL): { readonly url: string } {
  return { url: clip(`${url.origin}${url.pathname}`, 200) };
}
