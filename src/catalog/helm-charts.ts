import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf } from './paths.js';

/**
 * Helm charts that lie in an image (operators carry them): `Chart.yaml` with `apiVersion`, name and version as plain
 * text. A chart owns its folder.
 *
 * Only top-level fields with plain or quoted values on one line are read. A Chart.yaml that is a template is none.
 * Follows: Helm "The Chart.yaml File"; the purl type is that of Artifact Hub's usage (`pkg:helm`).
 */
export const helmCharts = definePackages({
  name: 'helm-charts',
  version: 2,
  wants: (file) => file.type === 'file' && file.path.endsWith('/Chart.yaml'),
  read,
  about: {
    finds: 'Helm charts that lie in an image',
    reads: ['**/Chart.yaml'],
    purls: ['helm'],
    grades: ['claimed'],
    facts: ['files'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const source = fileText(file).slice(0, 256 * 1024);
  const field = (name: string): string => {
    const value = new RegExp(`^${name}:[ \\t]{1,20}(.{1,500})$`, 'm').exec(source)?.[1]?.trim() ?? '';
    const quoted = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(value);
    return quoted === null ? value.replace(/\s+#.*$/, '') : (quoted[2] ?? '');
  };
  const [name, version, api] = [field('name'), field('version'), field('apiVersion')];
  if (name === '' || version === '' || !/^v\d$/.test(api) || `${name}${version}`.includes('{{')) return { records: [] };
  return oneRow(
    {
      type: 'helm',
      name,
      version,
      ecosystem: null,
      what: 'Chart.yaml',
      value: `name ${name}, version ${version}, appVersion ${field('appVersion') === '' ? 'none' : field('appVersion')}`,
      folders: [folderOf(file.head.path)],
    },
    'a Chart.yaml with a name or version that can be none',
  );
}
