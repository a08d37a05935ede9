import type { CatalogFile } from '../model/index.js';
import type { TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { baseName, folderOf } from './paths.js';

/**
 * WordPress itself (`wp-includes/version.php`), and its plug-ins and themes by the header of their main file. A plug-in
 * or theme owns its folder; its name is the folder's, by which the directory of plug-ins goes.
 *
 * Follows: WordPress Plugin Handbook "Header Requirements", Theme Handbook "Main Stylesheet", `get_file_data()` (the
 * first 8 KiB count).
 */
export const wordpress = definePackages({
  name: 'wordpress',
  version: 1,
  wants: (file) => file.type === 'file' && kindOf(file.path) !== null,
  read,
  about: {
    finds: 'WordPress, its plug-ins and themes',
    reads: ['**wp-includes/version.php', '**/wp-content/**.php', '**/wp-content/themes/*/style.css'],
    purls: ['wordpress', 'generic'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'files'],
  },
});

type Kind = 'plugin' | 'theme' | 'core' | null;

function kindOf(path: string): Kind {
  if (path.endsWith('.php')) {
    if (path.endsWith('wp-includes/version.php')) return 'core';
    return /\/wp-content\/(?:mu-)?plugins\/(?:[^/]+\/)?[^/]+\.php$/.test(path) ? 'plugin' : null;
  }
  return path.endsWith('/style.css') && /\/wp-content\/themes\/[^/]+\/style\.css$/.test(path) ? 'theme' : null;
}

const headerBytes = 8192;

function read(file: CatalogFile): TypedRead<PackageRow> {
  const { path } = file.head;
  const kind = kindOf(path);
  const text = Buffer.from(file.slice(0, Math.min(headerBytes, file.sizeBytes))).toString('utf8');
  if (kind === 'core') return readCore(text, path);
  const title = header(text, kind === 'theme' ? 'Theme Name' : 'Plugin Name');
  // Every other script of a plug-in has no such header, and is none.
  if (title === '') return { records: [] };
  const version = header(text, 'Version');
  const folder = folderOf(path);
  const isSingle = /plugins$/.test(folder);
  const slug = isSingle ? baseName(path).slice(0, -4) : baseName(folder);
  return oneRow(
    {
      type: 'wordpress',
      namespace: kind === 'theme' ? 'theme' : 'plugin',
      name: slug,
      fullName: slug,
      version,
      ecosystem: null,
      licenses: [header(text, 'License')],
      supplier: header(text, 'Author'),
      url: header(text, 'Update URI'),
      what: kind === 'theme' ? 'WordPress theme header' : 'WordPress plug-in header',
      value: `${title}, Version: ${version === '' ? 'none' : version}`,
      folders: isSingle ? [] : [folder],
      places: [path],
    },
    'a WordPress header with a name or version that can be none',
  );
}

function header(text: string, name: string): string {
  return (
    new RegExp(`^[ \\t/*#@]{0,40}${name}:(.{0,500})$`, 'im')
      .exec(text)?.[1]
      ?.replace(/\*\/.*$|\?>.*$/, '')
      .trim() ?? ''
  );
}

function readCore(text: string, path: string): TypedRead<PackageRow> {
  const version = /^\$wp_version\s?=\s?'([^'\n]{1,40})'/m.exec(text)?.[1];
  if (version === undefined) return { records: [] };
  const root = folderOf(folderOf(path));
  const folders = ['wp-admin', 'wp-includes'].map((one) => (root === '' ? one : `${root}/${one}`));
  return oneRow(
    {
      type: 'generic',
      name: 'wordpress',
      version,
      ecosystem: null,
      what: 'version.php',
      value: `$wp_version = ${version}`,
      folders,
    },
    'a version of WordPress that can be none',
  );
}
