import { crc32 } from 'node:zlib';
import type { MatchedComponent } from './match.js';

/** A component for tests: what is given, and plain values for the rest. */
export function component(given: Partial<MatchedComponent> & { readonly name: string }): MatchedComponent {
  return {
    purl: `pkg:generic/${given.name}`,
    version: null,
    ecosystem: null,
    release: null,
    source: null,
    locations: [],
    foundBy: 'test',
    licenses: [],
    grade: 'claimed',
    evidence: [],
    id: `component ${given.name}`,
    image: 'image',
    ...given,
  };
}

/** A zip archive with stored entries (APPNOTE.TXT 4.3). */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, content);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, name);
    offset += 30 + name.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

/** An OSV record about one package, as JSON. */
export function recordOf(
  id: string,
  ecosystem: string,
  name: string,
  fixed: string,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    id,
    modified: '2024-01-01T00:00:00Z',
    affected: [
      { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }] },
    ],
    ...more,
  });
}
