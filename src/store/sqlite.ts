import { hash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type Database from 'libsql';
import { isTrowelError, TrowelError } from '../model/index.js';
import { type Store, storeBytes } from './store.js';

/** Loaded when a file is opened: the native library costs a tenth of a second, which rendering need not pay. */
// Made when it is used: most commands open no database.
const load = (name: string): typeof Database => createRequire(import.meta.url)(name);

/** Marks the file as ours (`PRAGMA application_id`): "Trwl". */
const applicationId = 0x5472776c;
/** Raised when the tables change; a store of another version is emptied. */
const schemaVersion = 1;
/** How long another process may hold the file. */
const busyMs = 10_000;
/** The time of use is written at most this often, so that reading does not write. */
const useStepSeconds = 24 * 60 * 60;

export interface SqliteStoreOptions {
  readonly path: string;
  readonly maxBytes?: number;
  readonly now: () => Date;
}

/**
 * A store in one SQLite file, in WAL mode: several processes may use it at once. Each row carries a checksum; a damaged
 * row is a miss. What is over `maxBytes` makes the least recently used rows go.
 *
 * Throws TrowelError `denied` when the place cannot be written, `bad-database` when something else lies there.
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { path, now } = options;
  const maxBytes = options.maxBytes ?? storeBytes;
  const database = openDatabase(path);
  const statements = {
    get: database.prepare('SELECT bytes, checksum, used FROM kept WHERE digest = ? AND producer = ?'),
    use: database.prepare('UPDATE kept SET used = ? WHERE digest = ? AND producer = ?'),
    put: database.prepare(
      `INSERT INTO kept (digest, producer, bytes, checksum, size, used) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (digest, producer) DO UPDATE SET bytes = excluded.bytes, checksum = excluded.checksum,
       size = excluded.size, used = excluded.used`,
    ),
    sum: database.prepare('SELECT count(*) AS rows, coalesce(sum(size), 0) AS bytes FROM kept'),
    oldest: database.prepare('SELECT digest, producer, size FROM kept ORDER BY used, digest, producer LIMIT 100'),
    remove: database.prepare('DELETE FROM kept WHERE digest = ? AND producer = ?'),
  };
  const seconds = (): number => Math.floor(now().getTime() / 1000);
  const total = (): { rows: number; bytes: number } => {
    const row = statements.sum.get();
    return { rows: numberOf(row, 'rows'), bytes: numberOf(row, 'bytes') };
  };

  /** In one transaction, so that two processes do not remove twice as much as is needed. */
  function shrinkTo(limit: number): number {
    return inTransaction(database, () => {
      let left = total().bytes;
      const before = left;
      while (left > limit) {
        const rows = statements.oldest.all();
        if (rows.length === 0) break;
        for (const row of rows) {
          if (left <= limit) break;
          statements.remove.run(textOf(row, 'digest'), textOf(row, 'producer'));
          left -= numberOf(row, 'size');
        }
      }
      return before - left;
    });
  }

  /** Bytes added since the sum was last taken: it is only looked up when it may matter. */
  let room = 0;

  return {
    get(digest, producer) {
      const row = attempt(() => statements.get.get(digest, producer));
      const bytes = bytesOf(row, 'bytes');
      if (bytes === null || textOf(row, 'checksum') !== checksumOf(digest, producer, bytes)) return null;
      const at = seconds();
      // A store that others may only read still answers.
      if (at - numberOf(row, 'used') > useStepSeconds) attempt(() => statements.use.run(at, digest, producer));
      return bytes;
    },
    put(digest, producer, bytes) {
      if (bytes.length > maxBytes) return;
      try {
        room -= bytes.length;
        if (room < 0) {
          shrinkTo(maxBytes - bytes.length);
          room = Math.min(maxBytes - total().bytes - bytes.length, maxBytes / 8);
        }
        statements.put.run(digest, producer, bytes, checksumOf(digest, producer, bytes), bytes.length, seconds());
      } catch (cause) {
        throw unusable(path, 'denied', 'nothing can be written to the store', cause);
      }
    },
    status: () => ({ path, ...total(), maxBytes }),
    gc(limit) {
      try {
        const removed = shrinkTo(limit);
        database.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
        room = 0;
        return removed;
      } catch (cause) {
        throw unusable(path, 'denied', 'the store cannot be cleared', cause);
      }
    },
    close: () => database.close(),
  };
}

function openDatabase(path: string): Database.Database {
  let database: Database.Database | null = null;
  try {
    makeDirectories(dirname(path));
    const Libsql: typeof Database = load('libsql');
    database = new Libsql(path, { timeout: busyMs });
    prepareDatabase(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (isTrowelError(cause)) throw cause;
    const notOurs = /not a database|malformed|corrupt/i.test(cause instanceof Error ? cause.message : '');
    throw notOurs
      ? unusable(path, 'bad-database', 'the store is damaged or no SQLite file', cause)
      : unusable(path, 'denied', 'the store cannot be opened', cause);
  }
}

/** One after the other: `mkdirSync` with `recursive` never ends where a file system says ENOENT for good (/proc). */
function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeDirectories(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}

function prepareDatabase(database: Database.Database, path: string): void {
  const id = pragma(database, 'application_id');
  const isNew =
    id === 0 && numberOf(database.prepare('SELECT count(*) AS rows FROM sqlite_schema').get(), 'rows') === 0;
  // Another program's file is left alone, whatever option led here.
  if (id !== applicationId && !isNew)
    throw unusable(path, 'bad-database', 'the file is not a store of Trowel', undefined);
  if (isNew) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  if (pragma(database, 'user_version') === schemaVersion && id === applicationId) return;
  inTransaction(database, () => {
    // Another process may have done it meanwhile.
    if (pragma(database, 'user_version') === schemaVersion && pragma(database, 'application_id') === applicationId)
      return;
    database.exec(`
      DROP TABLE IF EXISTS kept;
      CREATE TABLE kept (
        digest TEXT NOT NULL, producer TEXT NOT NULL, bytes BLOB NOT NULL, checksum TEXT NOT NULL,
        size INTEGER NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (digest, producer)
      );
      CREATE INDEX kept_used ON kept (used, digest, producer, size);
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = ${schemaVersion};
    `);
  });
}

function pragma(database: Database.Database, name: string): number {
  return numberOf(database.prepare(`PRAGMA ${name}`).get(), name);
}

function inTransaction<T>(database: Database.Database, action: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    attempt(() => database.exec('ROLLBACK'));
    throw error;
  }
}

/** Bound to its key as well: a row that was copied under another name is damaged too. */
function checksumOf(digest: string, producer: string, bytes: Uint8Array): string {
  return hash('sha256', `${digest}\n${producer}\n${hash('sha256', bytes)}`);
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

function fieldOf(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined;
}

function numberOf(row: unknown, name: string): number {
  const value = fieldOf(row, name);
  return typeof value === 'number' ? value : 0;
}

function textOf(row: unknown, name: string): string {
  const value = fieldOf(row, name);
  return typeof value === 'string' ? value : '';
}

function bytesOf(row: unknown, name: string): Uint8Array | null {
  const value = fieldOf(row, name);
  return value instanceof Uint8Array ? value : null;
}

function unusable(path: string, code: 'denied' | 'bad-database', what: string, cause: unknown): TrowelError {
  const todo = 'give another place with --store PATH, or keep nothing with --no-store';
  return new TrowelError(code, { what, where: { file: path }, todo, ...(cause === undefined ? {} : { cause }) });
}
