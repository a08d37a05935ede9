import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type Database from 'libsql';
import { type Affected, type DigDatabase, TrowelError } from '../model/index.js';
import { packageKey, releaseKey, sharedReleaseKey } from './names.js';
import { type AdvisoryHead, readAffectedRow, readHead } from './stored.js';

/** Loaded when a file is opened: the native library costs a tenth of a second, which rendering need not pay. */
// Made when it is used: most commands open no database.
const load = (name: string): typeof Database => createRequire(import.meta.url)(name);

/** An advisory with those of its affected entries that speak of one package. */
export interface StoredAdvisory {
  readonly head: AdvisoryHead;
  readonly affected: readonly Affected[];
}

/** Advisories, looked up by package or by name. Methods throw TrowelError `bad-bytes` when the file is damaged. */
export interface AdvisoryDatabase {
  readonly path: string;
  /** By name; releases in natural order. */
  sources(): DigDatabase['sources'];
  /** Whether there are records for the ecosystem and, where its records are by release, this very release. */
  covers(ecosystem: string, release: string | null): boolean;
  /** The releases of an ecosystem that have records, in natural order; empty where its records name none. */
  releases(ecosystem: string): readonly string[];
  /** Records of one package in one release, by id; withdrawn ones left out, of one id the newest. */
  recordsFor(ecosystem: string, release: string | null, name: string): readonly StoredAdvisory[];
  /** Records that are called so, by id or alias, or stand for just this one vulnerability; withdrawn ones left out. */
  named(name: string): readonly AdvisoryHead[];
  close(): void;
}

/** Raised when records are kept under other keys, too. */
export const schemaVersion = 2;

/** Readers wait only while an import writes its last pages. */
const readTimeoutMs = 20_000;

/**
 * Opens the database for reading; null where there is none.
 *
 * Throws TrowelError `bad-bytes` when the file is no database of this version, `denied` when it cannot be opened.
 */
export function openAdvisories(path: string): AdvisoryDatabase | null {
  if (!existsSync(path)) return null;
  const database = openFile(path, `${pathToFileURL(path).href}?mode=ro`, readTimeoutMs);
  try {
    const version = versionOf(path, database);
    if (version !== schemaVersion) {
      throw new TrowelError('bad-bytes', {
        what: `is no advisory database of version ${schemaVersion}`,
        where: { file: path },
        todo: 'delete it and import again (trowel db import)',
      });
    }
    return reader(path, database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What a dig and `trowel db status` say of the database. */
export function databaseStatus(database: AdvisoryDatabase): DigDatabase {
  return { sources: database.sources() };
}

/** Opens a file with libsql; a lock of others is waited for so long. Throws TrowelError `denied`. */
export function openFile(path: string, name: string, timeoutMs: number): Database.Database {
  try {
    const Libsql: typeof Database = load('libsql');
    return new Libsql(name, { timeout: timeoutMs });
  } catch (cause) {
    throw new TrowelError('denied', {
      what: 'the advisory database cannot be opened',
      where: { file: path },
      todo: 'check its permissions, or name another with --db',
      cause,
    });
  }
}

/** The version of the schema that the file says it has; 0 in a new one. */
export function versionOf(path: string, database: Database.Database): number {
  const [row] = guarded(path, () => database.prepare('PRAGMA user_version').raw().all());
  return Array.isArray(row) ? Number(row[0]) : 0;
}

/** Turns what SQLite says of a damaged file into an error that names the file. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!code.startsWith('SQLITE_')) throw cause;
    const isBusy = code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
    throw new TrowelError(isBusy ? 'timeout' : 'bad-bytes', {
      what: isBusy ? 'another process holds the advisory database' : 'the advisory database cannot be read',
      where: { file: path },
      todo: isBusy ? 'try again when its import is done' : 'delete it and import again (trowel db import)',
      cause,
    });
  }
}

function reader(path: string, database: Database.Database): AdvisoryDatabase {
  const statements = guarded(path, () => ({
    sources: database.prepare('SELECT name, records, newest, digest FROM source ORDER BY name').raw(),
    coverage: database.prepare('SELECT source, ecosystem, release FROM coverage').raw(),
    records: database
      .prepare(
        `SELECT a.source, a.withdrawn, a.head, f.body FROM affected f JOIN advisory a ON a.row = f.advisory
         WHERE f.ecosystem = ? AND f.name = ? AND f.release IN (?, ?, '') ORDER BY a.id, a.source, f.rowid`,
      )
      .raw(),
    named: database
      .prepare(
        `SELECT a.source, a.withdrawn, a.head FROM name n JOIN advisory a ON a.row = n.advisory
         WHERE n.name = ? ORDER BY a.id, a.source`,
      )
      .raw(),
  }));
  const rows = (name: keyof typeof statements, ...parameters: string[]): readonly (readonly unknown[])[] =>
    guarded(path, () => statements[name].all(...parameters).map((row) => (Array.isArray(row) ? row : [])));
  let coverage: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  const releasesOf = (ecosystem: string): ReadonlySet<string> => {
    coverage ??= coverageOf(rows('coverage'));
    return coverage.get(ecosystem) ?? new Set();
  };
  return {
    path,
    sources: () => sourceRows(rows('sources'), rows('coverage')),
    covers(ecosystem, release) {
      const releases = releasesOf(ecosystem);
      const isByRelease = [...releases].some((name) => name !== '');
      return isByRelease ? release !== null && releases.has(releaseKey(ecosystem, release)) : releases.size > 0;
    },
    releases: (ecosystem) => [...releasesOf(ecosystem)].filter((name) => name !== '').sort(natural),
    recordsFor(ecosystem, release, name) {
      const keys = [releaseKey(ecosystem, release), sharedReleaseKey(ecosystem, release)];
      return newest(path, rows('records', ecosystem, packageKey(ecosystem, name), ...keys));
    },
    named: (name) => newest(path, rows('named', name)).map((record) => record.head),
    close: () => database.close(),
  };
}

function coverageOf(rows: readonly (readonly unknown[])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, ecosystem, release] of rows) {
    const releases = found.get(String(ecosystem)) ?? new Set();
    found.set(String(ecosystem), releases.add(String(release)));
  }
  return found;
}

function sourceRows(
  sources: readonly (readonly unknown[])[],
  coverage: readonly (readonly unknown[])[],
): DigDatabase['sources'] {
  return sources.map(([name, records, newest, digest]) => ({
    name: String(name),
    releases: [
      ...new Set(
        coverage
          .filter(([source, , release]) => source === name && release !== '')
          .map(([, , release]) => String(release)),
      ),
    ].sort(natural),
    records: Number(records),
    newest: newest === null ? null : String(newest),
    digest: String(digest),
  }));
}

/** `9` before `10`, `v3.9` before `v3.10`; locale does not count. */
function natural(a: string, b: string): number {
  const pad = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(10, '0'));
  const left = pad(a);
  const right = pad(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rows of (source, withdrawn, head, body?) joined to advisories: of one id only the newest source's. */
function newest(path: string, rows: readonly (readonly unknown[])[]): readonly StoredAdvisory[] {
  const found = new Map<string, { head: AdvisoryHead; withdrawn: boolean; affected: Affected[] }>();
  for (const [source, withdrawn, headText, body] of rows) {
    const head = guarded(path, () => readHead(String(headText), String(source)));
    let entry = found.get(head.id);
    if (entry === undefined || (entry.head.source !== head.source && entry.head.modified < head.modified)) {
      entry = { head, withdrawn: withdrawn !== 0, affected: [] };
      found.set(head.id, entry);
    }
    if (entry.head.source !== head.source || body === undefined) continue;
    entry.affected.push(guarded(path, () => readAffectedRow(String(body))));
  }
  return [...found.values()].filter((entry) => !entry.withdrawn);
}
