import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { arOf, cpioOf, rpmHeaderOf, rpmOf } from '../../test/packages.js';
import { inScratch } from '../../test/run.js';
import { readAr } from './ar.js';
import { ByteSource } from './byte-source.js';
import { Entries, joined, mutated, pieces, reasonOf } from './bytes.test.support.js';
import { readCpio } from './cpio.js';
import { gzipMember } from './gzip-member.js';
import { readRpmFront, rpmText } from './rpm-file.js';

const limits = { entries: 1000, pathBytes: 1000, totalBytes: 1_000_000 };
const refusals = ['none', 'bad-bytes', 'truncated', 'too-large', 'unsupported'];
const edits = fc.array(fc.tuple(fc.nat(100_000), fc.nat(255)), { maxLength: 5 });

async function membersOf(bytes: Uint8Array, isRead = (_name: string): boolean => true): Promise<[string, string][]> {
  const found: [string, string][] = [];
  await readAr(new ByteSource(pieces(bytes)), async ({ name }, content) => {
    found.push([name, isRead(name) ? (await joined(content)).toString() : '']);
  });
  return found;
}

async function cpioEntries(bytes: Uint8Array): Promise<Entries['list']> {
  const entries = new Entries();
  await readCpio(new ByteSource(pieces(bytes)), entries, limits);
  return entries.list;
}

test('ar: members in order, odd ones padded, unread ones passed over', async () => {
  const bytes = arOf([
    ['debian-binary', Buffer.from('2.0\n')],
    ['odd', Buffer.from('abc')],
    ['empty', Buffer.alloc(0)],
    ['last', Buffer.from('x')],
  ]);
  const all = [
    ['debian-binary', '2.0\n'],
    ['odd', 'abc'],
    ['empty', ''],
    ['last', 'x'],
  ];
  assert.deepEqual(await membersOf(bytes), all);
  assert.deepEqual(await membersOf(bytes.subarray(0, -1)), all, 'without the padding of the last');
  assert.deepEqual((await membersOf(bytes, (name) => name === 'last')).at(-1), ['last', 'x']);
  assert.equal(await reasonOf(() => membersOf(bytes.subarray(0, 100))), 'truncated');
  assert.equal(await reasonOf(() => membersOf(Buffer.from(`!<arch>\n${'x'.repeat(60)}`))), 'bad-bytes');
  assert.equal(await reasonOf(() => membersOf(Buffer.from('no archive'))), 'bad-bytes');
});

test('ar: what the tool writes', async (t) => {
  await inScratch(async (dir) => {
    writeFileSync(`${dir}/one`, 'first');
    writeFileSync(`${dir}/two`, 'second');
    const run = spawnSync('ar', ['rc', 'x.a', 'one', 'two'], { cwd: dir });
    if (run.status !== 0) return t.skip('no ar tool here');
    const { readFileSync } = await import('node:fs');
    assert.deepEqual(await membersOf(readFileSync(`${dir}/x.a`)), [
      ['one', 'first'],
      ['two', 'second'],
    ]);
  });
});

test('cpio: files, links, directories; of hard links the one with content is the file', async () => {
  const bytes = cpioOf([
    { path: './usr/' },
    { path: './usr/a', inode: 5, links: 3 },
    { path: './usr/b', inode: 5, links: 3 },
    { path: './usr/x', content: 'plain' },
    { path: './usr/c', inode: 5, links: 3, content: 'shared' },
    { path: './usr/l', link: 'a' },
    { path: './e1', inode: 6, links: 2 },
    { path: './e2', inode: 6, links: 2 },
  ]);
  assert.deepEqual(await cpioEntries(bytes), [
    ['./usr', 'directory', ''],
    ['./usr/x', 'file', 'plain'],
    ['./usr/c', 'file', 'shared'],
    ['./usr/a', 'hardlink', './usr/c'],
    ['./usr/b', 'hardlink', './usr/c'],
    ['./usr/l', 'symlink', 'a'],
    ['./e1', 'file', ''],
    ['./e2', 'hardlink', './e1'],
  ]);
});

test('cpio: what the tool writes', async (t) => {
  await inScratch(async (dir) => {
    writeFileSync(`${dir}/one`, 'first');
    writeFileSync(`${dir}/four`, 'four');
    const run = spawnSync('cpio', ['-o', '-H', 'newc', '--quiet'], { cwd: dir, input: 'one\nfour\n' });
    if (run.status !== 0) return t.skip('no cpio tool here');
    assert.deepEqual(await cpioEntries(run.stdout), [
      ['one', 'file', 'first'],
      ['four', 'file', 'four'],
    ]);
  });
});

test('cpio: limits, other formats, and what is cut off', async () => {
  const bytes = cpioOf([{ path: 'a', content: 'x'.repeat(100) }, { path: 'b' }]);
  const small = async (more: Partial<typeof limits>): Promise<void> =>
    readCpio(new ByteSource(pieces(bytes)), new Entries(), { ...limits, ...more });
  assert.equal(await reasonOf(() => small({ entries: 1 })), 'too-large');
  assert.equal(await reasonOf(() => small({ totalBytes: 99 })), 'too-large');
  assert.equal(await reasonOf(() => small({ pathBytes: 1 })), 'too-large');
  for (let length = 0; length < bytes.length; length += 3) {
    assert.equal(await reasonOf(() => cpioEntries(bytes.subarray(0, length))), 'truncated', String(length));
  }
  assert.equal(await reasonOf(() => cpioEntries(Buffer.from('07070X'.padEnd(200, '0')))), 'unsupported');
  assert.equal(await reasonOf(() => cpioEntries(Buffer.from('070707'.padEnd(200, '0')))), 'unsupported');
  assert.equal(await reasonOf(() => cpioEntries(Buffer.from('070701'.padEnd(200, '-')))), 'bad-bytes');
});

test('rpm: lead, signature and header; the source is left at the payload', async () => {
  const source = new ByteSource(pieces(rpmOf([], { payload: Buffer.from('PAYLOAD') })));
  const { signature, header } = await readRpmFront(source);
  assert.equal((await joined(source.rest())).toString(), 'PAYLOAD');
  assert.equal(rpmText(header, 1000), 'demo');
  assert.equal(rpmText(header, 1044), 'demo-1.2-3.src.rpm');
  assert.equal(rpmText(header, 5011), null, 'a number');
  assert.equal(rpmText(header, 9999), null);
  assert.match(rpmText(signature, 273) ?? '', /^[0-9a-f]{64}$/);
});

test('rpm: counts without bounds are refused before they are believed', async () => {
  const huge = rpmHeaderOf({ 1000: 'demo' });
  huge.writeUInt32BE(0xffffffff, 8);
  const lead = Buffer.alloc(96);
  lead.write('edabeedb', 'hex');
  assert.equal(await reasonOf(() => readRpmFront(new ByteSource(pieces(Buffer.concat([lead, huge]))))), 'too-large');
});

test('gzip: one member, and where the next begins', () => {
  const first = gzipSync('first');
  const two = Buffer.concat([first, gzipSync('second')]);
  const { content, end } = gzipMember(two, 0, 1000);
  assert.equal(Buffer.from(content).toString(), 'first');
  assert.equal(end, first.length);
  assert.equal(Buffer.from(gzipMember(two, end, 1000).content).toString(), 'second');
  // RFC 1952: FEXTRA, FNAME, FCOMMENT and FHCRC stand between header and content, in this order.
  const header = Buffer.from('1f8b081e00000000000302004142', 'hex');
  const named = Buffer.concat([header, Buffer.from('name\0comment\0hc'), first.subarray(10)]);
  assert.equal(Buffer.from(gzipMember(named, 0, 1000).content).toString(), 'first');
  for (const bad of [Buffer.from('none'), first.subarray(0, 12), Buffer.alloc(0)]) {
    assert.throws(() => gzipMember(bad, 0, 1000), { code: 'bad-bytes' });
  }
  assert.throws(() => gzipMember(gzipSync(Buffer.alloc(5000)), 0, 1000), { code: 'bad-bytes' });
});

test('mutations end with an answer or an error of ours', async () => {
  const readers: readonly (readonly [Buffer, (bytes: Buffer) => Promise<unknown>])[] = [
    [
      arOf([
        ['a', Buffer.from('abc')],
        ['b', Buffer.from('defg')],
      ]),
      membersOf,
    ],
    [
      cpioOf([{ path: 'a/' }, { path: 'a/b', content: 'abc', inode: 1, links: 2 }, { path: 'l', link: 'a' }]),
      cpioEntries,
    ],
    [
      rpmOf([{ path: './usr/a', content: 'abc' }]),
      async (bytes) => {
        const { signature, header } = await readRpmFront(new ByteSource(pieces(bytes)));
        for (const tag of [273, 1000, 5092]) {
          rpmText(header, tag);
          rpmText(signature, tag);
        }
      },
    ],
    [Buffer.concat([gzipSync('first'), gzipSync('second')]), async (bytes) => gzipMember(bytes, 0, 1000)],
  ];
  for (const [bytes, read] of readers) {
    await fc.assert(
      fc.asyncProperty(edits, fc.nat(), async (changes, cut) => {
        const reason = await reasonOf(() => read(mutated(bytes, changes, cut)));
        assert.ok(refusals.includes(reason), reason);
      }),
      { numRuns: 300 },
    );
  }
});
