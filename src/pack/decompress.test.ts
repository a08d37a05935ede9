import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { cpuMs } from '../model/cpu.test.support.js';
import { isTrowelError, type Reason } from '../model/index.js';
import { type Compression, decompress, sniffCompression } from './decompress.js';

const text = Buffer.from('words that repeat, '.repeat(5000));

async function* pieces(bytes: Uint8Array, step = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

async function failure(bytes: Uint8Array, kind: Compression): Promise<Reason | 'none'> {
  try {
    await all(decompress(pieces(bytes), kind));
    return 'none';
  } catch (error) {
    if (isTrowelError(error)) return error.code;
    throw error;
  }
}

/** zstd's own tool, where it is there. */
function zstd(input: Uint8Array, ...options: string[]): Buffer | null {
  const run = spawnSync('zstd', ['-q', '-c', ...options], { input, maxBuffer: 2 ** 28 });
  return run.status === 0 ? run.stdout : null;
}
const noZstd = zstd(text) === null && 'no zstd tool here';
const nodeHasZstd = 'createZstdDecompress' in process.getBuiltinModule('node:zlib');

test('what the first bytes say', () => {
  const cases: [string, Compression][] = [
    ['1f8b0800', 'gzip'],
    ['28b52ffd', 'zstd'],
    ['502a4d18', 'zstd'],
    ['5f2a4d18', 'zstd'],
    ['425a6839', 'bzip2'],
    ['fd377a585a00', 'xz'],
    ['75737461', 'none'],
    ['1f8b', 'none'],
    ['', 'none'],
  ];
  for (const [hex, kind] of cases) assert.equal(sniffCompression(Buffer.from(hex, 'hex')), kind, hex);
});

test('gzip: one member, several, an empty one, zeros as padding', async () => {
  const gz = gzipSync(text);
  const more = gzipSync('more');
  const cases: [string, Buffer, Buffer][] = [
    ['one', gz, text],
    ['two', Buffer.concat([gz, more]), Buffer.concat([text, Buffer.from('more')])],
    ['empty member', gzipSync(''), Buffer.alloc(0)],
    ['padding', Buffer.concat([gz, Buffer.alloc(5000)]), text],
  ];
  for (const [name, input, expected] of cases) {
    for (const step of [1, 17, 100_000]) {
      const got = await all(decompress(pieces(input, step), 'gzip'));
      assert.ok(got.equals(expected), `${name} in steps of ${step}`);
    }
  }
});

test('gzip: broken in each way', async () => {
  const gz = gzipSync(text);
  const flipped = Buffer.from(gz);
  flipped[gz.length - 6] = (flipped[gz.length - 6] ?? 0) ^ 1;
  assert.equal(await failure(Buffer.alloc(0), 'gzip'), 'truncated');
  assert.equal(await failure(gz.subarray(0, 5), 'gzip'), 'truncated');
  assert.equal(await failure(gz.subarray(0, -1), 'gzip'), 'truncated');
  assert.equal(await failure(flipped, 'gzip'), 'bad-bytes');
  assert.equal(await failure(Buffer.concat([gz, Buffer.from('garbage')]), 'gzip'), 'bad-bytes');
  assert.equal(await failure(text, 'gzip'), 'bad-bytes');
});

test('gzip: checksums are left to callers who have better ones, sizes and ends are not', async () => {
  const gz = gzipSync(text);
  const wrongSum = Buffer.from(gz);
  wrongSum.writeUInt32LE((wrongSum.readUInt32LE(gz.length - 8) ^ 1) >>> 0, gz.length - 8);
  assert.ok((await all(decompress(pieces(wrongSum), 'gzip', true))).equals(text));
  const wrongSize = Buffer.from(gz);
  wrongSize.writeUInt32LE(text.length + 1, gz.length - 4);
  await assert.rejects(all(decompress(pieces(wrongSize), 'gzip', true)), { code: 'bad-bytes' });
  await assert.rejects(all(decompress(pieces(gz.subarray(0, -1)), 'gzip', true)), { code: 'truncated' });
});

test('gzip: every field that a header may have', async () => {
  const body = gzipSync(text).subarray(10);
  const start = Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 0, 255]);
  const fields: [number, Buffer][] = [
    [4, Buffer.from([3, 0, 1, 2, 3])],
    [8, Buffer.from('a name\0')],
    [16, Buffer.from('what somebody says\0')],
  ];
  for (let flags = 0; flags < 64; flags++) {
    const header = Buffer.concat([start, ...fields.flatMap(([flag, bytes]) => ((flags & flag) === 0 ? [] : [bytes]))]);
    header[3] = flags;
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc32(header) & 0xffff);
    const whole = Buffer.concat([header, (flags & 2) === 0 ? Buffer.alloc(0) : sum, body]);
    for (const step of [1, 13, 100_000]) {
      if (flags >= 32) await assert.rejects(all(decompress(pieces(whole, step), 'gzip')), { code: 'bad-bytes' });
      else assert.ok((await all(decompress(pieces(whole, step), 'gzip'))).equals(text), `${flags} in steps of ${step}`);
    }
    if ((flags & 34) !== 2) continue;
    header[9] = 254;
    const wrong = Buffer.concat([header, sum, body]);
    await assert.rejects(all(decompress(pieces(wrong), 'gzip')), { what: /header crc mismatch/ });
  }
});

test('the source is read to its end even when zlib stops at padding, for the sake of its digest', async () => {
  let read = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const chunk of [gzipSync(text), ...Array.from({ length: 500 }, () => Buffer.alloc(65536))]) {
      read += 1;
      yield chunk;
    }
  }
  await all(decompress(source(), 'gzip'));
  assert.equal(read, 501);
});

test('an error of the source comes through as it is, and leaving early closes the source', async () => {
  const mine = new Error('the network is gone');
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield gzipSync(text).subarray(0, 50);
    throw mine;
  }
  await assert.rejects(all(decompress(failing(), 'gzip')), (error) => error === mine);
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield gzipSync(Buffer.alloc(4_000_000));
    } finally {
      closed = true;
    }
  }
  for await (const chunk of decompress(endless(), 'gzip')) {
    assert.ok(chunk.length > 0);
    break;
  }
  assert.ok(closed);
});

test('formats that are known and not read', () => {
  for (const kind of ['bzip2'] as const) {
    assert.throws(
      () => decompress(pieces(text), kind),
      (error) => isTrowelError(error, 'unsupported'),
    );
  }
});

const mixed = Buffer.concat([
  text,
  Buffer.alloc(3_000_000),
  Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) >> 3)),
]);

test('zstd: what the tool writes', { skip: noZstd }, async () => {
  for (const options of [['-1'], ['-19'], ['--no-check'], ['--long=25']]) {
    const compressed = zstd(mixed, ...options) ?? Buffer.alloc(0);
    assert.ok((await all(decompress(pieces(compressed, 100_003), 'zstd'))).equals(mixed), options.join(' '));
  }
  for (const length of [0, 1, 5, 17, 18]) {
    const tiny = Buffer.alloc(length, 65);
    const frame = zstd(tiny) ?? Buffer.alloc(0);
    for (const whole of [frame, Buffer.concat([frame, frame])]) {
      const expected = Buffer.alloc(length * (whole.length / frame.length), 65);
      assert.ok((await all(decompress(pieces(whole, 1000), 'zstd'))).equals(expected), `${length} bytes`);
    }
  }
  const one = zstd(text) ?? Buffer.alloc(0);
  const skippable = Buffer.from('502a4d1803000000616263', 'hex');
  const several = Buffer.concat([skippable, one, skippable, one]);
  for (const step of [1, 13, 5000]) {
    assert.ok(
      (await all(decompress(pieces(several, step), 'zstd'))).equals(Buffer.concat([text, text])),
      `step ${step}`,
    );
  }
  assert.equal(await failure(one.subarray(0, -5), 'zstd'), 'truncated');
  assert.equal(await failure(Buffer.concat([one, Buffer.from('garbage!')]), 'zstd'), 'bad-bytes');
});

test('zstd: windows that fzstd would read wrongly are refused by name', {
  skip: noZstd || (nodeHasZstd && 'Node reads them'),
}, async () => {
  const wide = zstd(mixed, '--ultra', '-22') ?? Buffer.alloc(0);
  assert.equal(await failure(wide, 'zstd'), 'unsupported');
  const huge = Buffer.from('28b52ffd00f8010000', 'hex');
  assert.equal(await failure(huge, 'zstd'), 'too-large');
});

test('zstd: blocks so tiny that moving the window is all the work', {
  skip: nodeHasZstd && 'Node has its own',
}, async () => {
  // A frame with a window of 56 MiB, and empty raw blocks without end.
  const header = Buffer.from('28b52ffd007e', 'hex');
  const started = cpuMs();
  assert.equal(await failure(Buffer.concat([header, Buffer.alloc(3 * 200_000)]), 'zstd'), 'too-large');
  assert.ok(cpuMs() - started < 120_000);
});

test('zstd: broken bytes give an error of ours, whatever they are', { skip: noZstd }, async () => {
  const good = zstd(text) ?? Buffer.alloc(0);
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const broken = Buffer.from(good);
      broken[at] = (broken[at] ?? 0) ^ change;
      await failure(broken, 'zstd');
    }),
    { numRuns: 200 },
  );
});
