/** What is told of a certificate of a bundle. */
export interface Certificate {
  /** Its own bytes, without what OpenSSL's trusted form puts behind them. */
  readonly der: Uint8Array;
  /** ISO 8601 in UTC. */
  readonly notAfter: string;
  /** The first organisation of its subject; the empty string where it has none. */
  readonly organisation: string;
}

/** One element of DER: its tag, where its content is, and where the next element begins. */
interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

const tags = {
  integer: 0x02,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
};
/** 2.5.4.10, organizationName. */
const organisationName = Buffer.from([0x55, 0x04, 0x0a]);

/**
 * Reads a certificate as far as a list of roots needs it: Node's X509Certificate, which makes keys of it, takes twenty
 * times as long. Null for what is none. Follows: RFC 5280, 4.1; X.690, 8.1 and 10.1 (DER).
 */
export function readCertificate(bytes: Buffer): Certificate | null {
  const whole = elementAt(bytes, 0, bytes.length, tags.sequence);
  const signed = whole && elementAt(bytes, whole.from, whole.to, tags.sequence);
  if (whole === null || signed === null) return null;
  let at = signed.from;
  const next = (tag: number): Element | null => {
    const element = elementAt(bytes, at, signed.to, tag);
    if (element !== null) at = element.to;
    return element;
  };
  next(tags.version);
  // Serial number, algorithm, issuer, validity, subject, public key.
  if (next(tags.integer) === null || next(tags.sequence) === null || next(tags.sequence) === null) return null;
  const validity = next(tags.sequence);
  const subject = next(tags.sequence);
  if (validity === null || subject === null || next(tags.sequence) === null) return null;
  const notBefore = elementAt(bytes, validity.from, validity.to);
  const notAfter = notBefore && elementAt(bytes, notBefore.to, validity.to);
  const time = notAfter && timeOf(bytes, notAfter);
  if (time === null || time === undefined) return null;
  // The algorithm once more, and the signature.
  const algorithm = elementAt(bytes, signed.to, whole.to, tags.sequence);
  if (algorithm === null || elementAt(bytes, algorithm.to, whole.to) === null) return null;
  return { der: bytes.subarray(0, whole.to), notAfter: time, organisation: organisationOf(bytes, subject) };
}

/** The element at a place, if it ends before `end` and has that tag. */
function elementAt(bytes: Buffer, at: number, end: number, tag?: number): Element | null {
  if (at + 2 > end || (tag !== undefined && bytes[at] !== tag)) return null;
  const first = bytes[at + 1] ?? 0;
  let from = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > 4 || from + count > end) return null;
    length = bytes.readUIntBE(from, count);
    from += count;
  }
  return from + length > end ? null : { tag: bytes[at] ?? 0, from, to: from + length };
}

/** RFC 5280, 4.1.2.5: two digits of a year from 50 on are of the last century. */
function timeOf(bytes: Buffer, { tag, from, to }: Element): string | null {
  const text = bytes.toString('latin1', from, to);
  const isShort = tag === tags.utcTime;
  if (!isShort && tag !== tags.generalizedTime) return null;
  const parts = (
    isShort ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/
  ).exec(text);
  if (parts === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((one) => Number(one ?? 0));
  const full = isShort ? year + (year < 50 ? 2000 : 1900) : year;
  const time = new Date(Date.UTC(full, month - 1, day, hour, minute, second));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** A Name is a sequence of sets of pairs of an object identifier and a text. */
function organisationOf(bytes: Buffer, name: Element): string {
  for (let at = name.from; ; ) {
    const set = elementAt(bytes, at, name.to, tags.set);
    if (set === null) return '';
    for (let inner = set.from; ; ) {
      const pair = elementAt(bytes, inner, set.to, tags.sequence);
      if (pair === null) break;
      const id = elementAt(bytes, pair.from, pair.to, tags.oid);
      const text = id && elementAt(bytes, id.to, pair.to);
      if (id !== null && text !== null && organisationName.equals(bytes.subarray(id.from, id.to))) {
        return textOf(bytes.subarray(text.from, text.to), text.tag);
      }
      inner = pair.to;
    }
    at = set.to;
  }
}

/** BMPString is UTF-16 (big end first), TeletexString mostly Latin-1; the others are or fit into UTF-8. */
function textOf(bytes: Buffer, tag: number): string {
  if (tag === 0x1e)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  return bytes.toString(tag === 0x14 ? 'latin1' : 'utf8');
}
