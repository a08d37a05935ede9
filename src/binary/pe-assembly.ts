import { TrowelError } from '../model/index.js';
import type { PeFile } from './pe.js';
import { type ByteSource, type Fields, fieldsAt, fieldsOf, locate, take, textAt } from './source.js';

/** What the manifest of a .NET assembly says of itself. */
export interface Assembly {
  readonly name: string;
  /** Four numbers with dots. */
  readonly version: string;
  /** Empty for all but satellite assemblies (`de`, `pt-BR`). */
  readonly culture: string;
}

/** Row layouts of the tables 0x00 to 0x20: a number is bytes, S, G and B heap indexes, T an index into one table. */
type Column = 2 | 4 | 'S' | 'G' | 'B' | { readonly bits: number; readonly tables: readonly number[] };
const table = (number: number): Column => ({ bits: 0, tables: [number] });
const coded = (bits: number, ...tables: readonly number[]): Column => ({ bits, tables });

const typeDefOrRef = coded(2, 0x02, 0x01, 0x1b);
const methodDefOrRef = coded(1, 0x06, 0x0a);
const hasCustomAttribute = coded(
  5,
  ...[0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27, 0x28],
  ...[0x2a, 0x2c, 0x2b],
);

const layouts: readonly (readonly Column[])[] = [
  [2, 'S', 'G', 'G', 'G'], // Module
  [coded(2, 0x00, 0x1a, 0x23, 0x01), 'S', 'S'], // TypeRef
  [4, 'S', 'S', typeDefOrRef, table(0x04), table(0x06)], // TypeDef
  [table(0x04)], // FieldPtr
  [2, 'S', 'B'], // Field
  [table(0x06)], // MethodPtr
  [4, 2, 2, 'S', 'B', table(0x08)], // MethodDef
  [table(0x08)], // ParamPtr
  [2, 2, 'S'], // Param
  [table(0x02), typeDefOrRef], // InterfaceImpl
  [coded(3, 0x02, 0x01, 0x1a, 0x06, 0x1b), 'S', 'B'], // MemberRef
  [2, coded(2, 0x04, 0x08, 0x17), 'B'], // Constant
  [hasCustomAttribute, coded(3, 0x06, 0x0a), 'B'], // CustomAttribute
  [coded(1, 0x04, 0x08), 'B'], // FieldMarshal
  [2, coded(2, 0x02, 0x06, 0x20), 'B'], // DeclSecurity
  [2, 4, table(0x02)], // ClassLayout
  [4, table(0x04)], // FieldLayout
  ['B'], // StandAloneSig
  [table(0x02), table(0x14)], // EventMap
  [table(0x14)], // EventPtr
  [2, 'S', typeDefOrRef], // Event
  [table(0x02), table(0x17)], // PropertyMap
  [table(0x17)], // PropertyPtr
  [2, 'S', 'B'], // Property
  [2, table(0x06), coded(1, 0x14, 0x17)], // MethodSemantics
  [table(0x02), methodDefOrRef, methodDefOrRef], // MethodImpl
  ['S'], // ModuleRef
  ['B'], // TypeSpec
  [2, coded(1, 0x04, 0x06), 'S', table(0x1a)], // ImplMap
  [4, table(0x04)], // FieldRVA
  [4, 4], // EncLog
  [4], // EncMap
];
const assemblyTable = 0x20;
const clrDirectory = 14;
const maxMetadataBytes = 64 * 1024 * 1024;

/**
 * Name, version and culture of a .NET assembly, or null for a PE file that is none, or a module without manifest.
 *
 * Throws TrowelError `bad-bytes`, `truncated`, `too-large` for metadata that contradicts itself.
 * Follows: ECMA-335 II.24 (metadata physical layout), II.22 (tables), II.25.3.3 (CLI header).
 */
export function readAssembly(source: ByteSource, file: PeFile): Assembly | null {
  const header = file.directories[clrDirectory]?.address ?? 0;
  const at = header === 0 ? null : locate(file.regions, file.imageBase + header);
  if (at === null) return null;
  const metadata = fieldsAt(source, at.offset, 16, true);
  const start = locate(file.regions, file.imageBase + metadata.u32(8));
  if (start === null) return null;
  const sizeBytes = Math.min(metadata.u32(12), start.restBytes);
  if (sizeBytes > maxMetadataBytes) throw new TrowelError('too-large', { what: `CLI metadata of ${sizeBytes} bytes` });
  const root = fieldsOf(take(source, start.offset, sizeBytes), true);
  if (root.u32(0) !== 0x424a5342) throw new TrowelError('bad-bytes', { what: 'CLI metadata without its signature' });
  const streams = readStreams(root);
  const tables = streams.get('#~') ?? streams.get('#-');
  const strings = streams.get('#Strings');
  if (tables === undefined || strings === undefined) return null;
  return readManifest(fieldsOf(tables, true), strings);
}

function readStreams(root: Fields): ReadonlyMap<string, Uint8Array> {
  const streams = new Map<string, Uint8Array>();
  const versionBytes = root.u32(12);
  let at = 16 + versionBytes + 4;
  const count = Math.min(root.u16(16 + versionBytes + 2), 64);
  for (let index = 0; index < count; index++) {
    const [offset, sizeBytes] = [root.u32(at), root.u32(at + 4)];
    const name = textAt(root.bytes.subarray(at + 8, at + 40), 0);
    streams.set(name, root.bytes.subarray(offset, offset + sizeBytes));
    at += 8 + ((name.length + 4) & ~3);
  }
  return streams;
}

function readManifest(tables: Fields, strings: Uint8Array): Assembly | null {
  const heaps = tables.u8(6);
  const [low, high] = [tables.u32(8), tables.u32(12)];
  const isPresent = (number: number): boolean =>
    number < 32 ? ((low >>> number) & 1) === 1 : ((high >>> (number - 32)) & 1) === 1;
  if (!isPresent(assemblyTable)) return null;
  const counts: number[] = [];
  let at = 24;
  for (let number = 0; number < 64; number++) {
    counts.push(isPresent(number) ? tables.u32(at) : 0);
    if (isPresent(number)) at += 4;
  }
  // The uncompressed form `#-` may have four bytes of extra data behind the counts (flag 0x40).
  if ((heaps & 0x40) !== 0) at += 4;
  const width = (column: Column): number => {
    if (column === 2 || column === 4) return column;
    if (column === 'S') return (heaps & 1) === 0 ? 2 : 4;
    if (column === 'G') return (heaps & 2) === 0 ? 2 : 4;
    if (column === 'B') return (heaps & 4) === 0 ? 2 : 4;
    const rows = Math.max(...column.tables.map((one) => counts[one] ?? 0));
    return rows < 2 ** (16 - column.bits) ? 2 : 4;
  };
  for (const [number, columns] of layouts.entries()) {
    at += (counts[number] ?? 0) * columns.reduce((sum, column) => sum + width(column), 0);
  }
  const version = [4, 6, 8, 10].map((offset) => tables.u16(at + offset)).join('.');
  const nameAt = at + 16 + width('B');
  const text = (from: number): string => {
    const index = width('S') === 2 ? tables.u16(from) : tables.u32(from);
    return index >= strings.length ? '' : textAt(strings, index).slice(0, 1024);
  };
  const name = text(nameAt);
  return name === '' ? null : { name, version, culture: text(nameAt + width('S')) };
}
