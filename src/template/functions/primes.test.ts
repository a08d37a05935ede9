import assert from 'node:assert/strict';
import {
  checkPrimeSync,
  createHash,
  createPublicKey,
  generatePrimeSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { test } from 'node:test';
import { bigintOf, bytesOf } from './bigint-bytes.js';
import { rsaKeys } from './keys.js';
import { isLikelyPrime, primeFrom } from './primes.js';

/** Bytes of a digest: the same in each run. */
function bytes(length: number, seed: string): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

test('says of numbers what OpenSSL says', () => {
  for (let n = 0n; n < 2000n; n += 1n) assert.equal(isLikelyPrime(n), checkPrimeSync(n), String(n));
  for (const length of [5, 8, 16, 33, 61, 64]) {
    for (let i = 0; i < 200; i += 1) {
      const n = bigintOf(bytes(length, `${length} ${i}`)) | 1n;
      assert.equal(isLikelyPrime(n), checkPrimeSync(n), String(n));
    }
  }
});

test('takes primes of many lengths for primes, and products of two for none', () => {
  for (const bits of [17, 54, 55, 64, 65, 307, 308, 347, 400, 476, 512, 1345]) {
    const [p, q] = [generatePrimeSync(bits, { bigint: true }), generatePrimeSync(bits, { bigint: true })];
    assert.equal(isLikelyPrime(p), true, String(p));
    assert.equal(isLikelyPrime(p * q), false, String(p * q));
  }
  // 2^2203 - 1 and 2^3217 - 1 are primes of Mersenne: the second is longer than OpenSSL's exponentiation takes here.
  assert.equal(isLikelyPrime(2n ** 2203n - 1n), true);
  assert.equal(isLikelyPrime(2n ** 3217n - 1n), true);
  assert.equal(isLikelyPrime(2n ** 3217n + 1n), false);
});

/** OEIS A002997, A001262 (base 2), A014233 (the first prime bases, up to thirteen of them). */
const composites = {
  Carmichael: [561n, 1105n, 1729n, 2465n, 2821n, 6601n, 8911n, 10585n, 15841n, 29341n, 41041n, 825265n, 321197185n],
  'strong pseudoprimes to base 2': [2047n, 3277n, 4033n, 4681n, 8321n, 15841n, 29341n, 42799n, 49141n, 52633n, 65281n],
  'strong pseudoprimes to the first primes': [
    1373653n,
    25326001n,
    3215031751n,
    2152302898747n,
    3474749660383n,
    341550071728321n,
    3825123056546413051n,
    318665857834031151167461n,
    3317044064679887385961981n,
  ],
};

for (const [kind, numbers] of Object.entries(composites)) {
  test(`${kind} are no primes`, () => {
    for (const number of numbers) assert.equal(isLikelyPrime(number), false, String(number));
  });
}

test('large Carmichael numbers of three factors are no primes', () => {
  // (6k + 1)(12k + 1)(18k + 1), all prime: Chernick.
  let found = 0;
  for (let k = 1n << 60n; found < 3; k += 1n) {
    const factors = [6n * k + 1n, 12n * k + 1n, 18n * k + 1n];
    if (!factors.every((factor) => checkPrimeSync(factor))) continue;
    found += 1;
    assert.equal(isLikelyPrime(factors.reduce((a, b) => a * b)), false);
  }
});

test('numbers as bytes, and back', () => {
  assert.equal(bigintOf(new Uint8Array()), 0n);
  assert.equal(bytesOf(0n).toString('hex'), '00');
  assert.equal(bytesOf(0xabcn).toString('hex'), '0abc');
  assert.equal(bytesOf(0xabcn, 4).toString('hex'), '00000abc');
  assert.equal(bytesOf(0xabcden, 2).toString('hex'), '0abcde');
  assert.equal(bigintOf(bytesOf(2n ** 77n - 5n)), 2n ** 77n - 5n);
});

/** What is meant, one number after the other. */
function plainPrimeFrom(random: Uint8Array, exponent: bigint, other: bigint): bigint {
  const start = Uint8Array.from(random);
  start[0] = (start[0] ?? 0) | 0xc0;
  start[start.length - 1] = (start.at(-1) ?? 0) | 1;
  for (let n = bigintOf(start); ; n += 2n) if (n % exponent !== 1n && n !== other && checkPrimeSync(n)) return n;
}

test('finds the first prime after a start, neither the other one nor one that does not go with the exponent', () => {
  for (let i = 0; i < 20; i += 1) {
    const start = bytes(32, `start ${i}`);
    const first = plainPrimeFrom(start, 65537n, 0n);
    assert.equal(primeFrom(start, 65537n), first);
    assert.equal(primeFrom(start, 65537n, first), plainPrimeFrom(start, 65537n, first));
    // Of an exponent of 3 half of all primes are refused.
    assert.equal(primeFrom(start, 3n), plainPrimeFrom(start, 3n, 0n));
  }
});

test('goes on from a digest where no prime is near', () => {
  // The last numbers of 64 bits: 2^64 - 59 is the last prime of them.
  const end = new Uint8Array(8).fill(0xff);
  const found = primeFrom(end, 65537n);
  assert.ok(found < 2n ** 64n && found >= 3n * 2n ** 62n && checkPrimeSync(found), String(found));
  assert.equal(primeFrom(end, 65537n), found);
  assert.equal(primeFrom(bytesOf(2n ** 64n - 99n), 65537n), 2n ** 64n - 95n);
  assert.equal(primeFrom(bytesOf(2n ** 64n - 93n), 65537n), 2n ** 64n - 83n);
});

for (const size of [1024, 2048]) {
  test(`a key of ${size} bits signs what OpenSSL verifies, and is the same of the same bytes`, () => {
    const key = (seed: string): KeyObject => {
      let asked = 0;
      return rsaKeys((length) => bytes(length, `${seed} ${asked++}`))(size);
    };
    const one = key('one');
    assert.equal(one.asymmetricKeyDetails?.modulusLength, size);
    const text = Buffer.from('text');
    assert.ok(verify('sha256', text, createPublicKey(one), sign('sha256', text, one)));
    const pem = (of: KeyObject): string | Buffer => of.export({ type: 'pkcs1', format: 'pem' });
    assert.equal(pem(key('one')), pem(one));
    assert.notEqual(pem(key('two')), pem(one));
  });
}

test('a key whose random bytes repeat has two primes all the same', () => {
  const key = rsaKeys((length) => new Uint8Array(length).fill(7))(1024);
  const text = Buffer.from('text');
  assert.ok(verify('sha256', text, createPublicKey(key), sign('sha256', text, key)));
});

test('a key is not looked for again where the same bytes come again, and never given for others', () => {
  let asked = 0;
  const make = rsaKeys((length) => bytes(length, `again ${Math.floor(asked++ / 2) % 20}`));
  const keys = Array.from({ length: 40 }, () => make(512));
  // Sixteen are kept: with twenty in turn none is there any more when it is asked for again, but it is made the same.
  const pem = (of: KeyObject | undefined): string | Buffer | undefined => of?.export({ type: 'pkcs1', format: 'pem' });
  for (let i = 0; i < 20; i += 1) assert.equal(pem(keys[i + 20]), pem(keys[i]));
  assert.equal(new Set(keys.map(pem)).size, 20);
  asked = 38;
  assert.equal(make(512), keys[39]);
});
