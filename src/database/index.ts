/**
 * Databases in single files, read from their bytes with random access and without the programs that wrote them: SQLite
 * tables, Berkeley DB hash files, and rpm's own ndb.
 *
 * Every reader takes a `ByteSource`, gives what is whole, tells what is not to `Problems`, and ends after as many steps
 * as the file has pages, whatever its pointers say.
 */
export { type BerkeleyPair, berkeleyOrder, berkeleyPairs } from './berkeley.js';
export { type NdbBlob, ndbBlobs } from './ndb.js';
export { Problems } from './problems.js';
export { isSqlite, openSqlite, type SqliteFile, type SqliteRow, sqliteTable } from './sqlite.js';
export { committedPages } from './sqlite-log.js';
export type { SqlValue } from './sqlite-record.js';
