import { TrowelError } from '../model/index.js';
import type { Credential } from './credential-helper.js';
import { clip } from './digest.js';
import type { FoundCredential } from './docker-config.js';
import { type HttpAnswer, type HttpClient, readBody, shown } from './http.js';
import { parseObject, textOf } from './json.js';

/** One challenge of a WWW-Authenticate header: a scheme in lower case and its parameters. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const longestHeader = 8192;
const tokenBytes = 1024 * 1024;

/**
 * Takes a WWW-Authenticate header apart, in time linear in its length; what is malformed ends the list.
 * Follows: RFC 9110, 11.2 to 11.6.1 (schemes, parameters, quoted strings).
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const text = header.slice(0, longestHeader);
  const token = /[A-Za-z0-9!#$%&'*+.^_`|~-]+/y;
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const skip = (letters: string): void => {
    while (at < text.length && letters.includes(text[at] ?? '')) at++;
  };
  const word = (): string => {
    token.lastIndex = at;
    const found = token.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const quoted = (): string => {
    let value = '';
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at++;
      value += text[at] ?? '';
    }
    at++;
    return value;
  };
  for (;;) {
    skip(' \t,');
    const name = word();
    if (name === '') return challenges;
    skip(' \t');
    const current = challenges.at(-1);
    if (text[at] === '=' && current !== undefined) {
      at++;
      skip(' \t');
      current.parameters.set(name.toLowerCase(), text[at] === '"' ? quoted() : word());
    } else {
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    }
  }
}

/**
 * The Authorization header that answers a registry's 401, or null where nothing that is known can answer it.
 *
 * A bearer token is fetched from the realm that the registry names, with the credentials of that registry alone and
 * never over plain HTTP unless the registry itself is asked so. Without credentials a token for anyone is asked for.
 * Throws TrowelError `denied` where the token server refuses, `bad-bytes`, and what the network throws.
 * Follows: distribution docs "Token Authentication Specification" and "OAuth2 token authentication".
 */
export async function answerChallenge(
  answer: HttpAnswer,
  repository: string,
  found: FoundCredential,
  http: HttpClient,
): Promise<string | null> {
  const challenges = answer.headers('www-authenticate').flatMap(parseChallenges);
  const { credential } = found;
  const bearer = challenges.find((challenge) => challenge.scheme === 'bearer');
  if (bearer !== undefined) {
    if (credential?.kind === 'registry-token') return `Bearer ${credential.token}`;
    return `Bearer ${await fetchToken(bearer, answer.url, repository, found, http)}`;
  }
  const basic = challenges.some((challenge) => challenge.scheme === 'basic');
  return basic && credential?.kind === 'password' ? basicHeader(credential) : null;
}

async function fetchToken(
  challenge: Challenge,
  registry: URL,
  repository: string,
  found: FoundCredential,
  http: HttpClient,
): Promise<string> {
  const realm = challenge.parameters.get('realm') ?? '';
  if (!URL.canParse(realm) || !/^https?:\/\//i.test(realm)) {
    throw new TrowelError('bad-bytes', { what: 'names no URL to get a token from', where: shown(registry) });
  }
  const url = new URL(realm);
  const { credential } = found;
  if (url.protocol === 'http:' && registry.protocol === 'https:' && credential !== null) {
    throw new TrowelError('denied', {
      what: `wants credentials sent to ${clip(url.origin)} without TLS, which is not done`,
      where: shown(registry),
    });
  }
  const service = challenge.parameters.get('service');
  const scope = challenge.parameters.get('scope') ?? `repository:${repository}:pull`;
  const answer =
    credential?.kind === 'identity-token'
      ? await http.send(exchangeRequest(url, credential.token, service, scope))
      : await http.send(tokenRequest(url, credential, service, scope));
  const bytes = await readBody(answer, tokenBytes, http.timeoutMs);
  if (answer.status !== 200) throw refused(answer, found);
  const document = parseObject(bytes, 'the answer of the token server', shown(url));
  const token = textOf(document.token) || textOf(document.access_token) || '';
  // A token with a line break would write headers of its own.
  if (token === '' || /[^\x21-\x7e]/.test(token)) {
    throw new TrowelError('bad-bytes', { what: 'the token server answers without a token', where: shown(url) });
  }
  return token;
}

function tokenRequest(
  realm: URL,
  credential: Credential | null,
  service: string | undefined,
  scope: string,
): Parameters<HttpClient['send']>[0] {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  if (credential?.kind !== 'password') return { url };
  url.searchParams.set('account', credential.username);
  return { url, headers: { authorization: basicHeader(credential) } };
}

function exchangeRequest(
  url: URL,
  token: string,
  service: string | undefined,
  scope: string,
): Parameters<HttpClient['send']>[0] {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: 'trowel', scope });
  if (service !== undefined) form.set('service', service);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { url, method: 'POST', headers, body: form.toString() };
}

function refused(answer: HttpAnswer, found: FoundCredential): TrowelError {
  const where = shown(answer.url);
  if (answer.status === 429) {
    return new TrowelError('rate-limited', { what: 'the token server asks to come back later', where });
  }
  if (answer.status >= 500) {
    return new TrowelError('unreachable', { what: `the token server fails with status ${answer.status}`, where });
  }
  const what =
    found.credential === null
      ? `the token server lets nobody in without credentials (status ${answer.status})`
      : `the token server refuses the credentials of ${found.note} (status ${answer.status})`;
  return new TrowelError('denied', { what, where, todo: 'log in again, or name credentials with --registry-config' });
}

function basicHeader(credential: Credential & { kind: 'password' }): string {
  return `Basic ${Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64')}`;
}
