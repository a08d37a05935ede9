import { existsSync } from 'node:fs';

/** Where a thread's program lies: for the joined command line beside it, else beside this file. */
export function workerPlace(name: string): URL {
  const joined = new URL(`./${name}.cjs`, import.meta.url);
  return existsSync(joined) ? joined : new URL(`./${name}.js`, import.meta.url);
}
