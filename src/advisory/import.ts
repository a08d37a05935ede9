import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { isTrowelError, TrowelError } from '../model/index.js';
import { findInputs, type Input, readInput, type Skipped } from './inputs.js';
import { readAdvisory } from './osv.js';
import { type AdvisoryWriter, writeAdvisories } from './writer.js';

/** Two minutes: as long as an import of all that OSV.dev publishes may take. */
const waits = 240;
const waitMs = 500;

export interface Imported {
  readonly sources: readonly { readonly name: string; readonly records: number }[];
  /** Files and records that are not in the database now, each with its reason. */
  readonly skipped: readonly Skipped[];
}

/**
 * Imports OSV records into the database at `path`, which is made where there is none.
 *
 * `inputs` are what OSV.dev publishes (`<Ecosystem>/all.zip`), other zips and tars of JSON files, folders of either, or
 * single JSON files. Each makes one source, named after its folder or file; a source that was there is replaced. All of
 * it happens or nothing: readers see the old records until the last one is in. `onProgress` is told each source.
 * A record that is not as the schema wants it is left out and named in `skipped`; so is an archive that cannot be read.
 * Throws TrowelError `not-found` for a missing path, `bad-bytes` when nothing at all could be imported, `denied`,
 * `timeout` when another import goes on.
 */
export async function importAdvisories(
  path: string,
  inputs: readonly string[],
  onProgress: (source: string) => void = () => undefined,
): Promise<Imported> {
  const found = findInputs(inputs);
  if (found.length === 0) throw nothing(inputs, []);
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw new TrowelError('denied', { what: 'its folder cannot be made', where: { file: path }, cause });
  }
  const writer = await beginWriting(path);
  try {
    const imported = await importAll(writer, found, onProgress);
    if (imported.sources.length === 0) throw nothing(inputs, imported.skipped);
    writer.commit();
    return imported;
  } catch (error) {
    writer.rollback();
    throw error;
  }
}

/** Waits for another import to be done, in this process or another. */
async function beginWriting(path: string): Promise<AdvisoryWriter> {
  for (let attempt = 1; ; attempt++) {
    try {
      return writeAdvisories(path);
    } catch (error) {
      if (!isTrowelError(error, 'timeout') || attempt === waits) throw error;
      await setTimeout(waitMs);
    }
  }
}

async function importAll(
  writer: AdvisoryWriter,
  inputs: readonly Input[],
  onProgress: (source: string) => void,
): Promise<Imported> {
  const sources = new Map<string, { records: number; digests: string[] }>();
  const skipped: Skipped[] = [];
  for (const input of inputs) {
    onProgress(input.source);
    await setImmediate();
    const before = sources.get(input.source);
    const read = await importOne(writer, input, before === undefined);
    skipped.push(...read.skipped);
    if (read.digest === null) continue;
    const digests = [...(before?.digests ?? []), read.digest];
    const { records } = writer.finishSource(input.source, digests.join(' '));
    sources.set(input.source, { records, digests });
  }
  return { sources: [...sources].map(([name, { records }]) => ({ name, records })), skipped };
}

/** The digest is null when not one record was there: then the source stays as it was. */
async function importOne(
  writer: AdvisoryWriter,
  input: Input,
  isFirst: boolean,
): Promise<{ readonly digest: string | null; readonly skipped: readonly Skipped[] }> {
  const skipped: Skipped[] = [];
  let taken = 0;
  const take = (where: string, bytes: Uint8Array): void => {
    for (const record of recordsOf(where, bytes, skipped)) {
      try {
        const advisory = readAdvisory(record);
        if (taken === 0 && isFirst) writer.clearSource(input.source);
        taken++;
        if (!writer.put(input.source, advisory)) {
          skipped.push({ where, reason: `${advisory.id} comes twice, this one is not newer` });
        }
      } catch (error) {
        if (!isTrowelError(error, 'bad-bytes') || error.where.file !== undefined) throw error;
        skipped.push({ where, reason: `is no OSV record: ${error.what}` });
      }
    }
  };
  try {
    const { digest, skipped: unread } = await readInput(input, take);
    skipped.push(...unread);
    if (taken === 0 && skipped.length === 0)
      skipped.push({ where: input.paths[0] ?? '', reason: 'holds no JSON file' });
    return { digest: taken === 0 ? null : digest, skipped };
  } catch (error) {
    if (!isTrowelError(error) || error.where.file !== undefined) throw error;
    const file = input.paths[0] ?? '';
    if (taken === 0) return { digest: null, skipped: [...skipped, { where: file, reason: error.message }] };
    // What came before is whole, but nobody would know what is missing.
    throw new TrowelError(error.code, {
      what: `${error.what}, after ${taken} records`,
      where: { ...error.where, file },
      todo: 'nothing was imported; fetch it again',
      cause: error,
    });
  }
}

/** The records of a JSON file: one object, or a list of them. */
function recordsOf(where: string, bytes: Uint8Array, skipped: Skipped[]): readonly unknown[] {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return Array.isArray(json) ? json : [json];
  } catch {
    skipped.push({ where, reason: 'is no JSON' });
    return [];
  }
}

function nothing(inputs: readonly string[], skipped: readonly Skipped[]): TrowelError {
  const [first] = skipped;
  const more = skipped.length > 1 ? `, and ${skipped.length - 1} more` : '';
  return new TrowelError('bad-bytes', {
    what: `nothing there could be imported${first === undefined ? '' : ` (${first.where}: ${first.reason}${more})`}`,
    where: { file: inputs.join(', ') },
    todo: 'give <Ecosystem>/all.zip as OSV.dev publishes it, a folder of such, or OSV JSON files',
  });
}
