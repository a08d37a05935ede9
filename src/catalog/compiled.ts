import { isElf, readGoBuildInfo, readGoStrings } from '../binary/index.js';
import { type CatalogFile, isTrowelError, type JsonValue, type NamedImage } from '../model/index.js';
import { defineCataloguer, type TypedRead } from './define.js';
import { object, text } from './shape.js';

type NameRecord = { readonly text: string; readonly offset: number };

/** What a program that starts others calls itself; the strings of all others are not looked through. */
const startsOthers = /operator|controller|manager|injector|provisioner|runner/i;

/** A registry that is a domain or has a port, a path, and a tag with a digit or a digest. */
const reference =
  /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?::\d+)?|[a-z0-9.-]+:\d+)\/[a-z0-9][a-z0-9._/-]*(?::(?=\w*[\w.-]*\d)\w[\w.-]{0,63}(?:@sha256:[0-9a-f]{64})?|:(?:latest|stable|main|master|edge|nightly)|@sha256:[0-9a-f]{64})$/;

/** A repository on a well-known registry, whose tag the program puts behind it: import paths of Go look the same. */
const repository =
  /^(?:docker\.io|quay\.io|ghcr\.io|gcr\.io|(?:[a-z]{2,4}\.)gcr\.io|registry\.k8s\.io|k8s\.gcr\.io|public\.ecr\.aws|mcr\.microsoft\.com|docker\.elastic\.co|registry\.redhat\.io)\/[a-z0-9][a-z0-9._/-]*[a-z0-9](?::v?(?:%[sv])?)?$/;

/**
 * References of images that are compiled into Go programs which start others (by the names of their file and module):
 * the images that an operator takes where nobody gives it one. Also repositories of well-known registries without a tag,
 * or with the beginning of one (`:v`). They are no components: `namedImages` reads them.
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
  about: {
    finds: 'images that operators name',
    reads: ['ELF'],
    purls: [],
    grades: [],
    facts: [],
    claims: ['images that a program names, as uses `operator-default`'],
    limit: 'only Go programs that start others, by their names',
  },
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
  return name.length <= 300 && (reference.test(name) || repository.test(name));
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
