import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../measure.js';
import { cacheFolder } from './places.js';

/** Archives of real packages, and the script of scripts/bench/parts that makes each. */
const scripts: Readonly<Record<string, string>> = {
  base: 'base',
  debian: 'debian',
  apt: 'debian',
  python: 'python',
  node: 'node',
  java: 'java',
  go: 'go',
  app: 'app',
};

/** The path of an uncompressed tar archive, which is made where it is not there yet. */
export function part(name: string): string {
  const dir = join(cacheFolder(), 'parts');
  const path = join(dir, `${name}.tar`);
  if (existsSync(path)) return path;
  const script = scripts[name];
  if (script === undefined) throw new Error(`there is no part ${name}`);
  process.stderr.write(`making ${name} from packages …\n`);
  const made = spawnSync('bash', [join(root, 'scripts', 'bench', 'parts', `${script}.sh`), dir], {
    stdio: ['ignore', 2, 2],
  });
  if (made.status !== 0 || !existsSync(path)) throw new Error(`the part ${name} could not be made: see above`);
  return path;
}

export function partBytes(name: string): AsyncIterable<Uint8Array> {
  return createReadStream(part(name), { highWaterMark: 1 << 20 });
}
