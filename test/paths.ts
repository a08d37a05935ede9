import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root, from wherever the compiled tests lie. */
export const root: string = (() => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) {
    const up = dirname(dir);
    if (up === dir) throw new Error('no package.json above the tests');
    dir = up;
  }
  return dir;
})();

/** A file of the source tree, `src/version/testdata/deb.txt`: fixtures are read where they are kept, not copied. */
export function inRoot(...parts: string[]): string {
  return join(root, ...parts);
}

/**
 * A folder or file of the data that lies beside the project on some machines (real charts, advisories, images), or
 * null where it is absent: tests that need it skip with `sharedMissing` as the reason.
 * `TROWEL_TEST_DATA` names another place for it.
 */
export function sharedData(...parts: string[]): string | null {
  const path = join(process.env.TROWEL_TEST_DATA ?? join(root, '..', 'shared', 'data'), ...parts);
  return existsSync(path) ? path : null;
}

export const sharedMissing = 'the real charts, advisories and images are not on this machine (TROWEL_TEST_DATA)';

/** For `skip`: why a test that runs this program cannot run here, or false where it can. */
export function programMissing(name: string): string | false {
  const found = (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, name)));
  return found ? false : `${name} is not on this machine`;
}
