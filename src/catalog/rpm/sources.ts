import { berkeleyPairs, ndbBlobs, openSqlite, type Problems, sqliteTable } from '../../database/index.js';
import { type CatalogFile, TrowelError } from '../../model/index.js';

/** Which files of a folder are rpm's database, one for each of its backends (rpm, lib/rpmdb.cc and lib/backend). */
export const databaseNames = ['rpmdb.sqlite', 'Packages.db', 'Packages'] as const;
export const logName = 'rpmdb.sqlite-wal';

/** The headers of all packages of a database, whole ones only; what is not goes to `problems`. */
export function* headersOf(file: CatalogFile, name: string, problems: Problems): Generator<Uint8Array> {
  switch (name) {
    case 'rpmdb.sqlite':
      yield* sqliteHeaders(file, problems);
      return;
    case 'Packages.db':
      for (const { bytes } of ndbBlobs(file, problems)) yield bytes;
      return;
    default:
      yield* berkeleyHeaders(file, problems);
  }
}

/** `Packages(hnum, blob)`: rpm, lib/backend/sqlite.cc. */
function* sqliteHeaders(file: CatalogFile, problems: Problems): Generator<Uint8Array> {
  const rows = sqliteTable(file, openSqlite(file), 'Packages', problems);
  if (rows === null) throw new TrowelError('bad-bytes', { what: 'a SQLite database without a table of packages' });
  for (const { rowid, values } of rows) {
    if (values[1] instanceof Uint8Array) yield values[1];
    else problems.add(`package ${rowid} has no header`);
  }
}

/** Package number to header; number 0 has the next number (rpm, lib/backend/bdb_ro.cc and older db3.c). */
function* berkeleyHeaders(file: CatalogFile, problems: Problems): Generator<Uint8Array> {
  for (const { key, value } of berkeleyPairs(file, problems)) {
    if (key.length === 4 && key.some((byte) => byte !== 0)) yield value;
  }
}
