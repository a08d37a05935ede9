import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, manyRows, type PackageRow } from './packages.js';
import { baseName, folderOf } from './paths.js';
import { readSbomJson, readSbomTagValue, readSbomXml } from './sbom-read.js';
import { readSharpVersions } from './sharp-versions.js';

/**
 * Bills of materials that lie in an image (CycloneDX JSON and XML, SPDX JSON and tag-value, Bitnami's `.spdx-NAME.spdx`,
 * those in Python's `.dist-info/sboms`) and sharp's `versions.json` of what was compiled into its libvips: what somebody
 * says is there, to be checked. `catalogImage` makes evidence of what another cataloguer found, too; the rest are
 * components `claimed`.
 *
 * A document that is named like one and is none says nothing; one that is broken is a gap.
 * Follows: CycloneDX 1.6, SPDX 2.3, PEP 770.
 */
export const sbom = definePackages({
  name: 'sbom',
  version: 3,
  wants: (file) => file.type === 'file' && formOf(file.path) !== null,
  read,
  about: {
    finds: 'what bills of materials say',
    reads: [
      '**.spdx',
      '**bom.json',
      '**.cdx.json',
      '**.cyclonedx.json',
      '**.spdx.json',
      '**.bom.json',
      '**.syft.json',
      '**sbom*.json',
      '**/sbom*/*.json',
      '**bom.xml',
      '**.cdx.xml',
      '**.cyclonedx.xml',
      '**sharp*/**versions.json',
    ],
    purls: ['*'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'download', 'cpes', 'files'],
    limit: 'a document speaks of what its writer saw: what another cataloguer found too has it as evidence only',
  },
});

type Form = 'json' | 'xml' | 'spdx' | 'sharp' | null;

function formOf(path: string): Form {
  const name = baseName(path).toLowerCase();
  if (name.endsWith('.spdx')) return 'spdx';
  if (name === 'versions.json' && isOfSharp.test(path)) return 'sharp';
  if (name.endsWith('.json')) {
    const isNamed =
      /^bom\.json$|\.(?:cdx|cyclonedx|spdx|bom|sbom|syft)\.json$|^(?:.*[._-])?sbom(?:[._-].*)?\.json$/.test(name);
    return isNamed || baseName(folderOf(path)) === 'sboms' || baseName(folderOf(path)) === 'sbom' ? 'json' : null;
  }
  return /^bom\.xml$|\.(?:cdx|cyclonedx|bom)\.xml$/.test(name) ? 'xml' : null;
}

/** Of sharp since 0.33 a package of its own (`@img/sharp-libvips-linux-x64`), before a folder of `vendor`. */
const isOfSharp = /(?:^|\/)(?:@img\/sharp-libvips-[\w-]{1,40}|sharp\/vendor\/[\w./-]{1,60})\/versions\.json$/;

function read(file: CatalogFile): TypedRead<PackageRow> {
  const { path } = file.head;
  const source = fileText(file);
  const named = formOf(path);
  if (named === 'sharp') return readSharpVersions(source);
  const form = named === 'spdx' && source.trimStart().startsWith('{') ? 'json' : named;
  const facts =
    form === 'json' ? readSbomJson(source) : form === 'xml' ? readSbomXml(source) : readSbomTagValue(source);
  if (facts === null) return { records: [] };
  // Bitnami puts the document of a component at the top of its folder; its first package is the component itself.
  const own = /^\.spdx-.+\.spdx$/.test(baseName(path)) ? folderOf(path) : null;
  const rows = own === null ? facts : facts.map((one, index) => (index === 0 ? { ...one, folders: [own] } : one));
  return manyRows(rows, 'a bill of materials with a package that can be none');
}
