import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inScratch } from '../../test/run.js';
import { openCache, sha256 } from './cache.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

async function* chunks(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield bytes(part);
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('bytes come back by their digest, whole or as a stream; what is damaged is gone', () =>
  inScratch(async (dir) => {
    const cache = openCache(join(dir, 'cache'));
    const digest = await cache.keep(bytes('chart'));
    assert.equal(digest, sha256(bytes('chart')));
    assert.deepEqual(await cache.bytes(digest), bytes('chart'));
    const stream = await cache.stream(digest);
    assert.equal(stream === null ? null : await drain(stream), 'chart');
    assert.equal(await cache.bytes('0'.repeat(64)), null);
    for (const read of [cache.bytes, cache.stream]) {
      await cache.keep(bytes('chart'));
      writeFileSync(join(dir, 'cache', 'sha256', digest), 'chort');
      assert.equal(await read(digest), null);
      assert.deepEqual(readdirSync(join(dir, 'cache', 'sha256')), []);
    }
  }));

test('a stream is kept when it was read to its end, and not before', () =>
  inScratch(async (dir) => {
    const cache = openCache(join(dir, 'cache'));
    const whole = cache.tee(chunks('one ', 'two'));
    assert.equal(await drain(whole.chunks), 'one two');
    assert.equal(await whole.done(), sha256(bytes('one two')));
    const half = cache.tee(chunks('half', 'rest'));
    for await (const _ of half.chunks) break;
    assert.equal(await half.done(), null);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes('half');
      throw new Error('broken off');
    }
    const failing = cache.tee(broken());
    await assert.rejects(drain(failing.chunks), /broken off/);
    assert.equal(await failing.done(), null);
    assert.deepEqual(readdirSync(join(dir, 'cache')).sort(), ['answers', 'sha256'], 'nothing half is left');
    assert.equal(readdirSync(join(dir, 'cache', 'sha256')).length, 1);
  }));

test('an answer is remembered for its question alone', () =>
  inScratch(async (dir) => {
    const cache = openCache(join(dir, 'cache'));
    const answer = { digest: 'a'.repeat(64), etag: '"x"', lastModified: null };
    await cache.remember('index https://example.org', answer);
    assert.deepEqual(await cache.answer('index https://example.org'), answer);
    assert.equal(await cache.answer('index https://example.com'), null);
    const [file = ''] = readdirSync(join(dir, 'cache', 'answers'));
    for (const text of [
      '',
      '{',
      '[]',
      '{"question":"index https://example.org","digest":"../../x"}',
      'x'.repeat(20_000),
    ]) {
      writeFileSync(join(dir, 'cache', 'answers', file), text);
      assert.equal(await cache.answer('index https://example.org'), null, text.slice(0, 20));
    }
  }));

test('what was not used for longest goes first', () =>
  inScratch(async (dir) => {
    const cache = openCache(join(dir, 'cache'));
    const digests: string[] = [];
    for (const [at, text] of ['aaaa', 'bbbb', 'cccc'].entries()) {
      const digest = await cache.keep(bytes(text));
      digests.push(digest);
      utimesSync(join(dir, 'cache', 'sha256', digest), 1000 + at, 1000 + at);
    }
    // Reading is use.
    await cache.bytes(digests[0] ?? '');
    assert.deepEqual(await cache.status(), { files: 3, bytes: 12 });
    assert.equal(await cache.shrink(8), 4);
    assert.equal(await cache.bytes(digests[1] ?? ''), null);
    assert.notEqual(await cache.bytes(digests[0] ?? ''), null);
    assert.equal(await cache.shrink(8), 0);
  }));

test('the cache is the user’s alone; one that cannot be written is no error; none keeps nothing', () =>
  inScratch(async (dir) => {
    const cache = openCache(join(dir, 'cache'));
    const digest = await cache.keep(bytes('private'));
    assert.equal(statSync(join(dir, 'cache', 'sha256')).mode & 0o077, 0);
    assert.equal(statSync(join(dir, 'cache', 'sha256', digest)).mode & 0o077, 0);
    writeFileSync(join(dir, 'file'), '');
    chmodSync(join(dir, 'file'), 0o400);
    for (const none of [openCache(join(dir, 'file', 'below')), openCache(null)]) {
      assert.equal(await none.keep(bytes('x')), sha256(bytes('x')));
      const tee = none.tee(chunks('x', 'y'));
      assert.equal(await drain(tee.chunks), 'xy');
      assert.equal(await tee.done(), null);
      assert.equal(await none.bytes(sha256(bytes('x'))), null);
      await none.remember('q', { digest, etag: null, lastModified: null });
      assert.equal(await none.answer('q'), null);
      assert.equal(await none.shrink(0), 0);
    }
  }));
