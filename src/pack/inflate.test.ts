import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { Inflate } from './inflate.js';

/** What comes of a stream: its bytes and how many were taken for them, or why there are none. */
type Outcome = { readonly bytes: Buffer; readonly taken: number } | { readonly fault: string };

const engine = new Inflate();

function ours(stream: Uint8Array, step: number): Outcome {
  const pieces: Buffer[] = [];
  engine.begin();
  try {
    for (let at = 0; at < stream.length; at += step) {
      for (const { bytes, end } of engine.take(stream.subarray(at, at + step))) {
        pieces.push(Buffer.from(bytes));
        if (end !== null) return { bytes: Buffer.concat(pieces), taken: at + end };
      }
    }
    return { fault: 'unexpected end of file' };
  } catch (error) {
    if (!isTrowelError(error, 'bad-bytes')) throw error;
    return { fault: /\((.*)\)/.exec(error.what)?.[1] ?? '' };
  }
}

function zlibs(stream: Uint8Array): Outcome {
  try {
    const told: unknown = Reflect.apply(inflateRawSync, undefined, [stream, { info: true }]);
    assert.ok(typeof told === 'object' && told !== null && 'buffer' in told && 'engine' in told);
    const { buffer, engine: used } = told;
    assert.ok(Buffer.isBuffer(buffer) && typeof used === 'object' && used !== null && 'bytesWritten' in used);
    return { bytes: buffer, taken: Number(used.bytesWritten) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : '' };
  }
}

function agree(stream: Uint8Array, step: number): Outcome {
  const expected = zlibs(stream);
  const got = ours(stream, step);
  assert.deepEqual(got, expected);
  return got;
}

/** Bytes with literals, short and long matches near and far, and runs. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ bytes, back: 0, length: 0 })),
      fc.record({
        bytes: fc.constant(new Uint8Array(0)),
        back: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 33_000 })),
        length: fc.oneof(fc.integer({ min: 3, max: 300 }), fc.integer({ min: 1, max: 70_000 })),
      }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => {
    let all = Buffer.alloc(0);
    for (const { bytes, back, length } of parts) {
      const copied = Buffer.alloc(all.length === 0 ? 0 : length);
      const source = all.subarray(Math.max(0, all.length - back));
      for (let i = 0; i < copied.length; i++) copied[i] = source[i % source.length] ?? 0;
      all = Buffer.concat([all, bytes, copied]);
    }
    return all;
  });

const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

const steps = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 3_000_000 }));

test('what zlib deflates comes back, in whatever pieces it is given', () => {
  fc.assert(
    fc.property(content, settings, steps, (bytes, how, step) => {
      const deflated = deflateRawSync(bytes, how);
      assert.deepEqual(agree(deflated, step), { bytes, taken: deflated.length });
    }),
    { numRuns: 300 },
  );
});

test('broken streams fail as they do in zlib, with its words', () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(content, settings, flips, fc.nat(), steps, (bytes, how, changes, cut, step) => {
      const deflated = deflateRawSync(bytes, how);
      for (const [where, bit] of changes) {
        // Most changes fall where the tables are.
        const at = where % Math.min(deflated.length, where % 2 === 0 ? 60 : deflated.length);
        deflated[at] = (deflated[at] ?? 0) ^ (1 << bit);
      }
      agree(cut % 4 === 0 ? deflated.subarray(0, 1 + (cut % deflated.length)) : deflated, step);
    }),
    { numRuns: 3000 },
  );
});

test('bytes that are no stream fail as they do in zlib', () => {
  const heads = fc.constantFrom(0b100, 0b101, 0b010, 0b011, 0b000, 0b110);
  fc.assert(
    fc.property(heads, fc.uint8Array({ minLength: 1, maxLength: 400 }), steps, (head, bytes, step) => {
      bytes[0] = ((bytes[0] ?? 0) & 0xf8) | head;
      agree(bytes, step);
    }),
    { numRuns: 5000 },
  );
});

test('a block without codes for lengths fails as it does in zlib', () => {
  // BFINAL, BTYPE 2, HLIT, HDIST and HCLEN 0, then four lengths of 0.
  const stream = Buffer.concat([Buffer.from([0b101, 0, 0, 0]), Buffer.alloc(60)]);
  assert.deepEqual(agree(stream, 64), { fault: 'invalid code -- missing end-of-block' });
});

test('codes of all lengths, to 15 bits, and tables behind tables', () => {
  // Frequencies of Fibonacci's numbers make the deepest tree.
  const parts: Buffer[] = [];
  for (let symbol = 0, [a, b] = [1, 1]; symbol < 24; symbol++, [a, b] = [b, a + b]) parts.push(Buffer.alloc(a, symbol));
  const whole = Buffer.concat(parts);
  let at = 12345;
  for (let i = whole.length - 1; i > 0; i--) {
    at = (at * 1103515245 + 12345) % 2147483648;
    const other = at % (i + 1);
    [whole[i], whole[other]] = [whole[other] ?? 0, whole[i] ?? 0];
  }
  for (const strategy of [constants.Z_HUFFMAN_ONLY, constants.Z_DEFAULT_STRATEGY]) {
    const deflated = deflateRawSync(whole, { strategy, level: 9, memLevel: 9 });
    for (const step of [1, 1000, deflated.length]) {
      assert.deepEqual(ours(deflated, step), { bytes: whole, taken: deflated.length });
    }
  }
});

test('what stands before a fault is given, and what follows the end is not taken', () => {
  const text = Buffer.from('all of this is given '.repeat(50));
  const broken = Buffer.concat([deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }), Buffer.from([0xff])]);
  engine.begin();
  const pieces: Buffer[] = [];
  assert.throws(
    () => {
      for (const { bytes } of engine.take(broken)) pieces.push(Buffer.from(bytes));
    },
    { code: 'bad-bytes', what: 'the gzip stream is broken (invalid block type)' },
  );
  assert.equal(Buffer.concat(pieces).toString(), text.toString());
  const deflated = deflateRawSync(text);
  const followed = Buffer.concat([deflated, Buffer.alloc(100, 1)]);
  for (const step of [1, 7, followed.length]) {
    assert.deepEqual(ours(followed, step), { bytes: text, taken: deflated.length });
  }
});
