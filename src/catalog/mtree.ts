import { eachLine } from './paragraphs.js';

export interface MtreeEntry {
  /** Without `./` before it. */
  readonly path: string;
  readonly type: string;
  readonly sha256: string | null;
}

/**
 * The entries of a listing in mtree's format with full paths, as makepkg and bsdtar write it: `/set` gives defaults,
 * names have `\NNN` (octal) for odd bytes. A line of another shape is skipped.
 * Follows: mtree(5) of libarchive.
 */
export function parseMtree(source: string): MtreeEntry[] {
  const found: MtreeEntry[] = [];
  let defaultType = 'file';
  for (const line of eachLine(source)) {
    const words = line.split(' ');
    const name = words[0] ?? '';
    const value = (key: string): string | null =>
      words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
    if (name === '/set') defaultType = value('type') ?? defaultType;
    if (!name.startsWith('./')) continue;
    const sha256 = value('sha256digest') ?? value('sha256');
    found.push({
      path: unescaped(name.slice(2)),
      type: value('type') ?? defaultType,
      sha256: sha256 !== null && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null,
    });
  }
  return found;
}

function unescaped(name: string): string {
  if (!name.includes('\\')) return name;
  const bytes = Buffer.from(
    name.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))),
    'latin1',
  );
  return bytes.toString('utf8');
}
