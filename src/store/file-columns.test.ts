import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FileEntry, FileTable } from '../model/index.js';
import { ByteReader, ByteWriter } from './byte-form.js';
import { readFileColumns, writeFileColumns } from './file-columns.js';

const entry = (path: string, i: number): FileEntry => ({
  path,
  type: i % 5 === 4 ? 'symlink' : 'file',
  mode: 0o755,
  uid: i % 2,
  gid: 7,
  sizeBytes: i * 1000,
  link: i % 5 === 4 ? `to/${path}` : null,
  sha256: i % 5 === 4 ? null : 'ab'.repeat(32),
  ...(i % 2 === 0 ? { md5: 'cd'.repeat(16) } : {}),
  content: 'text',
});

function written(table: FileTable): Buffer {
  const to = new ByteWriter();
  writeFileColumns(to, table.columns);
  return Buffer.from(to.join() ?? assert.fail('too large'));
}

const paths = fc.array(
  fc
    .array(fc.constantFrom('usr', 'lib', 'ü', 'a', 'x'.repeat(200), 'lib64'), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join('/')),
  { maxLength: 30 },
);

test('columns come back as they were written', () => {
  fc.assert(
    fc.property(paths, (list) => {
      const table = FileTable.of(list.map(entry));
      const columns = readFileColumns(new ByteReader(written(table)));
      assert.deepEqual(columns === null ? null : [...new FileTable(columns)], [...table]);
    }),
  );
});

test('bytes that are not what was written give nothing, or a table that can be read', () => {
  const whole = written(FileTable.of(['usr/lib/a', 'usr/lib/b', 'usr/lib64/c', 'var/x', 'var/y'].map(entry)));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(whole.length),
      (changes, end) => {
        const bytes = Buffer.from(whole.subarray(0, end));
        for (const [at, value] of changes) if (at < end) bytes[at] = value;
        const columns = readFileColumns(new ByteReader(bytes));
        if (columns !== null) for (const { path } of new FileTable(columns)) assert.equal(typeof path, 'string');
      },
    ),
    { numRuns: 2000 },
  );
});
