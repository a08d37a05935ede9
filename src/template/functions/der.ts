/** DER (X.690) as certificates and keys need it: written by hand, read only as far as a signer's certificate asks. */

export function tlv(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  const length: number[] = [];
  if (body.length < 0x80) {
    length.push(body.length);
  } else {
    for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
    length.unshift(0x80 | length.length);
  }
  return Buffer.concat([Uint8Array.from([tag, ...length]), body]);
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...contents);
export const set = (...contents: readonly Uint8Array[]): Uint8Array => tlv(0x31, ...contents);
export const octets = (bytes: Uint8Array): Uint8Array => tlv(0x04, bytes);
export const boolean = (value: boolean): Uint8Array => tlv(0x01, Uint8Array.from([value ? 0xff : 0]));

/** A bit string; `unused` is the number of bits at the end that do not count. */
export const bits = (bytes: Uint8Array, unused = 0): Uint8Array => tlv(0x03, Uint8Array.from([unused]), bytes);

/** A number that is not negative, from its bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const trimmed = bytes.length === 0 ? Uint8Array.from([0]) : bytes.subarray(start);
  return ((trimmed[0] ?? 0) & 0x80) === 0 ? tlv(0x02, trimmed) : tlv(0x02, Uint8Array.from([0]), trimmed);
}

/** An object identifier from its dotted form. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const group = [part & 0x7f];
    for (let value = Math.floor(part / 128); value > 0; value = Math.floor(value / 128))
      group.unshift((value & 0x7f) | 0x80);
    bytes.push(...group);
  }
  return tlv(0x06, Uint8Array.from(bytes));
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(date: Date): Uint8Array {
  const text = `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
}

export interface Element {
  readonly tag: number;
  readonly body: Uint8Array;
  /** With tag and length. */
  readonly whole: Uint8Array;
}

/** The elements that stand in a row; null where the bytes are no DER. */
export function readElements(bytes: Uint8Array): Element[] | null {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1];
    at += 2;
    if (length === undefined || length === 0x80 || length > 0x84) return null;
    if (length > 0x80) {
      const count = length & 0x7f;
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + i] ?? 0);
      at += count;
    }
    if (at + length > bytes.length) return null;
    elements.push({ tag, body: bytes.subarray(at, at + length), whole: bytes.subarray(start, at + length) });
    at += length;
  }
  return elements;
}

/** PEM, with lines of 64 characters. */
export function pem(type: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${type}-----\n${lines.map((line) => `${line}\n`).join('')}-----END ${type}-----\n`;
}

/** The first PEM block of a text, or null. */
export function readPem(text: string): { type: string; der: Uint8Array } | null {
  const begin = /-----BEGIN ([A-Z0-9 ]{1,64})-----\r?\n/.exec(text);
  if (begin === null) return null;
  const from = begin.index + begin[0].length;
  const end = text.indexOf(`-----END ${begin[1]}-----`, from);
  if (end === -1) return null;
  const body = text.slice(from, end).replace(/[\r\n \t]/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body)) return null;
  return { type: begin[1] ?? '', der: Buffer.from(body, 'base64') };
}

/**
 * Why bytes do not begin with a sequence, in the words of Go's encoding/asn1; null where they do. `type` is the Go type
 * that they are read into.
 *
 * Follows: parseField and parseTagAndLength of encoding/asn1, as far as the outermost element goes.
 */
export function sequenceProblem(der: Uint8Array, type: string): string | null {
  const syntax = (text: string): string => `asn1: syntax error: ${text}`;
  const [first, second] = der;
  if (first === undefined) return syntax('sequence truncated');
  const number = first & 0x1f;
  if (number === 0x1f || second === undefined) return syntax('truncated tag or length');
  let length = second & 0x7f;
  let at = 2;
  if (second === 0x80) return syntax('indefinite length found (not DER)');
  if (second > 0x80) {
    const count = second & 0x7f;
    length = 0;
    for (let i = 0; i < count; i++) {
      const byte = der[at];
      if (byte === undefined) return syntax('truncated tag or length');
      at += 1;
      if (length >= 1 << 23) return 'asn1: structure error: length too large';
      length = length * 256 + byte;
      if (length === 0) return 'asn1: structure error: superfluous leading zeros in length';
    }
    if (length < 0x80) return 'asn1: structure error: non-minimal length';
  }
  const found = `{class:${first >> 6} tag:${number} length:${length} isCompound:${(first & 0x20) !== 0}}`;
  if (first !== 0x30) {
    const params =
      '{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 ' +
      'timeType:0 set:false omitEmpty:false}';
    return `asn1: structure error: tags don't match (16 vs ${found}) ${params} ${type} @${at}`;
  }
  if (length > der.length - at) return syntax('data truncated');
  return length === 0 ? syntax('sequence truncated') : null;
}
