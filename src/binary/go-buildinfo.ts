import { isTrowelError, TrowelError } from '../model/index.js';
import { isElf, readElfHeaders } from './elf.js';
import { isMachO, readMachO } from './mach-o.js';
import { isPe, readPe } from './pe.js';
import { type ByteSource, locate, type MappedRegion, onceFor, utf8 } from './source.js';

export interface GoModule {
  readonly path: string;
  /** As written: `v1.2.3`, a pseudo-version, or `(devel)`; empty where a directory replaces a module. */
  readonly version: string;
  /** `h1:…`, or the empty string. */
  readonly sum: string;
  readonly replace: GoModule | null;
}

export interface GoBuildInfo {
  /** `go1.21.3`, as written. */
  readonly goVersion: string;
  /** Import path of the main package, or the empty string. */
  readonly path: string;
  readonly main: GoModule | null;
  readonly deps: readonly GoModule[];
  /** In file order: `-ldflags`, `-trimpath`, `vcs.revision`, … */
  readonly settings: readonly { readonly key: string; readonly value: string }[];
}

/** A program's address space, as far as the search needs it. */
interface Program {
  readonly regions: readonly MappedRegion[];
  /** Where the linker puts the blob: a section of its own, else the first writable data. */
  readonly start: { readonly address: number; readonly sizeBytes: number } | null;
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const headerBytes = 32;
const alignment = 16;
const maxInfoBytes = 16 * 1024 * 1024;

/**
 * What `go version -m` prints of a program: toolchain, modules, settings; null for a program that is not Go's (or one
 * that was packed, or built before Go 1.13).
 *
 * Reads ELF, PE and Mach-O (of a universal binary its first architecture, as Go does), and both layouts of the blob:
 * pointers to Go strings (before 1.18) and inline strings.
 * Throws TrowelError `bad-bytes`, `truncated` or `too-large` for a file that is broken, also where the information is
 * there and cannot be parsed.
 * Follows: Go 1.26 debug/buildinfo/buildinfo.go (Read) and runtime/debug/mod.go (ParseBuildInfo).
 */
export function readGoBuildInfo(source: ByteSource): GoBuildInfo | null {
  return onceFor(infos, source, buildInfo);
}

const infos = new WeakMap<ByteSource, GoBuildInfo | null>();

function buildInfo(source: ByteSource): GoBuildInfo | null {
  const program = openProgram(source);
  if (program?.start == null) return null;
  const at = findMagic(source, program, program.start);
  if (at === null) return null;
  const header = readAt(source, program, at, headerBytes);
  if (header === null) return null;
  const found =
    ((header[15] ?? 0) & 2) !== 0
      ? inlineStrings(source, program, at + headerBytes)
      : pointedStrings(source, program, header);
  if (found === null || found.version.length === 0) return null;
  // The module text stands between two 16-byte marks (cmd/go/internal/modload, infoStart and infoEnd).
  const { modules } = found;
  const framed = modules.length >= 33 && modules[modules.length - 17] === 0x0a;
  return {
    goVersion: utf8(found.version),
    ...parseModuleInfo(framed ? utf8(modules.subarray(16, modules.length - 16)) : ''),
  };
}

/** Whether a file is a program of Go; one whose information cannot be read counts as one, and tells nothing of itself. */
export function isGoProgram(source: ByteSource): boolean {
  try {
    return readGoBuildInfo(source) !== null;
  } catch (error) {
    if (isTrowelError(error)) return true;
    throw error;
  }
}

function openProgram(source: ByteSource): Program | null {
  const head = source.slice(0, 64);
  if (isElf(head)) return openElf(source);
  if (isPe(head)) return openPe(source);
  if (isMachO(head)) return openMachO(source);
  return null;
}

function openElf(source: ByteSource): Program {
  const elf = readElfHeaders(source);
  const section = elf.sections.find((one) => one.name === '.go.buildinfo');
  const segment = elf.segments.find((one) => one.type === 1 && (one.flags & 3) === 2);
  return {
    regions: elf.segments.map(({ address, offset, fileBytes }) => ({ address, offset, fileBytes })),
    start:
      section !== undefined
        ? { address: section.address, sizeBytes: section.sizeBytes }
        : segment === undefined
          ? null
          : { address: segment.address, sizeBytes: segment.fileBytes },
  };
}

function openPe(source: ByteSource): Program | null {
  try {
    const pe = readPe(source);
    // Initialised, readable and writable; the alignment bits of 32 bytes do not matter.
    const isData = (characteristics: number): boolean => (characteristics & ~0x600000) >>> 0 === 0xc0000040;
    const section = pe.sections.find((one) => one.address !== 0 && one.sizeBytes !== 0 && isData(one.characteristics));
    return {
      regions: pe.regions,
      start: section === undefined ? null : { address: pe.imageBase + section.address, sizeBytes: section.memoryBytes },
    };
  } catch (error) {
    // `MZ` alone also begins DOS programs and much that is no program at all.
    if (isTrowelError(error, 'bad-bytes', 'truncated')) return null;
    throw error;
  }
}

function openMachO(source: ByteSource): Program | null {
  const first = readMachO(source)[0];
  if (first === undefined) return null;
  const section = first.sections.find((one) => one.name === '__go_buildinfo');
  const segment = first.segments.find(
    (one) => one.address !== 0 && one.fileBytes !== 0 && one.protection === 3 && one.maxProtection === 3,
  );
  return {
    regions: first.regions,
    start:
      section !== undefined
        ? { address: section.address, sizeBytes: section.sizeBytes }
        : segment === undefined
          ? null
          : { address: segment.address, sizeBytes: segment.fileBytes },
  };
}

/** Up to `length` bytes at an address, as many as its region has; null where nothing is mapped. */
function readUpTo(source: ByteSource, program: Program, address: number, length: number): Uint8Array | null {
  const at = locate(program.regions, address);
  if (at === null || at.offset >= source.sizeBytes) return null;
  return source.slice(at.offset, Math.min(length, at.restBytes, source.sizeBytes - at.offset));
}

/** Exactly `length` bytes at an address, or null. */
function readAt(source: ByteSource, program: Program, address: number, length: number): Uint8Array | null {
  if (length > maxInfoBytes) throw new TrowelError('too-large', { what: `Go build information of ${length} bytes` });
  const bytes = readUpTo(source, program, address, length);
  return bytes !== null && bytes.length === length ? bytes : null;
}

/** The address of the first magic on a multiple of 16. */
function findMagic(
  source: ByteSource,
  program: Program,
  start: { readonly address: number; readonly sizeBytes: number },
): number | null {
  const first = Math.ceil(start.address / alignment) * alignment;
  const area = readUpTo(source, program, first, start.address + start.sizeBytes - first);
  if (area === null) return null;
  const bytes = Buffer.from(area.buffer, area.byteOffset, area.byteLength);
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    if (at % alignment === 0) return at + headerBytes <= bytes.length ? first + at : null;
  }
  return null;
}

interface RawInfo {
  readonly version: Uint8Array;
  readonly modules: Uint8Array;
}

/** Since Go 1.18: two strings after the header, each with its length as a varint before it. */
function inlineStrings(source: ByteSource, program: Program, address: number): RawInfo | null {
  const version = varintString(source, program, address);
  if (version === null) return null;
  const modules = varintString(source, program, version.next);
  return modules === null ? null : { version: version.bytes, modules: modules.bytes };
}

function varintString(
  source: ByteSource,
  program: Program,
  address: number,
): { readonly bytes: Uint8Array; readonly next: number } | null {
  const prefix = readUpTo(source, program, address, 10) ?? new Uint8Array();
  let length = 0;
  for (let index = 0; index < prefix.length; index++) {
    const byte = prefix[index] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte >= 0x80) continue;
    const bytes = length === 0 ? new Uint8Array() : readAt(source, program, address + index + 1, length);
    return bytes === null ? null : { bytes, next: address + index + 1 + length };
  }
  return null;
}

/** Before Go 1.18: two pointers in the header to Go strings (a pointer and a length each). */
function pointedStrings(source: ByteSource, program: Program, header: Uint8Array): RawInfo | null {
  const size = header[14];
  if (size !== 4 && size !== 8) return null;
  const littleEndian = ((header[15] ?? 0) & 1) === 0;
  const pointer = (bytes: Uint8Array, at: number): number => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return size === 4 ? view.getUint32(at, littleEndian) : Number(view.getBigUint64(at, littleEndian));
  };
  const text = (address: number): Uint8Array => {
    const pair = readAt(source, program, address, size * 2);
    if (pair === null) return new Uint8Array();
    const length = pointer(pair, size);
    return (length === 0 ? null : readAt(source, program, pointer(pair, 0), length)) ?? new Uint8Array();
  };
  return { version: text(pointer(header, 16)), modules: text(pointer(header, 16 + size)) };
}

/**
 * The modules and settings of the text in `go version -m`'s form (tabs between columns, one row a line).
 * Throws TrowelError `bad-bytes` with the line for rows that Go itself refuses.
 */
export function parseModuleInfo(text: string): Omit<GoBuildInfo, 'goVersion'> {
  let path = '';
  let main: GoModule | null = null;
  const deps: GoModule[] = [];
  const settings: { key: string; value: string }[] = [];
  let last: 'main' | 'dep' | null = null;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (index === lines.length - 1) break; // what follows the last newline is no row
    const tab = line.indexOf('\t');
    const [word, rest] = tab < 0 ? [line, ''] : [line.slice(0, tab), line.slice(tab + 1)];
    if (word === 'path') path = rest;
    else if (word === 'mod') {
      main = readModule(rest, 2, index);
      last = 'main';
    } else if (word === 'dep') {
      deps.push(readModule(rest, 2, index));
      last = 'dep';
    } else if (word === '=>') {
      const replace = readModule(rest, 3, index);
      const replaced: GoModule | null | undefined = last === 'main' ? main : last === 'dep' ? deps.pop() : null;
      if (replaced == null) throw badLine(index, 'a replacement without a module before it');
      if (last === 'main') main = { ...replaced, replace };
      else deps.push({ ...replaced, replace });
      last = null;
    } else if (word === 'build') settings.push(readSetting(rest, index));
  }
  return { path, main, deps, settings };
}

function readModule(columns: string, least: number, line: number): GoModule {
  const [path, version, sum, ...more] = columns.split('\t');
  if (path === undefined || version === undefined || more.length > 0 || (least === 3 && sum === undefined)) {
    throw badLine(line, 'a module with a wrong number of columns');
  }
  return { path, version, sum: sum ?? '', replace: null };
}

/** `key=value`, either side in Go quotes where it holds blanks, quotes or (the key) an equals sign. */
function readSetting(row: string, line: number): { key: string; value: string } {
  let key: string;
  let rest: string;
  if (row.startsWith('"') || row.startsWith('`')) {
    const end = quotedEnd(row);
    if (end === null || row[end] !== '=') throw badLine(line, 'a setting with a bad key');
    key = unquote(row.slice(0, end), line);
    rest = row.slice(end + 1);
  } else {
    const at = row.indexOf('=');
    if (at <= 0) throw badLine(line, 'a setting without a key');
    key = row.slice(0, at);
    rest = row.slice(at + 1);
  }
  const isQuoted = rest.startsWith('"') || rest.startsWith('`');
  return { key, value: isQuoted ? unquote(rest, line) : rest };
}

/** Where the quoted string that `text` begins with ends (one past its closing quote). */
function quotedEnd(text: string): number | null {
  const quote = text[0];
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) return at + 1;
  }
  return null;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** strconv.Unquote for `"…"` and raw strings. Bytes given as `\xHH` and `\NNN` come out as UTF-8. */
function unquote(text: string, line: number): string {
  if (quotedEnd(text) !== text.length) throw badLine(line, 'a badly quoted setting');
  if (text.startsWith('`')) return text.slice(1, -1).replaceAll('\r', '');
  const parts: Buffer[] = [];
  const inner = text.slice(1, -1);
  for (let at = 0; at < inner.length; ) {
    const end = inner.indexOf('\\', at);
    if (end < 0 || end > at) {
      parts.push(Buffer.from(inner.slice(at, end < 0 ? inner.length : end)));
      at = end < 0 ? inner.length : end;
      continue;
    }
    const kind = inner[at + 1] ?? '';
    const plain = escapes[kind];
    const digits = { x: 2, u: 4, U: 8 }[kind];
    if (plain !== undefined) {
      parts.push(Buffer.from(plain));
      at += 2;
    } else if (digits !== undefined) {
      const code = hexNumber(inner.slice(at + 2, at + 2 + digits), digits);
      if (code === null || code > 0x10ffff) throw badLine(line, 'a bad escape in a setting');
      parts.push(kind === 'x' ? Buffer.from([code]) : Buffer.from(String.fromCodePoint(code)));
      at += 2 + digits;
    } else if (/^[0-3][0-7][0-7]$/.test(inner.slice(at + 1, at + 4))) {
      parts.push(Buffer.from([Number.parseInt(inner.slice(at + 1, at + 4), 8)]));
      at += 4;
    } else throw badLine(line, 'a bad escape in a setting');
  }
  return Buffer.concat(parts).toString('utf8');
}

function hexNumber(text: string, digits: number): number | null {
  return text.length === digits && /^[0-9a-fA-F]+$/.test(text) ? Number.parseInt(text, 16) : null;
}

function badLine(index: number, what: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `Go build information: ${what}`, where: { line: index + 1 } });
}
