export interface AssemblyPlan {
  readonly name: string;
  readonly version: readonly [number, number, number, number];
  readonly culture?: string;
  readonly strings: Readonly<Record<string, string>>;
}

/** A PE32 library with CLI metadata (ECMA-335 II.24) of tables Module, TypeDef and Assembly, and a version resource. */
export function buildAssembly(plan: AssemblyPlan): Uint8Array {
  const base = 0x2000;
  const metadata = metadataOf(plan);
  const resource = resourceOf(plan.strings, base + 0x100 + metadata.length);
  const data = Buffer.concat([Buffer.alloc(0x100), metadata, resource]);
  data.writeUInt32LE(72, 0);
  data.writeUInt32LE(base + 0x100, 8);
  data.writeUInt32LE(metadata.length, 12);
  const header = Buffer.alloc(0x200);
  header.write('MZ', 'latin1');
  header.writeUInt32LE(0x40, 0x3c);
  header.write('PE\0\0', 0x40, 'latin1');
  header.writeUInt16LE(0x14c, 0x44);
  header.writeUInt16LE(1, 0x46);
  header.writeUInt16LE(224, 0x54);
  header.writeUInt16LE(0x2102, 0x56);
  const optional = 0x58;
  header.writeUInt16LE(0x10b, optional);
  header.writeUInt32LE(0x400000, optional + 28);
  header.writeUInt32LE(16, optional + 92);
  header.writeUInt32LE(base + 0x100 + metadata.length, optional + 96 + 2 * 8);
  header.writeUInt32LE(resource.length, optional + 96 + 2 * 8 + 4);
  header.writeUInt32LE(base, optional + 96 + 14 * 8);
  header.writeUInt32LE(72, optional + 96 + 14 * 8 + 4);
  const section = optional + 224;
  header.write('.text', section, 'latin1');
  header.writeUInt32LE(data.length, section + 8);
  header.writeUInt32LE(base, section + 12);
  header.writeUInt32LE(data.length, section + 16);
  header.writeUInt32LE(0x200, section + 20);
  return Buffer.concat([header, data]);
}

function metadataOf({ name, version, culture }: AssemblyPlan): Buffer {
  const strings = Buffer.from(`\0${name}\0${culture ?? ''}\0`, 'utf8');
  const tables = Buffer.alloc(24 + 12 + 10 + 14 + 22);
  tables[4] = 2;
  tables.writeUInt32LE(0b101, 8); // Module and TypeDef
  tables.writeUInt32LE(1, 12); // Assembly, 0x20
  for (const [index, rows] of [1, 1, 1].entries()) tables.writeUInt32LE(rows, 24 + index * 4);
  const row = 24 + 12 + 10 + 14;
  for (const [index, part] of version.entries()) tables.writeUInt16LE(part, row + 4 + index * 2);
  tables.writeUInt16LE(name === '' ? 0 : 1, row + 18);
  tables.writeUInt16LE(culture === undefined ? 0 : 2 + Buffer.byteLength(name), row + 20);
  const head = Buffer.alloc(16 + 12 + 4);
  head.writeUInt32LE(0x424a5342, 0);
  head.writeUInt32LE(12, 12);
  head.write('v4.0.30319', 16, 'latin1');
  head.writeUInt16LE(2, 30);
  const start = head.length + 12 + 20;
  const stream = (offset: number, size: number, title: string): Buffer => {
    const out = Buffer.alloc(8 + ((title.length + 4) & ~3));
    out.writeUInt32LE(offset, 0);
    out.writeUInt32LE(size, 4);
    out.write(title, 8, 'latin1');
    return out;
  };
  return Buffer.concat([
    head,
    stream(start, tables.length, '#~'),
    stream(start + tables.length, strings.length, '#Strings'),
    tables,
    strings,
  ]);
}

function align(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** One block of VS_VERSIONINFO: length, value length, type, name, value, children. */
function block(name: string, value: Buffer, valueLength: number, children: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16LE(valueLength, 2);
  head.writeUInt16LE(1, 4);
  const body = align(Buffer.concat([head, Buffer.from(`${name}\0`, 'utf16le')]));
  const out = Buffer.concat([align(Buffer.concat([body, value])), ...children.map(align)]);
  out.writeUInt16LE(out.length, 0);
  return out;
}

function resourceOf(strings: Readonly<Record<string, string>>, address: number): Buffer {
  const rows = Object.entries(strings).map(([name, value]) =>
    block(name, Buffer.from(`${value}\0`, 'utf16le'), value.length + 1, []),
  );
  const table = block('040904b0', Buffer.alloc(0), 0, rows);
  const info = block('VS_VERSION_INFO', Buffer.alloc(52), 52, [block('StringFileInfo', Buffer.alloc(0), 0, [table])]);
  const directories = Buffer.alloc(3 * 24 + 16);
  for (const [index, id] of [16, 1, 1033].entries()) {
    directories.writeUInt16LE(1, index * 24 + 14);
    directories.writeUInt32LE(id, index * 24 + 16);
    directories.writeUInt32LE(index === 2 ? 72 : ((index + 1) * 24 + 0x80000000) >>> 0, index * 24 + 20);
  }
  directories.writeUInt32LE(address + directories.length, 72);
  directories.writeUInt32LE(info.length, 76);
  return Buffer.concat([directories, info]);
}
