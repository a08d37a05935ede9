import type { CatalogFile } from '../model/index.js';
import type { TypedRead } from './define.js';
import { badRecord, definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf, pathFrom } from './paths.js';
import { type PhpMap, type PhpValue, readPhpSerialized } from './php-serialized.js';

/**
 * Packages of PHP's PEAR and PECL installers, from their registry (`.registry/NAME.reg`, or below `.channel.HOST/`),
 * with the files that were installed and their MD5.
 *
 * A registry file that is no serialised PHP, or states no name and version, is a gap.
 * Follows: PEAR's PEAR/Registry.php (`_writePackageInfo`), package.xml 1.0 and 2.0.
 */
export const pear = definePackages({
  name: 'pear',
  version: 1,
  wants: (file) => file.type === 'file' && file.path.endsWith('.reg') && /(?:^|\/)\.registry\//.test(file.path),
  read,
  about: {
    finds: 'PHP packages of PEAR and PECL',
    reads: ['**.registry/**.reg'],
    purls: ['pear'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'files', 'digests'],
    limit: 'digests are MD5',
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const value = readPhpSerialized(file.bytes());
  if (!isMap(value)) return { records: [], gaps: [badRecord('a PEAR registry file that holds no fields')] };
  const version = value.get('version');
  const name = text(value.get('name')) || text(value.get('package'));
  const release = isMap(version) ? text(version.get('release')) : text(version);
  const channel = text(value.get('channel'));
  const license = value.get('license');
  const { path } = file.head;
  // `X/.registry/name.reg`, and for other channels than PEAR's own `X/.registry/.channel.HOST/name.reg`.
  const home = path.slice(0, path.indexOf('.registry/'));
  return oneRow(
    name === '' || release === ''
      ? null
      : {
          type: 'pear',
          namespace: channel === '' ? null : channel,
          name,
          version: release,
          ecosystem: null,
          fullName: name,
          licenses: [isMap(license) ? text(license.get('_content')) : text(license)],
          supplier: leadOf(value.get('lead')),
          what: 'PEAR registry',
          value: `name ${name}, version ${release}, channel ${channel === '' ? 'none' : channel}`,
          files: installedFiles(value.get('filelist'), folderOf(home)),
          places: [path],
        },
    'a PEAR registry file without a name and version',
  );
}

function isMap(value: PhpValue | undefined): value is PhpMap {
  return typeof value === 'object' && value !== null;
}

function text(value: PhpValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** One lead developer, or a list of them. */
function leadOf(value: PhpValue | undefined): string | null {
  if (!isMap(value)) return null;
  const name = text(value.get('name'));
  if (name !== '') return name;
  const first = value.get('0');
  return isMap(first) ? text(first.get('name')) : null;
}

/** `filelist` of path to `{md5sum, installed_as}`; the latter is an absolute path of the machine it was installed on. */
function installedFiles(value: PhpValue | undefined, home: string): readonly (readonly [string, string | null])[] {
  if (!isMap(value)) return [];
  return [...value.values()].slice(0, 100_000).flatMap((one): (readonly [string, string | null])[] => {
    const place = isMap(one) ? text(one.get('installed_as')) : '';
    const path = place === '' ? null : pathFrom(home, place);
    if (path === null || !isMap(one)) return [];
    const md5 = text(one.get('md5sum'));
    return [[path, md5 === '' ? null : `md5:${md5}`]];
  });
}
