import { threadPlace } from '../model/index.js';

/** Where a thread's program of this room lies: joined files lie beside each other, as compiled ones do. */
export function workerPlace(name: string): URL {
  return threadPlace(import.meta.url, `./${name}.js`, `./${name}.cjs`);
}
