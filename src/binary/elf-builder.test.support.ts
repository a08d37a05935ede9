/** A small ELF file for tests: one loaded segment at an address, sections by name, optional dynamic entries. */
export interface ElfPlan {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly machine?: number;
  /** Content of the one writable PT_LOAD segment, mapped at `address`. */
  readonly data: Uint8Array;
  readonly address: number;
  /** Sections inside `data`: name, offset into it, size. */
  readonly sections?: readonly { readonly name: string; readonly at: number; readonly size: number }[];
}

/** Follows gABI chapter 4: header, one program header, the data, section names, section headers. */
export function buildElf(plan: ElfPlan): Uint8Array {
  const wide = plan.bits === 64;
  const headerBytes = wide ? 64 : 52;
  const segmentBytes = wide ? 56 : 32;
  const sectionBytes = wide ? 64 : 40;
  const names = Buffer.from(`\0${[...(plan.sections ?? []).map((one) => one.name), '.shstrtab'].join('\0')}\0`);
  const dataAt = headerBytes + segmentBytes;
  const namesAt = dataAt + plan.data.length;
  const sectionsAt = namesAt + names.length;
  const count = (plan.sections?.length ?? 0) + 2;
  const out = new Uint8Array(sectionsAt + count * sectionBytes);
  const view = new DataView(out.buffer);
  const le = plan.littleEndian;
  const word = (at: number, value: number): void =>
    wide ? view.setBigUint64(at, BigInt(value), le) : view.setUint32(at, value, le);
  out.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, le ? 1 : 2, 1]);
  view.setUint16(16, 2, le);
  view.setUint16(18, plan.machine ?? 62, le);
  const step = wide ? 8 : 4;
  word(24 + step, headerBytes);
  word(24 + 2 * step, sectionsAt);
  const tail = 24 + 3 * step + 4;
  for (const [index, value] of [headerBytes, segmentBytes, 1, sectionBytes, count, count - 1].entries()) {
    view.setUint16(tail + index * 2, value, le);
  }
  const segment = headerBytes;
  view.setUint32(segment, 1, le);
  view.setUint32(segment + (wide ? 4 : 24), 6, le);
  word(segment + (wide ? 8 : 4), dataAt);
  word(segment + (wide ? 16 : 8), plan.address);
  word(segment + (wide ? 32 : 16), plan.data.length);
  word(segment + (wide ? 40 : 20), plan.data.length);
  out.set(plan.data, dataAt);
  out.set(names, namesAt);
  const section = (index: number, name: string, type: number, address: number, at: number, size: number): void => {
    const row = sectionsAt + index * sectionBytes;
    view.setUint32(row, names.indexOf(`\0${name}\0`) + 1, le);
    view.setUint32(row + 4, type, le);
    word(row + (wide ? 16 : 12), address);
    word(row + (wide ? 24 : 16), at);
    word(row + (wide ? 32 : 20), size);
  };
  for (const [index, one] of (plan.sections ?? []).entries()) {
    section(index + 1, one.name, 1, plan.address + one.at, dataAt + one.at, one.size);
  }
  section(count - 1, '.shstrtab', 3, 0, namesAt, names.length);
  return out;
}

/** The two marks around the module text (cmd/go/internal/modload/build.go, infoStart and infoEnd). */
function framed(modules: string): Buffer {
  const start = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex');
  const end = Buffer.from('f932433186182072008242104116d8f2', 'hex');
  return modules === '' ? Buffer.alloc(0) : Buffer.concat([start, Buffer.from(modules), end]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
}

/** The blob as Go 1.18 and later link it. */
export function inlineBlob(version: string, modules: string): Uint8Array {
  const text = framed(modules);
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  const versionBytes = Buffer.from(version);
  return Buffer.concat([
    head,
    Buffer.from(varint(versionBytes.length)),
    versionBytes,
    Buffer.from(varint(text.length)),
    text,
  ]);
}

/** The blob as linked before Go 1.18: pointers to string headers, which point to the text. */
export function pointerBlob(
  version: string,
  modules: string,
  at: { readonly address: number; readonly size: 4 | 8; readonly littleEndian: boolean },
): Uint8Array {
  const text = framed(modules);
  const versionBytes = Buffer.from(version);
  const headersAt = 32;
  const textAt = headersAt + at.size * 4;
  const out = Buffer.alloc(textAt + versionBytes.length + text.length);
  const put = (offset: number, value: number): void => {
    const view = new DataView(out.buffer, out.byteOffset);
    if (at.size === 8) view.setBigUint64(offset, BigInt(value), at.littleEndian);
    else view.setUint32(offset, value, at.littleEndian);
  };
  out.write('\xff Go buildinf:', 'latin1');
  out[14] = at.size;
  out[15] = at.littleEndian ? 0 : 1;
  put(16, at.address + headersAt);
  put(16 + at.size, at.address + headersAt + at.size * 2);
  put(headersAt, at.address + textAt);
  put(headersAt + at.size, versionBytes.length);
  put(headersAt + at.size * 2, at.address + textAt + versionBytes.length);
  put(headersAt + at.size * 3, text.length);
  versionBytes.copy(out, textAt);
  text.copy(out, textAt + versionBytes.length);
  return out;
}

/** A Go program for linux/amd64 that holds nothing but its build information: enough for every reader here. */
export function goProgram(version: string, modules: string): Uint8Array {
  const data = inlineBlob(version, modules);
  return buildElf({
    bits: 64,
    littleEndian: true,
    data,
    address: 0x400000,
    sections: [{ name: '.go.buildinfo', at: 0, size: data.length }],
  });
}

export function sourceOf(bytes: Uint8Array): { sizeBytes: number; slice(offset: number, length: number): Uint8Array } {
  return { sizeBytes: bytes.length, slice: (offset, length) => bytes.subarray(offset, offset + length) };
}
