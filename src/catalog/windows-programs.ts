import { isGoProgram, isPe, readPe, readVersionResource } from '../binary/index.js';
import { type CatalogFile, isTrowelError } from '../model/index.js';
import type { TypedJoin, TypedRead, TypedRecord } from './define.js';
import { definePackages, type PackageRow, packageRow } from './packages.js';
import { folderOf } from './paths.js';

/**
 * Programs and libraries for Windows by their version resource: product, version and company as their maker wrote them.
 * Files of one product and version in one folder are one component. Assemblies of .NET and programs of Go are told by
 * their own metadata (`dotnet`, `go`).
 *
 * What a package lists is the package's. A resource that leads out of the file is a gap; what is wrong with the rest of
 * the file is one of `go`, which reads every program.
 * Follows: Win32 VS_VERSIONINFO (StringFileInfo).
 */
export const windowsPrograms = definePackages({
  name: 'windows-programs',
  version: 1,
  wants: (file, head) => file.type === 'file' && isPe(head),
  read,
  choose: byProduct,
  about: {
    finds: 'programs and libraries for Windows',
    reads: ['PE'],
    purls: ['generic'],
    grades: ['claimed'],
    facts: ['supplier', 'files'],
    limit: 'a product is what its maker calls it: no ecosystem, and advisories are not looked up',
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  let pe: ReturnType<typeof readPe>;
  try {
    pe = readPe(file);
  } catch (error) {
    if (isTrowelError(error)) return { records: [] };
    throw error;
  }
  const resource = pe.isManaged ? null : readVersionResource(file, pe);
  if (resource === null || isGoProgram(file)) return { records: [] };
  const { strings, offset } = resource;
  const text = (name: string): string => (strings.get(name) ?? '').slice(0, 200);
  const name = text('ProductName') || text('FileDescription') || text('InternalName');
  const version = versionOf(text('ProductVersion')) ?? versionOf(text('FileVersion'));
  const row = packageRow({
    type: 'generic',
    name: name.replace(/\s+/g, ' '),
    version,
    ecosystem: null,
    supplier: text('CompanyName'),
    what: 'version resource',
    value: `${name}, ProductVersion ${text('ProductVersion') || 'none'}, FileVersion ${text('FileVersion') || 'none'}, at byte ${offset}`,
    places: [file.head.path],
  });
  return { records: row === null ? [] : [row] };
}

/** `3.0.13`, `10.0.19041.1 (WinBuild.160101.0800)`, `1, 2, 11, 0` (rc.exe's own habit); null for words. */
function versionOf(text: string): string | null {
  const found = /^v?(\d{1,9}(?:(?:\.|, ?)\d{1,9}){0,4}(?:[-+.]?[A-Za-z][\w.+-]{0,60})?)(?:\s|$)/.exec(text)?.[1];
  return found === undefined ? null : found.replace(/, ?/g, '.');
}

function byProduct(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const groups = new Map<string, TypedRecord<PackageRow>[]>();
  for (const record of input.records) {
    const key = JSON.stringify([record.data.purl, record.data.supplier, folderOf(record.path)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, data: { ...first.data, places: [first, ...others].flatMap(({ data }) => data.places) } }],
  );
}
