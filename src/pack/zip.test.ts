import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { isTrowelError, type Reason } from '../model/index.js';
import { openZip, type ZipArchive } from './zip.js';
import { type ZipFile, type ZipLimits, zipLimits } from './zip-types.js';

interface Member {
  readonly name: string;
  readonly content: Buffer;
  readonly stored?: boolean;
  readonly descriptor?: boolean;
  readonly wide?: boolean;
  readonly localName?: string;
  readonly flags?: number;
  readonly statedSize?: number;
  readonly method?: number;
}

/** A zip archive by APPNOTE.TXT, with whatever a case wants to be wrong. */
function zipOf(
  members: readonly Member[],
  options: { prefix?: Buffer; comment?: string; zip64?: boolean } = {},
): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const body = member.stored === true ? member.content : deflateRawSync(member.content);
    const method = member.method ?? (member.stored === true ? 0 : 8);
    const name = Buffer.from(member.name);
    const localName = Buffer.from(member.localName ?? member.name);
    const flags = (member.flags ?? 0) | (member.descriptor === true ? 8 : 0);
    const size = member.statedSize ?? member.content.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    if (member.descriptor !== true) {
      local.writeUInt32LE(crc32(member.content), 14);
      local.writeUInt32LE(body.length, 18);
      local.writeUInt32LE(size, 22);
    }
    local.writeUInt16LE(localName.length, 26);
    const descriptor = Buffer.alloc(member.descriptor === true ? 16 : 0);
    const extra = Buffer.alloc(member.wide === true ? 28 : 0);
    if (member.wide === true) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(size), 4);
      extra.writeBigUInt64LE(BigInt(body.length), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
    }
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc32(member.content), 16);
    central.writeUInt32LE(member.wide === true ? 0xffffffff : body.length, 20);
    central.writeUInt32LE(member.wide === true ? 0xffffffff : size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt32LE(member.wide === true ? 0xffffffff : offset, 42);
    locals.push(local, localName, body, descriptor);
    centrals.push(central, name, extra);
    offset += 30 + localName.length + body.length + descriptor.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(options.comment?.length ?? 0, 20);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(members.length), 24);
  record.writeBigUInt64LE(BigInt(members.length), 32);
  record.writeBigUInt64LE(BigInt(directory.length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + directory.length), 8);
  locator.writeUInt32LE(1, 16);
  const wide = options.zip64 === true ? [record, locator] : [];
  return Buffer.concat([
    options.prefix ?? Buffer.alloc(0),
    ...locals,
    directory,
    ...wide,
    end,
    Buffer.from(options.comment ?? ''),
  ]);
}

function fileOf(bytes: Buffer): ZipFile {
  return {
    sizeBytes: bytes.length,
    slice: (offset, length) => bytes.subarray(Math.max(0, offset), Math.max(0, offset + length)),
  };
}

const open = (bytes: Buffer, limits?: ZipLimits): ZipArchive => openZip(fileOf(bytes), limits);

function contents(archive: ZipArchive): [string, string][] {
  return archive.entries.map((entry) => [entry.path, Buffer.from(archive.read(entry)).toString()]);
}

function reasonOf(action: () => unknown): Reason | 'none' {
  try {
    action();
    return 'none';
  } catch (error) {
    if (isTrowelError(error)) return error.code;
    throw error;
  }
}

function readFailure(member: Member, limits = zipLimits): Reason | 'none' {
  return reasonOf(() => contents(open(zipOf([member]), limits)));
}

const hello = Buffer.from('hello '.repeat(100));
const two: Member[] = [
  { name: 'META-INF/', content: Buffer.alloc(0), stored: true },
  { name: 'a', content: hello },
  { name: 'ü', content: Buffer.from('x'), stored: true },
];
const expected: [string, string][] = [
  ['META-INF/', ''],
  ['a', hello.toString()],
  ['ü', 'x'],
];

test('an archive with nothing in it', () => {
  assert.deepEqual(open(zipOf([])).entries, []);
});

test('stored and deflated, with comment, prefix, descriptors and zip64', () => {
  const launcher = Buffer.from('#!/bin/sh\nexec java -jar "$0"\n');
  assert.deepEqual(contents(open(zipOf(two))), expected);
  assert.deepEqual(contents(open(zipOf(two, { comment: 'a comment with PK\x05\x06 in it' }))), expected);
  assert.deepEqual(contents(open(zipOf(two, { prefix: launcher }))), expected);
  assert.deepEqual(contents(open(zipOf(two.map((one) => ({ ...one, descriptor: true }))))), expected);
  assert.deepEqual(
    contents(
      open(
        zipOf(
          two.map((one) => ({ ...one, wide: true })),
          { zip64: true },
        ),
      ),
    ),
    expected,
  );
  assert.deepEqual(contents(open(zipOf(two, { zip64: true, prefix: launcher }))), expected);
  assert.deepEqual(contents(open(Buffer.concat([zipOf(two), Buffer.from('appended')]))), expected);
});

test('what is no archive, or ends too early', () => {
  assert.equal(
    reasonOf(() => open(Buffer.alloc(0))),
    'bad-bytes',
  );
  assert.equal(
    reasonOf(() => open(Buffer.from('PK\x03\x04 but no end'))),
    'bad-bytes',
  );
  assert.equal(
    reasonOf(() => open(zipOf(two).subarray(0, -30))),
    'bad-bytes',
  );
  assert.equal(
    reasonOf(() => open(zipOf(two).subarray(200))),
    'bad-bytes',
  );
});

test('entries that lie are refused one by one', () => {
  assert.equal(readFailure({ name: 'a', content: hello }), 'none');
  assert.equal(readFailure({ name: 'a', content: hello, localName: 'b' }), 'bad-bytes');
  assert.equal(readFailure({ name: 'a', content: hello, statedSize: 10 }), 'bad-size');
  assert.equal(readFailure({ name: 'a', content: hello, statedSize: 700 }), 'bad-size');
  assert.equal(readFailure({ name: 'a', content: hello, stored: true, method: 8 }), 'bad-bytes');
  assert.equal(readFailure({ name: 'a', content: hello, method: 12 }), 'unsupported');
  assert.equal(readFailure({ name: 'a', content: hello, flags: 1 }), 'unsupported');
  const broken = zipOf([{ name: 'a', content: hello, stored: true }]);
  broken[40] = (broken[40] ?? 0) ^ 1;
  assert.equal(
    reasonOf(() => contents(open(broken))),
    'bad-bytes',
  );
});

test('problems: names that come twice, encryption, methods', () => {
  const archive = open(
    zipOf([
      { name: 'a', content: hello },
      { name: 'a', content: Buffer.from('other') },
      { name: 'b', content: hello, flags: 1 },
      { name: 'c', content: hello, method: 14 },
    ]),
  );
  assert.deepEqual(
    archive.problems.map((problem) => [problem.reason, problem.path]),
    [
      ['bad-bytes', 'a'],
      ['unsupported', 'b'],
      ['unsupported', 'c'],
    ],
  );
  assert.equal(archive.entries.length, 4);
});

test('limits: entries, bytes of one and of all, ratio, and a bomb that states a small size', () => {
  const zeros = Buffer.alloc(4 * 1024 * 1024);
  assert.equal(
    reasonOf(() => open(zipOf(two), { ...zipLimits, entries: 2 })),
    'too-large',
  );
  assert.equal(readFailure({ name: 'a', content: hello }, { ...zipLimits, entryBytes: 100 }), 'too-large');
  assert.equal(readFailure({ name: 'a', content: zeros }, { ...zipLimits, ratio: 100 }), 'too-large');
  assert.equal(readFailure({ name: 'a', content: zeros, statedSize: 1000 }), 'bad-size');
  const archive = open(zipOf(two), { ...zipLimits, totalBytes: 1000 });
  const entry = archive.entries[1];
  assert.ok(entry !== undefined);
  archive.read(entry);
  assert.equal(
    reasonOf(() => archive.read(entry)),
    'too-large',
  );
  assert.equal(
    reasonOf(() => open(zipOf(two)).read(entry, 10)),
    'too-large',
  );
});

test('agrees with Info-ZIP', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'zip-'));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'big.txt'), 'line of text\n'.repeat(20_000));
  writeFileSync(join(dir, 'small'), 'x');
  if (spawnSync('zip', ['-q', 'file.zip', 'big.txt', 'small'], { cwd: dir }).status !== 0) return t.skip('no zip here');
  const streamed = spawnSync('bash', ['-c', 'cat big.txt | zip -q - - | cat'], { cwd: dir, maxBuffer: 2 ** 24 }).stdout;
  const archive = open(readFileSync(join(dir, 'file.zip')));
  assert.deepEqual(contents(archive), [
    ['big.txt', 'line of text\n'.repeat(20_000)],
    ['small', 'x'],
  ]);
  assert.deepEqual(contents(open(streamed)), [['-', 'line of text\n'.repeat(20_000)]]);
  return undefined;
});

test('any change of a byte gives content or an error of ours', () => {
  const good = zipOf(two, { zip64: true, comment: 'x' });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const broken = Buffer.from(good);
      for (const [at, value] of changes) broken[at] = value;
      reasonOf(() => contents(open(broken)));
    }),
    { numRuns: 1000 },
  );
});
