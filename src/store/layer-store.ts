import type { Cataloguer, LayerResult } from '../model/index.js';
import { decodeFiles, decodeReader, encodeFiles, encodeReader, type FilesPart } from './encoding.js';
import type { Store } from './store.js';

type Producer = Pick<Cataloguer, 'name' | 'version'>;
type ExtraDigest = 'md5' | 'sha1';

/** A layer that was read before. */
export interface KeptLayer {
  /** As the readers that are there left it; `problems` is empty, for it depends on what is promised now. */
  readonly result: LayerResult;
  /** Names of the readers whose part is not there: the layer is to be read again for just these. */
  readonly missing: readonly string[];
}

/** Raised when the pass itself gives another answer for the same bytes. */
const passVersion = 3;

/** Who the pass itself reports gaps as (`passName` of the layer room). */
const passName = 'layer';

/** The sets of digests that may have been computed, each with its name in the key. */
const digestSets: readonly (readonly ExtraDigest[])[] = [[], ['md5'], ['sha1'], ['md5', 'sha1']];

/**
 * What is kept of a layer, by the digest of its stored bytes or by its diff ID; null where its files are not there with
 * all the digests that are asked for.
 *
 * The caller answers for the key: it must be what the bytes are, not only what somebody says of them.
 */
export function keptLayer(
  store: Store,
  digestOrDiffID: string,
  readers: readonly Producer[],
  digests: readonly ExtraDigest[],
): KeptLayer | null {
  const files = keptFiles(store, digestOrDiffID, digests);
  if (files === null) return null;
  const missing: string[] = [];
  const records: LayerResult['records'][number][] = [];
  const gaps = [...files.gaps];
  for (const reader of readers) {
    const bytes = store.get(files.digest, partOf(reader));
    const part = bytes === null ? null : decodeReader(bytes);
    if (part === null) missing.push(reader.name);
    for (const record of part?.records ?? []) records.push(record);
    for (const gap of part?.gaps ?? []) gaps.push(gap);
  }
  return { result: { ...files, records, gaps, problems: [] }, missing };
}

/** What is kept of each of these readers, by name; one whose part is too large to keep is left out. */
export function keptParts(readers: readonly string[], result: LayerResult): readonly (readonly [string, Uint8Array])[] {
  return readers.flatMap((name): (readonly [string, Uint8Array])[] => {
    const records = result.records.filter((record) => record.by === name);
    const gaps = result.gaps.filter((gap) => gap.by === name);
    const bytes = encodeReader({ records, gaps });
    return bytes === null ? [] : [[name, bytes]];
  });
}

/**
 * Keeps what a pass found, in one part for the files and one for each of `readers` (those that the pass ran), under the
 * digest of the bytes that were read. A new version of one reader makes only its own part useless. `parts` are what
 * `keptParts` gives, where that was done elsewhere.
 */
export function keepLayer(
  store: Store,
  readers: readonly Producer[],
  digests: readonly ExtraDigest[],
  result: LayerResult,
  parts: ReadonlyMap<string, Uint8Array> | null = null,
): void {
  const names = readers.map(({ name }) => name);
  const all = parts ?? new Map(keptParts(names, result));
  for (const reader of readers) put(store, result.digest, partOf(reader), all.get(reader.name) ?? null);
  const { records: _records, problems: _problems, ...rest } = result;
  const files: FilesPart = { ...rest, gaps: result.gaps.filter((gap) => gap.by === passName) };
  put(store, result.digest, filesPart(digests), encodeFiles(files));
  if (result.diffID !== result.digest) store.put(result.diffID, aliasPart, Buffer.from(result.digest));
}

/** What is too large to keep is read again next time. */
function put(store: Store, digest: string, producer: string, bytes: Uint8Array | null): void {
  if (bytes !== null) store.put(digest, producer, bytes);
}

/** Adds what a second pass found for the missing readers to what was kept. The files are the same: same bytes. */
export function mergeLayer(kept: LayerResult, fresh: LayerResult): LayerResult {
  return {
    ...fresh,
    records: [...kept.records, ...fresh.records],
    gaps: [...kept.gaps, ...fresh.gaps.filter((gap) => gap.by !== passName)],
  };
}

function keptFiles(store: Store, key: string, digests: readonly ExtraDigest[]): FilesPart | null {
  const alias = store.get(key, aliasPart);
  const digest = alias === null ? key : Buffer.from(alias).toString('utf8');
  for (const set of digestSets) {
    if (!digests.every((one) => set.includes(one))) continue;
    const bytes = store.get(digest, filesPart(set));
    const files = bytes === null ? null : decodeFiles(bytes);
    if (files !== null && files.digest === digest && (files.digest === key || files.diffID === key)) return files;
  }
  return null;
}

const aliasPart = 'diff-id';

function filesPart(digests: readonly ExtraDigest[]): string {
  return ['files', ...[...digests].sort()].join('+').concat(`@${passVersion}`);
}

function partOf(reader: Producer): string {
  return `reader:${reader.name}@${reader.version}`;
}
