import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileEntry } from './file.js';
import { FileIndex } from './file-index.js';
import { FileTable, FileTableBuilder, fileContents, fileTypes, ownColumns } from './file-table.js';

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((raw) => Buffer.from(raw).toString('hex'));

const entries: fc.Arbitrary<FileEntry> = fc
  .record({
    path: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    type: fc.constantFrom(...fileTypes),
    mode: fc.nat(0o7777),
    uid: fc.constantFrom(0, 0, 1000, 2 ** 40),
    gid: fc.constantFrom(0, 0, 1000),
    sizeBytes: fc.constantFrom(0, 5, 2 ** 33),
    link: fc.string({ unit: 'grapheme', maxLength: 8 }),
    sha256: fc.option(hex(32)),
    md5: fc.option(hex(16), { nil: undefined }),
    sha1: fc.option(hex(20), { nil: undefined }),
    content: fc.constantFrom(...fileContents),
  })
  .map(({ link, md5, sha1, ...rest }) => ({
    ...rest,
    link: rest.type === 'symlink' || rest.type === 'hardlink' ? link : null,
    ...(md5 === undefined ? {} : { md5 }),
    ...(sha1 === undefined ? {} : { sha1 }),
  }));

test('entries come back as they were put in', () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 40 }), (list) => {
      const table = FileTable.of(list);
      assert.equal(table.length, list.length);
      assert.deepEqual([...table], list);
      const { columns, memory } = ownColumns(table.columns);
      const sent = structuredClone(columns, { transfer: memory });
      assert.deepEqual([...new FileTable(sent)], list);
    }),
  );
});

test('a table of some of the rows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(entries, fc.boolean()), { maxLength: 40 }), (list) => {
      const builder = new FileTableBuilder();
      for (const [entry] of list) builder.add(entry);
      const some = builder.table((row) => list[row]?.[1] === true);
      assert.deepEqual(
        [...some],
        list.filter(([, keep]) => keep).map(([entry]) => entry),
      );
    }),
  );
});

test('more rows than the first memory holds', () => {
  const list = Array.from({ length: 5000 }, (_, i): FileEntry => {
    const sha256 = i.toString(16).padStart(64, '0');
    const digests = i % 3 === 0 ? { md5: i.toString(16).padStart(32, '0') } : {};
    const rest = { mode: 0o644, uid: i % 7, gid: 0, sizeBytes: i, link: null, sha256, content: 'data' } as const;
    return { path: `dir/${i}`, type: 'file', ...rest, ...digests };
  });
  assert.deepEqual([...FileTable.of(list)], list);
});

test('no row', () => {
  assert.throws(() => FileTable.of([]).entry(0), RangeError);
});

test('the index finds the last row of each path, and says which rows others replace', () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 60 }), fc.string(), (list, other) => {
      const { columns } = FileTable.of(list);
      const index = new FileIndex(columns);
      const paths = list.map(({ path }) => path);
      for (const path of [...paths, other]) assert.equal(index.rowOf(path), paths.lastIndexOf(path), path);
      const replaced = paths.map((path, row) => paths.lastIndexOf(path) !== row);
      assert.deepEqual(
        paths.map((_, row) => index.isReplaced(row)),
        replaced,
      );
      assert.equal(index.hasReplaced, replaced.includes(true));
    }),
  );
});
