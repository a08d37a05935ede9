import { isTrowelError, type LayerLimits, TrowelError } from '../../model/index.js';
import { cleanPath, readAr } from '../../pack/index.js';
import type { TreeHandler } from '../walk-tree.js';
import { outside } from './entries.js';
import { type ArchiveWalk, readPayload } from './payload.js';

export const debianFolder = 'DEBIAN';

/**
 * A Debian package: its control files in `DEBIAN/`, and the files of its data member.
 * Follows: deb(5): debian-binary first, then control.tar and data.tar; members that begin with `_` are passed over.
 */
export async function walkDeb({ source, handler, limits }: ArchiveWalk): Promise<void> {
  const seen = new Set<string>();
  await readAr(source, async ({ name, sizeBytes }, content) => {
    if (seen.size === 0 && name !== 'debian-binary') throw broken('it does not begin with debian-binary');
    const kind = name === 'debian-binary' ? name : (/^(control|data)\.tar(?:\.[a-z0-9]+)?$/.exec(name)?.[1] ?? null);
    if (name.startsWith('_')) return;
    if (kind === null || seen.has(kind)) {
      handler.gap(name, 'bad-bytes', 'a member of the package that dpkg would not take: not read');
      return;
    }
    seen.add(kind);
    if (kind === 'debian-binary') await checkVersion(content, sizeBytes);
    else if (kind === 'control') await readPayload(content, controlFiles(handler), limits);
    else await readData(content, handler, limits, name);
  });
  if (!seen.has('control')) throw broken('it has no control member');
  if (!seen.has('data')) handler.gap(debianFolder, 'truncated', 'the package has no data member');
}

async function checkVersion(content: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
  if (sizeBytes > 100) throw broken('its version is no number');
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part.slice());
  const version = Buffer.concat(parts).toString('latin1').split('\n', 1)[0] ?? '';
  if (!version.startsWith('2.')) throw new TrowelError('unsupported', { what: 'a Debian package of another format' });
}

/** Files of the control member, by their base names: dpkg takes no others. */
function controlFiles(handler: TreeHandler): Pick<TreeHandler, 'entry'> {
  return {
    entry(header) {
      const path = cleanPath(header.path);
      if (path === null || path === '' || path.includes('/') || header.type !== 'file') return null;
      return handler.entry({ ...header, path: `${debianFolder}/${path}` });
    },
  };
}

async function readData(
  content: AsyncIterable<Uint8Array>,
  handler: TreeHandler,
  limits: LayerLimits,
  name: string,
): Promise<void> {
  try {
    if (name.endsWith('.lzma')) throw new TrowelError('unsupported', { what: 'bytes compressed with lzma' });
    await readPayload(content, outside(debianFolder, handler), limits);
  } catch (error) {
    // What the package says of itself stands without its files.
    if (!isTrowelError(error, 'unsupported')) throw error;
    handler.gap(name, 'unsupported', error.what);
  }
}

function broken(what: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `the Debian package is broken (${what})` });
}
