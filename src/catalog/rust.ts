import { inflateSync } from 'node:zlib';
import { type CatalogFile, isTrowelError, TrowelError } from '../model/index.js';
import type { TypedRead } from './define.js';
import { fieldsOf, jsonObject, listOf, textOf } from './json.js';
import { definePackages, manyRows, type PackageFacts, type PackageRow, packageRow } from './packages.js';
import { isProgram, type ProgramSection, sectionBytes, sectionsOf } from './program-section.js';

/**
 * Crates in Rust programs: the list that cargo-auditable puts into the section `.dep-v0`, and where there is none, the
 * paths of crates' sources that the messages of panics hold (`…/registry/src/HOST-HASH/NAME-VERSION/src/lib.rs`), which
 * name those crates that can panic, `inferred`.
 *
 * Crates that only took part in building are not in the program and are left out. A list that cannot be read is a gap.
 * Follows: cargo-auditable PARSING.md and its cargo-auditable.schema.json.
 */
export const rust = definePackages({
  name: 'rust',
  version: 2,
  wants: (file, head) => file.type === 'file' && isProgram(head),
  read,
  about: {
    finds: 'crates in programs',
    reads: ['ELF', 'PE', 'Mach-O'],
    purls: ['cargo'],
    grades: ['claimed', 'inferred'],
    facts: ['dependencies', 'files'],
    limit: 'without cargo-auditable only crates that can panic leave their name, `inferred`; neither states licences',
  },
});

const maxStoredBytes = 8 * 1024 * 1024;
const maxJsonBytes = 64 * 1024 * 1024;

function read(file: CatalogFile): TypedRead<PackageRow> {
  let sections: readonly ProgramSection[];
  try {
    sections = sectionsOf(file);
  } catch (error) {
    // What is wrong with the program is a gap of `go`, which reads every program; once is enough.
    if (isTrowelError(error)) return { records: [] };
    throw error;
  }
  const list = sections.find(({ name }) => name === '.dep-v0' || name === '__dep-v0' || name === 'rust-deps-v0');
  if (list !== undefined) return readList(file, list);
  return { records: cratesOfPanics(file, sections) };
}

function readList(file: CatalogFile, section: ProgramSection): TypedRead<PackageRow> {
  const packages = listOf(
    fieldsOf(jsonObject(unpack(sectionBytes(file, section, maxStoredBytes)), 'a list of crates')).get('packages'),
  );
  const crates = packages.map(fieldsOf).map((fields) => ({
    fields,
    name: textOf(fields.get('name')),
    version: textOf(fields.get('version')),
    isBuild: textOf(fields.get('kind')) === 'build',
  }));
  const word = ({ name, version }: { readonly name: string; readonly version: string }): string => `${name} ${version}`;
  const facts = crates.flatMap(({ fields, name, version, isBuild }): PackageFacts[] => {
    if (isBuild) return [];
    const source = textOf(fields.get('source'));
    const isRoot = fields.get('root') === true;
    return [
      {
        ...crate(name, version),
        what: 'cargo-auditable',
        value: `${name} ${version}, source ${source === '' ? 'unknown' : source}${isRoot ? ', the program itself' : ''}`,
        places: isRoot ? [file.head.path] : [],
        requires: listOf(fields.get('dependencies')).flatMap((index) => {
          const needed = typeof index === 'number' ? crates[index] : undefined;
          return needed === undefined || needed.isBuild ? [] : [word(needed)];
        }),
        provides: [word({ name, version })],
      },
    ];
  });
  return manyRows(facts, 'a list of crates with one that has no name');
}

/** Linkers pad sections with zeros, which zlib does not mind behind its end. */
function unpack(stored: Uint8Array): string {
  try {
    return inflateSync(stored, { maxOutputLength: maxJsonBytes }).toString('utf8');
  } catch (cause) {
    throw new TrowelError('bad-bytes', { what: 'the list of crates in .dep-v0 is no zlib data, or too large', cause });
  }
}

function crate(name: string, version: string): Pick<PackageFacts, 'type' | 'name' | 'version' | 'ecosystem'> {
  return { type: 'cargo', name, version, ecosystem: 'crates.io' };
}

/** Constants lie there: read-only data of ELF, PE and Mach-O. */
const constants: readonly string[] = ['.rodata', '.data.rel.ro', '.rdata', '__const', '__cstring'];
const windowBytes = 8 * 1024 * 1024;
const overlapBytes = 1024;
const maxCrates = 5000;

/**
 * Cargo unpacks crates to `registry/src/HOST-HASH/NAME-VERSION`, the hash 16 hexadecimal digits; rustc keeps the path
 * for messages unless it was told to remap it. Dependencies that were vendored have no version in theirs.
 */
function cratesOfPanics(file: CatalogFile, sections: readonly ProgramSection[]): PackageRow[] {
  const found = new Map<string, PackageRow>();
  for (const section of sections.filter(({ name }) => constants.includes(name))) {
    const end = Math.min(section.offset + section.sizeBytes, file.sizeBytes);
    for (let start = section.offset; start < end; start += windowBytes) {
      const piece = file.slice(start, Math.min(windowBytes + overlapBytes, end - start));
      collect(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength), found);
    }
  }
  return [...found.values()];
}

const mark = 'registry';

function collect(bytes: Buffer, found: Map<string, PackageRow>): void {
  for (let at = bytes.indexOf(mark, 0, 'latin1'); at >= 0; at = bytes.indexOf(mark, at + mark.length, 'latin1')) {
    const text = bytes.toString('latin1', at + mark.length, at + mark.length + 400);
    const match =
      /^[/\\]src[/\\][\w.-]{1,100}-[0-9a-f]{16}[/\\]([A-Za-z][\w-]{0,100}?)-(\d+\.\d+\.\d+[\w.+-]{0,100})[/\\]/.exec(
        text,
      );
    if (match === null || found.size >= maxCrates) continue;
    const [, name = '', version = ''] = match;
    if (found.has(`${name} ${version}`)) continue;
    const row = packageRow({
      ...crate(name, version),
      grade: 'inferred',
      what: 'path of a source in a message',
      value: `${name}-${version}`,
    });
    if (row !== null) found.set(`${name} ${version}`, row);
  }
}
