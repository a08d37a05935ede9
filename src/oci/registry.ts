import type { BlobLocation, Descriptor } from '../model/index.js';
import { TrowelError, type Where } from '../model/index.js';
import { answerChallenge } from './auth.js';
import type { Credential } from './credential-helper.js';
import { clip, digestOf, verifyBytes } from './digest.js';
import { loadRegistryConfig, type RegistryConfig } from './docker-config.js';
import { type HttpAnswer, type HttpOptions, isTransient, openHttp, readBody, shown, tooSlow } from './http.js';
import type { ImageSource } from './image-source.js';
import { isObject, type JsonObject, listOf, textOf } from './json.js';
import { manifestBytes, mediaTypes } from './manifest.js';
import { formatReference, type Reference } from './reference.js';
import { readTags } from './tags.js';

export interface RegistryOptions extends HttpOptions {
  readonly offline: boolean;
  /** The one file to take credentials from, or null for the user's usual ones. */
  readonly registryConfig: string | null;
  /** Configurations that are asked before the usual ones; those that are not there are passed over. */
  readonly firstConfigs?: readonly string[];
  /** Credentials that were given for a registry, before those of any configuration. */
  readonly credential?: (registry: string) => Credential | null;
  /** What is looked for, in messages; default: image. */
  readonly noun?: 'image' | 'chart';
}

export interface ManifestOptions {
  /** Default 4 MiB. */
  readonly limitBytes?: number;
  /** Leave it to the caller to hold the bytes to the digest. */
  readonly unverified?: boolean;
}

/** Registries, spoken to as OCI's distribution-spec has it. One client serves all hosts and remembers their tokens. */
export interface RegistryClient {
  /**
   * The manifest or index under a reference, verified: its bytes are the digest that the reference or the registry
   * states. Throws TrowelError `not-found`, `denied`, `rate-limited`, `unreachable`, `timeout`, `bad-digest`,
   * `bad-bytes`, `too-large`.
   */
  manifest(
    reference: Reference,
    options?: ManifestOptions,
  ): Promise<{ readonly descriptor: Descriptor; readonly bytes: Uint8Array }>;
  /**
   * The bytes of a blob, not verified, since a reader of layers digests them anyway. A connection that breaks is taken
   * up where it ended. Throws as `manifest` does, also while it is read.
   */
  blob(location: BlobLocation & { kind: 'registry' }): Promise<AsyncIterable<Uint8Array>>;
  /** All tags of a repository, in the order of the registry, at most 100,000. Throws as `manifest` does. */
  tags(registry: string, repository: string): Promise<readonly string[]>;
  /** A repository as a source of images. */
  source(registry: string, repository: string): ImageSource;
  close(): Promise<void>;
}

const accepted = [mediaTypes.ociIndex, mediaTypes.ociManifest, mediaTypes.dockerIndex, mediaTypes.dockerManifest];
const errorBytes = 64 * 1024;
const mostResumes = 4;
/** A layer that comes with fewer bytes a second would never end. */
const slowestBytes = 256;

/** Opens nothing yet: sockets, credentials and the HTTP library come with the first request. */
export function openRegistries(options: RegistryOptions): RegistryClient {
  const http = openHttp(options);
  const noun = options.noun ?? 'image';
  const authorizations = new Map<string, string>();
  let config: Promise<RegistryConfig> | null = null;

  async function get(target: Target, path: string, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const where: Where = { reference: target.shown };
    if (options.offline) throw notAsked(where, noun);
    const url = endpoint(target.registry, target.repository, path, options.plainHttp);
    const key = `${target.registry}/${target.repository}`;
    const send = (authorization: string | undefined): Promise<HttpAnswer> =>
      http.send({ url, headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) } });
    let answer = await send(authorizations.get(key));
    let note = '';
    if (answer.status === 401 && answer.url.origin === url.origin) {
      // Once: a second 401 is an answer and not a question.
      config ??= loadRegistryConfig(options.registryConfig, options.env, options.firstConfigs);
      const given = options.credential?.(target.registry) ?? null;
      const found =
        given === null
          ? await (await config).find(target.registry, target.repository)
          : { credential: given, note: '--username and --password' };
      note = found.note;
      const authorization = await answerChallenge(answer, target.repository, found, http);
      if (authorization !== null) {
        answer.discard();
        authorizations.set(key, authorization);
        answer = await send(authorization);
      }
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw await refusal(answer, { ...target, noun }, note, options.timeoutMs);
  }

  async function manifest(
    reference: Reference,
    { limitBytes = manifestBytes, unverified = false }: ManifestOptions = {},
  ): Promise<{ readonly descriptor: Descriptor; readonly bytes: Uint8Array }> {
    const name = reference.digest ?? reference.tag ?? 'latest';
    const target = {
      registry: reference.registry,
      repository: reference.repository,
      shown: formatReference(reference),
    };
    const answer = await get(target, `manifests/${name}`, { accept: accepted.join(', ') });
    const bytes = await readBody(answer, limitBytes, options.timeoutMs);
    const stated = reference.digest ?? statedDigest(answer);
    const digest = stated ?? digestOf(bytes);
    if (!unverified) verifyBytes(bytes, { digest, sizeBytes: null }, 'the manifest', { reference: target.shown });
    const mediaType = (answer.header('content-type') ?? '').split(';')[0]?.trim() ?? '';
    return { descriptor: { mediaType, digest, sizeBytes: bytes.length }, bytes };
  }

  async function blob(location: BlobLocation & { kind: 'registry' }): Promise<AsyncIterable<Uint8Array>> {
    const { registry, repository, digest } = location;
    const target = { registry, repository, shown: `${registry}/${repository}@${digest}` };
    const fetchFrom = (offset: number): Promise<HttpAnswer> =>
      get(target, `blobs/${digest}`, offset === 0 ? {} : { range: `bytes=${offset}-` });
    return resuming(await fetchFrom(0), fetchFrom, options.timeoutMs);
  }

  return {
    manifest,
    blob,
    tags: (registry, repository) => {
      const target = { registry, repository, shown: `${registry}/${repository}` };
      return readTags((path) => get(target, path, {}), options.timeoutMs, { reference: target.shown });
    },
    source: (registry, repository) => ({
      kind: 'registry',
      noun: 'the registry',
      has: async () => true,
      async read(descriptor, role, limitBytes) {
        const { digest } = descriptor;
        if (role === 'manifest') {
          const asked = { registry, repository, tag: null, digest };
          return (await manifest(asked, { limitBytes, unverified: true })).bytes;
        }
        const parts: Uint8Array[] = [];
        let size = 0;
        for await (const part of await blob({ kind: 'registry', registry, repository, digest })) {
          size += part.length;
          if (size > limitBytes) {
            const where = { reference: `${registry}/${repository}@${digest}` };
            throw new TrowelError('too-large', { what: `the ${role} has more than ${limitBytes} bytes`, where });
          }
          parts.push(part);
        }
        return Buffer.concat(parts);
      },
      locate: async ({ digest }) => ({ kind: 'registry', registry, repository, digest }),
    }),
    close: () => http.close(),
  };
}

function notAsked(where: Where, noun: 'image' | 'chart'): TrowelError {
  const instead = noun === 'image' ? 'give the image with --image-store' : 'give the chart as a .tgz';
  return new TrowelError('unreachable', {
    what: 'not asked: offline',
    where,
    todo: `leave out --offline, or ${instead}`,
  });
}

interface Target {
  readonly registry: string;
  readonly repository: string;
  /** For messages. */
  readonly shown: string;
}

/** The digest that a registry states beside a manifest; one of an unknown shape states nothing. */
function statedDigest(answer: HttpAnswer): string | null {
  const text = answer.header('docker-content-digest');
  return text !== null && /^sha256:[a-f0-9]{64}$/.test(text) ? text : null;
}

/** Follows: distribution-spec "Pulling"; docker.io is served by another host than its name. */
function endpoint(registry: string, repository: string, path: string, plainHttp: readonly string[]): URL {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const plain = plainHttp.some((name) => name === '*' || name.toLowerCase() === host.toLowerCase());
  const text = `${plain ? 'http' : 'https'}://${host}/v2/${repository}/${path}`;
  if (!URL.canParse(text)) {
    throw new TrowelError('bad-reference', { what: `"${clip(registry)}" cannot be the host of a registry` });
  }
  return new URL(text);
}

/** The body, taken up again where a broken connection left it, as often as that helps. */
async function* resuming(
  first: HttpAnswer,
  fetchFrom: (offset: number) => Promise<HttpAnswer>,
  timeoutMs: number,
): AsyncGenerator<Uint8Array> {
  const begun = Date.now();
  let answer = first;
  let offset = 0;
  for (let attempt = 0; ; attempt++) {
    // A server may ignore the range and begin again.
    let skip = attempt > 0 && answer.status !== 206 ? offset : 0;
    const before = offset;
    try {
      for await (const part of answer.body) {
        const fresh = part.subarray(Math.min(skip, part.length));
        skip -= part.length - fresh.length;
        offset += fresh.length;
        const elapsedMs = Date.now() - begun;
        if (elapsedMs > timeoutMs && offset < (elapsedMs / 1000) * slowestBytes) throw tooSlow(answer);
        if (fresh.length > 0) yield fresh;
      }
      return;
    } catch (error) {
      if (!isTransient(error) || attempt >= mostResumes || (attempt > 0 && offset === before)) throw error;
    } finally {
      answer.discard();
    }
    answer = await fetchFrom(offset);
    if (answer.status === 206 && rangeStart(answer) !== offset) {
      answer.discard();
      throw new TrowelError('bad-bytes', {
        what: 'answers with another range than was asked',
        where: shown(answer.url),
      });
    }
  }
}

function rangeStart(answer: HttpAnswer): number | null {
  const found = /^bytes ([0-9]{1,15})-/.exec(answer.header('content-range') ?? '');
  return found === null ? null : Number(found[1]);
}

/** Which of the possible causes a refusal is. Follows: distribution-spec "Error Codes". */
async function refusal(
  answer: HttpAnswer,
  target: Target & { readonly noun: 'image' | 'chart' },
  note: string,
  timeoutMs: number,
): Promise<TrowelError> {
  const where: Where = { reference: target.shown };
  const error = await firstError(answer, timeoutMs);
  const code = textOf(error.code) ?? '';
  const said = textOf(error.message) ?? '';
  const quoted =
    said === '' && code === '' ? '' : ` (${clip([code, said].filter((part) => part !== '').join(': '), 200)})`;
  const { status } = answer;
  if (status === 429 || code === 'TOOMANYREQUESTS') {
    const after = answer.header('retry-after');
    const when = after === null ? '' : `, Retry-After ${clip(after, 40)}`;
    const what = `the registry asks to come back later${when}${quoted}`;
    const todo =
      target.noun === 'image' ? 'log in for a higher limit, or use --image-store' : 'log in for a higher limit';
    return new TrowelError('rate-limited', { what, where, todo });
  }
  if (status === 401 || status === 403) return denied(target, status, quoted, note, where);
  if (status === 404) {
    const what =
      code === 'NAME_UNKNOWN'
        ? `the registry has no such repository${quoted}`
        : `the registry has no such ${target.noun}${quoted}`;
    return new TrowelError('not-found', { what, where });
  }
  if (status >= 500)
    return new TrowelError('unreachable', { what: `the registry fails with status ${status}${quoted}`, where });
  return new TrowelError('bad-bytes', { what: `the registry answers with status ${status}${quoted}`, where });
}

function denied(target: Target, status: number, quoted: string, note: string, where: Where): TrowelError {
  // Registries hide which of the two it is, so that nobody can find private repositories by asking.
  const what =
    note === ''
      ? `no such repository, or one that wants credentials; none are known for ${target.registry}`
      : `no such repository, or one that these credentials do not open: ${note}`;
  return new TrowelError('denied', {
    what: `${what} (status ${status})${quoted}`,
    where,
    todo: `check the name, or log in to ${target.registry}`,
  });
}

async function firstError(answer: HttpAnswer, timeoutMs: number): Promise<JsonObject> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await readBody(answer, errorBytes, timeoutMs)));
    const first = isObject(value) ? listOf(value.errors)[0] : null;
    return isObject(first) ? first : {};
  } catch {
    // The body of an error is a courtesy: HTML, nothing, or too long says no more than the status.
    return {};
  }
}
