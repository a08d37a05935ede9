import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { readRpmHeader, rpmTag } from '../../src/catalog/rpm/header.js';
import { header } from '../../src/catalog/rpm/header.test.support.js';
import { buildBerkeley, buildNdb, sourceOf } from '../../src/database/build.test.support.js';
import {
  berkeleyPairs,
  committedPages,
  ndbBlobs,
  openSqlite,
  Problems,
  sqliteTable,
} from '../../src/database/index.js';
import type { Parser, Seed } from './parser.js';

/** A header as rpm's database has it: with files, so that its lists are walked. */
export const rpmHeader: Uint8Array = header({
  [rpmTag.name]: 'bash',
  [rpmTag.version]: '5.1.8',
  [rpmTag.release]: '9.el9',
  [rpmTag.arch]: 'x86_64',
  [rpmTag.sourceRpm]: 'bash-5.1.8-9.el9.src.rpm',
  1014: 'GPLv3+',
  1117: ['bash', 'sh'],
  1116: { int32: [0, 0] },
  1118: ['/usr/bin/'],
  1035: ['a'.repeat(64), ''],
  1030: { int16: [33261, 41471] },
});

/** Files that SQLite itself writes: small pages, rows that overflow, and rpm's own table. */
export function sqliteSeeds(): readonly Seed[] {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-seeds-'));
  try {
    const written = (name: string, statements: string): Uint8Array => {
      const db = new Database(join(dir, name));
      db.exec(statements);
      db.close();
      return readFileSync(join(dir, name));
    };
    const hex = Buffer.from(rpmHeader).toString('hex');
    return [
      {
        label: 'rpm',
        path: 'var/lib/rpm/rpmdb.sqlite',
        bytes: written(
          'rpm',
          `PRAGMA page_size=512; CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);
           INSERT INTO Packages (blob) VALUES (x'${hex}'), (x'${hex}');`,
        ),
      },
      {
        label: 'deep',
        bytes: written(
          'deep',
          `PRAGMA page_size=512; CREATE TABLE Packages (a TEXT, b BLOB, c REAL, d INTEGER);
           WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
           INSERT INTO Packages SELECT 'row ' || i, zeroblob(i * 7), i / 3.0, i * 1000003 FROM n;`,
        ),
      },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export const databaseParsers: readonly Parser[] = [
  {
    name: 'sqlite',
    memoryMb: 32,
    seeds: sqliteSeeds,
    parse(bytes) {
      const source = sourceOf(bytes);
      const problems = new Problems();
      for (const _ of sqliteTable(source, openSqlite(source), 'Packages', problems) ?? []);
      committedPages(source);
      problems.texts();
    },
  },
  {
    name: 'sqlite-log',
    memoryMb: 16,
    // A header and two frames, the second a commit, without sums: walfile format, 1.
    seeds: () => [{ label: 'two frames', bytes: log() }],
    parse: (bytes) => committedPages(sourceOf(bytes)),
  },
  {
    name: 'ndb',
    memoryMb: 32,
    seeds: () => [{ label: 'two packages', bytes: buildNdb([rpmHeader, rpmHeader]) }],
    parse(bytes) {
      for (const _ of ndbBlobs(sourceOf(bytes), new Problems()));
    },
  },
  {
    name: 'berkeley',
    memoryMb: 32,
    seeds: () => [
      { label: 'little-endian', bytes: buildBerkeley([rpmHeader, Buffer.alloc(3000, 1)], true) },
      { label: 'big-endian', bytes: buildBerkeley([rpmHeader], false) },
    ],
    parse(bytes) {
      for (const _ of berkeleyPairs(sourceOf(bytes), new Problems()));
    },
  },
  {
    name: 'rpm-header',
    memoryMb: 32,
    seeds: () => [{ label: 'bash', bytes: rpmHeader }],
    parse: (bytes) => readRpmHeader(bytes),
  },
];

function log(): Uint8Array {
  const frame = 24 + 512;
  const bytes = Buffer.alloc(32 + 2 * frame);
  for (const [at, value] of [0x377f0682, 3007000, 512, 0, 7, 9].entries()) bytes.writeUInt32BE(value, at * 4);
  for (const [index, size] of [0, 2].entries()) {
    const at = 32 + index * frame;
    for (const [place, value] of [index + 1, size, 7, 9].entries()) bytes.writeUInt32BE(value, at + place * 4);
  }
  return bytes;
}
