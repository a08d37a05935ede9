import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { TrowelError } from '../../model/index.js';
import { algorithms, type PublicKey, type Signature, unsupported } from './packets.js';

/** Names of Node for hash algorithms by number (RFC 9580, section 9.5). MD5 and RIPEMD-160 are refused. */
const hashes: Readonly<Record<number, string>> = {
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
  12: 'sha3-256',
  14: 'sha3-512',
};

/** Curves of ECDSA by object identifier (RFC 9580, section 9.2): name, bytes of a coordinate. */
const curves: Readonly<Record<string, readonly [name: string, bytes: number]>> = {
  '2a8648ce3d030107': ['P-256', 32],
  '2b81040022': ['P-384', 48],
  '2b81040023': ['P-521', 66],
};
const ed25519Curve = '2b06010401da470f01';

const wrong = (what: string): TrowelError => new TrowelError('denied', { what: `openpgp: invalid signature: ${what}` });

/**
 * Checks that a key made a signature over `parts`, one after another.
 *
 * Throws TrowelError `denied` with the library's words where it did not, `unsupported` for what Node's crypto cannot
 * check. Follows: RFC 9580, sections 5.2.4 (what is hashed), 5.2.3 (values); go-crypto packet/public_key.go.
 */
export function checkSignature(key: PublicKey, signature: Signature, parts: readonly Uint8Array[]): void {
  const hash = hashes[signature.hash];
  if (hash === undefined) throw unsupported(`hash function ${signature.hash}`);
  if (key.algorithm !== signature.algorithm) {
    throw new TrowelError('denied', {
      what: 'openpgp: invalid argument: public key and signature use different algorithms',
    });
  }
  const { signed } = signature;
  const trailer = Uint8Array.of(
    4,
    0xff,
    signed.length >>> 24,
    signed.length >>> 16,
    signed.length >>> 8,
    signed.length,
  );
  const data = Buffer.concat([...parts, signed, trailer]);
  const [first = new Uint8Array(), second = new Uint8Array()] = signature.values;
  const [name, passed] = ((): [string, boolean] => {
    switch (key.algorithm) {
      case algorithms.rsa:
      case algorithms.rsaSign:
        return ['RSA', checkRsa(key, hash, data, first)];
      case algorithms.ecdsa:
        return ['ECDSA', checkEcdsa(key, hash, data, first, second)];
      case algorithms.eddsa: {
        if (key.curve !== ed25519Curve) throw unsupported(`EdDSA over the curve ${key.curve}`);
        // 0x40 says that the point is in its native form (RFC 9580, section 11.2).
        const point = key.material[0] ?? new Uint8Array();
        if (point.length !== 33 || point[0] !== 0x40) throw wrong('EdDSA verification failure');
        return ['EdDSA', checkEdwards('Ed25519', point.subarray(1), hash, data, join(first, second, 32))];
      }
      case algorithms.ed25519:
        return ['Ed25519', checkEdwards('Ed25519', key.material[0] ?? new Uint8Array(), hash, data, first)];
      case algorithms.ed448:
        return ['ed448', checkEdwards('Ed448', key.material[0] ?? new Uint8Array(), hash, data, first)];
      default:
        throw unsupported(`signatures of public key type ${key.algorithm}`);
    }
  })();
  if (!passed) throw wrong(`${name} verification failure`);
}

function checkRsa(key: PublicKey, hash: string, data: Uint8Array, value: Uint8Array): boolean {
  const [n = new Uint8Array(), e = new Uint8Array()] = key.material;
  if (n.length < 128)
    throw new TrowelError('denied', { what: 'openpgp: weak algorithms are rejected: RSA key of less than 1024 bits' });
  if (value.length > n.length) return false;
  return tried(() => {
    const rsa = createPublicKey({ key: { kty: 'RSA', n: base64(n), e: base64(e) }, format: 'jwk' });
    return verify(hash, data, rsa, padded(value, n.length));
  });
}

function checkEcdsa(key: PublicKey, hash: string, data: Uint8Array, r: Uint8Array, s: Uint8Array): boolean {
  const curve = curves[key.curve];
  if (curve === undefined) throw unsupported(`ECDSA over the curve ${key.curve}`);
  const [name, size] = curve;
  const point = key.material[0] ?? new Uint8Array();
  if (point[0] !== 4 || point.length !== 1 + 2 * size || r.length > size || s.length > size) return false;
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return tried(() => {
    const ec = createPublicKey({ key: { kty: 'EC', crv: name, x: base64(x), y: base64(y) }, format: 'jwk' });
    return verify(hash, data, { key: ec, dsaEncoding: 'ieee-p1363' }, join(r, s, size));
  });
}

/** OpenPGP signs the digest with these, not the text. */
function checkEdwards(
  curve: 'Ed25519' | 'Ed448',
  point: Uint8Array,
  hash: string,
  data: Uint8Array,
  value: Uint8Array,
): boolean {
  return tried(() => {
    const key: KeyObject = createPublicKey({ key: { kty: 'OKP', crv: curve, x: base64(point) }, format: 'jwk' });
    return verify(null, createHash(hash).update(data).digest(), key, value);
  });
}

/** Node throws for numbers that cannot be a key of the kind: such a key signed nothing. */
function tried(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

/** Two numbers of `size` bytes each. */
function join(first: Uint8Array, second: Uint8Array, size: number): Uint8Array {
  if (first.length > size || second.length > size) return new Uint8Array();
  return Buffer.concat([padded(first, size), padded(second, size)]);
}

function padded(value: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(value, size - value.length);
  return bytes;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
