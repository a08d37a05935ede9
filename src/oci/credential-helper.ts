import { spawn } from 'node:child_process';
import { TrowelError } from '../model/index.js';
import { clip } from './digest.js';
import { isObject, textOf } from './json.js';

/** What proves to a registry who asks. */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token of the registry's own login, exchanged for an access token (OAuth 2). */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** Sent as it is. */
  | { readonly kind: 'registry-token'; readonly token: string };

export type Env = Readonly<Record<string, string | undefined>>;

const answerBytes = 64 * 1024;
const helperTimeoutMs = 15_000;

/**
 * Asks a credential helper that the user configured: `docker-credential-NAME get`, the server on its standard input.
 * Null where it knows nothing of the server. The name is checked and no shell is used, so a configuration can only
 * choose among the programs of that prefix on the PATH. The answer never stands in an error.
 *
 * Throws TrowelError `denied` (it failed or gave no credentials), `timeout` (15 s), `usage` (its name).
 * Follows: docker/docker-credential-helpers README, "Development".
 */
export async function askHelper(
  name: string,
  server: string,
  env: Env,
  timeoutMs: number = helperTimeoutMs,
): Promise<Credential | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new TrowelError('usage', { what: `"${clip(name)}" is no name of a credential helper` });
  }
  const program = `docker-credential-${name}`;
  const { status, output } = await run(program, server, env, timeoutMs);
  if (status !== 0) {
    // The protocol has no code for "unknown": the text is the protocol (credentials/error.go).
    if (output.includes('credentials not found')) return null;
    throw new TrowelError('denied', { what: `${program} failed (exit ${status ?? 'by signal'})` });
  }
  const answer = parseAnswer(output);
  if (answer === null) throw new TrowelError('denied', { what: `${program} answered without credentials` });
  return answer;
}

function parseAnswer(output: string): Credential | null {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const username = textOf(value.Username) ?? '';
  const secret = textOf(value.Secret) ?? '';
  if (secret === '') return null;
  return username === '<token>'
    ? { kind: 'identity-token', token: secret }
    : { kind: 'password', username, password: secret };
}

function run(
  program: string,
  input: string,
  env: Env,
  timeoutMs: number,
): Promise<{ readonly status: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], { env: { ...env }, shell: false, stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    let size = 0;
    // A process that the helper started may keep the pipe open: letting go of it ends the wait in any case.
    const stop = (error: TrowelError): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
      reject(error);
    };
    const timer = setTimeout(() => {
      stop(new TrowelError('timeout', { what: `${program} did not answer in ${timeoutMs / 1000} s` }));
    }, timeoutMs);
    child.on('error', (cause) => stop(new TrowelError('denied', { what: `${program} could not be started`, cause })));
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${input}\n`);
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > answerBytes) stop(new TrowelError('denied', { what: `${program} answers without end` }));
      else parts.push(part);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, output: Buffer.concat(parts).toString('utf8') });
    });
  });
}
