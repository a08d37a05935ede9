import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { inRoot } from './paths.js';

/**
 * The way of the data: which rooms a room may import, beside `model` and itself. ARCHITECTURE.md shows the same table.
 * `dig` sees every room but cli and report; `cli` stands on top.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  model: [],
  version: [],
  template: ['version'],
  pack: [],
  binary: ['pack'],
  oci: ['pack'],
  chart: ['template', 'oci', 'version', 'pack'],
  repository: ['chart', 'template', 'oci', 'version', 'pack'],
  engine: ['template', 'chart'],
  discover: ['oci'],
  cause: ['discover'],
  layer: ['pack'],
  database: ['binary'],
  catalog: ['binary', 'database', 'pack', 'version'],
  attribution: [],
  origin: ['oci', 'version'],
  advisory: ['version', 'pack'],
  store: [],
  report: [],
  dig: [
    'version',
    'template',
    'pack',
    'binary',
    'oci',
    'chart',
    'repository',
    'discover',
    'cause',
    'layer',
    'catalog',
    'attribution',
    'origin',
    'advisory',
    'store',
  ],
  cli: ['dig', 'report', 'store', 'advisory', 'chart', 'repository', 'discover', 'oci', 'template', 'version'],
};

const source = inRoot('src');

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The relative imports of a file, as paths of source files. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found: string[] = [];
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    found.push(resolve(dirname(file), (match[1] ?? '').replace(/\.js$/, '.ts')));
  }
  return found;
}

const roomOf = (file: string): string => relative(source, file).split('/')[0] ?? '';
const isTest = (file: string): boolean => file.endsWith('.test.ts');

test('every folder of src is a room of the table', () => {
  const folders = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  assert.deepEqual(folders.filter((name) => !(name in rooms)).sort(), []);
});

test('imports follow the way of the data', () => {
  const wrong: string[] = [];
  for (const file of files(source)) {
    const room = roomOf(file);
    for (const target of importsOf(file)) {
      const other = roomOf(target);
      if (isTest(file) && other === '..') continue;
      if (other === room || other === 'model' || rooms[room]?.includes(other) === true) continue;
      if (isTest(file)) continue;
      wrong.push(`${relative(source, file)} -> ${relative(source, target)}`);
    }
  }
  assert.deepEqual(wrong, [], 'a room imports what its row does not name');
});

test('other rooms are entered by their index', () => {
  const wrong: string[] = [];
  for (const file of files(source).filter((name) => !isTest(name))) {
    for (const target of importsOf(file)) {
      const other = roomOf(target);
      if (other === roomOf(file) || target.endsWith('/index.ts')) continue;
      wrong.push(`${relative(source, file)} -> ${relative(source, target)}`);
    }
  }
  assert.deepEqual(wrong, [], 'import a room through its index.ts');
});

test('no file imports itself by way of others', () => {
  const graph = new Map(files(source).map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  const path: string[] = [];
  const circles: string[] = [];
  function visit(file: string): void {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].map((name) => relative(source, name)).join(' -> '));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  }
  for (const file of graph.keys()) visit(file);
  assert.deepEqual(circles, []);
});
