import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { joined, mutated, pieces, reasonOf } from './bytes.test.support.js';
import { unxz } from './xz.js';

/** What xz 5.4 makes of `hello hello hello hello\n`, with each of its usual checks. */
const hello = 'hello hello hello hello\n';
const crc64 = '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AAXAAxdADQZSe6N6VYKwSGwAABsFO0bO2i7kQABKBjXg7duH7bzfQEAAAAABFla';
const sha256 =
  '/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4AAXAAxdADQZSe6N6VYKwSGwAABm2vy93xJlpTbHzU3EWLUN48EJztwIls23cEFhbJigAwABQBh4YpPDGJtLmgEAAAAAClla';
const samples = [crc64, sha256].map((text) => Buffer.from(text, 'base64'));

function xz(input: Uint8Array, ...options: string[]): Buffer | null {
  const run = spawnSync('xz', ['-q', '-c', ...options], { input, maxBuffer: 2 ** 28 });
  return run.status === 0 ? run.stdout : null;
}
const skip = xz(Buffer.from('x')) === null && 'no xz tool here';

/** Text, zeros, noise, and programs' tables: literals, short and long matches, chunks that do not compress. */
const mixed = Buffer.concat([
  Buffer.from('words that repeat, '.repeat(3000)),
  Buffer.alloc(2_500_000),
  Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * at * 2654435761) >>> 13)),
  Buffer.from(Array.from({ length: 100_000 }, (_, at) => at >> 5)),
]);

test('a small file, and several in a row with padding between them', async () => {
  for (const bytes of samples) {
    assert.equal((await joined(unxz(pieces(bytes)))).toString(), hello);
    const two = Buffer.concat([bytes, Buffer.alloc(8), bytes, Buffer.alloc(4)]);
    assert.equal((await joined(unxz(pieces(two)))).toString(), hello + hello);
    assert.equal(await reasonOf(() => joined(unxz(pieces(Buffer.concat([bytes, Buffer.from('more')]))))), 'truncated');
    assert.equal(await reasonOf(() => joined(unxz(pieces(Buffer.concat([bytes, Buffer.alloc(12, 1)]))))), 'bad-bytes');
  }
});

test('whatever is cut off or changed is an error: every byte is covered by a checksum', async () => {
  for (const bytes of samples) {
    for (let length = 0; length < bytes.length; length++) {
      const reason = await reasonOf(() => joined(unxz(pieces(bytes.subarray(0, length)))));
      assert.equal(reason, 'truncated', `${length} bytes`);
    }
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 0x10;
      assert.notEqual(await reasonOf(() => joined(unxz(pieces(copy)))), 'none', `byte ${at}`);
    }
  }
});

test('what the tool writes', { skip }, async () => {
  const options = [['-0'], ['-6'], ['--check=none'], ['--check=crc32'], ['--check=sha256'], ['--block-size=300000']];
  options.push(
    ['--lzma2=dict=64KiB,lc=0,lp=2,pb=0'],
    ['--lzma2=preset=1,lc=1,lp=3,pb=4'],
    ['-T2', '--block-size=500000'],
  );
  for (const one of options) {
    const packed = xz(mixed, ...one) ?? Buffer.alloc(0);
    assert.ok((await joined(unxz(pieces(packed, 10_007)))).equals(mixed), one.join(' '));
  }
  for (const plain of ['', 'x']) {
    assert.equal((await joined(unxz(pieces(xz(Buffer.from(plain)) ?? Buffer.alloc(0))))).toString(), plain);
  }
});

test('large dictionaries and other filters are refused by name', { skip }, async () => {
  const cases = [
    ['too-large', ['--lzma2=dict=65MiB']],
    ['unsupported', ['--x86', '--lzma2']],
    ['unsupported', ['--delta=dist=4', '--lzma2']],
  ] as const;
  for (const [reason, options] of cases) {
    const packed = xz(Buffer.from(hello), ...options) ?? Buffer.alloc(0);
    assert.equal(await reasonOf(() => joined(unxz(pieces(packed)))), reason, options.join(' '));
  }
});

test('any text comes back', { skip }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 100 }), async (bytes, step) => {
      assert.deepEqual(new Uint8Array(await joined(unxz(pieces(xz(bytes) ?? new Uint8Array(0), step)))), bytes);
    }),
    { numRuns: 20 },
  );
});

test('mutations end with the text or an error of ours', async () => {
  const edit = fc.tuple(fc.nat(10_000), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(edit, { maxLength: 4 }),
      fc.nat(),
      async (bytes, edits, cut) => {
        const reason = await reasonOf(async () => {
          assert.equal((await joined(unxz(pieces(mutated(bytes, edits, cut))))).toString(), hello);
        });
        assert.ok(['none', 'bad-bytes', 'truncated', 'too-large', 'unsupported'].includes(reason), reason);
      },
    ),
    { numRuns: 500 },
  );
});
