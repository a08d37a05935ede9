import { checkPrimeSync, constants, createHash, createPublicKey, publicEncrypt } from 'node:crypto';
import { bigintOf, bytesOf } from './bigint-bytes.js';

/**
 * Primes for RSA keys. OpenSSL's own test (`checkPrimeSync`) does at least 64 rounds of Miller and Rabin, each as long as
 * the test of a composite number; here are as many as a number of that size that was found by chance needs, with
 * OpenSSL's exponentiation.
 */

/** The longest numbers that OpenSSL raises to exponents of more than 64 bits (OPENSSL_RSA_SMALL_MODULUS_BITS). */
const longestModulus = 3072;

/** Numbers below what primes are looked for with; a prime more spares fewer exponentiations than it costs. */
const sieveBelow = 16_384;

/** So far behind a start a prime is looked for: of 1,024 bits every 355th odd number is one. */
const windowLength = 20_000;

/** Products of primes from here on are not exact as numbers when a rest is to be added. */
const largestProduct = 2 ** 48;

/** Odd primes in groups whose products are exact numbers: one division of a long number serves a group. */
interface PrimeGroup {
  readonly product: bigint;
  readonly primes: readonly number[];
}

let groups: readonly PrimeGroup[] | null = null;

/** The groups of all odd primes of the sieve; made when a key is made first. */
function primeGroups(): readonly PrimeGroup[] {
  if (groups !== null) return groups;
  const made: PrimeGroup[] = [];
  let product = 1;
  let primes: number[] = [];
  const composite = new Uint8Array(sieveBelow);
  for (let n = 3; n < sieveBelow; n += 2) {
    if (composite[n] === 1) continue;
    for (let multiple = n * n; multiple < sieveBelow; multiple += 2 * n) composite[multiple] = 1;
    if (product * n >= largestProduct) {
      made.push({ product: BigInt(product), primes });
      product = 1;
      primes = [];
    }
    product *= n;
    primes.push(n);
  }
  made.push({ product: BigInt(product), primes });
  groups = made;
  return made;
}

/** Marks of `start`, `start + 2`, … (an odd number): 1 where a small prime divides the number, itself included. */
function sieve(start: bigint): Uint8Array {
  const length = windowLength / 2;
  const marks = new Uint8Array(length);
  for (const { product, primes } of primeGroups()) {
    const rest = Number(start % product);
    for (const prime of primes) {
      const missing = (prime - (rest % prime)) % prime;
      // Steps are of two: an odd distance is reached one turn later.
      for (let at = (missing % 2 === 0 ? missing : missing + prime) / 2; at < length; at += prime) marks[at] = 1;
    }
  }
  return marks;
}

/**
 * Rounds with bases of their own for a number found by chance, by its bits: those of BoringSSL's BN_is_prime_fasttest and
 * Go's crypto/internal/fips140/rsa (keygen.go, isPrime), after FIPS 186-5, appendix C.3.
 */
function roundsFor(bits: number): number {
  if (bits >= 1345) return 4;
  if (bits >= 476) return 5;
  if (bits >= 400) return 6;
  if (bits >= 347) return 7;
  if (bits >= 308) return 8;
  return bits >= 55 ? 27 : 34;
}

/**
 * Whether an odd number is a prime, as far as Miller's and Rabin's test says: with base 2 first, which nearly all composite
 * numbers fail, then with bases drawn from a digest of the number, so that the answer is always the same. For numbers
 * found by chance; one that somebody chose may be composite with a chance of 4^-rounds.
 * Follows: FIPS 186-5, appendix B.3.1.
 */
export function isLikelyPrime(candidate: bigint): boolean {
  if (candidate < 4n || candidate % 2n === 0n) return candidate === 2n || candidate === 3n;
  const modulus = bytesOf(candidate);
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits > longestModulus) return checkPrimeSync(candidate);
  const passes = millerRabin(candidate, modulus);
  if (!passes(2n)) return false;
  for (let round = 0; round < roundsFor(bits); round += 1) {
    const drawn = createHash('shake256', { outputLength: modulus.length + 8 })
      .update(modulus)
      .update(Uint8Array.of(round))
      .digest();
    if (!passes((bigintOf(drawn) % (candidate - 3n)) + 2n)) return false;
  }
  return true;
}

/** The test of one odd number above 3 with a base between 1 and the number less one. */
function millerRabin(candidate: bigint, modulus: Buffer): (base: bigint) => boolean {
  const last = candidate - 1n;
  let doublings = 0;
  let exponent = last;
  while (exponent % 2n === 0n) {
    exponent /= 2n;
    doublings += 1;
  }
  const power = powers(modulus, exponent);
  return (base) => {
    let value = power(base);
    if (value === 1n || value === last) return true;
    for (let i = 1; i < doublings; i += 1) {
      value = (value * value) % candidate;
      if (value === last) return true;
    }
    return false;
  };
}

/** Bases raised to one exponent: what encrypting without padding is, with a public key of that modulus and exponent. */
function powers(modulus: Buffer, exponent: bigint): (base: bigint) => bigint {
  const [n, e] = [modulus.toString('base64url'), bytesOf(exponent).toString('base64url')];
  const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
  const padding = constants.RSA_NO_PADDING;
  return (base) => bigintOf(publicEncrypt({ key, padding }, bytesOf(base, modulus.length)));
}

/**
 * The first prime of so many bits at or after a random start (big-endian bytes) that has its two top bits and its lowest
 * set; never `other`, and never one more than a multiple of the exponent that its key is to have.
 */
export function primeFrom(random: Uint8Array, exponent: bigint, other = 0n): bigint {
  let bytes = Uint8Array.from(random);
  // Where no prime is near, the next start comes from a digest: it must not depend on a source that repeats itself.
  for (; ; bytes = createHash('shake256', { outputLength: bytes.length }).update(bytes).digest()) {
    bytes[0] = (bytes[0] ?? 0) | 0xc0;
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) | 1;
    const start = bigintOf(bytes);
    const end = 1n << BigInt(8 * bytes.length);
    for (const [at, mark] of sieve(start).entries()) {
      if (mark === 1) continue;
      const candidate = start + BigInt(2 * at);
      if (candidate >= end) break;
      if (candidate % exponent !== 1n && candidate !== other && isLikelyPrime(candidate)) return candidate;
    }
  }
}
