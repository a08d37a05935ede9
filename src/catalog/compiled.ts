import { isElf, readGoBuildInfo, readGoStrings } from '../binary/index.js';
import { type CatalogFile, isTrowelError, type JsonValue, type NamedImage } from '../model/index.js';
import { defineCataloguer, type TypedRead } from './define.js';
import { object, text } from './shape.js';

type NameRecord = { readonly text: string; readonly offset: number };

/** What a program that starts others calls itself; the strings of all others are not looked through. */
const startsOthers = /operator|controller|manager|injector|provisioner|runner/i;

/** A registry with a dot or port in its name, a path, and a tag or digest. */
const reference =
  /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?|[a-z0-9.-]+:\d+)\/[a-z0-9][a-z0-9._/-]*(?::\w[\w.-]{0,127}(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/;

/**
 * References of images that are compiled into Go programs which start others (by the names of their file and module):
 * the images that an operator takes where nobody gives it one. They are no components: `namedImages` reads them.
 *
 * Follows: see `readGoStrings`.
 */
export const compiled = defineCataloguer<NameRecord>({
  name: 'compiled',
  version: 1,
  wants: (file, head) => file.type === 'file' && isElf(head),
  read,
  decode: decodeName,
  join: () => ({ components: [] }),
});

function read(file: CatalogFile): TypedRead<NameRecord> {
  try {
    const info = readGoBuildInfo(file);
    if (info === null || !startsOthers.test(`${file.head.path} ${info.path} ${info.main?.path ?? ''}`)) {
      return { records: [] };
    }
    return { records: readGoStrings(file, isImageName).map(({ text: name, offset }) => ({ text: name, offset })) };
  } catch (error) {
    // What is wrong with the program is a gap of `go`, which reads every program; once is enough.
    if (isTrowelError(error)) return { records: [] };
    throw error;
  }
}

function isImageName(name: string): boolean {
  return reference.test(name);
}

function decodeName(value: JsonValue): NameRecord {
  const fields = object(value);
  return { text: text(fields.text), offset: typeof fields.offset === 'number' ? fields.offset : 0 };
}

/** The images that visible programs name, in the order of paths and offsets; what the layers' records hold. */
export function namedImages(
  records: readonly { readonly by: string; readonly path: string; readonly data: JsonValue }[],
): readonly NamedImage[] {
  return records
    .filter((record) => record.by === compiled.name)
    .map((record) => ({ path: record.path, ...decodeName(record.data) }))
    .sort((a, b) => (a.path === b.path ? a.offset - b.offset : a.path < b.path ? -1 : 1));
}
