import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { parseParagraphs } from './paragraphs.js';

/**
 * Haskell packages that are installed as libraries: `package.conf.d/*.conf` of GHC. What is compiled into a program is
 * stated nowhere.
 *
 * Follows: Cabal InstalledPackageInfo (ghc-pkg describe).
 */
export const haskell = definePackages({
  name: 'haskell',
  version: 1,
  wants: (file) => file.type === 'file' && file.path.endsWith('.conf') && /\/package\.conf\.d\/[^/]+$/.test(file.path),
  read,
  about: {
    finds: 'Haskell packages installed as libraries',
    reads: ['**/package.conf.d/*.conf'],
    purls: ['hackage'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'files'],
    limit: 'what is compiled into a program is stated nowhere',
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const fields = parseParagraphs(fileText(file)).paragraphs[0]?.fields ?? new Map<string, string>();
  const name = (fields.get('name') ?? '').trim();
  const version = (fields.get('version') ?? '').trim();
  return oneRow(
    name === '' || version === ''
      ? null
      : {
          type: 'hackage',
          name,
          version,
          ecosystem: 'Hackage',
          licenses: [(fields.get('license') ?? '').trim()],
          supplier:
            fields.get('maintainer')?.trim().split('\n', 1)[0] ??
            fields.get('author')?.trim().split('\n', 1)[0] ??
            null,
          what: 'ghc package',
          value: `name ${name}, version ${version}`,
          places: [file.head.path],
        },
    'a GHC package without a name and version',
  );
}
