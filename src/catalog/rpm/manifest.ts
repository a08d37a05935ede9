import type { ReadGap } from '../../model/index.js';
import { eachLine } from '../paragraphs.js';
import type { RpmPackage } from './package.js';

/**
 * The packages of a list that images without rpm have in its place (CBL-Mariner and Azure Linux "distroless"): one a
 * line, ten columns between tabs. A line of another shape is a gap `bad-database`.
 * Follows: CBL-Mariner, toolkit/docs/how_it_works/5_misc.md, "container-manifest": NAME, VERSION-RELEASE, INSTALLTIME,
 * BUILDTIME, VENDOR, EPOCH, SIZE, ARCH, EPOCHNUM, SOURCERPM.
 */
export function readManifest(source: string): { readonly records: readonly RpmPackage[]; readonly gaps: ReadGap[] } {
  const records: RpmPackage[] = [];
  const badLines: number[] = [];
  let line = 0;
  for (const row of eachLine(source)) {
    line += 1;
    if (row.trim() === '') continue;
    const columns = row.split('\t').map((word) => (word === '(none)' ? '' : word));
    const [name = '', versionRelease = '', installTime = '', , vendor = '', epoch = '', , arch = ''] = columns;
    const dash = versionRelease.lastIndexOf('-');
    if (columns.length < 10 || name === '' || dash <= 0) {
      badLines.push(line);
      continue;
    }
    records.push({
      name,
      epoch: numberOf(epoch),
      version: versionRelease.slice(0, dash),
      release: versionRelease.slice(dash + 1),
      arch,
      sourceRpm: columns[9] || null,
      modularity: null,
      license: null,
      vendor: vendor || null,
      packager: null,
      url: null,
      installTime: numberOf(installTime),
      digest: null,
      intact: true,
      algorithm: null,
      files: [],
      requires: null,
      provides: [],
    });
  }
  const first = badLines[0];
  const detail = `${badLines.length} lines that name no package, the first is line ${first}`;
  return { records, gaps: first === undefined ? [] : [{ reason: 'bad-database', detail }] };
}

function numberOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
