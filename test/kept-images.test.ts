import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import type { TarEntry } from '../src/pack/index.js';
import { buildImage, file, spoil } from './image-builder.js';
import { inRoot } from './paths.js';
import { inScratch, type Run, trowel } from './run.js';

/** Bytes that do not compress, the same ones each time. */
function noise(seed: string, sizeBytes: number): Buffer {
  return createHash('shake256', { outputLength: sizeBytes }).update(seed).digest();
}

/** A program that is too large to be held in memory, a package, and files that nobody owns. */
function layers(): readonly (readonly TarEntry[])[] {
  const program = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), noise('program', 20 * 1024 ** 2)]);
  const many = Array.from({ length: 500 }, (_, i) => file(`srv/data/${i}`, noise(String(i), 1000)));
  const npm = file('app/node_modules/left-pad/package.json', '{"name":"left-pad","version":"1.3.0"}');
  return [[file('etc/os-release', 'ID=alpine\n'), ...many], [file('usr/bin/program', program, 0o755)], [npm]];
}

interface Place {
  readonly layout: string;
  readonly digests: readonly string[];
  readonly env: Record<string, string>;
  readonly args: (store: string | null) => string[];
  readonly storeOf: (name: string) => string;
}

async function prepared(dir: string): Promise<Place> {
  const layout = join(dir, 'layout');
  const digests = await buildImage(layout, 'registry.example/a/b:1', layers());
  mkdirSync(join(dir, 'tmp'));
  const env = { SOURCE_DATE_EPOCH: '0', TMPDIR: join(dir, 'tmp'), HOME: join(dir, 'home') };
  const args = (store: string | null): string[] => [
    ...['dig', `oci-dir:${layout}`, '--offline', '--allow-incomplete', '-o', 'json', '--jobs', '2'],
    ...['--db', join(dir, 'advisories.db')],
    ...(store === null ? ['--no-store'] : ['--store', store]),
  ];
  return { layout, digests, env, args, storeOf: (name) => join(dir, name, 'store.db') };
}

async function digs({ env, args }: Place, store: string | null, more: readonly string[] = []): Promise<Run> {
  const run = await trowel([...args(store), ...more], { env });
  assert.equal(run.code, 0, run.stderr);
  return run;
}

test('a second dig gives the same bytes, from what the first one kept', async () => {
  await inScratch(async (dir) => {
    const place = await prepared(dir);
    const fresh = await digs(place, null);
    const store = place.storeOf('one');
    assert.equal((await digs(place, store)).stdout, fresh.stdout);
    // Other bytes of the same size under the old name: only who reads the layer again would notice.
    spoil(place.layout, place.digests[0] ?? '', (bytes) => Buffer.alloc(bytes.length));
    assert.equal((await digs(place, store)).stdout, fresh.stdout);
    const listed = JSON.parse((await digs(place, store, ['--files'])).stdout);
    assert.equal(listed.images[0].files.length, 503);
    assert.deepEqual(
      { ...listed.images[0], files: undefined },
      { ...JSON.parse(fresh.stdout).images[0], files: undefined },
    );
  });
});

test('a damaged row of the store costs time, not the answer', async () => {
  await inScratch(async (dir) => {
    const place = await prepared(dir);
    const store = place.storeOf('one');
    const first = await digs(place, store);
    const database = new Database(store);
    const { changes } = database.prepare("UPDATE kept SET bytes = x'7b7d' WHERE producer = 'image@1'").run();
    database.close();
    assert.equal(changes, 1);
    assert.equal((await digs(place, store)).stdout, first.stdout);
  });
});

test('two processes may dig one image into one store at once', async () => {
  await inScratch(async (dir) => {
    const place = await prepared(dir);
    const store = place.storeOf('shared');
    const [one, other] = await Promise.all([digs(place, store), digs(place, store)]);
    assert.equal(one.stdout, other.stdout);
    assert.equal((await digs(place, store)).stdout, one.stdout);
  });
});

/** How many digs are killed; TROWEL_KILLS asks for more. */
const kills = Number(process.env.TROWEL_KILLS ?? '6');

test('killed at any moment, the next dig gives the same bytes and nothing is left over', async (t) => {
  await inScratch(async (dir) => {
    const place = await prepared(dir);
    const started = Date.now();
    const whole = await digs(place, null);
    const lasted = Date.now() - started;
    for (let round = 0; round < kills; round++) {
      const store = place.storeOf(`killed-${round}`);
      await killed(t, place, store, (lasted * (round + 0.5)) / kills);
      assert.equal((await digs(place, store)).stdout, whole.stdout, `round ${round}`);
      assert.deepEqual(readdirSync(join(store, '..')), ['store.db'], `round ${round}`);
      assert.deepEqual(readdirSync(join(dir, 'tmp')), [], `round ${round}`);
      rmSync(join(store, '..'), { recursive: true });
    }
  });
});

async function killed(t: TestContext, { env, args }: Place, store: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [inRoot('bin', 'trowel'), ...args(store)], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await sleep(afterMs);
  t.diagnostic(`${child.exitCode === null ? 'killed' : 'was over'} after ${Math.round(afterMs)} ms`);
  child.kill('SIGKILL');
  await ended;
}
