import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { GoError } from '../value.js';
import { slowWork } from '../work.js';
import type { Environment } from './args.js';
import { bytesOf } from './bigint-bytes.js';
import { bits, integer, octets, oid, pem, readElements, readPem, sequence, sequenceProblem, tlv } from './der.js';
import { primeFrom } from './primes.js';

type Random = Environment['random'];

const publicExponent = 65537n;

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulus, ((value % modulus) + modulus) % modulus, 0n, 1n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** An RSA key whose primes are the first behind these bytes: the same bytes give the same key, so renders can be repeated. */
function keyOf(first: Uint8Array, second: Uint8Array): KeyObject {
  const p = primeFrom(first, publicExponent);
  const q = primeFrom(second, publicExponent, p);
  const d = inverse(publicExponent, (p - 1n) * (q - 1n));
  const parts = [0n, p * q, publicExponent, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  const der = sequence(...parts.map((part) => integer(bytesOf(part))));
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' });
}

/** How many keys are kept. */
const mostKeys = 16;

/**
 * Makes RSA keys of so many bits of random bytes alone. (Node's own generator cannot be told what to use.) The last keys
 * are kept: a source that begins anew for each rendering asks for the same ones again.
 */
export function rsaKeys(random: Random): (size: number) => KeyObject {
  const made = new Map<string, KeyObject>();
  return (size) => {
    slowWork();
    const [first, second] = [Uint8Array.from(random(size / 16)), Uint8Array.from(random(size / 16))];
    const name = Buffer.concat([first, second]).toString('latin1');
    const known = made.get(name);
    if (known !== undefined) return known;
    const key = keyOf(first, second);
    const [oldest] = made.keys();
    if (made.size >= mostKeys && oldest !== undefined) made.delete(oldest);
    made.set(name, key);
    return key;
  };
}

/** An ECDSA key on P-256 of random bytes. */
function ecdsaKey(random: Random): KeyObject {
  const ecdh = createECDH('prime256v1');
  for (let secret = Buffer.from(random(32)); ; secret = createHash('sha256').update(secret).digest()) {
    try {
      ecdh.setPrivateKey(secret);
    } catch {
      continue; // zero, or beyond the order of the curve: one in 2^32
    }
    const der = sequence(
      integer(Uint8Array.from([1])),
      octets(secret),
      tlv(0xa0, oid('1.2.840.10045.3.1.7')),
      tlv(0xa1, bits(ecdh.getPublicKey())),
    );
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'sec1' });
  }
}

function ed25519Key(random: Random): KeyObject {
  const der = sequence(integer(Uint8Array.from([0])), sequence(oid('1.3.101.112')), octets(octets(random(32))));
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

/** A DSA key as sprig prints it: version, P, Q, G, Y, X. Node makes it, from its own random bytes. */
function dsaPem(random: Random): string {
  // Whoever counts on chance being asked for is told.
  random(0);
  const { privateKey, publicKey } = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
  const secret = readElements(
    readElements(privateKey.export({ format: 'der', type: 'pkcs8' }))?.[0]?.body ?? new Uint8Array(),
  );
  const open = readElements(
    readElements(publicKey.export({ format: 'der', type: 'spki' }))?.[0]?.body ?? new Uint8Array(),
  );
  const algorithm = readElements(secret?.[1]?.body ?? new Uint8Array());
  const [p, q, g] = readElements(algorithm?.[1]?.body ?? new Uint8Array()) ?? [];
  const x = secret?.[2]?.body;
  const y = open?.[1]?.body.subarray(1);
  if (p === undefined || q === undefined || g === undefined || x === undefined || y === undefined) {
    throw new GoError('failed to generate dsa params: unexpected encoding');
  }
  return pem('DSA PRIVATE KEY', sequence(integer(Uint8Array.from([0])), p.whole, q.whole, g.whole, y, x));
}

/** sprig's genPrivateKey: a new key in PEM, or the text of what went wrong. `rsaKey` makes those of RSA. */
export function newPrivateKey(kind: string, random: Random, rsaKey: (size: number) => KeyObject): string {
  switch (kind) {
    case '':
    case 'rsa':
      return keyPem(rsaKey(4096));
    case 'dsa':
      return dsaPem(random);
    case 'ecdsa':
      return keyPem(ecdsaKey(random));
    case 'ed25519':
      return keyPem(ed25519Key(random));
    default:
      return `Unknown type ${kind}`;
  }
}

/** A private key in the PEM form that sprig chooses for its kind. */
export function keyPem(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return pem('RSA PRIVATE KEY', key.export({ format: 'der', type: 'pkcs1' }));
    case 'ec':
      return pem('EC PRIVATE KEY', key.export({ format: 'der', type: 'sec1' }));
    default:
      return pem('PRIVATE KEY', key.export({ format: 'der', type: 'pkcs8' }));
  }
}

/** What Go's x509 reads each kind into. */
const goTypes = { pkcs8: 'pkcs8', pkcs1: 'pkcs1PrivateKey', sec1: 'ecPrivateKey' } as const;

/** A private key from PEM (sprig's parsePrivateKeyPEM); throws GoError. */
export function parseKeyPem(text: string): KeyObject {
  const block = readPem(text);
  if (block === null) throw new GoError('no PEM data in input');
  const load = (type: 'pkcs8' | 'pkcs1' | 'sec1', doing: string): KeyObject => {
    try {
      return createPrivateKey({ key: Buffer.from(block.der), format: 'der', type });
    } catch (error) {
      const outer = sequenceProblem(block.der, goTypes[type]);
      const problem = outer !== null && type === 'sec1' ? `x509: failed to parse EC private key: ${outer}` : outer;
      throw new GoError(`${doing}: ${problem ?? (error instanceof Error ? error.message : 'malformed key')}`);
    }
  };
  switch (block.type) {
    case 'PRIVATE KEY':
      return load('pkcs8', 'decoding PEM as PKCS#8');
    case 'RSA PRIVATE KEY':
      return load('pkcs1', 'parsing RSA private key from PEM');
    case 'EC PRIVATE KEY':
      return load('sec1', 'parsing EC private key from PEM');
  }
  if (!block.type.endsWith(' PRIVATE KEY')) {
    throw new GoError(`no private key data in PEM block of type ${block.type}`);
  }
  throw new GoError(`invalid private key type ${block.type}`);
}

const curveHashes: Readonly<Record<string, readonly [string, string]>> = {
  prime256v1: ['sha256', '1.2.840.10045.4.3.2'],
  secp384r1: ['sha384', '1.2.840.10045.4.3.3'],
  secp521r1: ['sha512', '1.2.840.10045.4.3.4'],
};

/** How a key signs certificates: the algorithm as DER, and the signing itself. */
export function signerOf(key: KeyObject): { algorithm: Uint8Array; sign: (bytes: Uint8Array) => Uint8Array } {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return {
        algorithm: sequence(oid('1.2.840.113549.1.1.11'), tlv(0x05)),
        sign: (bytes) => sign('sha256', bytes, key),
      };
    case 'ec': {
      const hash = curveHashes[key.asymmetricKeyDetails?.namedCurve ?? ''];
      if (hash === undefined) throw new GoError('error creating certificate: x509: unsupported elliptic curve');
      return { algorithm: sequence(oid(hash[1])), sign: (bytes) => sign(hash[0], bytes, key) };
    }
    case 'ed25519':
      return { algorithm: sequence(oid('1.3.101.112')), sign: (bytes) => sign(null, bytes, key) };
    default:
      throw new GoError('error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported');
  }
}

/** The public half as SubjectPublicKeyInfo. */
export function publicKeyInfo(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ format: 'der', type: 'spki' });
}
