import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../src/pack/index.js';
import type { ChartAccess } from '../src/repository/index.js';
import { programMissing } from './paths.js';

/** One request that a test's server was sent. */
export interface Asked {
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Breaks the connection after the body. */
  readonly cut?: boolean;
  /** Answers nothing, and keeps the connection open. */
  readonly hang?: boolean;
}

/** Runs an action against a server of this process on the loopback interface; `host` is `127.0.0.1:PORT`. */
export async function withHttp<T>(
  answer: (asked: Asked) => Reply,
  action: (server: { readonly host: string; readonly url: string; readonly asked: Asked[] }) => Promise<T>,
): Promise<T> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const one = { path: request.url ?? '', headers: request.headers };
    asked.push(one);
    const { status = 200, headers = {}, body = '', cut = false, hang = false } = answer(one);
    if (hang) return;
    response.writeHead(status, headers);
    if (cut) response.write(body, () => response.destroy());
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    return await action({ host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}`, asked });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Answers with the files of a directory. */
export function filesOf(dir: string): (asked: Asked) => Reply {
  return ({ path }) => {
    const file = join(dir, decodeURIComponent(path.replace(/\?.*$/, '')));
    return existsSync(file) && statSync(file).isFile() ? { body: readFileSync(file) } : { status: 404 };
  };
}

export const noHelm: string | false = programMissing('helm');

/** An environment in which Helm and Trowel see nothing of the user's own configuration. */
export function privateEnv(dir: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: dir,
    HELM_CONFIG_HOME: join(dir, 'helm-config'),
    HELM_CACHE_HOME: join(dir, 'helm-cache'),
    HELM_DATA_HOME: join(dir, 'helm-data'),
    NO_PROXY: '*',
  };
}

export interface HelmRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real Helm in a private environment, while servers of this process answer. */
export async function helm(dir: string, ...args: readonly string[]): Promise<HelmRun> {
  return await run('helm', args, privateEnv(dir));
}

/** As `helm`, which must succeed; answers its standard output. */
export async function helmDo(dir: string, ...args: readonly string[]): Promise<string> {
  const ended = await helm(dir, ...args);
  assert.equal(ended.code, 0, `helm ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

/** Runs a program to its end. */
export async function run(program: string, args: readonly string[], env: Record<string, string>): Promise<HelmRun> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}

/** Writes a chart with one template that tells its name and version; answers its directory. */
export function writeChart(
  dir: string,
  name: string,
  version: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const chart = join(dir, name);
  mkdirSync(join(chart, 'templates'), { recursive: true });
  const map =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-{{ .Chart.Name }}}\n' +
    'data: {version: {{ .Chart.Version | quote }}, word: {{ .Values.word | quote }}}\n';
  const files = {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
    'values.yaml': 'word: none\n',
    'templates/map.yaml': map,
    ...more,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(chart, path, '..'), { recursive: true });
    writeFileSync(join(chart, path), text);
  }
  return chart;
}

/** A chart's archive of these files, made without Helm. */
export function archiveOf(files: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(files).map(([path, text]) => {
    return { path, type: 'file' as const, mode: 0o644, content: Buffer.from(text) };
  });
  return gzipSync(Buffer.concat([...writeTar(entries)]));
}

/** Nothing asked for but the newest version, nothing kept. */
export const plainAccess: ChartAccess = {
  version: '',
  repo: null,
  username: '',
  password: '',
  caFile: null,
  certFile: null,
  keyFile: null,
  insecureSkipTlsVerify: false,
  passCredentials: false,
  plainHttp: [],
  registryConfig: null,
  verify: false,
  keyring: null,
  dependencyUpdate: false,
  offline: false,
  cache: null,
  timeoutMs: 20_000,
};
