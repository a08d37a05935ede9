import type { CatalogFile } from '../model/index.js';
import type { TypedRead } from './define.js';
import { fieldsOf, jsonObject, listOf } from './json.js';
import { npmName } from './npm.js';
import { definePackages, type PackageRow, packageRow } from './packages.js';

/**
 * Libraries in scripts that were bundled or copied, outside `node_modules`: the banners that minifiers keep
 * (`/*! jQuery v3.7.1 | …`), and the paths in source maps that name versions (pnpm's `.pnpm/react@18.2.0/`). All are
 * `inferred`: a banner's title need not be the package's name on npm.
 *
 * A script that is one library from its first byte belongs to it; a bundle of several belongs to none of them.
 * Follows: the `/*!` and `@license` comments as terser and esbuild keep them; Source Map Revision 3 (`sources`).
 */
export const jsBundles = definePackages({
  name: 'js-bundles',
  version: 1,
  wants: (file) =>
    file.type === 'file' &&
    /\.(?:m?js|cjs|css|js\.map|mjs\.map)$/.test(file.path) &&
    !/(?:^|\/)(?:node_modules|share\/nodejs)\//.test(file.path),
  read,
  about: {
    finds: 'libraries in scripts that were bundled or copied',
    reads: ['**.js', '**.mjs', '**.cjs', '**.css', '**.map'],
    purls: ['npm'],
    grades: ['inferred'],
    facts: ['files'],
    limit: "a banner's title need not be the package's name on npm; libraries whose banner was dropped are not seen",
  },
});

const maxBytes = 32 * 1024 * 1024;
const maxBanners = 500;
const bannerBytes = 300;
const opens = ['/*!', '/**', '/* @license'] as const;

function read(file: CatalogFile): TypedRead<PackageRow> {
  // A larger script is looked through as far as that; it is no gap, since a script need not say what is in it.
  const piece = file.slice(0, Math.min(file.sizeBytes, maxBytes));
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  if (file.head.path.endsWith('.map')) return { records: file.sizeBytes > maxBytes ? [] : readSourceMap(bytes) };
  return { records: readBanners(bytes, file.head.path) };
}

function readBanners(bytes: Buffer, path: string): readonly PackageRow[] {
  const found = new Map<string, { readonly row: PackageRow; readonly at: number }>();
  let tries = 0;
  for (const open of opens) {
    for (let at = bytes.indexOf(open); at >= 0 && tries < maxBanners; at = bytes.indexOf(open, at + 3)) {
      tries += 1;
      const row = rowOfBanner(bytes.toString('utf8', at, at + bannerBytes), open === '/*!');
      if (row !== null && !found.has(row.purl)) found.set(row.purl, { row, at });
    }
  }
  // `XRegExp.build 3.2.0` in a bundle of XRegExp 3.2.0 is a part of it, and no package.
  const isPart = ({ name, version }: PackageRow): boolean =>
    [...found.values()].some(({ row }) => row.version === version && name.startsWith(`${row.name}.`));
  const rows = [...found.values()].filter(({ row }) => !isPart(row));
  const [only] = rows;
  if (rows.length === 1 && only !== undefined && only.at <= 3) return [{ ...only.row, places: [path] }];
  return rows.map(({ row }) => row);
}

/** A title of one or two words and a version with three numbers, at the very beginning of a comment. */
const banner =
  /^\/\*[!*]?[\s*]{0,20}(?:@(?:license|preserve)\s{1,4})?[\s*]{0,20}((?:@[\w.-]{1,60}\/)?[A-Za-z][\w.-]{0,60}(?: [A-Za-z]\w{0,20})?),?(?: -| JavaScript Library| JS)?\s{1,3}[vV]?(\d{1,4}\.\d{1,4}\.\d{1,6}(?:-[\w.]{1,30})?)(?=[\s|,;(*])/;

function rowOfBanner(text: string, isKept: boolean): PackageRow | null {
  const match = banner.exec(text);
  if (match === null) return null;
  const [, title = '', version = ''] = match;
  // A plain doc comment may speak of anything; one that a minifier kept, or that is licensed, is a banner.
  if (!isKept && !/licen[cs]e|\(c\)|copyright|©/i.test(text)) return null;
  const name = title
    .toLowerCase()
    .replace(/(?:\.min)?\.js$/, '')
    .replaceAll(' ', '-');
  if (notNames.has(name)) return null;
  return bundled(name, version, 'banner in a script', text.slice(0, 120).replace(/\s+/g, ' '));
}

const notNames: ReadonlySet<string> = new Set(['version', 'copyright', 'license', 'since', 'build', 'release']);

function bundled(name: string, version: string, what: string, value: string): PackageRow | null {
  return packageRow({
    ...npmName(name),
    version,
    ecosystem: 'npm',
    grade: 'inferred',
    what,
    value,
  });
}

function readSourceMap(bytes: Buffer): readonly PackageRow[] {
  const sources = listOf(fieldsOf(jsonObject(bytes.toString('utf8'), 'a source map')).get('sources'));
  const found = new Map<string, PackageRow>();
  for (const source of sources.slice(0, 100_000)) {
    if (typeof source !== 'string' || source.length > 2000) continue;
    // pnpm writes `@scope+name@1.0.0` and puts peers behind `_` or `(`.
    const match =
      /\/\.pnpm\/((?:@[\w.-]{1,100}\+)?[\w.-]{1,150})@(\d{1,6}\.\d{1,6}\.\d{1,6}[\w.+-]{0,60}?)(?:[_(/])/.exec(source);
    if (match === null) continue;
    const row = bundled((match[1] ?? '').replace('+', '/'), match[2] ?? '', 'source map', source.slice(0, 200));
    if (row !== null) found.set(row.purl, row);
  }
  return [...found.values()];
}
