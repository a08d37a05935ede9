import { createHash } from 'node:crypto';
import { TrowelError } from '../../model/index.js';

/** A packet: its type and its content. RFC 9580, section 4. */
export interface Packet {
  readonly type: number;
  readonly body: Uint8Array;
}

export const packetTypes = {
  signature: 2,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  userId: 13,
  publicSubkey: 14,
} as const;

const mostPackets = 500_000;

/** What is wrong with the data, in the words of the library that Helm links (ProtonMail/go-crypto). */
export function invalid(what: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `openpgp: invalid data: ${what}` });
}

/** What is right and not done here. */
export function unsupported(what: string): TrowelError {
  return new TrowelError('unsupported', { what: `openpgp: unsupported feature: ${what}` });
}

/**
 * The packets of a keyring or a signature. Throws TrowelError `bad-bytes`, `unsupported` (bodies in parts, which only
 * messages have). Follows: RFC 9580, section 4.2 (both forms of headers).
 */
export function readPackets(bytes: Uint8Array): readonly Packet[] {
  const packets: Packet[] = [];
  let at = 0;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw invalid('unexpected EOF');
    return byte;
  };
  const number = (octets: number): number => {
    let value = 0;
    for (let i = 0; i < octets; i++) value = value * 256 + next();
    return value;
  };
  while (at < bytes.length) {
    const tag = next();
    if ((tag & 0x80) === 0) throw invalid('tag byte does not have MSB set');
    let type: number;
    let length: number;
    if ((tag & 0x40) === 0) {
      type = (tag & 0x3c) >> 2;
      const lengthType = tag & 3;
      length = lengthType === 3 ? bytes.length - at : number(1 << lengthType);
    } else {
      type = tag & 0x3f;
      const first = next();
      if (first < 192) length = first;
      else if (first < 224) length = (first - 192) * 256 + next() + 192;
      else if (first === 255) length = number(4);
      else throw unsupported('a packet in parts');
    }
    if (at + length > bytes.length) throw invalid('unexpected EOF');
    packets.push({ type, body: bytes.subarray(at, at + length) });
    if (packets.length > mostPackets) throw new TrowelError('too-large', { what: `more than ${mostPackets} packets` });
    at += length;
  }
  return packets;
}

/** Reads fields one after another. */
export class Fields {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get rest(): number {
    return this.bytes.length - this.at;
  }

  number(octets: number): number {
    let value = 0;
    for (const byte of this.take(octets)) value = value * 256 + byte;
    return value;
  }

  take(length: number): Uint8Array {
    if (length > this.rest) throw invalid('unexpected EOF');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A multiprecision integer: its bytes, the highest first. RFC 9580, section 3.2. */
  integer(): Uint8Array {
    return this.take(Math.ceil(this.number(2) / 8));
  }
}

/** A public key, or the public part of a secret one. */
export interface PublicKey {
  readonly created: number;
  readonly algorithm: number;
  /** The numbers that are the key, in the order of the packet. */
  readonly material: readonly Uint8Array[];
  /** The name of the curve (an object identifier, hex), where the algorithm has one. */
  readonly curve: string;
  /** The content of its packet, of which fingerprints and signatures over keys are made. */
  readonly body: Uint8Array;
  /** Hex, 40 digits. */
  readonly fingerprint: string;
  /** Hex, the last 16 digits of the fingerprint. */
  readonly keyId: string;
}

/** Algorithms that can sign, by number (RFC 9580, section 9.1). */
export const algorithms = { rsa: 1, rsaSign: 3, dsa: 17, ecdsa: 19, eddsa: 22, ed25519: 27, ed448: 28 } as const;

/**
 * A key packet of version 4. Throws TrowelError `bad-bytes`, `unsupported` for other versions and algorithms.
 * Follows: RFC 9580, sections 5.5.2.2 and 5.5.5 (material), 5.5.4.2 (fingerprint).
 */
export function readKey(body: Uint8Array): PublicKey {
  const fields = new Fields(body);
  const version = fields.number(1);
  if (version !== 4) throw unsupported(`public key version ${version}`);
  const created = fields.number(4);
  const algorithm = fields.number(1);
  const material: Uint8Array[] = [];
  let curve = '';
  const integers = (count: number): void => {
    for (let i = 0; i < count; i++) material.push(fields.integer());
  };
  const named = (): void => {
    curve = Buffer.from(fields.take(fields.number(1))).toString('hex');
  };
  switch (algorithm) {
    case 1:
    case 2:
    case 3:
      integers(2);
      break;
    case 16:
      integers(3);
      break;
    case 17:
      integers(4);
      break;
    case 18:
      named();
      integers(1);
      fields.take(fields.number(1));
      break;
    case 19:
    case 22:
      named();
      integers(1);
      break;
    case 25:
    case 27:
      material.push(fields.take(32));
      break;
    case 26:
      material.push(fields.take(56));
      break;
    case 28:
      material.push(fields.take(57));
      break;
    default:
      throw unsupported(`public key type: ${algorithm}`);
  }
  // What follows in a secret key is its secret.
  const open = body.subarray(0, fields.at);
  const fingerprint = createHash('sha1').update(keyPrefix(open)).update(open).digest('hex');
  return { created, algorithm, material, curve, body: open, fingerprint, keyId: fingerprint.slice(-16) };
}

/** What stands before a key where it is hashed. RFC 9580, section 5.2.4. */
export function keyPrefix(body: Uint8Array): Uint8Array {
  return Uint8Array.of(0x99, body.length >> 8, body.length & 0xff);
}

/** A signature of version 4; times in seconds of Unix. */
export interface Signature {
  readonly type: number;
  readonly algorithm: number;
  readonly hash: number;
  /** The part of the packet that is signed too. */
  readonly signed: Uint8Array;
  readonly values: readonly Uint8Array[];
  readonly created: number;
  /** Seconds after `created`; 0 for never. */
  readonly expires: number;
  /** Seconds after the key's creation; 0 for never. */
  readonly keyExpires: number;
  /** Hex, or null where the packet names nobody. */
  readonly issuer: string | null;
  /** Null where none are stated. */
  readonly keyFlags: number | null;
  readonly isPrimaryId: boolean;
  readonly revocationReason: number | null;
  readonly embedded: Uint8Array | null;
  /** Names of notations that must be understood. */
  readonly criticalNotations: readonly string[];
}

export const signatureTypes = {
  binary: 0x00,
  text: 0x01,
  subkeyBinding: 0x18,
  primaryKeyBinding: 0x19,
  keyRevocation: 0x20,
  subkeyRevocation: 0x28,
  certificationRevocation: 0x30,
} as const;

/** Of the subpackets that say what a signature means, those that are read here or mean nothing for a check. */
const known = new Set([
  2, 3, 4, 5, 7, 9, 10, 11, 16, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 39,
]);

/**
 * A signature packet. Only what is in its hashed part counts, but the name of the issuer, which the check itself
 * proves. Throws TrowelError `bad-bytes`, `unsupported`. Follows: RFC 9580, section 5.2.3.
 */
export function readSignature(body: Uint8Array): Signature {
  const fields = new Fields(body);
  const version = fields.number(1);
  if (version !== 4) throw unsupported(`signature packet version ${version}`);
  const [type, algorithm, hash] = [fields.number(1), fields.number(1), fields.number(1)];
  const hashed = fields.take(fields.number(2));
  const signed = body.subarray(0, fields.at);
  const unhashed = fields.take(fields.number(2));
  fields.take(2);
  const values: Uint8Array[] = [];
  if (algorithm === algorithms.ed25519 || algorithm === algorithms.ed448) {
    values.push(fields.take(algorithm === algorithms.ed25519 ? 64 : 114));
  } else {
    const count = algorithm === algorithms.rsa || algorithm === algorithms.rsaSign ? 1 : 2;
    for (let i = 0; i < count; i++) values.push(fields.integer());
  }
  const facts = {
    created: 0,
    expires: 0,
    keyExpires: 0,
    issuer: null as string | null,
    keyFlags: null as number | null,
    isPrimaryId: false,
    revocationReason: null as number | null,
    embedded: null as Uint8Array | null,
  };
  const criticalNotations: string[] = [];
  for (const { kind, critical, content } of subpackets(hashed)) {
    const inner = new Fields(content);
    if (kind === 2) facts.created = inner.number(4);
    else if (kind === 3) facts.expires = inner.number(4);
    else if (kind === 9) facts.keyExpires = inner.number(4);
    else if (kind === 20 && critical) criticalNotations.push(notationName(inner));
    else if (kind === 25) facts.isPrimaryId = inner.number(1) !== 0;
    else if (kind === 27) facts.keyFlags = content[0] ?? 0;
    else if (kind === 29) facts.revocationReason = inner.number(1);
    else if (critical && !known.has(kind)) throw unsupported(`unknown critical signature subpacket type ${kind}`);
  }
  for (const { kind, content } of [...subpackets(unhashed), ...subpackets(hashed)]) {
    if (kind === 16) facts.issuer = Buffer.from(content).toString('hex');
    else if (kind === 33 && content[0] === 4) facts.issuer = Buffer.from(content).toString('hex').slice(-16);
    else if (kind === 32) facts.embedded = content;
  }
  return { type, algorithm, hash, signed, values, ...facts, criticalNotations };
}

function subpackets(area: Uint8Array): { kind: number; critical: boolean; content: Uint8Array }[] {
  const found: { kind: number; critical: boolean; content: Uint8Array }[] = [];
  const fields = new Fields(area);
  while (fields.rest > 0) {
    const first = fields.number(1);
    const length = first < 192 ? first : first < 255 ? (first - 192) * 256 + fields.number(1) + 192 : fields.number(4);
    if (length === 0) throw invalid('zero length signature subpacket');
    const kind = fields.number(1);
    found.push({ kind: kind & 0x7f, critical: (kind & 0x80) !== 0, content: fields.take(length - 1) });
  }
  return found;
}

function notationName(fields: Fields): string {
  fields.take(4);
  const length = fields.number(2);
  fields.take(2);
  return Buffer.from(fields.take(length)).toString('utf8');
}
