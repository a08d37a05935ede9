/**
 * `npm run bench:shares -- LAYOUT [ROUNDS]`: what each digest and each cataloguer costs of reading an image, as
 * processor time in this process: the pass over all layers with nothing but SHA-256, then with one thing more, in turn;
 * and each cataloguer's part in joining what was read. Prints medians as Markdown.
 */
import { createReadStream, statSync } from 'node:fs';
import { cataloguers } from '../../src/catalog/index.js';
import { compose, layerLimits, readLayer } from '../../src/layer/index.js';
import type { BlobLocation, Cataloguer, LayerResult } from '../../src/model/index.js';
import { blobPath, readLayout, sumsOf } from './stored-layers.js';

const layout = process.argv[2];
const rounds = Number(process.argv[3] ?? '3');
if (layout === undefined) throw new Error('usage: npm run bench:shares -- LAYOUT [ROUNDS]');

const { layers } = readLayout(layout).manifest;
const pathOf = (digest: string): string => blobPath(layout, digest);

async function open(location: BlobLocation): Promise<AsyncIterable<Uint8Array>> {
  if (location.kind !== 'file') throw new Error(`no ${location.kind} in a layout`);
  return createReadStream(location.path, { highWaterMark: 1 << 20 });
}

async function pass(readers: readonly Cataloguer[], digests: readonly ('md5' | 'sha1')[]): Promise<LayerResult[]> {
  const results: LayerResult[] = [];
  for (const { digest } of layers) {
    const path = pathOf(digest);
    const sizeBytes = statSync(path).size;
    const location = { kind: 'file', path, offset: 0, sizeBytes } as const;
    const names = readers.map(({ name }) => name);
    const task = { location, mediaType: '', digest, sizeBytes, diffID: null, cataloguers: names, digests };
    results.push(await readLayer({ ...task, limits: layerLimits }, { open, cataloguers: readers }));
  }
  return results;
}

/** Inflating and the two digests that identify a layer, alone. */
async function floor(): Promise<void> {
  for (const { digest } of layers) await sumsOf(pathOf(digest));
}

async function cpuOf(action: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const things: Record<string, () => Promise<unknown>> = {
  'inflate, SHA-256 of the stored and of the plain bytes': floor,
  'the pass: tar and SHA-256 of every file': () => pass([], []),
  'MD5 of every file': () => pass([], ['md5']),
  'SHA-1 of every file': () => pass([], ['sha1']),
};
for (const one of cataloguers) things[one.name] = () => pass([one], []);
things['all cataloguers and MD5'] = () => pass(cataloguers, ['md5']);

const seconds = new Map<string, number[]>(Object.keys(things).map((name) => [name, []]));
const joins = new Map<string, number[]>(cataloguers.map(({ name }) => [name, []]));
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

for (let round = -1; round < rounds; round++) {
  // Once with all is enough to warm up.
  for (const [name, action] of round < 0 ? [] : Object.entries(things)) seconds.get(name)?.push(await cpuOf(action));
  const results = await pass(cataloguers, ['md5']);
  const final = compose(results);
  const records = results.flatMap((result, layer) => result.records.map((record) => ({ ...record, layer })));
  for (const one of cataloguers) {
    const { files, resolve } = final;
    const cpu = await cpuOf(async () => one.join({ records, files, resolve, distro: null }));
    if (round >= 0) joins.get(one.name)?.push(cpu);
  }
}

const of = (name: string): number => median(seconds.get(name) ?? []);
const base = of('the pass: tar and SHA-256 of every file');
const whole =
  of('all cataloguers and MD5') + cataloguers.reduce((sum, { name }) => sum + median(joins.get(name) ?? []), 0);
const row = (name: string, read: number, joined: number | null): string =>
  `| ${name} | ${Math.max(0, read).toFixed(2)} | ${joined === null ? '' : joined.toFixed(2)} | ${((100 * Math.max(0, read + (joined ?? 0))) / whole).toFixed(1)} % |`;
const lines = ['| what | reading, CPU s | joining, CPU s | share |', '|---|---|---|---|'];
const bare = of('inflate, SHA-256 of the stored and of the plain bytes');
lines.push(row('inflate, SHA-256 of the stored and of the plain bytes', bare, null));
lines.push(row('tar, SHA-256 of every file', base - bare, null));
for (const name of ['MD5 of every file', 'SHA-1 of every file']) lines.push(row(name, of(name) - base, null));
for (const { name } of cataloguers)
  lines.push(row(`cataloguer \`${name}\``, of(name) - base, median(joins.get(name) ?? [])));
lines.push(row('all cataloguers and MD5, whole', of('all cataloguers and MD5'), whole - of('all cataloguers and MD5')));
process.stdout.write(`${lines.join('\n')}\n`);
