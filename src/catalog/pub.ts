import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf } from './paths.js';

/**
 * Dart packages in a cache of pub: `hosted/HOST/NAME-VERSION/pubspec.yaml`. A package owns its folder. What is compiled
 * into a snapshot is stated nowhere in it; `pubspec.lock` is read by `locks`.
 *
 * Follows: dart.dev "The pubspec file"; pub's HostedSource (layout of its cache).
 */
export const pub = definePackages({
  name: 'pub',
  version: 2,
  wants: (file) => file.type === 'file' && /\/hosted\/[^/]+\/[^/]+\/pubspec\.yaml$/.test(file.path),
  read,
  about: {
    finds: 'Dart packages in a cache of pub',
    reads: ['**/hosted/*/*/pubspec.yaml'],
    purls: ['pub'],
    grades: ['claimed'],
    facts: ['files'],
    limit: 'what is compiled into a snapshot is stated nowhere',
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const source = fileText(file).slice(0, 64 * 1024);
  const field = (name: string): string =>
    new RegExp(`^${name}:[ \\t]{1,20}["']?([^"'\\s#]{1,300})`, 'm').exec(source)?.[1] ?? '';
  const [name, version] = [field('name'), field('version')];
  return oneRow(
    name === '' || version === ''
      ? null
      : {
          type: 'pub',
          name,
          version,
          ecosystem: 'Pub',
          what: 'pubspec.yaml',
          value: `name ${name}, version ${version}`,
          folders: [folderOf(file.head.path)],
        },
    'a pubspec.yaml without a name and version',
  );
}
