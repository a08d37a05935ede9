import { createHash } from 'node:crypto';
import { TrowelError, type Where } from '../model/index.js';

/** The algorithms that go-digest registers, with the length of their hex form. */
const hexLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Whether a text is a digest that can be checked here: `sha256`, `sha384` or `sha512`, a colon, lower-case hex of just
 * the right length. Follows: image-spec descriptor.md "Digests", go-digest `Digest.Validate`.
 */
export function isDigest(text: string): boolean {
  return digestFault(text) === null;
}

/** What is wrong with a digest, in words, or null. */
export function digestFault(text: string): string | null {
  const colon = text.indexOf(':');
  if (colon < 1) return 'a digest is ALGORITHM:HEX';
  const algorithm = text.slice(0, colon);
  const hex = text.slice(colon + 1);
  if (!Object.hasOwn(hexLengths, algorithm)) return `the digest algorithm "${clip(algorithm)}" is not known`;
  const wanted = hexLengths[algorithm];
  if (hex.length !== wanted) return `a ${algorithm} digest has ${wanted} hexadecimal digits, this one ${hex.length}`;
  if (!/^[a-f0-9]+$/.test(hex)) return 'a digest is written in lower-case hexadecimal digits';
  return null;
}

/** The digest of bytes in memory, in the algorithm of `like` (default sha256). */
export function digestOf(bytes: Uint8Array, like = 'sha256:'): string {
  const algorithm = like.slice(0, like.indexOf(':'));
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/**
 * Holds bytes to what a descriptor promises of them.
 *
 * `sizeBytes` null is a promise of nothing. Throws TrowelError `bad-size` or `bad-digest` that names both values.
 */
export function verifyBytes(
  bytes: Uint8Array,
  promise: { readonly digest: string; readonly sizeBytes: number | null },
  what: string,
  where: Where,
): void {
  if (promise.sizeBytes !== null && bytes.length !== promise.sizeBytes) {
    throw new TrowelError('bad-size', {
      what: `${what} should have ${promise.sizeBytes} bytes and has ${bytes.length}`,
      where,
      todo: 'the bytes were cut or changed on the way: fetch them again',
    });
  }
  const actual = digestOf(bytes, promise.digest);
  if (actual !== promise.digest) {
    throw new TrowelError('bad-digest', {
      what: `${what} should be ${promise.digest} and is ${actual}`,
      where,
      todo: 'the bytes were changed: fetch them again, or read them all the same with --allow-bad-digest',
    });
  }
}

/** A text of the input, cut so that a message stays a line. */
export function clip(text: string, length = 80): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
