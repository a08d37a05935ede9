import type { Component } from '../../model/index.js';
import { defineCataloguer, type TypedJoin } from '../define.js';
import { decodeNpm, type NpmRecord, npmComponent, readPackageJson } from '../npm.js';
import { folderOf } from '../paths.js';
import { filesOfArchive } from './owned.js';

/**
 * The package that an npm tarball is: everything in one folder, mostly `package`, with the package.json at its top.
 * What it bundles lies in its node_modules and is found as it is in an image.
 * Follows: npm-pack(1); pacote, lib/fetcher.js, which takes off the first folder whatever it is called.
 */
export const npmArchive = defineCataloguer<NpmRecord>({
  name: 'npm-archive',
  version: 1,
  wants: ({ type, path }) => type === 'file' && /^[^/]+\/package\.json$/.test(path),
  read: readPackageJson,
  decode: decodeNpm,
  join,
});

function join(input: TypedJoin<NpmRecord>): { readonly components: readonly Component[] } {
  const [record, ...others] = input.records;
  if (record === undefined || others.length > 0) return { components: [] };
  const folder = folderOf(record.path);
  for (const path of input.files.keys()) {
    if (path !== folder && !path.startsWith(`${folder}/`)) return { components: [] };
  }
  const isBundled = (path: string): boolean => path.includes('/node_modules/');
  const owns = filesOfArchive(input, new Map(), () => true).filter(({ path }) => !isBundled(path));
  return { components: [{ ...npmComponent(record, owns), foundBy: 'npm-archive' }] };
}
