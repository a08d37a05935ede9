import { gunzipSync } from 'node:zlib';
import { isElf, readElf } from '../binary/index.js';
import { type CatalogFile, isTrowelError, TrowelError } from '../model/index.js';
import type { TypedRead } from './define.js';
import { definePackages, manyRows, type PackageFacts, type PackageRow } from './packages.js';
import { type ProgramSection, sectionBytes } from './program-section.js';
import { readSbomJson } from './sbom-read.js';

/**
 * Java programs compiled by GraalVM Native Image: the CycloneDX document (gzip) that it puts into the program, found by
 * the symbols `sbom` and `sbom_length`. 64-bit little-endian ELF files only, as it writes them for Linux.
 *
 * Beside it GraalVM itself, whose virtual machine and class library are compiled in, by the text that its build puts
 * there; a community build has that alone. Symbols that lead to no document are a gap.
 * Follows: GraalVM "Software Bill of Materials (SBOM) in Native Image"; com.oracle.svm.core.VM (`VM_PROPERTY`);
 * System V gABI, "Symbol Table".
 */
export const graalvm = definePackages({
  name: 'graalvm',
  version: 2,
  wants: (file, head) => file.type === 'file' && isElf(head) && head[4] === 2 && head[5] === 1,
  read,
  about: {
    finds: 'what was compiled into native images of GraalVM',
    reads: ['ELF'],
    purls: ['maven', 'generic'],
    grades: ['claimed', 'inferred'],
    facts: ['licenses', 'supplier', 'download', 'cpes'],
    limit: 'only images built with an SBOM state anything',
  },
});

const maxTableBytes = 64 * 1024 * 1024;
const maxDocumentBytes = 128 * 1024 * 1024;
const symbolBytes = 24;

function read(file: CatalogFile): TypedRead<PackageRow> {
  const elf = readElfOrNull(file);
  // The heap of classes that were loaded at build time: every native image has one, nothing else does.
  if (elf?.sections.some(({ name }) => name === '.svm_heap') !== true) return { records: [] };
  const machine = machineOf(file);
  const place = (address: number): number | null => {
    const region = elf.regions.find((one) => address >= one.address && address < one.address + one.fileBytes);
    return region === undefined ? null : region.offset + address - region.address;
  };
  for (const [symbols, names] of [
    ['.dynsym', '.dynstr'],
    ['.symtab', '.strtab'],
  ]) {
    const table = elf.sections.find(({ name }) => name === symbols);
    const strings = elf.sections.find(({ name }) => name === names);
    if (table === undefined || strings === undefined) continue;
    const found = findSymbols(file, table, strings);
    const [at, lengthAt] = [found.get('sbom'), found.get('sbom_length')].map((one) =>
      one === undefined ? null : place(one),
    );
    if (at == null || lengthAt == null) continue;
    return manyRows(
      [...machine, ...readDocument(file, at, lengthAt)],
      'the bill of materials of a native image with a package that can be none',
    );
  }
  return manyRows(machine, 'a native image that names a virtual machine that can be none');
}

const machineText = 'com.oracle.svm.core.VM=';

/** `com.oracle.svm.core.VM=GraalVM CE 25.0.2+10.1`, `Oracle GraalVM 21.0.2+13.1`, `GraalVM 22.3.1 Java 17 CE`. */
function machineOf(file: CatalogFile): readonly PackageFacts[] {
  const bytes = file.bytes();
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(machineText);
  const text =
    at < 0
      ? ''
      : Buffer.from(bytes.subarray(at, at + 200))
          .toString('latin1')
          .split('\0', 1)[0];
  const version = /GraalVM (?:[CE]E )?(\d{1,3}\.[\w.+-]{1,40})/.exec(text ?? '')?.[1];
  if (version === undefined) return [];
  const cpe = `cpe:2.3:a:oracle:graalvm:${version.replace(/\+.*/, '')}:*:*:*:*:*:*:*`;
  const what = 'text of a native image';
  const named = {
    type: 'generic',
    namespace: 'oracle',
    name: 'graalvm',
    fullName: 'graalvm',
    version,
    ecosystem: null,
  };
  return [{ ...named, cpes: [cpe], grade: 'inferred', what, value: text ?? '' }];
}

function readElfOrNull(file: CatalogFile): ReturnType<typeof readElf> | null {
  try {
    return readElf(file);
  } catch (error) {
    // What is wrong with the program is a gap of `go`, which reads every program; once is enough.
    if (isTrowelError(error)) return null;
    throw error;
  }
}

/** The addresses of the symbols that are looked for, by name. */
function findSymbols(file: CatalogFile, table: ProgramSection, strings: ProgramSection): ReadonlyMap<string, number> {
  const names = Buffer.from(sectionBytes(file, strings, maxTableBytes));
  const wanted = new Map(
    ['sbom', 'sbom_length'].flatMap((name) => {
      const at = names.indexOf(`\0${name}\0`, 0, 'latin1');
      return at < 0 ? [] : [[at + 1, name] as const];
    }),
  );
  const found = new Map<string, number>();
  if (wanted.size < 2) return found;
  const rows = Buffer.from(sectionBytes(file, table, maxTableBytes));
  for (let at = 0; at + symbolBytes <= rows.length; at += symbolBytes) {
    const name = wanted.get(rows.readUInt32LE(at));
    if (name !== undefined) found.set(name, Number(rows.readBigUInt64LE(at + 8)));
  }
  return found;
}

function readDocument(file: CatalogFile, at: number, lengthAt: number): readonly PackageFacts[] {
  const lengthBytes = Buffer.from(file.slice(lengthAt, 8));
  const length = lengthBytes.length < 8 ? 0 : Number(lengthBytes.readBigUInt64LE());
  if (length > maxDocumentBytes || at + length > file.sizeBytes) {
    throw new TrowelError('bad-bytes', { what: `a native image whose bill of materials has ${length} bytes` });
  }
  let source: string;
  try {
    source = gunzipSync(file.slice(at, length), { maxOutputLength: maxDocumentBytes }).toString('utf8');
  } catch (cause) {
    throw new TrowelError('bad-bytes', { what: 'a native image whose bill of materials is no gzip', cause });
  }
  return readSbomJson(source) ?? [];
}
