import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { tarEntries } from './tar-entries.js';
import { TarReader } from './tar-read.js';
import type { TarHeader, TarLimits } from './tar-types.js';
import { type TarEntry, writeTar } from './tar-write.js';

const limits: TarLimits = { entries: 1000, pathBytes: 8192, totalBytes: 2 ** 31 };

interface Seen {
  readonly header: TarHeader;
  readonly content: Buffer;
}

/** Pushes an archive in pieces of one size. */
function read(archive: Uint8Array, step = archive.length, bounds = limits): Seen[] {
  const seen: Seen[] = [];
  const reader = new TarReader(
    {
      entry(header) {
        const chunks: Buffer[] = [];
        return {
          write: (chunk) => chunks.push(Buffer.from(chunk)),
          end: () => seen.push({ header, content: Buffer.concat(chunks) }),
        };
      },
    },
    bounds,
  );
  for (let at = 0; at < archive.length; at += step) reader.write(archive.subarray(at, at + step));
  reader.end();
  return seen;
}

function archiveOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...writeTar(entries)]);
}

function file(path: string, content = '', more: Partial<TarEntry> = {}): TarEntry {
  return { path, type: 'file', mode: 0o644, content: Buffer.from(content), ...more };
}

/** A header block by hand; the checksum is made right. */
function block(fields: {
  name: string;
  flag: string;
  size?: number | string;
  magic?: string;
  patch?: [number, Buffer][];
}): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write(fields.name, 0, 100, 'latin1');
  bytes.write('0000644\0', 100);
  bytes.write('0000000\0', 108);
  bytes.write('0000000\0', 116);
  const size = fields.size ?? 0;
  bytes.write(typeof size === 'string' ? size : `${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  bytes.write('00000000000\0', 136);
  bytes.write(fields.flag, 156, 'latin1');
  bytes.write(fields.magic ?? 'ustar\x0000', 257, 'latin1');
  for (const [at, patch] of fields.patch ?? []) patch.copy(bytes, at);
  return sealed(bytes);
}

function sealed(bytes: Buffer, signed = false): Buffer {
  bytes.fill(32, 148, 156);
  let sum = 0;
  for (const byte of bytes) sum += signed && byte > 127 ? byte - 256 : byte;
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

const padded = (content: string): Buffer =>
  Buffer.concat([Buffer.from(content), Buffer.alloc((512 - (Buffer.byteLength(content) % 512)) % 512)]);
const end = Buffer.alloc(1024);

function paxRecord(key: string, value: string): string {
  for (let length = 5; ; length++) {
    const record = `${length} ${key}=${value}\n`;
    if (Buffer.byteLength(record) === length) return record;
  }
}

function pax(records: Record<string, string>, flag = 'x'): Buffer {
  const body = Object.entries(records)
    .map(([key, value]) => paxRecord(key, value))
    .join('');
  return Buffer.concat([block({ name: 'pax', flag, size: Buffer.byteLength(body) }), padded(body)]);
}

function fails(code: string, archive: Uint8Array, bounds = limits): void {
  assert.throws(
    () => read(archive, archive.length || 1, bounds),
    (error) => isTrowelError(error) && error.code === code,
  );
}

const paths = (archive: Uint8Array): string[] => read(archive).map((seen) => seen.header.path);

test('empty archives: no bytes at all, and only the end', () => {
  assert.deepEqual(read(Buffer.alloc(0)), []);
  assert.deepEqual(read(end), []);
});

test('reads what writeTar writes, in pieces of every size', () => {
  const long = `${'d/'.repeat(80)}${'x'.repeat(120)}`;
  const archive = archiveOf([
    { path: 'a/', type: 'directory', mode: 0o755 },
    file('a/one', 'content of one', { uid: 1000, gid: 3_000_000, mtime: 1_600_000_000 }),
    file(long, 'y'.repeat(1200)),
    file('ü', ''),
    { path: 'l', type: 'symlink', mode: 0o777, link: 'a/one' },
    { path: 'h', type: 'hardlink', mode: 0o644, link: long },
    { path: 'p', type: 'fifo', mode: 0o600 },
    { path: 'c', type: 'character', mode: 0o600 },
  ]);
  const whole = read(archive);
  assert.deepEqual(
    whole.map(({ header }) => [header.type, header.path, header.sizeBytes, header.link]),
    [
      ['directory', 'a/', 0, ''],
      ['file', 'a/one', 14, ''],
      ['file', long, 1200, ''],
      ['file', 'ü', 0, ''],
      ['symlink', 'l', 0, 'a/one'],
      ['hardlink', 'h', 0, long],
      ['fifo', 'p', 0, ''],
      ['character', 'c', 0, ''],
    ],
  );
  assert.deepEqual(
    [whole[1]?.header.uid, whole[1]?.header.gid, whole[1]?.header.mtime],
    [1000, 3_000_000, 1_600_000_000],
  );
  for (const step of [1, 7, 511, 512, 513, 1024, 4096]) assert.deepEqual(read(archive, step), whole, `step ${step}`);
});

test('the offset says where content lies', () => {
  const archive = archiveOf([file('a', 'first'), file('ü', 'second')]);
  for (const { header, content } of read(archive)) {
    assert.deepEqual(archive.subarray(header.offset, header.offset + header.storedBytes), content);
  }
  assert.deepEqual(
    [...tarEntries(archive, limits)].map((entry) => Buffer.from(entry.content).toString()),
    ['first', 'second'],
  );
});

test('v7: no magic, directories by their slash', () => {
  const archive = Buffer.concat([
    block({ name: 'd/', flag: '\0', magic: '' }),
    block({ name: 'f', flag: '\0', magic: '', size: 2 }),
    padded('hi'),
    end,
  ]);
  assert.deepEqual(
    read(archive).map(({ header, content }) => [header.type, header.path, content.toString()]),
    [
      ['directory', 'd/', ''],
      ['file', 'f', 'hi'],
    ],
  );
});

test('the prefix counts in ustar, not in GNU where times stand there', () => {
  const prefix: [number, Buffer][] = [[345, Buffer.from('deep/er')]];
  const times: [number, Buffer][] = [[345, Buffer.from('13570000000\x0013570000000\0')]];
  assert.deepEqual(paths(block({ name: 'f', flag: '0', patch: prefix })), ['deep/er/f']);
  assert.deepEqual(paths(block({ name: 'f', flag: '0', magic: 'ustar  \0', patch: times })), ['f']);
  assert.deepEqual(paths(block({ name: 'f', flag: '0', magic: 'ustar  \0', patch: prefix })), ['deep/er/f']);
});

test('signed checksums of old tars are taken too', () => {
  const name = Buffer.from([0x66, 0xc3, 0xbc]);
  const header = block({ name: 'f', flag: '0', patch: [[0, name]] });
  assert.deepEqual(paths(sealed(Buffer.from(header), true)), ['fü']);
});

test('names that are not UTF-8 keep every byte apart', () => {
  assert.deepEqual(paths(block({ name: 'a\xff\xc3b', flag: '0' })), ['a\\xff\\xc3b']);
});

test('numbers: base-256, spaces, and what is none', () => {
  const base256 = Buffer.alloc(12);
  base256[0] = 0x80;
  base256.writeUInt32BE(2, 8);
  const archive = Buffer.concat([block({ name: 'f', flag: '0', patch: [[124, base256]] }), padded('hi'), end]);
  assert.equal(read(archive)[0]?.content.toString(), 'hi');
  assert.equal(
    read(Buffer.concat([block({ name: 'f', flag: '0', size: '         2 \0' }), padded('hi')]))[0]?.content.toString(),
    'hi',
  );
  fails('bad-bytes', block({ name: 'f', flag: '0', size: '12x45678901\0' }));
  fails('bad-bytes', block({ name: 'f', flag: '0', patch: [[124, Buffer.alloc(12, 0xff)]] }));
  fails('bad-bytes', block({ name: 'f', flag: '0', patch: [[124, Buffer.alloc(12, 0x8f)]] }));
});

test('pax: local over global, empty takes back, GNU long names win, NUL is refused', () => {
  const f = block({ name: 'f', flag: '0' });
  assert.deepEqual(paths(Buffer.concat([pax({ path: 'local' }), f, f])), ['local', 'f']);
  assert.deepEqual(
    paths(Buffer.concat([pax({ path: 'global' }, 'g'), f, pax({ path: 'own' }), f, pax({ path: '' }), f])),
    ['global', 'own', 'f'],
  );
  const longName = Buffer.concat([
    block({ name: '././@LongLink', flag: 'L', size: 9, magic: 'ustar  \0' }),
    padded('long/nam\0'),
  ]);
  assert.deepEqual(paths(Buffer.concat([pax({ path: 'pax' }), longName, f])), ['long/nam']);
  assert.deepEqual(
    read(Buffer.concat([pax({ size: '2', uid: '70000000', mtime: '-1.5' }), f, padded('hi')])).map(({ header }) => [
      header.sizeBytes,
      header.uid,
      header.mtime,
    ]),
    [[2, 70000000, -1.5]],
  );
  fails('bad-bytes', Buffer.concat([pax({ path: 'a\0b' }), f]));
  fails('bad-bytes', Buffer.concat([pax({ size: '0x10' }), f]));
  fails('bad-bytes', Buffer.concat([block({ name: 'pax', flag: 'x', size: 9 }), padded('99 path=a'), f]));
  fails('bad-bytes', Buffer.concat([block({ name: 'pax', flag: 'x', size: 9 }), padded('nonsense\n'), f]));
});

test('a global header that names paths is told of, a comment is not', () => {
  const f = block({ name: 'f', flag: '0' });
  const overrides = (archive: Buffer): boolean => {
    const reader = new TarReader({ entry: () => null }, limits);
    reader.write(archive);
    return reader.globalOverrides;
  };
  assert.equal(overrides(Buffer.concat([pax({ path: 'other' }, 'g'), f])), true);
  assert.equal(overrides(Buffer.concat([pax({ comment: 'a commit' }, 'g'), f])), false);
});

test('links and directories have no content whatever their size says, as in archive/tar', () => {
  const next = block({ name: 'next', flag: '0' });
  for (const flag of ['1', '2', '3', '4', '5', '6']) {
    assert.deepEqual(paths(Buffer.concat([block({ name: 'x', flag, size: 512 }), next])), ['x', 'next'], flag);
  }
});

test('the end: two blocks of zeros, what follows is not read; one before a header is an error', () => {
  const f = block({ name: 'f', flag: '0' });
  assert.deepEqual(paths(Buffer.concat([f, end, Buffer.from('anything')])), ['f']);
  assert.deepEqual(paths(Buffer.concat([f, Buffer.alloc(512)])), ['f']);
  fails('bad-bytes', Buffer.concat([f, Buffer.alloc(512), f]));
});

test('truncated: in a header, in content, after a header that speaks of the next', () => {
  const archive = archiveOf([file('a', 'x'.repeat(700))]);
  fails('truncated', archive.subarray(0, 100));
  fails('truncated', archive.subarray(0, 512 + 699));
  fails('truncated', pax({ path: 'x' }));
  // Content that is whole but for its padding is whole, as in archive/tar.
  assert.equal(read(archive.subarray(0, 512 + 700))[0]?.content.length, 700);
});

test('limits: entries, bytes, paths, headers, and holes that are only promised', () => {
  const many = archiveOf([file('a'), file('b'), file('c')]);
  fails('too-large', many, { ...limits, entries: 2 });
  fails('too-large', archiveOf([file('a', 'xxxx')]), { ...limits, totalBytes: 3 });
  fails('too-large', archiveOf([file('a'.repeat(300))]), { ...limits, pathBytes: 200 });
  fails('too-large', block({ name: 'pax', flag: 'x', size: 8 * 1024 * 1024 }));
  const hole = pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': String(10 * 2 ** 30) });
  fails('too-large', Buffer.concat([hole, block({ name: 'f', flag: '0', size: 512 }), padded('0\n'), end]));
});

test('sparse maps that lie are refused', () => {
  const sparse = (map: string): Buffer =>
    Buffer.concat([
      pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '100' }),
      block({ name: 'f', flag: '0', size: 516 }),
      padded(map),
      padded('data'),
      end,
    ]);
  assert.equal(read(sparse('1\n96\n4\n'))[0]?.content.toString('latin1'), `${'\0'.repeat(96)}data`);
  for (const map of ['1\n97\n4\n', '1\n0\n3\n', '2\n50\n2\n40\n2\n', '1\n-1\n4\n', 'x\n', '\n\n\n'])
    fails('bad-bytes', sparse(map));
  fails('bad-bytes', Buffer.concat([block({ name: 'f', flag: 'S', size: 0 }), end]));
});

test('what Go refuses in a pax header is refused, though its value is not used', () => {
  const f = block({ name: 'f', flag: '0' });
  assert.deepEqual(paths(Buffer.concat([pax({ atime: '1.5', ctime: '', uname: 'me', comment: 'a\0b' }), f])), ['f']);
  fails('bad-bytes', Buffer.concat([pax({ atime: 'x' }), f]));
  fails('bad-bytes', Buffer.concat([pax({ ctime: '1e3' }), f]));
  const twice = `${paxRecord('atime', 'x')}${paxRecord('atime', '1')}`;
  const header = block({ name: 'pax', flag: 'x', size: Buffer.byteLength(twice) });
  assert.deepEqual(paths(Buffer.concat([header, padded(twice), f])), ['f']);
  fails('bad-bytes', Buffer.concat([pax({ uname: 'a\0b' }), f]));
  fails('bad-bytes', Buffer.concat([pax({ gname: '\0' }), f]));
  fails('bad-bytes', Buffer.concat([pax({ '': 'no key' }), f]));
});

test('a prefix under a GNU magic is text of ASCII, the times of star are numbers', () => {
  const gnu = (prefix: string) => ({
    magic: 'ustar  \0',
    patch: [[345, Buffer.from(prefix, 'latin1')]] as [number, Buffer][],
  });
  assert.deepEqual(paths(block({ name: 'f', flag: '0', ...gnu('r\xff') })), ['f']);
  const star = (time: string): [number, Buffer][] => [
    [345, Buffer.from('deep')],
    [476, Buffer.from(time)],
    [508, Buffer.from('tar\0')],
  ];
  assert.deepEqual(paths(block({ name: 'f', flag: '0', patch: star('13570000000\0') })), ['deep/f']);
  fails('bad-bytes', block({ name: 'f', flag: '0', patch: star('qqqqqqqqqqqq') }));
});

test('sparse files in pax headers: the number of stretches must be stated, of two sizes GNU.sparse.size counts', () => {
  const sparse = (records: Record<string, string>, flag = '0'): Buffer =>
    Buffer.concat([pax(records), block({ name: 'f', flag, size: flag === '2' ? 0 : 4 }), padded('data'), end]);
  const map = { 'GNU.sparse.map': '2,4', 'GNU.sparse.numblocks': '1' };
  const read1 = (records: Record<string, string>, flag?: string) => read(sparse(records, flag))[0];
  assert.equal(
    read1({ ...map, 'GNU.sparse.size': '7', 'GNU.sparse.realsize': '9' })?.content.toString('latin1'),
    '\0\0data\0',
  );
  assert.equal(read1({ ...map, 'GNU.sparse.size': '', 'GNU.sparse.realsize': '8' })?.header.sizeBytes, 8);
  fails('bad-bytes', sparse({ ...map, 'GNU.sparse.size': '7', 'GNU.sparse.numblocks': '2' }));
  fails('bad-bytes', sparse({ 'GNU.sparse.map': '2,4', 'GNU.sparse.size': '7' }));
  fails('bad-bytes', sparse({ ...map, 'GNU.sparse.size': '7' }, '2'));
  // A type that nobody knows has content, and so may have holes.
  assert.equal(read1({ ...map, 'GNU.sparse.size': '7', 'GNU.sparse.name': 'named' }, 'p')?.header.path, 'named');
});

test('a flipped byte anywhere in a header is noticed or harmless, never a hang or a plain error', () => {
  const archive = archiveOf([
    file('dir/file', 'content'),
    { path: 'l', type: 'symlink', mode: 0o777, link: 'dir/file' },
  ]);
  fc.assert(
    fc.property(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const broken = Buffer.from(archive);
      broken[at] = (broken[at] ?? 0) ^ change;
      try {
        read(broken, 512);
      } catch (error) {
        assert.ok(isTrowelError(error), String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('any bytes at all give entries or a TrowelError', () => {
  const flags = fc.constantFrom('0', 'x', 'g', 'L', 'K', 'S', '5', 'V', '\0');
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
    fc.record({ name: fc.string({ maxLength: 20 }), flag: flags, size: fc.nat(3000) }).map((fields) => block(fields)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.integer({ min: 1, max: 700 }), (pieces, step) => {
      try {
        read(Buffer.concat(pieces), step);
      } catch (error) {
        assert.ok(isTrowelError(error), String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('any entries come back as they were written', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 160 })
    .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);
  const entry = fc.record({
    path: name,
    type: fc.constant('file' as const),
    mode: fc.nat(0o7777),
    uid: fc.nat(),
    gid: fc.nat(),
    mtime: fc.nat(),
    content: fc.uint8Array({ maxLength: 1500 }),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), fc.integer({ min: 1, max: 2000 }), (entries, step) => {
      const back = read(archiveOf(entries), step).map(({ header, content }) => {
        const { path, type, mode, uid, gid, mtime } = header;
        return { path, type, mode, uid, gid, mtime, content: new Uint8Array(content) };
      });
      assert.deepEqual(
        back,
        entries.map((one) => ({ ...one, content: new Uint8Array(one.content) })),
      );
    }),
    { numRuns: 200 },
  );
});

/** Tools to compare with; the reference for a format is the tool that made it. */
const tarTool = /GNU tar/.test(spawnSync('tar', ['--version']).stdout?.toString() ?? '') ? 'tar' : null;

const longDir = 'long-'.repeat(15);
const script = `
  mkdir -p d/${longDir}/${longDir}/${longDir}
  echo deep > d/${longDir}/${longDir}/${longDir}/$(printf 'f%.0s' $(seq 1 200))
  ln -s $(printf 'target/%.0s' $(seq 1 40)) d/long-link
  echo one > d/one; ln d/one d/two; ln -s one d/three; mkfifo d/pipe
  printf 'raw' > "$(printf 'd/bad\\377name')"
  truncate -s 3M d/sparse; printf begin | dd of=d/sparse conv=notrunc status=none
  printf middle | dd of=d/sparse bs=1 seek=1500000 conv=notrunc status=none
  for i in $(seq 0 60); do printf x | dd of=d/holes bs=1 seek=$((i * 65536)) conv=notrunc status=none; done
  truncate -s 5M d/holes; truncate -s 1M d/only-hole
`;

test('agrees with GNU tar on what it writes in all its formats', {
  skip: tarTool === null && 'no GNU tar here',
}, (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'tar-'));
  t.after(() => rmSync(dir, { recursive: true }));
  execFileSync('bash', ['-ec', script], { cwd: dir });
  const sums = execFileSync(
    'bash',
    ['-ec', "find d -type f -print0 | sort -z | xargs -0 sha256sum -z | tr '\\0' '\\n'"],
    { cwd: dir, encoding: 'latin1' },
  );
  const expected = new Map(
    sums
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(66).replace('\xff', '\\xff'), line.slice(0, 64)]),
  );
  const variants = [
    ['--format=gnu'],
    ['--format=gnu', '-S'],
    ['--format=oldgnu', '-S'],
    ['--format=pax'],
    ['--format=pax', '-S'],
    ['--format=pax', '-S', '--sparse-version=0.1'],
    ['--format=pax', '-S', '--sparse-version=0.0'],
  ];
  for (const variant of variants) {
    execFileSync('tar', [...variant, '--sort=name', '-cf', 'out.tar', 'd'], { cwd: dir });
    const archive = execFileSync('cat', ['out.tar'], { cwd: dir, maxBuffer: 2 ** 27 });
    for (const step of [archive.length, 10240, 333]) {
      const seen = read(archive, step, { ...limits, totalBytes: 2 ** 28 });
      const got = new Map<string, string>();
      for (const { header, content } of seen) {
        if (header.type === 'file') got.set(header.path, createHash('sha256').update(content).digest('hex'));
        if (header.type === 'hardlink') got.set(header.path, got.get(header.link) ?? 'no target');
      }
      assert.deepEqual(
        new Map([...got].sort()),
        new Map([...expected].sort()),
        `${variant.join(' ')} in steps of ${step}`,
      );
      assert.equal(seen.find((one) => one.header.path === 'd/long-link')?.header.link, 'target/'.repeat(40));
      assert.equal(seen.find((one) => one.header.path === 'd/pipe')?.header.type, 'fifo');
    }
  }
});

test('GNU tar reads what writeTar writes', { skip: tarTool === null && 'no GNU tar here' }, () => {
  const archive = archiveOf([
    { path: 'a/', type: 'directory', mode: 0o755 },
    file(`a/${'n'.repeat(150)}`, 'hello'),
    file('a/ü', 'x', { uid: 9_999_999, mtime: 1_600_000_000 }),
    { path: 'a/l', type: 'symlink', mode: 0o777, link: 'x'.repeat(130) },
  ]);
  const list = execFileSync('tar', ['-tvf', '-', '--numeric-owner', '--utc', '--quoting-style=literal'], {
    input: archive,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  assert.deepEqual(
    list
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ')),
    [
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 a/',
      `-rw-r--r-- 0/0 5 1970-01-01 00:00 a/${'n'.repeat(150)}`,
      '-rw-r--r-- 9999999/0 1 2020-09-13 12:26 a/ü',
      `lrwxrwxrwx 0/0 0 1970-01-01 00:00 a/l -> ${'x'.repeat(130)}`,
    ],
  );
});
