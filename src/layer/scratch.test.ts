import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type FileHead, isTrowelError } from '../model/index.js';
import { FileSink, heldBytes } from './file-sink.js';
import { Scratch } from './scratch.js';

const head = (sizeBytes: number): FileHead => ({ path: 'f', type: 'file', mode: 0o644, sizeBytes, link: null });

/** A folder that TMPDIR names during the test. */
function ownTemporary(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'scratch-test-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = dir;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

test('any slice is what was written, again and again, and nothing has a name', (t) => {
  const dir = ownTemporary(t);
  const scratch = new Scratch();
  for (const size of [700_000, 0, 300_000]) {
    const bytes = randomBytes(size);
    scratch.begin();
    for (let at = 0; at < size; at += 70_001) scratch.write(bytes.subarray(at, at + 70_001));
    assert.deepEqual(readdirSync(dir), []);
    const file = scratch.file(head(size));
    assert.equal(file.sizeBytes, size);
    assert.ok(bytes.equals(file.bytes()));
    fc.assert(
      fc.property(fc.integer({ min: -10, max: size + 10 }), fc.integer({ min: -1, max: size }), (offset, length) => {
        const from = Math.max(0, offset);
        assert.ok(
          bytes.subarray(from, Math.max(from, offset + Math.max(0, length))).equals(file.slice(offset, length)),
        );
      }),
    );
  }
  scratch.close();
  assert.deepEqual(readdirSync(dir), []);
});

test('no room to put a file aside: the reason is told by the file, and digests are still taken', (t) => {
  const dir = ownTemporary(t);
  rmSync(dir, { recursive: true });
  const size = heldBytes + 1;
  const told: unknown[] = [];
  const sink = new FileSink(
    {
      wants: () => true,
      done: (_, { sha256, file }) => {
        told.push(sha256.length);
        try {
          file?.slice(0, 4);
        } catch (error) {
          told.push(isTrowelError(error, 'denied'));
        }
      },
    },
    size,
  );
  sink.next(head(size), []);
  sink.write(new Uint8Array(size - 10));
  sink.write(new Uint8Array(10));
  sink.end();
  sink.close();
  assert.deepEqual(told, [32, true]);
});
