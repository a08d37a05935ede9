import type { TypedJoin, TypedRecord } from '../define.js';
import { readPackageJson } from '../npm.js';
import { definePackages, type PackageRow } from '../packages.js';
import { folderOf } from '../paths.js';

/**
 * The package that an npm tarball is: everything in one folder, mostly `package`, with the package.json at its top.
 * What it bundles lies in its node_modules and is found as it is in an image.
 * Follows: npm-pack(1); pacote, lib/fetcher.js, which takes off the first folder whatever it is called.
 */
export const npmArchive = definePackages({
  name: 'npm-archive',
  version: 1,
  wants: ({ type, path }) => type === 'file' && /^[^/]+\/package\.json$/.test(path),
  read: (file) => readPackageJson(file, 'installed'),
  choose: onlyOne,
  stops: (folder) => folder.endsWith('/node_modules'),
  about: {
    finds: 'the package that an npm tarball is',
    reads: ['*/package.json'],
    purls: ['npm'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'download', 'files'],
  },
});

function onlyOne(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const [record, ...others] = input.records;
  if (record === undefined || others.length > 0) return [];
  const folder = folderOf(record.path);
  for (const path of input.files.keys()) {
    if (path !== folder && !path.startsWith(`${folder}/`)) return [];
  }
  return [record];
}
