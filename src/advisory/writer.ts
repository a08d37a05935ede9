import type Database from 'libsql';
import { type Advisory, TrowelError } from '../model/index.js';
import { guarded, openFile, schemaVersion, versionOf } from './database.js';
import { packageKey, releaseKey } from './names.js';
import { affectedText, headText } from './stored.js';

const schema = `
CREATE TABLE source (name TEXT PRIMARY KEY, records INTEGER NOT NULL, newest TEXT, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE advisory (row INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, withdrawn INTEGER NOT NULL,
  head TEXT NOT NULL, UNIQUE (source, id));
CREATE TABLE affected (ecosystem TEXT NOT NULL, release TEXT NOT NULL, name TEXT NOT NULL, advisory INTEGER NOT NULL,
  body TEXT NOT NULL);
CREATE INDEX affected_package ON affected (ecosystem, name, release);
CREATE INDEX affected_advisory ON affected (advisory);
CREATE TABLE name (name TEXT NOT NULL, advisory INTEGER NOT NULL, PRIMARY KEY (name, advisory)) WITHOUT ROWID;
CREATE INDEX name_advisory ON name (advisory);
CREATE TABLE coverage (source TEXT NOT NULL, ecosystem TEXT NOT NULL, release TEXT NOT NULL,
  PRIMARY KEY (source, ecosystem, release)) WITHOUT ROWID;
PRAGMA user_version = ${schemaVersion};
`;

/** One import: everything that is put is there after `commit`, nothing of it after `rollback`. */
export interface AdvisoryWriter {
  /** Takes away all that an earlier import put under this name. */
  clearSource(source: string): void;
  /** Puts a record; one of the same id and source is replaced when this one is newer. Answers whether it was put. */
  put(source: string, advisory: Advisory): boolean;
  /** States what the source is now; `digest` is of the bytes it came from. */
  finishSource(source: string, digest: string): { readonly records: number };
  commit(): void;
  rollback(): void;
}

/**
 * Begins an import into a database, which is made where there is none.
 *
 * Throws TrowelError `denied` where it cannot be written, `timeout` where another import goes on (it does not wait: a wait would hold up an import in this very thread), `bad-bytes` where the
 * file is something else.
 */
export function writeAdvisories(path: string): AdvisoryWriter {
  const database = openFile(path, path, 50);
  try {
    // One transaction in the file itself: readers see the old records until it is done, a crash leaves them. It is begun
    // before anything is looked at, so that of two imports into a new file the second finds what the first made.
    guarded(path, () => database.exec('PRAGMA cache_size = -64000; BEGIN IMMEDIATE;'));
    const isEmpty = guarded(path, () => database.prepare('SELECT 1 FROM sqlite_master').all().length === 0);
    if (isEmpty) guarded(path, () => database.exec(schema));
    else if (versionOf(path, database) !== schemaVersion) {
      throw new TrowelError('bad-bytes', {
        what: `is no advisory database of version ${schemaVersion}`,
        where: { file: path },
        todo: 'delete it and import again, or name another with --db',
      });
    }
    return writer(path, database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function writer(path: string, database: Database.Database): AdvisoryWriter {
  const prepare = (sql: string): Database.Statement => guarded(path, () => database.prepare(sql));
  const ofSource = 'advisory IN (SELECT row FROM advisory WHERE source = ?)';
  const clear = [`DELETE FROM affected WHERE ${ofSource}`, `DELETE FROM name WHERE ${ofSource}`]
    .concat(['advisory', 'coverage'].map((table) => `DELETE FROM ${table} WHERE source = ?`))
    .concat('DELETE FROM source WHERE name = ?')
    .map(prepare);
  const known = prepare('SELECT row FROM advisory WHERE source = ? AND id = ?').raw();
  const forget = ['affected WHERE advisory', 'name WHERE advisory', 'advisory WHERE row'].map((place) =>
    prepare(`DELETE FROM ${place} = ?`),
  );
  const putAdvisory = prepare('INSERT INTO advisory (source, id, withdrawn, head) VALUES (?, ?, ?, ?)');
  const putAffected = prepare('INSERT INTO affected VALUES (?, ?, ?, ?, ?)');
  const putName = prepare('INSERT OR IGNORE INTO name VALUES (?, ?)');
  const putCoverage = prepare('INSERT OR IGNORE INTO coverage VALUES (?, ?, ?)');
  const putSource = prepare('INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?)');
  const count = prepare('SELECT count(*) FROM advisory WHERE source = ?').raw();

  const newest = new Map<string, string>();
  const ids = new Map<string, Map<string, string>>();
  const covered = new Set<string>();

  function insert(source: string, advisory: Advisory): void {
    const withdrawn = advisory.withdrawn === null ? 0 : 1;
    const row = putAdvisory.run(source, advisory.id, withdrawn, headText(advisory)).lastInsertRowid;
    for (const affected of advisory.affected) {
      const { ecosystem, name } = affected;
      const release = releaseKey(ecosystem, affected.release);
      putAffected.run(ecosystem, release, packageKey(ecosystem, name), row, affectedText(affected));
      const key = JSON.stringify([source, ecosystem, release]);
      if (!covered.has(key)) putCoverage.run(source, ecosystem, release);
      covered.add(key);
    }
    for (const name of namesOf(advisory)) putName.run(name, row);
  }

  return {
    clearSource: (source) =>
      guarded(path, () => {
        for (const statement of clear) statement.run(source);
      }),
    put: (source, advisory) =>
      guarded(path, () => {
        const seen = ids.get(source) ?? new Map<string, string>();
        ids.set(source, seen);
        const before = seen.get(advisory.id);
        if (before !== undefined) {
          if (before >= advisory.modified) return false;
          const [row] = known.all(source, advisory.id).map((found) => (Array.isArray(found) ? found[0] : null));
          for (const statement of forget) statement.run(row);
        }
        seen.set(advisory.id, advisory.modified);
        insert(source, advisory);
        for (const time of [advisory.modified, advisory.published ?? '', advisory.withdrawn ?? '']) {
          if (time > (newest.get(source) ?? '')) newest.set(source, time);
        }
        return true;
      }),
    finishSource: (source, digest) =>
      guarded(path, () => {
        const [row] = count.all(source);
        const records = Array.isArray(row) ? Number(row[0]) : 0;
        const time = newest.get(source) ?? '';
        // Some databases (Go's) write the year 1 where they do not know: no date is the truth.
        putSource.run(source, records, time >= '1970-01-02' ? time : null, digest);
        return { records };
      }),
    commit() {
      guarded(path, () => database.exec('COMMIT'));
      database.close();
    },
    rollback() {
      guarded(path, () => database.exec('ROLLBACK'));
      database.close();
    },
  };
}

/** What a record is called: id and aliases, and the one vulnerability that it was made for. */
function namesOf(advisory: Advisory): ReadonlySet<string> {
  const upstream = advisory.upstream.length === 1 ? advisory.upstream : [];
  return new Set([advisory.id, ...advisory.aliases, ...upstream]);
}
