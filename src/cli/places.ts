import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Arguments } from './arguments.js';
import { isSet, optionValue } from './arguments.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The advisory database: `--db`, else under XDG_DATA_HOME (XDG Base Directory Specification). */
export function databasePath(args: Arguments, env: Env): string {
  return optionValue(args, 'db') ?? join(base(env, 'XDG_DATA_HOME', ['.local', 'share']), 'advisories.db');
}

/** The store: `--store`, else under XDG_CACHE_HOME; null with `--no-store`. */
export function storePath(args: Arguments, env: Env): string | null {
  if (isSet(args, 'no-store')) return null;
  return optionValue(args, 'store') ?? join(base(env, 'XDG_CACHE_HOME', ['.cache']), 'store.db');
}

/** The cache of fetched charts, beside the store: `PATH.charts`; null with `--no-store`. */
export function chartCachePath(args: Arguments, env: Env): string | null {
  const store = storePath(args, env);
  return store === null ? null : `${store}.charts`;
}

/** Parsed templates of charts, beside the store: `PATH.templates`; null with `--no-store`. */
export function templatesPath(args: Arguments, env: Env): string | null {
  const store = storePath(args, env);
  return store === null ? null : `${store}.templates`;
}

function base(env: Env, name: string, fallback: readonly string[]): string {
  const given = env[name];
  const dir = given?.startsWith('/') ? given : join(env.HOME ?? homedir(), ...fallback);
  return join(dir, 'trowel');
}
