import { invalid } from './packets.js';

/**
 * Armoured bytes as they are: every block of a text joined, or the bytes themselves where none begins.
 * Throws TrowelError `bad-bytes`. Follows: RFC 9580, section 6.2; its checksum is optional and proves nothing.
 */
export function unarmored(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1');
  // A packet begins with a byte over 0x7f: text that holds a block cannot be one.
  if ((bytes[0] ?? 0) >= 0x80 || !/^-----BEGIN PGP /m.test(head)) return bytes;
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/);
  const blocks: Buffer[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!/^-----BEGIN PGP [A-Z ]+-----\s*$/.test(lines[at] ?? '')) continue;
    // Headers end with an empty line.
    while (++at < lines.length && (lines[at] ?? '').trim() !== '');
    const content: string[] = [];
    while (++at < lines.length && !(lines[at] ?? '').startsWith('-----END PGP ')) {
      const line = (lines[at] ?? '').trim();
      if (/^=[A-Za-z0-9+/]{4}$/.test(line)) continue;
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(line)) throw invalid('armor invalid');
      content.push(line);
    }
    if (at >= lines.length) throw invalid('armor invalid');
    blocks.push(Buffer.from(content.join(''), 'base64'));
  }
  return Buffer.concat(blocks);
}

/** A text that was signed in clear. */
export interface ClearSigned {
  /** Lines joined by line feeds, the last one without. */
  readonly text: string;
  /** What the signature is over: the same with CR LF, in bytes. */
  readonly signed: Uint8Array;
  /** Packets of the signature. */
  readonly signature: Uint8Array;
}

const begin = '-----BEGIN PGP SIGNED MESSAGE-----';
const middle = '-----BEGIN PGP SIGNATURE-----';
const end = '-----END PGP SIGNATURE-----';
const hashNames = ['MD5', 'SHA1', 'RIPEMD160', 'SHA224', 'SHA256', 'SHA384', 'SHA512', 'SHA3-256', 'SHA3-512'];

/**
 * The first clear-signed text in some bytes, or null where there is none that is whole.
 * Follows: RFC 9580, section 7; go-crypto openpgp/clearsign (Decode): no header but Hash, blanks at the ends of lines
 * are not signed.
 */
export function readClearSigned(bytes: Uint8Array): ClearSigned | null {
  // Byte for byte: the signature is over bytes, whatever their encoding.
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  let at = lines.indexOf(begin);
  if (at < 0) return null;
  for (at++; at < lines.length && (lines[at] ?? '').trim() !== ''; at++) {
    const [key = '', value] = splitOnce(lines[at] ?? '', ':');
    if (key.trim() !== 'Hash' || value === undefined) return null;
    if (!value.split(',').every((name) => hashNames.includes(name.trim().toUpperCase()))) return null;
  }
  const first = at + 1;
  const last = lines.indexOf(middle, first);
  const stop = lines.indexOf(end, last);
  if (at >= lines.length || last < 0 || stop < 0) return null;
  const text = lines.slice(first, last).map((line) => withoutBlanks(line.startsWith('- ') ? line.slice(2) : line));
  return {
    text: Buffer.from(text.join('\n'), 'latin1').toString('utf8'),
    signed: Buffer.from(text.join('\r\n'), 'latin1'),
    signature: unarmored(Buffer.from(lines.slice(last, stop + 1).join('\n'), 'latin1')),
  };
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A text without blanks and tabs at its end; an expression would begin again at each of them. */
function withoutBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}
