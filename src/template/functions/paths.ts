import type { GoFunc } from '../value.js';
import { define } from './args.js';

/** path.Clean: the shortest equivalent path, by text alone. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (!rooted) out.push('..');
  }
  const joined = out.join('/');
  return rooted ? `/${joined}` : joined === '' ? '.' : joined;
}

/** path.Base: the last element. */
function basePath(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  const trimmed = path.slice(0, end);
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** path.Ext: from the last dot of the last element on. */
function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot === -1 ? '' : name.slice(dot);
}

const operations: readonly (readonly [string, (path: string) => string | boolean])[] = [
  ['base', basePath],
  ['dir', (path) => cleanPath(path.slice(0, path.lastIndexOf('/') + 1))],
  ['clean', cleanPath],
  ['ext', extension],
  ['isAbs', (path) => path.startsWith('/')],
];

/** sprig's functions of paths; those of the operating system are those of Unix. Follows: packages path and filepath. */
export function pathFunctions(): readonly GoFunc[] {
  return operations.flatMap(([name, of]) => [
    define(name, ['string'], (a) => of(a.str(0))),
    define(`os${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`, ['string'], (a) => of(a.str(0))),
  ]);
}
