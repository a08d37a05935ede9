import { isPe, readAssembly, readPe, readVersionStrings } from '../binary/index.js';
import type { CatalogFile } from '../model/index.js';
import type { TypedJoin, TypedRead, TypedRecord } from './define.js';
import { bundledDeps } from './dotnet-bundle.js';
import { readDotnetDeps } from './dotnet-deps.js';
import { definePackages, manyRows, type PackageRow, packageRow } from './packages.js';
import { baseName } from './paths.js';
import { isProgram } from './program-section.js';

/**
 * .NET packages: what `.deps.json` files state (also inside single-file programs), and assemblies that none of them
 * accounts for, by what their own metadata says, `inferred`: an assembly's name need not be its package's.
 *
 * An assembly's version is the product version of its resource where that reads like a package's, since assembly
 * versions stand still between releases (Newtonsoft.Json 13.0.3 is assembly 13.0.0.0).
 * Follows: see `readDotnetDeps`, `readAssembly`, `readVersionStrings`.
 */
export const dotnet = definePackages({
  name: 'dotnet',
  version: 1,
  wants: (file, head) =>
    file.type === 'file' && (file.path.endsWith('.deps.json') || isPe(head) || isHost(file.path, head)),
  read,
  choose: unaccounted,
  about: {
    finds: '.NET packages and assemblies',
    reads: ['**.deps.json', 'PE', 'ELF', 'Mach-O'],
    purls: ['nuget'],
    grades: ['claimed', 'inferred'],
    facts: ['supplier', 'files'],
    limit:
      "an assembly's name need not be its package's: those no .deps.json accounts for are `inferred`; neither states licences",
  },
});

/** A program that may be a host with its application behind it. */
function isHost(path: string, head: Uint8Array): boolean {
  return isProgram(head) && !isPe(head) && !/\.(?:so(?:\.|$)|dylib$|o$|ko$)/.test(path);
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  if (file.head.path.endsWith('.deps.json')) {
    return manyRows(readDotnetDeps(file), 'a .deps.json with a package without a name');
  }
  const bundled = bundledDeps(file);
  if (bundled !== null) return manyRows(bundled, 'a .deps.json in a program with a package without a name');
  return isPe(file.slice(0, 64)) ? { records: assemblyRows(file) } : { records: [] };
}

function assemblyRows(file: CatalogFile): readonly PackageRow[] {
  const pe = readPe(file);
  if (!pe.isManaged) return [];
  const assembly = readAssembly(file, pe);
  if (assembly === null) return [];
  const strings = readVersionStrings(file, pe);
  const product = strings.get('ProductVersion') ?? '';
  // `6.0.1+commit`, `13.0.3`: a package's version; `4.8.04084.0 built by: NET48` is none.
  const released = /^(\d+\.\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]{1,60})?)(?:\+\S{0,200})?$/.exec(product)?.[1];
  const version = released ?? assembly.version;
  const company = strings.get('CompanyName') ?? '';
  const row = packageRow({
    type: 'nuget',
    name: assembly.name,
    version,
    ecosystem: isFramework(file.head.path, strings.get('ProductName') ?? '') ? null : 'NuGet',
    supplier: company,
    grade: 'inferred',
    what: '.NET assembly',
    value: `${assembly.name}, Version=${assembly.version}, ProductVersion=${product === '' ? 'none' : product.slice(0, 200)}`,
    places: [file.head.path],
  });
  // A satellite assembly holds translations of the one that its name says.
  return row === null || assembly.culture !== '' || assembly.name.endsWith('.resources') ? [] : [row];
}

/**
 * Libraries of a framework have the framework's version, not that of the packages of their names (System.Net.Http):
 * advisories for those would be compared with the wrong number.
 */
function isFramework(path: string, product: string): boolean {
  return (
    /(?:^|\/)mono\//.test(path) || /^(?:Mono Common Language|MONO CLI|Microsoft.{0,3} \.NET Framework)/.test(product)
  );
}

/** Assemblies that a `.deps.json` places belong to its packages. */
function unaccounted(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const placed = new Set<string>();
  for (const { data } of input.records) {
    if (data.what === '.deps.json') for (const path of data.places) placed.add(path);
  }
  const isPlaced = (path: string): boolean => placed.has(path);
  return input.records.filter(
    ({ path, data }) => data.what !== '.NET assembly' || (!isPlaced(path) && !isPolicy(baseName(path))),
  );
}

/** `policy.2.6.NAME.dll` only redirects versions of NAME (publisher policy). */
function isPolicy(file: string): boolean {
  return /^policy\.\d+\.\d+\./.test(file);
}
