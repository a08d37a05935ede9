import type { CatalogFile, Component, JsonValue } from '../../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from '../define.js';
import { componentOf } from '../rpm/component.js';
import { readRpmHeader } from '../rpm/header.js';
import { packageOf, type RpmPackage } from '../rpm/package.js';
import { PathBudget } from '../rpm/path-budget.js';
import { decodePackage } from '../rpm/record.js';
import { byPath, filesOfArchive } from './owned.js';

const folder = 'RPM/';
const header = `${folder}header`;
/** A header in a file begins with its magic and four bytes of nothing; one in a database does not. */
const magicBytes = 8;

/**
 * The package that an rpm is, from its header: the same that rpm would put into its database.
 * Follows: rpm, docs/manual/format_v4.md.
 */
export const rpmArchive = defineCataloguer<RpmPackage>({
  name: 'rpm-archive',
  version: 1,
  wants: ({ type, path }) => type === 'file' && path === header,
  read,
  decode: (value: JsonValue) => decodePackage(value),
  join,
  about: {
    finds: 'the package that an .rpm is',
    reads: ['RPM/header'],
    purls: ['rpm'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'supplier', 'files', 'digests'],
  },
});

function read(file: CatalogFile): TypedRead<RpmPackage> {
  // Its digest stands in the signature: layer/archive compares it.
  const found = packageOf(readRpmHeader(file.bytes().subarray(magicBytes)), null, new PathBudget());
  if (found === null || found === 'key') {
    return { records: [], gaps: [{ reason: 'bad-database', detail: 'a header without name or version' }] };
  }
  // Only a source package names no source: its architecture is that of the machine that built it.
  return { records: [found.sourceRpm === null ? { ...found, arch: 'src' } : found] };
}

function join(input: TypedJoin<RpmPackage>): { readonly components: readonly Component[] } {
  return {
    components: input.records.map((record) => {
      const one = componentOf(input, '', record);
      return {
        ...one,
        foundBy: 'rpm-archive',
        owns: filesOfArchive(input, byPath(one.owns), (path) => path.startsWith(folder)),
        evidence: one.evidence.map((row) => ({ ...row, what: row.what === 'rpm database' ? 'rpm header' : row.what })),
      };
    }),
  };
}
