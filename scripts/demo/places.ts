import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, from wherever the compiled script lies below it. */
export const root: string = (() => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
})();

export const example: string = join(root, 'examples', 'observatory');

/** Everything that the demo makes; remove it to begin anew. */
export const work: string = join(root, '.demo');

export const packages: string = join(work, 'packages');
export const layout: string = join(work, 'images');
