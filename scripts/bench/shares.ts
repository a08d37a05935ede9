/**
 * `npm run bench:shares -- LAYOUT [ROUNDS]`: what each digest and each cataloguer costs of reading an image, in this one
 * thread. A digest is what a pass over all layers with it takes more than one without; of a pass with all cataloguers each
 * one's `wants` and `read` are timed, and its `join`. What several use and the first one makes (the headers of a program) is
 * the first one's. Prints medians as Markdown.
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

/** Seconds that a cataloguer took. */
interface Taken {
  reading: number;
  joining: number;
}

/** The cataloguer, with the time that it takes added up. */
function timed(one: Cataloguer, taken: Taken): Cataloguer {
  const inTime = <T>(action: () => T): T => {
    const before = performance.now();
    try {
      return action();
    } finally {
      taken.reading += (performance.now() - before) / 1000;
    }
  };
  return {
    ...one,
    wants: (file, head) => inTime(() => one.wants(file, head)),
    read: (file) => inTime(() => one.read(file)),
  };
}

interface Round {
  readonly digests: Readonly<Record<string, number>>;
  readonly whole: number;
  readonly taken: ReadonlyMap<string, Taken>;
}

const floorName = 'inflate, SHA-256 of the stored and of the plain bytes';
const tarName = 'tar, SHA-256 of every file';

async function round(): Promise<Round> {
  const bare = await cpuOf(floor);
  const without = await cpuOf(() => pass([], []));
  const md5 = await cpuOf(() => pass([], ['md5']));
  const sha1 = await cpuOf(() => pass([], ['sha1']));
  const taken = new Map(cataloguers.map(({ name }): [string, Taken] => [name, { reading: 0, joining: 0 }]));
  const none: Taken = { reading: 0, joining: 0 };
  const readers = cataloguers.map((one) => timed(one, taken.get(one.name) ?? none));
  let results: LayerResult[] = [];
  const read = await cpuOf(async () => {
    results = await pass(readers, ['md5']);
  });
  const { files, resolve } = compose(results);
  const records = results.flatMap((result, layer) => result.records.map((record) => ({ ...record, layer })));
  let joined = 0;
  for (const one of cataloguers) {
    const seconds = await cpuOf(async () => one.join({ records, files, resolve, distro: null }));
    (taken.get(one.name) ?? none).joining = seconds;
    joined += seconds;
  }
  const digests = {
    [floorName]: bare,
    [tarName]: without - bare,
    'MD5 of packages': md5 - without,
    'SHA-1 of packages': sha1 - without,
  };
  return { digests, whole: read + joined, taken };
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

await pass(cataloguers, ['md5']);
const made: Round[] = [];
for (let number = 0; number < rounds; number++) made.push(await round());

const whole = median(made.map((one) => one.whole));
const share = (seconds: number): string => `${((100 * Math.max(0, seconds)) / whole).toFixed(1)} %`;
const lines = ['| what | reading, CPU s | joining, CPU s | share |', '|---|---|---|---|'];
for (const name of Object.keys(made[0]?.digests ?? {})) {
  const seconds = median(made.map(({ digests }) => digests[name] ?? 0));
  lines.push(`| ${name} | ${seconds.toFixed(2)} | | ${share(seconds)} |`);
}
const costs = cataloguers.map(({ name }) => ({
  name,
  reading: median(made.map(({ taken }) => taken.get(name)?.reading ?? 0)),
  joining: median(made.map(({ taken }) => taken.get(name)?.joining ?? 0)),
}));
const shown = costs.filter(({ reading, joining }) => (reading + joining) / whole >= 0.001);
for (const { name, reading, joining } of shown.sort((a, b) => b.reading + b.joining - a.reading - a.joining)) {
  lines.push(
    `| cataloguer \`${name}\` | ${reading.toFixed(2)} | ${joining.toFixed(2)} | ${share(reading + joining)} |`,
  );
}
lines.push(`| each of the other ${costs.length - shown.length} cataloguers | | | less than 0.1 % |`);
lines.push(`| all of it: the pass with all cataloguers and MD5, and all joins | | | ${whole.toFixed(2)} s |`);
process.stdout.write(`${lines.join('\n')}\n`);
