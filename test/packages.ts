import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type TarEntry, writeTar } from '../src/pack/index.js';

/** Small package archives by bytes, for tests: each as its format's own description has it. */

export interface PackedFile {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly link?: string;
  /** For hard links in cpio: files of one number are one file. */
  readonly inode?: number;
  readonly links?: number;
}

const bytesOf = (content: string | Uint8Array | undefined): Buffer => Buffer.from(content ?? '');
export const hexOf = (algorithm: string, content: string | Uint8Array): string =>
  createHash(algorithm).update(content).digest('hex');

export function tarOf(files: readonly PackedFile[]): Buffer {
  return Buffer.concat([
    ...writeTar(
      files.map(({ path, content, link }): TarEntry => {
        if (link !== undefined) return { path, type: 'symlink', mode: 0o777, link };
        return { path, type: path.endsWith('/') ? 'directory' : 'file', mode: 0o644, content: bytesOf(content) };
      }),
    ),
  ]);
}

/** ar(5), without tables of long names. */
export function arOf(members: readonly (readonly [name: string, content: Uint8Array])[]): Buffer {
  const parts: Buffer[] = [Buffer.from('!<arch>\n')];
  for (const [name, content] of members) {
    const fields = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8)];
    parts.push(Buffer.from(`${fields.join('')}${String(content.length).padEnd(10)}\`\n`), Buffer.from(content));
    if (content.length % 2 === 1) parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

/** deb(5). */
export function debOf(control: readonly PackedFile[], data: readonly PackedFile[]): Buffer {
  return arOf([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', gzipSync(tarOf(control))],
    ['data.tar.gz', gzipSync(tarOf(data))],
  ]);
}

const pad4 = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** cpio(5), "New ASCII Format". */
export function cpioOf(files: readonly PackedFile[]): Buffer {
  const entry = (path: string, mode: number, content: Buffer, inode = 0, links = 1): Buffer => {
    const name = Buffer.from(`${path}\0`);
    const numbers = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
    const header = `070701${numbers.map((one) => one.toString(16).padStart(8, '0')).join('')}`;
    return Buffer.concat([pad4(Buffer.concat([Buffer.from(header), name])), pad4(content)]);
  };
  const all = files.map(({ path, content, link, inode, links }) => {
    if (link !== undefined) return entry(path, 0o120777, Buffer.from(link));
    if (path.endsWith('/')) return entry(path.slice(0, -1), 0o040755, Buffer.alloc(0));
    return entry(path, 0o100644, bytesOf(content), inode, links);
  });
  return Buffer.concat([...all, entry('TRAILER!!!', 0, Buffer.alloc(0))]);
}

type RpmValue = string | readonly string[] | readonly number[];

/** A header of rpm with its magic (docs/manual/format_header.md): texts, lists of texts, numbers of 32 bits. */
export function rpmHeaderOf(tags: Readonly<Record<number, RpmValue>>): Buffer {
  const index: Buffer[] = [];
  const parts: Buffer[] = [];
  let at = 0;
  for (const [tag, value] of Object.entries(tags)) {
    const isNumbers = typeof value !== 'string' && typeof value[0] === 'number';
    const list: readonly (string | number)[] = typeof value === 'string' ? [value] : value;
    const bytes = Buffer.concat(
      list.map((one) => {
        if (typeof one === 'string') return Buffer.from(`${one}\0`);
        const four = Buffer.alloc(4);
        four.writeUInt32BE(one);
        return four;
      }),
    );
    const gap = Buffer.alloc(isNumbers ? (4 - (at % 4)) % 4 : 0);
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(tag), 0);
    entry.writeUInt32BE(isNumbers ? 4 : typeof value === 'string' ? 6 : 8, 4);
    entry.writeUInt32BE(at + gap.length, 8);
    entry.writeUInt32BE(list.length, 12);
    index.push(entry);
    parts.push(gap, bytes);
    at += gap.length + bytes.length;
  }
  const intro = Buffer.from('8eade8010000000000000000000000000'.slice(0, 32), 'hex');
  intro.writeUInt32BE(index.length, 8);
  intro.writeUInt32BE(at, 12);
  return Buffer.concat([intro, ...index, ...parts]);
}

/** An rpm (docs/manual/format_v4.md) of these files; `stated` replaces digests of files, by path. */
export function rpmOf(
  files: readonly PackedFile[],
  options: {
    readonly stated?: Readonly<Record<string, string>>;
    readonly payload?: Buffer;
    readonly headerSum?: string;
  } = {},
): Buffer {
  const payload = options.payload ?? gzipSync(cpioOf(files));
  const regular = files.filter(({ path, link }) => link === undefined && !path.endsWith('/'));
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const folderOf = (path: string): string => path.slice(1, path.lastIndexOf('/') + 1);
  const header = rpmHeaderOf({
    1000: 'demo',
    1001: '1.2',
    1002: '3',
    1014: 'MIT',
    1022: 'noarch',
    1044: 'demo-1.2-3.src.rpm',
    1030: regular.map(() => 0o100644),
    1035: regular.map(({ path, content }) => options.stated?.[path] ?? hexOf('sha256', bytesOf(content))),
    1116: regular.map((_, at) => at),
    1117: regular.map(({ path }) => nameOf(path)),
    1118: regular.map(({ path }) => folderOf(path)),
    5011: [8],
    5092: [hexOf('sha256', payload)],
  });
  const signature = rpmHeaderOf({ 273: options.headerSum ?? hexOf('sha256', header) });
  const lead = Buffer.alloc(96);
  lead.write('edabeedb03000000', 'hex');
  return Buffer.concat([lead, signature, Buffer.alloc((8 - (signature.length % 8)) % 8), header, payload]);
}

/** A tar without its end, as abuild-tar --cut leaves it, of headers with `APK-TOOLS.checksum.SHA1`. */
function cutTar(files: readonly PackedFile[], sums: Readonly<Record<string, string>> | null): Buffer {
  return Buffer.concat(
    files.map((file) => {
      const tar = tarOf([file]).subarray(0, -1024);
      if (sums === null || file.link !== undefined || file.path.endsWith('/')) return tar;
      const record = `APK-TOOLS.checksum.SHA1=${sums[file.path] ?? hexOf('sha1', bytesOf(file.content))}\n`;
      const body = `${record.length + 3} ${record}`;
      const header = tarOf([{ path: 'PaxHeader', content: body }]).subarray(0, -1024);
      header[156] = 'x'.charCodeAt(0);
      header.fill(' ', 148, 156);
      const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      return Buffer.concat([header, tar]);
    }),
  );
}

/** A package of apk-tools 2: signature, control and data, a gzip member each. */
export function apkOf(
  info: string,
  files: readonly PackedFile[],
  options: { readonly sums?: Readonly<Record<string, string>>; readonly dataHash?: string } = {},
): Buffer {
  const data = gzipSync(Buffer.concat([cutTar(files, options.sums ?? {}), Buffer.alloc(1024)]));
  const text = `${info}datahash = ${options.dataHash ?? hexOf('sha256', data)}\n`;
  const control = gzipSync(cutTar([{ path: '.PKGINFO', content: text }], null));
  const signature = gzipSync(cutTar([{ path: '.SIGN.RSA.demo.rsa.pub', content: 'signature' }], null));
  return Buffer.concat([signature, control, data]);
}

/** A gem as RubyGems' package.rb writes it; `dataSum` replaces the checksum of its data. */
export function gemOf(metadata: string, files: readonly PackedFile[], dataSum?: string): Buffer {
  const packed = { 'metadata.gz': gzipSync(metadata), 'data.tar.gz': gzipSync(tarOf(files)) };
  const sums = Object.entries(packed).map(([name, bytes]) => {
    return `  ${name}: ${name === 'data.tar.gz' && dataSum !== undefined ? dataSum : hexOf('sha256', bytes)}\n`;
  });
  return tarOf([
    ...Object.entries(packed).map(([path, content]) => ({ path, content })),
    { path: 'checksums.yaml.gz', content: gzipSync(`---\nSHA256:\n${sums.join('')}`) },
  ]);
}
