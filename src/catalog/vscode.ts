import type { CatalogFile } from '../model/index.js';
import type { TypedRead } from './define.js';
import { jsonFile, textOf } from './json.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf } from './paths.js';

/**
 * Extensions of VS Code and its servers: `extensions/PUBLISHER.NAME-VERSION/package.json`. An extension owns its folder.
 *
 * Those that come with the editor have no publisher's folder name, and are part of it.
 * Follows: VS Code API "Extension Manifest"; purl-spec vscode-extension-definition.json.
 */
export const vscode = definePackages({
  name: 'vscode',
  version: 1,
  wants: (file) =>
    file.type === 'file' &&
    file.path.endsWith('/package.json') &&
    /\/extensions\/[^/.]+\.[^/]+-\d[^/]*\/package\.json$/.test(file.path),
  read,
  about: {
    finds: 'extensions of VS Code',
    reads: ['**/package.json'],
    purls: ['vscode-extension'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'files'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const fields = jsonFile(file, 'the package.json of an extension');
  const [publisher, name, version] = ['publisher', 'name', 'version'].map((key) => textOf(fields.get(key)));
  return oneRow(
    !publisher || !name || !version
      ? null
      : {
          type: 'vscode-extension',
          namespace: publisher,
          name,
          version,
          ecosystem: 'VSCode',
          licenses: [textOf(fields.get('license'))],
          supplier: publisher,
          what: 'extension manifest',
          value: `${publisher}.${name} ${version}`,
          folders: [folderOf(file.head.path)],
        },
    'an extension without publisher, name and version',
  );
}
