import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { parseParagraphs } from './paragraphs.js';
import { folderOf } from './paths.js';

/**
 * Installed R packages: a `DESCRIPTION` that says it was built, or lies in a library. A package owns its folder.
 *
 * Sources (elsewhere and no `Built` field) are not installed and are left out; Bioconductor's packages are told by `biocViews`.
 * Follows: Writing R Extensions 1.1.1 (The DESCRIPTION file).
 */
export const r = definePackages({
  name: 'r',
  version: 1,
  wants: (file) => file.type === 'file' && file.path.endsWith('/DESCRIPTION'),
  read,
  about: {
    finds: 'installed R packages',
    reads: ['**/DESCRIPTION'],
    purls: ['cran', 'bioconductor'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'download', 'files'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const fields = parseParagraphs(fileText(file), true).paragraphs[0]?.fields ?? new Map<string, string>();
  const name = fields.get('package') ?? '';
  const version = fields.get('version') ?? '';
  // Other programs have files of this name: without these fields it is none of R's, and nothing was missed.
  const isInstalled = fields.has('built') || /\/(?:site-)?library$/.test(folderOf(folderOf(file.head.path)));
  if (name === '' || version === '' || !isInstalled) return { records: [] };
  const isBioconductor = fields.has('biocviews') && !/CRAN/.test(fields.get('repository') ?? '');
  return oneRow(
    {
      type: isBioconductor ? 'bioconductor' : 'cran',
      name,
      version,
      ecosystem: isBioconductor ? 'Bioconductor' : 'CRAN',
      licenses: [fields.get('license') ?? ''],
      supplier: fields.get('maintainer') ?? fields.get('author') ?? null,
      url: fields.get('remoteurl') ?? null,
      what: 'DESCRIPTION',
      value: `Package: ${name}, Version: ${version}, Built: ${fields.get('built') ?? 'not stated'}`,
      folders: [folderOf(file.head.path)],
    },
    'a DESCRIPTION with a name or version that can be none',
  );
}
