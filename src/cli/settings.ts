import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { ChartAccess, ChartInputs, DigOptions, ImageInputs } from '../dig/index.js';
import { TrowelError } from '../model/index.js';
import { type Arguments, isSet, optionValue, optionValues } from './arguments.js';
import { buildStamp } from './build.js';
import type { Context } from './command.js';
import { readFailOn } from './exit-code.js';
import { KeptTemplates } from './kept-templates.js';
import { chartCachePath, databasePath, storePath, templatesPath } from './places.js';
import { readInput } from './read-input.js';

/** The chart options, files read: what Helm's `-f` and `--set-file` name must be there before any work begins. */
export async function chartInputs(args: Arguments, context: Context, name: string | null): Promise<ChartInputs> {
  const files = await Promise.all(
    optionValues(args, 'values')
      .flatMap((value) => value.split(','))
      .map(async (path) => ({ path, text: await readValues(path, context) })),
  );
  const setFile = await readSetFile(optionValues(args, 'set-file'));
  const kubeVersion = optionValue(args, 'kube-version');
  return {
    name: name ?? optionValue(args, 'name') ?? 'release-name',
    namespace: optionValue(args, 'namespace') ?? 'default',
    values: {
      files,
      set: optionValues(args, 'set'),
      setString: optionValues(args, 'set-string'),
      setJson: optionValues(args, 'set-json'),
      setLiteral: optionValues(args, 'set-literal'),
      setFile,
    },
    ...(kubeVersion === null ? {} : { kubeVersion }),
    apiVersions: optionValues(args, 'api-versions').flatMap((value) => value.split(',')),
    includeCrds: isSet(args, 'include-crds'),
    noHooks: isSet(args, 'no-hooks'),
    skipTests: isSet(args, 'skip-tests'),
    showOnly: optionValues(args, 'show-only'),
    isUpgrade: isSet(args, 'is-upgrade'),
    skipSchemaValidation: isSet(args, 'skip-schema-validation'),
    helm: helmVersion(optionValue(args, 'helm') ?? '3'),
  };
}

/** `--set-file KEY=PATH`, files read; the room of charts is loaded only where there is any. */
async function readSetFile(given: readonly string[]): Promise<{ key: string; text: string }[]> {
  if (given.length === 0) return [];
  const { splitSetFile } = await import('../chart/index.js');
  const pairs = given.flatMap(splitSetFile);
  return await Promise.all(pairs.map(async ({ key, path }) => ({ key, text: await readOption(path, 'set-file') })));
}

/** A values file; `-` is standard input, as for Helm. */
async function readValues(path: string, context: Context): Promise<string> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new TrowelError('usage', {
      what: `this version fetches no values: ${path}`,
      where: { option: '--values' },
      todo: 'fetch the file and name it',
    });
  }
  return path.trim() === '-' ? await readInput(context.io.stdin) : await readOption(path, 'values');
}

function helmVersion(word: string): 3 | 4 {
  if (word === '3') return 3;
  if (word === '4') return 4;
  throw wrong('helm', `renders like Helm 3 or 4, not "${word}"`);
}

/** A file that an option names. Its absence is told in the words of Helm. */
async function readOption(path: string, option: string): Promise<string> {
  try {
    return await textOf(await readFile(path));
  } catch (cause) {
    const before = option === 'set-file' ? 'failed parsing --set-file data: ' : '';
    const where = { option: `--${option}` };
    throw new TrowelError('usage', { what: `${before}${fileError(path, cause)}`, where, cause });
  }
}

/** A file as a Go string, which keeps bytes that are no UTF-8: what they are, their reader says. */
async function textOf(bytes: Buffer): Promise<string> {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  const { goString } = await import('../template/index.js');
  return goString(bytes);
}

/** What Go says of a file that it cannot read. */
function fileError(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return `open ${path}: no such file or directory`;
  if (code === 'EACCES') return `open ${path}: permission denied`;
  return code === 'EISDIR' ? `read ${path}: is a directory` : `cannot read ${path}`;
}

/** Where charts come from, as Helm's options say it. */
export function chartAccess(args: Arguments, context: Context): ChartAccess {
  const version = optionValue(args, 'version')?.trim() ?? '';
  const [certFile, keyFile] = [optionValue(args, 'cert-file'), optionValue(args, 'key-file')];
  if ((certFile === null) !== (keyFile === null)) {
    throw wrong(certFile === null ? 'key-file' : 'cert-file', 'wants --cert-file and --key-file together');
  }
  return {
    version: version === '' && isSet(args, 'devel') ? '>0.0.0-0' : version,
    repo: optionValue(args, 'repo'),
    username: optionValue(args, 'username') ?? '',
    password: optionValue(args, 'password') ?? '',
    caFile: optionValue(args, 'ca-file'),
    certFile,
    keyFile,
    insecureSkipTlsVerify: isSet(args, 'insecure-skip-tls-verify'),
    passCredentials: isSet(args, 'pass-credentials'),
    plainHttp: optionValues(args, 'plain-http').map((host) => (host === '' ? '*' : host)),
    registryConfig: optionValue(args, 'registry-config'),
    verify: isSet(args, 'verify'),
    keyring: optionValue(args, 'keyring'),
    dependencyUpdate: isSet(args, 'dependency-update'),
    offline: isSet(args, 'offline'),
    cache: chartCachePath(args, context.io.env),
    timeoutMs: durationMs(optionValue(args, 'timeout') ?? '2m'),
  };
}

function imageInputs(args: Arguments): ImageInputs {
  const platforms = optionValues(args, 'platform').flatMap((value) => value.split(','));
  return {
    platforms: platforms.includes('all') ? 'all' : platforms,
    stores: optionValues(args, 'image-store'),
    plainHttp: optionValues(args, 'plain-http').filter((host) => host !== ''),
    registryConfig: optionValue(args, 'registry-config'),
    ca: optionValue(args, 'ca'),
    allowBadDigest: isSet(args, 'allow-bad-digest'),
    timeoutMs: durationMs(optionValue(args, 'timeout') ?? '2m'),
  };
}

/** What `trowel dig` was told, in the words of `dig/`. */
export async function digSettings(args: Arguments, context: Context): Promise<DigOptions> {
  const chart = await chartInputs(args, context, null);
  return {
    chart,
    access: chartAccess(args, context),
    templates: new KeptTemplates(templatesPath(args, context.io.env), chart.helm ?? 3),
    images: imageInputs(args),
    offline: isSet(args, 'offline'),
    database: databasePath(args, context.io.env),
    store: storePath(args, context.io.env),
    jobs: jobs(optionValue(args, 'jobs')),
    files: isSet(args, 'files'),
    failOn: readFailOn(optionValue(args, 'fail-on')),
    build: buildStamp(),
    tool: { name: 'trowel', version: context.version },
  };
}

function jobs(word: string | null): number {
  if (word === null) return Math.min(availableParallelism(), 4);
  const count = Number(word);
  if (!Number.isInteger(count) || count < 1 || count > 64) throw wrong('jobs', `wants 1 to 64, not "${word}"`);
  return count;
}

/** `500ms`, `30s`, `5m`, `1h`, or seconds as a bare number. */
export function durationMs(text: string): number {
  const match = /^(\d{1,9})(ms|s|m|h)?$/.exec(text);
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const scale = units[match?.[2] ?? 's'];
  if (match === null || scale === undefined) throw wrong('timeout', `wants 30s, 5m or the like, not "${text}"`);
  const ms = Number(match[1]) * scale;
  // What a timer of Node.js holds; more would fire at once.
  if (ms < 1 || ms > 2 ** 31 - 1) throw wrong('timeout', `wants more than nothing and at most 24 days, not "${text}"`);
  return ms;
}

/** `512MiB`, `2GiB`, `1000000`: bytes. */
export function sizeBytes(text: string, option: string): number {
  const match = /^(\d{1,12})(B|KiB|MiB|GiB|KB|MB|GB)?$/i.exec(text);
  const units: Readonly<Record<string, number>> = {
    b: 1,
    kib: 1024,
    mib: 1024 ** 2,
    gib: 1024 ** 3,
    kb: 1000,
    mb: 1000 ** 2,
    gb: 1000 ** 3,
  };
  const scale = units[(match?.[2] ?? 'B').toLowerCase()];
  if (match === null || scale === undefined) throw wrong(option, `wants 512MiB, 2GiB or the like, not "${text}"`);
  return Number(match[1]) * scale;
}

function wrong(option: string, what: string): TrowelError {
  return new TrowelError('usage', { what, where: { option: `--${option}` } });
}
