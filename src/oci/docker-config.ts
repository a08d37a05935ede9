import { join } from 'node:path';
import { isTrowelError, TrowelError } from '../model/index.js';
import { askHelper, type Credential, type Env } from './credential-helper.js';
import { readSmallFile } from './files.js';
import { isObject, type JsonObject, parseObject, textOf } from './json.js';

/** Credentials for a repository, with where they come from, or why there are none. */
export interface FoundCredential {
  readonly credential: Credential | null;
  /** For messages: the file, or what went wrong with a helper. Never a secret. */
  readonly note: string;
}

/** Registry credentials of the user's container tools. */
export interface RegistryConfig {
  find(registry: string, repository: string): Promise<FoundCredential>;
}

const configBytes = 4 * 1024 * 1024;
/** Under this key docker keeps the credentials of docker.io. */
const dockerHubKey = 'https://index.docker.io/v1/';
const dockerHubHosts: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/**
 * Reads the user's registry configuration: the named file alone, else those that exist of `first` (Helm keeps logins
 * of its own, in the same format), REGISTRY_AUTH_FILE,
 * DOCKER_CONFIG/config.json or ~/.docker/config.json, and XDG_RUNTIME_DIR/containers/auth.json. For each registry the
 * first file that has something decides; within one, a helper of the registry, its entry in `auths`, the common store.
 *
 * Throws TrowelError `not-found` (the named file), `bad-bytes`, `denied`.
 * Follows: docker/cli config file, containers-auth.json(5) (keys with a path, the longest match first).
 */
export async function loadRegistryConfig(
  named: string | null,
  env: Env,
  first: readonly string[] = [],
): Promise<RegistryConfig> {
  const files: { readonly path: string; readonly document: JsonObject }[] = [];
  for (const path of named === null ? [...first, ...usualPlaces(env)] : [named]) {
    const bytes = await readSmallFile(path, configBytes);
    // An empty file is what `helm registry login` may leave behind.
    if (bytes?.length === 0) continue;
    if (bytes !== null) {
      files.push({ path, document: parseObject(bytes, 'the registry configuration', { file: path }) });
    } else if (named !== null) {
      throw new TrowelError('not-found', {
        what: 'there is no such file',
        where: { option: '--registry-config', file: path },
      });
    }
  }
  return {
    async find(registry, repository) {
      const notes: string[] = [];
      for (const { path, document } of files) {
        const found = await findIn(document, path, registry, repository, env);
        if (found.credential !== null) return found;
        if (found.note !== '') notes.push(found.note);
      }
      return { credential: null, note: notes.join('; ') };
    },
  };
}

function usualPlaces(env: Env): readonly string[] {
  const home = env.HOME ?? env.USERPROFILE;
  const docker = env.DOCKER_CONFIG || (home === undefined || home === '' ? '' : join(home, '.docker'));
  return [
    env.REGISTRY_AUTH_FILE ?? '',
    docker === '' ? '' : join(docker, 'config.json'),
    env.XDG_RUNTIME_DIR ? join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json') : '',
  ].filter((path) => path !== '');
}

async function findIn(
  document: JsonObject,
  path: string,
  registry: string,
  repository: string,
  env: Env,
): Promise<FoundCredential> {
  const keys = keysFor(registry, repository);
  const helpers = isObject(document.credHelpers) ? document.credHelpers : {};
  const own = keys.map((key) => lookUp(helpers, key)).find((value) => typeof value === 'string' && value !== '');
  if (typeof own === 'string') return fromHelper(own, registry, path, env);
  const auths = isObject(document.auths) ? document.auths : {};
  for (const key of keys) {
    const credential = fromAuth(lookUp(auths, key));
    if (credential !== null) return { credential, note: path };
  }
  const common = textOf(document.credsStore) ?? '';
  return common === '' ? { credential: null, note: '' } : fromHelper(common, registry, path, env);
}

/** A helper that fails must not keep anyone from a public image: it becomes a note, shown if access is denied. */
async function fromHelper(name: string, registry: string, path: string, env: Env): Promise<FoundCredential> {
  const server = dockerHubHosts.includes(registry) ? dockerHubKey : registry;
  try {
    const credential = await askHelper(name, server, env);
    return { credential, note: credential === null ? '' : `credential helper ${name}` };
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return { credential: null, note: `${error.what}, named in ${path}` };
  }
}

/** Keys under which credentials of a repository may stand, the most special first. */
function keysFor(registry: string, repository: string): readonly string[] {
  const parts = repository.split('/');
  const paths = parts.map((_, at) => `${registry}/${parts.slice(0, parts.length - at).join('/')}`);
  const hosts = dockerHubHosts.includes(registry) ? [dockerHubKey, ...dockerHubHosts] : [registry];
  return [...paths, ...hosts];
}

/** The value under a key, or under the same host written as a URL, as old docker logins did. */
function lookUp(map: JsonObject, key: string): unknown {
  if (Object.hasOwn(map, key)) return map[key];
  const host = hostOf(key);
  if (host !== key) return undefined;
  const alike = Object.keys(map).find((other) => other.includes('://') && hostOf(other) === host);
  return alike === undefined ? undefined : map[alike];
}

function hostOf(key: string): string {
  const rest = key.replace(/^https?:\/\//, '');
  const slash = rest.indexOf('/');
  return slash < 0 ? rest : rest.slice(0, slash);
}

function fromAuth(entry: unknown): Credential | null {
  if (!isObject(entry)) return null;
  const registryToken = textOf(entry.registrytoken) ?? '';
  if (registryToken !== '') return { kind: 'registry-token', token: registryToken };
  const identityToken = textOf(entry.identitytoken) ?? '';
  if (identityToken !== '') return { kind: 'identity-token', token: identityToken };
  const joined = Buffer.from(textOf(entry.auth) ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = joined.indexOf(':');
  const username = colon < 0 ? (textOf(entry.username) ?? '') : joined.slice(0, colon);
  const password = colon < 0 ? (textOf(entry.password) ?? '') : joined.slice(colon + 1);
  return username === '' || password === '' ? null : { kind: 'password', username, password };
}
