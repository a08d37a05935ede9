import { deflateRawSync } from 'node:zlib';
import { crc32 } from './crc32.js';

/**
 * A zip for jars in jars (APPNOTE.TXT 4.3), members stored or deflated; no times, so that equal input gives equal bytes.
 */
export function writeZip(
  files: readonly { readonly path: string; readonly content: Uint8Array }[],
  method: 'stored' | 'deflated' = 'stored',
): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { path, content } of files) {
    const name = Buffer.from(path, 'utf8');
    const packed = method === 'stored' ? content : deflateRawSync(content, { level: 9 });
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0); // version needed
    fixed.writeUInt16LE(0x800, 2); // names are UTF-8
    fixed.writeUInt16LE(method === 'stored' ? 0 : 8, 4);
    fixed.writeUInt32LE(0x00210000, 6); // 1980-01-01
    fixed.writeUInt32LE(crc32(content), 10);
    fixed.writeUInt32LE(packed.length, 14);
    fixed.writeUInt32LE(content.length, 18);
    fixed.writeUInt16LE(name.length, 22);
    const signature = Buffer.from([0x50, 0x4b, 3, 4]);
    local.push(signature, fixed, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), fixed, tail, name);
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
