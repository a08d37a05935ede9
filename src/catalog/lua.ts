import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf } from './paths.js';

/**
 * Rocks that LuaRocks installed: the `.rockspec` in `rocks-VERSION/NAME/VERSION/`. A rock owns that folder.
 *
 * Only literal assignments are read. A rockspec outside such a folder is a source's, and not installed.
 * Follows: LuaRocks "Rockspec format", "File locations".
 */
export const lua = definePackages({
  name: 'lua',
  version: 1,
  wants: (file) =>
    file.type === 'file' &&
    file.path.endsWith('.rockspec') &&
    /\/rocks(?:-\d\.\d)?\/[^/]+\/[^/]+\/[^/]+$/.test(file.path),
  read,
  about: {
    finds: 'rocks that LuaRocks installed',
    reads: ['**/rocks*/*/*/*.rockspec'],
    purls: ['luarocks'],
    grades: ['claimed'],
    facts: ['licenses', 'download', 'files'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const source = fileText(file);
  const text = (name: string): string =>
    new RegExp(
      `^\\s{0,40}${name}\\s{0,20}=\\s{0,20}(?:"([^"\\n]{0,1000})"|'([^'\\n]{0,1000})'|\\[\\[([^\\]]{0,1000})\\]\\])`,
      'm',
    )
      .exec(source)
      ?.slice(1)
      .find((one) => one !== undefined) ?? '';
  const name = text('package');
  const version = text('version');
  return oneRow(
    name === '' || version === ''
      ? null
      : {
          type: 'luarocks',
          name,
          version,
          ecosystem: null,
          licenses: [text('license')],
          supplier: text('maintainer'),
          url: text('url'),
          what: 'rockspec',
          value: `package ${name}, version ${version}`,
          folders: [folderOf(file.head.path)],
        },
    'a rockspec without a literal package and version',
  );
}
