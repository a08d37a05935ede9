import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TrowelError } from '../model/index.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the user's Helm keeps its configuration; empty where the environment switches one off. */
export interface HelmPlaces {
  readonly repositories: string;
  readonly registryLogins: string;
  /** Indexes of the last `helm repo update`. */
  readonly repositoryCache: string;
  readonly keyring: string;
}

/** One repository of `helm repo list`. */
export interface RepositoryEntry {
  readonly name: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly passCredentialsAll: boolean;
}

/**
 * The places as Helm finds them: its own variables, then the XDG ones, then the system's habit.
 * Follows: helm pkg/cli/environment.go, pkg/helmpath/lazypath*.go, cmd/helm/dependency_build.go (defaultKeyring).
 */
export function helmPlaces(env: Env, platform: NodeJS.Platform = process.platform): HelmPlaces {
  const home = env.HOME ?? homedir();
  const habits: Readonly<Record<string, readonly [config: string, cache: string]>> = {
    darwin: [join(home, 'Library', 'Preferences'), join(home, 'Library', 'Caches')],
    win32: [env.APPDATA ?? home, env.TEMP ?? home],
  };
  const [config, cache] = habits[platform] ?? [join(home, '.config'), join(home, '.cache')];
  const place = (own: string | undefined, xdg: string | undefined, habit: string, ...path: string[]): string =>
    own ? join(own, ...path) : join(xdg || habit, 'helm', ...path);
  const inConfig = (...path: string[]): string => place(env.HELM_CONFIG_HOME, env.XDG_CONFIG_HOME, config, ...path);
  return {
    repositories: env.HELM_REPOSITORY_CONFIG ?? inConfig('repositories.yaml'),
    registryLogins: env.HELM_REGISTRY_CONFIG ?? inConfig('registry', 'config.json'),
    repositoryCache: env.HELM_REPOSITORY_CACHE ?? place(env.HELM_CACHE_HOME, env.XDG_CACHE_HOME, cache, 'repository'),
    keyring: join(env.GNUPGHOME ?? join(home, '.gnupg'), 'pubring.gpg'),
  };
}

const mostRepositories = 10_000;

/**
 * The repositories that the user's Helm knows, in its order; none where there is no such file.
 *
 * Throws TrowelError `bad-bytes` for a file that is no list of repositories, `denied`. No value of it is ever shown.
 * Follows: helm pkg/repo/repo.go (LoadFile), pkg/repo/chartrepo.go (Entry).
 */
export async function readRepositories(path: string): Promise<readonly RepositoryEntry[]> {
  const text = path === '' ? null : await readIfThere(path);
  if (text === null) return [];
  // The YAML reader comes with the template engine, which nothing else here needs.
  const { readYamlDocument } = await import('../template/index.js');
  const bad = (why: string): TrowelError =>
    new TrowelError('bad-bytes', { what: `couldn't load repositories file: ${why}`, where: { file: path } });
  let document: unknown;
  try {
    document = readYamlDocument(text);
  } catch {
    // The reader's words would quote the line, and a password may stand in it.
    throw bad('it is no YAML');
  }
  const list = isObject(document) ? (document.repositories ?? []) : document === null ? [] : null;
  if (!Array.isArray(list) || list.length > mostRepositories) throw bad('it holds no list of repositories');
  return list.filter(isObject).map((entry) => ({
    name: textOf(entry.name),
    url: textOf(entry.url),
    username: textOf(entry.username),
    password: textOf(entry.password),
    certFile: textOf(entry.certFile),
    keyFile: textOf(entry.keyFile),
    caFile: textOf(entry.caFile),
    insecureSkipTlsVerify: entry.insecure_skip_tls_verify === true,
    passCredentialsAll: entry.pass_credentials_all === true,
  }));
}

/**
 * Whether two URLs are the same repository. Follows: helm internal/urlutil/urlutil.go (Equal): paths are cleaned,
 * nothing else.
 */
export function sameUrl(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return a === b;
  const clean = (text: string): string => {
    const url = new URL(text);
    url.pathname = url.pathname.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
    return url.href;
  };
  return clean(a) === clean(b);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new TrowelError('denied', { what: "couldn't load repositories file", where: { file: path }, cause });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Helm's YAML reader makes text of plain numbers and booleans: a password may be one. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
