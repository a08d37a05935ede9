import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inRoot } from './paths.js';

/** What `bin/trowel` keeps of its compiled code, in a cache of the test's own. */
function withCache(use: (cache: string, run: (...args: string[]) => string) => void): void {
  const cache = mkdtempSync(join(tmpdir(), 'trowel-start-'));
  const run = (...args: string[]): string => {
    const done = spawnSync(process.execPath, [inRoot('bin', 'trowel'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: cache, TROWEL_NO_STORE: '' },
    });
    assert.equal(done.stderr, '');
    assert.equal(done.status, 0);
    return done.stdout;
  };
  try {
    use(cache, run);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

const kept = (cache: string): readonly string[] => {
  const folder = join(cache, 'trowel', 'code');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

test('compiled code is kept for the user alone, one file a command', () => {
  withCache((cache, run) => {
    const first = run('version');
    assert.match(first, /^trowel \d/);
    const [file = '', ...others] = kept(cache);
    assert.deepEqual(others, []);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const before = statSync(file).mtimeMs;
    assert.equal(run('version'), first);
    assert.equal(statSync(file).mtimeMs, before);
    run('help');
    assert.equal(kept(cache).length, 2);
  });
});

test('kept code is replaced by that of a run which rendered a chart first, a few times', () => {
  withCache((cache, run) => {
    const chart = (name: string): string => {
      const path = join(cache, 'charts', name);
      mkdirSync(join(path, 'templates'), { recursive: true });
      writeFileSync(join(path, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
      writeFileSync(join(path, 'templates', 'a.yaml'), `kind: ${name}\nsum: {{ sha256sum "${name}" }}\n`);
      return path;
    };
    const replaced = (): number => readFileSync(kept(cache)[0] ?? '').readUInt32LE(4);
    const first = run('render', chart('a'));
    assert.equal(replaced(), 0);
    assert.equal(run('render', chart('a')), first);
    assert.equal(replaced(), 0);
    for (const [index, name] of ['b', 'c', 'd', 'e', 'f', 'g'].entries()) {
      assert.match(run('render', chart(name)), new RegExp(`^kind: ${name}$`, 'm'));
      assert.equal(replaced(), Math.min(index + 1, 4));
    }
    assert.equal(run('render', chart('a')), first);
  });
});

test('nothing is kept with --no-store, nor for what is no command', () => {
  withCache((cache, run) => {
    run('version', '--no-store');
    run('--help');
    assert.deepEqual(kept(cache), []);
  });
});

test('kept code that is damaged, cut off or open to others is not used, and replaced', () => {
  withCache((cache, run) => {
    const said = run('version');
    const [file = ''] = kept(cache);
    const good = readFileSync(file);
    for (let i = 0; i < 8; i++) {
      const damaged = Buffer.from(good);
      const at = Math.floor((damaged.length * (i + 0.5)) / 8);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(file, i === 0 ? damaged.subarray(0, 1000) : damaged);
      assert.equal(run('version'), said);
    }
    assert.equal(run('version'), said);
    chmodSync(file, 0o666);
    assert.equal(run('version'), said);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
