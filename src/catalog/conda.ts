import type { CatalogFile } from '../model/index.js';
import type { TypedRead } from './define.js';
import { fieldsOf, jsonFile, listOf, textOf } from './json.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf, pathFrom } from './paths.js';
import type { FileRow } from './shape.js';

/**
 * Packages of conda environments: `conda-meta/*.json`, with their files and the SHA-256 that they have where they were
 * installed (placeholders filled in), else the one in the package.
 *
 * Follows: conda "conda-meta" records (PrefixRecord: conda/models/records.py), CEP 15 paths.json (`paths_data`).
 */
export const conda = definePackages({
  name: 'conda',
  version: 1,
  wants: (file) => file.type === 'file' && file.path.endsWith('.json') && /(?:^|\/)conda-meta\/[^/]+$/.test(file.path),
  read,
  about: {
    finds: 'packages of conda environments',
    reads: ['**conda-meta/*.json'],
    purls: ['conda'],
    grades: ['claimed'],
    facts: ['licenses', 'download', 'files', 'digests'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const fields = jsonFile(file, 'a conda-meta record');
  const name = textOf(fields.get('name'));
  const version = textOf(fields.get('version'));
  const url = textOf(fields.get('url'));
  const text = (key: string): string => textOf(fields.get(key));
  const type = /\.(conda|tar\.bz2)$/.exec(text('fn'))?.[1] ?? '';
  return oneRow(
    name === '' || version === ''
      ? null
      : {
          type: 'conda',
          name,
          version,
          ecosystem: null,
          qualifiers: {
            build: text('build'),
            channel: channelOf(text('channel'), text('subdir')),
            subdir: text('subdir'),
            type,
          },
          licenses: [text('license')],
          url,
          what: 'conda-meta',
          value: `name ${name}, version ${version}, build ${text('build')}`,
          files: filesOf(
            fieldsOf(fields.get('paths_data')).get('paths'),
            fields.get('files'),
            folderOf(folderOf(file.head.path)),
          ),
          places: [file.head.path],
        },
    'a conda-meta record without a name and version',
  );
}

/** `https://HOST/pkgs/main/linux-64` is the channel main; a bare name is one. */
function channelOf(channel: string, subdir: string): string {
  const parts = channel.split('/').filter((part) => part !== '' && part !== subdir && part !== 'noarch');
  return parts.at(-1) ?? '';
}

const maxFiles = 500_000;

function filesOf(paths: unknown, names: unknown, prefix: string): readonly FileRow[] {
  const rows = listOf(paths)
    .slice(0, maxFiles)
    .map((one): FileRow => {
      const fields = fieldsOf(one);
      const sha256 = textOf(fields.get('sha256_in_prefix')) || textOf(fields.get('sha256'));
      // A file with a placeholder has another digest in place; older records state only that of the package.
      const isChanged = fields.has('prefix_placeholder') && !fields.has('sha256_in_prefix');
      return [textOf(fields.get('_path')), sha256 === '' || isChanged ? null : `sha256:${sha256}`];
    });
  const all =
    rows.length > 0
      ? rows
      : listOf(names)
          .slice(0, maxFiles)
          .map((one): FileRow => [textOf(one), null]);
  return all.flatMap(([path, digest]): FileRow[] => {
    const place = path === '' ? null : pathFrom(prefix, path);
    return place === null ? [] : [[place, digest]];
  });
}
