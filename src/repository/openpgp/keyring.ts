import { isTrowelError } from '../../model/index.js';
import { unarmored } from './armor.js';
import { checkSignature } from './check.js';
import {
  invalid,
  keyPrefix,
  type Packet,
  type PublicKey,
  packetTypes,
  readKey,
  readPackets,
  readSignature,
  type Signature,
  signatureTypes,
} from './packets.js';

/** A person's key as a keyring has it, every binding in it checked. */
export interface Entity {
  readonly primary: PublicKey;
  readonly revocations: readonly Signature[];
  readonly identities: readonly Identity[];
  readonly subkeys: readonly Subkey[];
}

export interface Identity {
  /** `Name (comment) <address>` */
  readonly name: string;
  readonly selfSignature: Signature;
  readonly revocations: readonly Signature[];
}

export interface Subkey {
  readonly key: PublicKey;
  readonly binding: Signature;
  readonly revocations: readonly Signature[];
}

const isPrimary = ({ type }: Packet): boolean => type === packetTypes.publicKey || type === packetTypes.secretKey;
const isSubkey = ({ type }: Packet): boolean => type === packetTypes.publicSubkey || type === packetTypes.secretSubkey;

/**
 * The keys of a keyring, binary as `gpg --export` writes it, or armoured. A key that cannot be used is passed over;
 * where none can, the reason of the last one is thrown.
 *
 * Throws TrowelError `bad-bytes`, `unsupported`. Follows: go-crypto openpgp/keys.go (ReadKeyRing, ReadEntity); RFC
 * 9580, section 10.1 (which packets follow which).
 */
export function readKeyring(bytes: Uint8Array): readonly Entity[] {
  const packets = readPackets(unarmored(bytes));
  const entities: Entity[] = [];
  let reason: unknown = null;
  for (let at = 0; at < packets.length; ) {
    let next = at + 1;
    while (next < packets.length && !isPrimary(packets[next] as Packet)) next++;
    try {
      entities.push(readEntity(packets.slice(at, next)));
    } catch (error) {
      if (!isTrowelError(error)) throw error;
      reason = error;
    }
    at = next;
  }
  if (entities.length === 0 && reason !== null) throw reason;
  return entities;
}

/** A packet with the signatures that follow it. */
interface Signed {
  readonly packet: Packet;
  readonly signatures: readonly Signature[];
}

function readEntity(packets: readonly Packet[]): Entity {
  const [first, ...others] = grouped(packets);
  if (first === undefined || !isPrimary(first.packet)) throw invalid('first packet was not a public/private key');
  const primary = readKey(first.packet.body);
  const revocations = first.signatures.filter(
    (signature) =>
      signature.type === signatureTypes.keyRevocation &&
      passes(primary, signature, [keyPrefix(primary.body), primary.body]),
  );
  const identities = others.flatMap(({ packet, signatures }) =>
    packet.type === packetTypes.userId ? identityOf(primary, packet, signatures) : [],
  );
  if (identities.length === 0) throw invalid('v4 entity without any identities');
  const subkeys = others.flatMap(({ packet, signatures }) =>
    isSubkey(packet) ? subkeyOf(primary, packet, signatures) : [],
  );
  return { primary, revocations, identities, subkeys };
}

/** Signatures that cannot be read prove nothing and are passed over, as trust packets and photographs are. */
function grouped(packets: readonly Packet[]): readonly Signed[] {
  const groups: { packet: Packet; signatures: Signature[] }[] = [];
  for (const packet of packets) {
    if (packet.type !== packetTypes.signature) {
      groups.push({ packet, signatures: [] });
      continue;
    }
    try {
      groups.findLast(({ packet: { type } }) => type !== 12)?.signatures.push(readSignature(packet.body));
    } catch (error) {
      if (!isTrowelError(error)) throw error;
    }
  }
  return groups;
}

function identityOf(primary: PublicKey, { body }: Packet, signatures: readonly Signature[]): readonly Identity[] {
  const length = Buffer.alloc(5);
  length[0] = 0xb4;
  length.writeUInt32BE(body.length, 1);
  const own = signatures.filter(
    (signature) =>
      signature.issuer === primary.keyId &&
      passes(primary, signature, [keyPrefix(primary.body), primary.body, length, body]),
  );
  const self = newest(own.filter(({ type }) => type >= 0x10 && type <= 0x13));
  if (self === undefined) return [];
  const revocations = own.filter(({ type }) => type === signatureTypes.certificationRevocation);
  return [{ name: Buffer.from(body).toString('utf8'), selfSignature: self, revocations }];
}

function subkeyOf(primary: PublicKey, { body }: Packet, signatures: readonly Signature[]): readonly Subkey[] {
  let key: PublicKey;
  try {
    key = readKey(body);
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return [];
  }
  const both = [keyPrefix(primary.body), primary.body, keyPrefix(key.body), key.body];
  const own = signatures.filter((signature) => passes(primary, signature, both));
  // A key that signs must say itself that it belongs here: else one could claim another's signatures.
  const bindings = own.filter(
    (signature) =>
      signature.type === signatureTypes.subkeyBinding && (!canSign(signature) || crossSigned(key, signature, both)),
  );
  const binding = newest(bindings);
  if (binding === undefined) return [];
  return [{ key, binding, revocations: own.filter(({ type }) => type === signatureTypes.subkeyRevocation) }];
}

function crossSigned(key: PublicKey, binding: Signature, both: readonly Uint8Array[]): boolean {
  if (binding.embedded === null) return false;
  try {
    const back = readSignature(binding.embedded);
    return back.type === signatureTypes.primaryKeyBinding && passes(key, back, both);
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return false;
  }
}

/** Key flag 0x02: may sign data (RFC 9580, section 5.2.3.29). */
export function canSign({ keyFlags }: Signature): boolean {
  return keyFlags !== null && (keyFlags & 0x02) !== 0;
}

function passes(key: PublicKey, signature: Signature, parts: readonly Uint8Array[]): boolean {
  try {
    checkSignature(key, signature, parts);
    return true;
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return false;
  }
}

function newest(signatures: readonly Signature[]): Signature | undefined {
  let found: Signature | undefined;
  for (const signature of signatures) if (found === undefined || signature.created > found.created) found = signature;
  return found;
}
