import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf } from './paths.js';
import { readTomlTables } from './toml-tables.js';

/**
 * Julia packages that are unpacked in a depot: `packages/NAME/SLUG/Project.toml`. A package owns its folder. What a
 * Manifest.toml pins is no more than that (`locks`).
 *
 * Follows: Pkg.jl "Project.toml and Manifest.toml", "Depots"; Base.version_slug (the folder's name).
 */
export const julia = definePackages({
  name: 'julia',
  version: 1,
  wants: (file) =>
    file.type === 'file' && /\/packages\/[^/]+\/[A-Za-z0-9]{5}\/(?:Julia)?Project\.toml$/.test(file.path),
  read,
  about: {
    finds: 'Julia packages in a depot',
    reads: ['**/packages/*/*/*Project.toml'],
    purls: ['julia'],
    grades: ['claimed'],
    facts: ['files'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const top = readTomlTables(fileText(file))[0]?.values ?? new Map<string, string>();
  const name = top.get('name') ?? '';
  const version = top.get('version') ?? '';
  const uuid = top.get('uuid') ?? '';
  return oneRow(
    name === '' || version === '' || uuid === ''
      ? null
      : {
          type: 'julia',
          name,
          version,
          ecosystem: 'Julia',
          qualifiers: { uuid },
          supplier: /"([^"]{1,200})"/.exec(top.get('authors') ?? '')?.[1] ?? null,
          what: 'Project.toml',
          value: `name ${name}, version ${version}, uuid ${uuid}`,
          folders: [folderOf(file.head.path)],
        },
    'a Project.toml in a depot without name, version or uuid',
  );
}
