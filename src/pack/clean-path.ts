/**
 * The path of an archive entry without leading and trailing `/`, empty parts, `.` and `..`, read as runtimes do before
 * they unpack (Go's `path.Clean`, then joined to the root): `/usr//bin/./x/` and `usr/lib/../bin/x` are `usr/bin/x`.
 *
 * The empty string for the root itself; null where it leads out of the root (`../x`, `a/../../x`).
 */
export function cleanPath(path: string): string | null {
  if (isClean(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

/** The common case without taking the path apart. `/.` also stops at `/.hidden`, which only costs the slow way. */
function isClean(path: string): boolean {
  return (
    path !== '' &&
    path[0] !== '/' &&
    path[0] !== '.' &&
    !path.endsWith('/') &&
    !path.includes('//') &&
    !path.includes('/.')
  );
}
