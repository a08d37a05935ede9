import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../paths.js';
import { identity, type Made } from './case.js';
import { programAt, shell } from './shell.js';

/** A tool, and what it finds in an image, by identity. */
export type Found = ReadonlyMap<string, ReadonlySet<string>>;

/** One tool on one ecosystem of one image. */
export interface Score {
  readonly tool: string;
  /** What is there and was not found. */
  readonly missed: readonly string[];
  /** What was found and is not there. */
  readonly wrong: readonly string[];
  readonly right: number;
}

export interface Verdict {
  readonly ecosystem: string;
  readonly there: number;
  readonly scores: readonly Score[];
}

/** What Trowel finds in the image `it` of the layout, and with `peers` what Syft and OSV-Scalibr find, where they are. */
export async function findAll(layout: string, dir: string, peers: boolean): Promise<Found> {
  mkdirSync(dir, { recursive: true });
  const found = new Map<string, ReadonlySet<string>>();
  const own = join(dir, 'trowel.json');
  // 3: something was not assessed; there is no advisory database here.
  const args = ['dig', `oci-dir:${layout}:it`, '--offline', '--no-store', '--quiet', '-o', `json=${own}`];
  await shell(process.execPath, [inRoot('bin', 'trowel'), ...args], { also: [3] });
  found.set('Trowel', ids(rows(read(own), 'components').map((one) => textOf(one, 'purl'))));
  if (peers && programAt('syft') !== null) {
    const env = { SYFT_CHECK_FOR_APP_UPDATE: 'false' };
    const listed = await shell('syft', ['-q', 'scan', `oci-dir:${layout}`, '-o', 'json'], { env });
    found.set('Syft', ids(rows(JSON.parse(listed), 'artifacts').map((one) => textOf(one, 'purl'))));
  }
  if (peers && programAt('scalibr') !== null) {
    const file = join(dir, 'scalibr.spdx.json');
    const tar = join(dir, 'image.tar');
    // It reads what `docker save` writes.
    await shell('skopeo', ['copy', '-q', `oci:${layout}:it`, `docker-archive:${tar}:it:it`]);
    await shell('scalibr', ['--image-tarball', tar, '-o', `spdx23-json=${file}`], { also: [1] });
    const references = rows(read(file), 'packages').flatMap((one) => rows(one, 'externalRefs'));
    found.set('Scalibr', new Set([...ids(references.map((one) => textOf(one, 'referenceLocator')))].map(asGoWrites)));
  }
  return found;
}

/** Holds what was found to what is there, ecosystem by ecosystem. */
export function judge(made: Made, found: Found): readonly Verdict[] {
  return [...made.truth].map(([ecosystem, there]) => {
    const scores = [...found].map(([tool, all]): Score => {
      const named = [...all].filter((one) => one.startsWith(`pkg:${ecosystem}/`));
      const has = new Set(named);
      const wrong = named.filter((one) => !there.has(one)).sort();
      const missed = [...there].filter((one) => !has.has(one)).sort();
      return { tool, missed, wrong, right: named.length - wrong.length };
    });
    return { ecosystem, there: there.size, scores };
  });
}

/** What is there and a peer found it: how much of it Trowel found, and of how many. */
export function ofPeers(made: Made, found: Found): { readonly union: number; readonly shared: number } {
  const mine = found.get('Trowel') ?? new Set();
  const there = new Set([...made.truth.values()].flatMap((one) => [...one]));
  const union = new Set([...found].filter(([tool]) => tool !== 'Trowel').flatMap(([, all]) => [...all]));
  const real = [...union].filter((one) => there.has(one));
  return { union: real.length, shared: real.filter((one) => mine.has(one)).length };
}

function ids(purls: readonly string[]): ReadonlySet<string> {
  return new Set(purls.filter((one) => one.startsWith('pkg:')).map(identity));
}

/** OSV-Scalibr leaves out the `v` of Go's versions, and calls the library `go`. */
function asGoWrites(id: string): string {
  if (!id.startsWith('pkg:golang/')) return id;
  if (id.startsWith('pkg:golang/go@')) return id.replace('/go@', '/stdlib@');
  return id.replace(/@\(devel\)$/, '').replace(/@(?=\d)/, '@v');
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function rows(value: unknown, key: string): readonly unknown[] {
  const list = isRecord(value) ? value[key] : null;
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown, key: string): string {
  const text = isRecord(value) ? value[key] : null;
  return typeof text === 'string' ? text : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
