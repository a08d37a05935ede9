import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type ChartFile, compareText, isTrowelError, TrowelError } from '../model/index.js';
import { countBytes, countEntry, type LoadBudget, withoutMark } from './archive.js';
import { type IgnoreRules, ignoreRules } from './ignore.js';
import { badChart } from './metadata.js';

/**
 * The files of a chart directory in the order of their paths, without what .helmignore leaves out.
 *
 * Symbolic links are followed inside the chart; one that leads out of it is refused by name (`unsafe-path`), unlike
 * Helm, which reads it: a chart from elsewhere must not read this machine. Devices, sockets and the like are refused.
 * Follows: helm pkg/chart/loader/directory.go, internal/sympath/walk.go.
 */
export async function directoryFiles(directory: string, budget: LoadBudget): Promise<readonly ChartFile[]> {
  const root = await realpath(directory);
  const walk: Walk = { root, rules: ignoreRules(await helmIgnore(directory)), budget, files: [] };
  await visit(walk, root, '', new Set([root]));
  return walk.files;
}

interface Walk {
  readonly root: string;
  readonly rules: IgnoreRules;
  readonly budget: LoadBudget;
  readonly files: ChartFile[];
}

/** Reads one directory. `above` are the real paths on the way, so that a link to one of them cannot go in circles. */
async function visit(walk: Walk, real: string, path: string, above: ReadonlySet<string>): Promise<void> {
  const names = (await readdir(real)).sort((a, b) => compareText(a, b));
  for (const name of names) {
    const inner = path === '' ? name : `${path}/${name}`;
    countEntry(walk.budget, { entry: inner });
    const place = await inside(walk.root, join(real, name), inner);
    const found = await stat(place);
    if (walk.rules(inner, found.isDirectory())) continue;
    if (found.isDirectory()) {
      if (above.has(place)) throw unsafe(inner, 'a symbolic link leads back to a directory above it');
      await visit(walk, place, inner, new Set([...above, place]));
    } else if (!found.isFile()) {
      throw badChart(`cannot load irregular file ${inner} as it has file mode type bits set`, inner);
    } else {
      if (found.size > walk.budget.limits.fileBytes) {
        throw new TrowelError('too-large', {
          what: `chart file "${name}" is larger than the maximum file size ${walk.budget.limits.fileBytes}`,
          where: { entry: inner },
        });
      }
      countBytes(walk.budget, found.size, { entry: inner });
      walk.files.push({ path: inner, bytes: withoutMark(await readFile(place)) });
    }
  }
}

/** Where an entry really is; throws where that is not inside the chart. */
async function inside(root: string, place: string, entry: string): Promise<string> {
  if (!(await lstat(place)).isSymbolicLink()) return place;
  let real: string;
  try {
    real = await realpath(place);
  } catch (cause) {
    throw new TrowelError('not-found', { what: 'a symbolic link leads nowhere', where: { entry }, cause });
  }
  if (real === root || real.startsWith(`${root}${sep}`)) return real;
  throw unsafe(entry, 'a symbolic link leads out of the chart');
}

async function helmIgnore(directory: string): Promise<string> {
  const file = join(directory, '.helmignore');
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > 1024 * 1024)
      throw badChart('the .helmignore is no small regular file', '.helmignore');
    return new TextDecoder().decode(await readFile(file));
  } catch (error) {
    if (isTrowelError(error)) throw error;
    return '';
  }
}

function unsafe(entry: string, what: string): TrowelError {
  return new TrowelError('unsafe-path', {
    what,
    where: { entry },
    todo: 'put the file itself into the chart, or package the chart with helm package',
  });
}
