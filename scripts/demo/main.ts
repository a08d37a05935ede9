/**
 * `npm run demo`: builds the images of the bundled example from real packages, imports a few advisories, digs the chart
 * and prints the tree. A second run finds everything under .demo/ and takes no time.
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findClients } from './clients.js';
import { lockText, readLock } from './lock.js';
import { example, layout, root, work } from './places.js';

const say = (text: string): void => {
  process.stderr.write(`demo: ${text}\n`);
};

/** What the last run left: which recipe and clients it had, and what it had to leave out. */
interface Done {
  readonly key: string;
  readonly left: readonly string[];
  readonly notes: readonly string[];
}

const marker = join(work, 'done.json');
const database = join(work, 'advisories.db');
const trowel = join(root, 'bin', 'trowel');

async function prepareImages(): Promise<Done> {
  const clients = findClients();
  const key = keyOf([...clients].sort().join(' '));
  const before = readDone();
  if (before?.key === key && existsSync(layout)) return before;
  mkdirSync(work, { recursive: true });
  const [{ fetchParts }, { buildImages }] = await Promise.all([import('./fetch.js'), import('./build.js')]);
  const parts = await fetchParts(clients, readLock(), say);
  const missing = await buildImages(parts, say);
  const done = { key, left: [...parts.left, ...missing], notes: parts.notes };
  importAdvisories();
  writeFileSync(marker, JSON.stringify(done));
  return done;
}

/** Changes with the recipes, the lock file, the advisories and the clients that are there. */
function keyOf(clients: string): string {
  const hash = createHash('sha256').update(clients).update(lockText());
  const compiled = dirname(fileURLToPath(import.meta.url));
  for (const dir of [compiled, join(example, 'advisories')]) {
    for (const name of readdirSync(dir).sort()) {
      if (statSync(join(dir, name)).isFile()) hash.update(name).update(readFileSync(join(dir, name)));
    }
  }
  return hash.digest('hex');
}

function readDone(): Done | null {
  try {
    return JSON.parse(readFileSync(marker, 'utf8'));
  } catch {
    return null;
  }
}

function importAdvisories(): void {
  say('importing the example advisories');
  const args = [trowel, 'db', 'import', join(example, 'advisories'), '--db', database, '--quiet'];
  const run = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (run.status !== 0) throw new Error('the example advisories could not be imported');
}

const done = await prepareImages();
const chart = join(example, 'chart');
const options = ['--image-store', layout, '--db', database, '--store', join(work, 'store.db')];
const dig = spawnSync(
  process.execPath,
  [trowel, 'dig', chart, '--offline', '--allow-incomplete', ...options, ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
for (const note of done.notes) say(`note: ${note}`);
for (const left of done.left) say(`left out: ${left}`);
process.exitCode = dig.status ?? 1;
