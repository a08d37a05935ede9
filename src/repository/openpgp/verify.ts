import { isTrowelError, TrowelError } from '../../model/index.js';
import type { ClearSigned } from './armor.js';
import { checkSignature } from './check.js';
import { canSign, type Entity, type Identity } from './keyring.js';
import {
  invalid,
  type PublicKey,
  packetTypes,
  readPackets,
  readSignature,
  type Signature,
  signatureTypes,
} from './packets.js';

/** Who signed. */
export interface Signer {
  /** `Name <address>` of each identity of the key, in the order of the keyring. */
  readonly identities: readonly string[];
  /** Of the person's primary key, hex in capitals. */
  readonly fingerprint: string;
}

interface Candidate {
  readonly entity: Entity;
  readonly key: PublicKey;
  /** What says what the key may do: the primary identity's signature, or a subkey's binding. */
  readonly self: Signature;
  readonly revocations: readonly Signature[];
}

/**
 * Checks a clear-signed text against the keys of a keyring, at a time (`now`, in seconds of Unix).
 *
 * Throws TrowelError `denied` with the library's words: nobody of the keyring signed it, the signature is of other
 * bytes, it or its key expired or was revoked. A signature over SHA-1 is refused: such a text can be exchanged.
 * Follows: go-crypto openpgp/read.go (verifyDetachedSignature, checkMessageSignatureDetails).
 */
export function verifyClearSigned(message: ClearSigned, keyring: readonly Entity[], now: number): Signer {
  for (const packet of readPackets(message.signature)) {
    if (packet.type !== packetTypes.signature) throw invalid('non signature packet found');
    const signature = readSignature(packet.body);
    if (signature.issuer === null) throw invalid("signature doesn't have an issuer");
    const candidates = candidatesFor(keyring, signature.issuer);
    if (candidates.length > 0) return verifyOne(message, signature, candidates, now);
  }
  throw refused(
    'openpgp: signature made by unknown entity',
    "name a keyring that holds the publisher's key: --keyring FILE",
  );
}

function verifyOne(message: ClearSigned, signature: Signature, candidates: readonly Candidate[], now: number): Signer {
  const { type, hash } = signature;
  if (type !== signatureTypes.binary && type !== signatureTypes.text) {
    throw new TrowelError('unsupported', { what: `openpgp: unsupported feature: signature type ${type}` });
  }
  if (hash === 2) throw refused('openpgp: weak algorithms are rejected: SHA1', 'ask who publishes it to sign it anew');
  let reason: unknown = null;
  for (const candidate of candidates) {
    try {
      checkSignature(candidate.key, signature, [message.signed]);
    } catch (error) {
      if (!isTrowelError(error)) throw error;
      reason = error;
      continue;
    }
    checkDetails(candidate, signature, now);
    const { entity } = candidate;
    return {
      identities: entity.identities.map(({ name }) => name),
      fingerprint: entity.primary.fingerprint.toUpperCase(),
    };
  }
  throw reason;
}

/** Keys by the issuer's ID that may sign data. */
function candidatesFor(keyring: readonly Entity[], issuer: string): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const entity of keyring) {
    const { primary, revocations } = entity;
    const self = primaryIdentity(entity).selfSignature;
    if (primary.keyId === issuer) candidates.push({ entity, key: primary, self, revocations });
    for (const { key, binding, revocations: own } of entity.subkeys) {
      if (key.keyId === issuer) candidates.push({ entity, key, self: binding, revocations: own });
    }
  }
  return candidates.filter(({ self }) => canSign(self));
}

function checkDetails(candidate: Candidate, signature: Signature, now: number): void {
  const { entity, key, self } = candidate;
  const identity = primaryIdentity(entity);
  const relevant = [signature, identity.selfSignature, ...(key === entity.primary ? [] : [self])];
  const [notation] = relevant.flatMap(({ criticalNotations }) => criticalNotations);
  if (notation !== undefined) throw refused(`openpgp: invalid signature: unknown critical notation: ${notation}`);
  const revoked = [entity.revocations, candidate.revocations, identity.revocations].some((list) =>
    list.some((revocation) => revocation.revocationReason === compromised || !isOver(revocation, now)),
  );
  if (revoked) throw refused('openpgp: signature made by revoked key');
  if (keyIsOver(entity.primary, identity.selfSignature, now) || keyIsOver(key, self, now)) {
    throw refused('openpgp: key expired');
  }
  if (relevant.some((one) => isOver(one, now))) throw refused('openpgp: signature expired');
}

/** Reason for revocation: the key is known to somebody else (RFC 9580, section 5.2.3.31). */
const compromised = 2;

function isOver({ created, expires }: Signature, now: number): boolean {
  return created > now || (expires !== 0 && now > created + expires);
}

function keyIsOver(key: PublicKey, self: Signature, now: number): boolean {
  return key.created > now || (self.keyExpires !== 0 && now > key.created + self.keyExpires);
}

/** Not revoked before revoked, marked before others, newer before older (go-crypto keys.go shouldPreferIdentity). */
function primaryIdentity({ identities }: Entity): Identity {
  const [first, ...others] = identities;
  if (first === undefined) throw invalid('v4 entity without any identities');
  return others.reduce((best, other) => {
    if (best.revocations.length !== other.revocations.length) {
      return best.revocations.length > other.revocations.length ? other : best;
    }
    const [a, b] = [best.selfSignature, other.selfSignature];
    if (a.isPrimaryId !== b.isPrimaryId) return b.isPrimaryId ? other : best;
    return b.created > a.created ? other : best;
  }, first);
}

function refused(what: string, todo?: string): TrowelError {
  return new TrowelError('denied', { what, ...(todo === undefined ? {} : { todo }) });
}
