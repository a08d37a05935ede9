import { createCipheriv, createDecipheriv, createHash, createHmac, scryptSync } from 'node:crypto';
import { encodeBase64, hashSync } from 'bcryptjs';
import { byteLength, goBytes, goString } from '../reflect.js';
import { GoError, type GoFunc } from '../value.js';
import { slowWork } from '../work.js';
import { define, type Environment } from './args.js';
import { decodeBase64 } from './base.js';
import { newPrivateKey, rsaKeys } from './keys.js';

function digest(algorithm: string, text: string): string {
  return createHash(algorithm).update(goBytes(text)).digest('hex');
}

/** RFC 1950, 9: two sums modulo 65521. */
function adler32(text: string): string {
  let a = 1;
  let b = 0;
  for (const byte of goBytes(text)) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return (b * 65536 + a).toString();
}

/** bcrypt with cost 10 and the salt of the environment's bytes; what is wrong is the text. */
function bcrypt(password: string, random: Environment['random']): string {
  slowWork();
  if (byteLength(password) > 72) {
    return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes';
  }
  return hashSync(password, `$2a$10$${encodeBase64([...random(16)], 16)}`);
}

/** A password of 32 bytes, cut or filled with zeros. */
function aesKey(password: string): Uint8Array {
  const key = Buffer.alloc(32);
  Buffer.from(goBytes(password)).copy(key);
  return key;
}

function encryptAes(password: string, text: string, random: Environment['random']): string {
  if (text === '') return '';
  const iv = random(16);
  const cipher = createCipheriv('aes-256-cbc', aesKey(password), iv);
  return Buffer.concat([iv, cipher.update(goBytes(text)), cipher.final()]).toString('base64');
}

function decryptAes(password: string, encoded: string): string {
  if (encoded === '') return '';
  const bytes = decodeBase64(encoded);
  if (bytes.length < 16) {
    // What Go's decoder makes room for.
    const capacity = Math.floor(byteLength(encoded) / 4) * 3;
    throw new GoError(`runtime error: slice bounds out of range [:16] with capacity ${capacity}`);
  }
  if (bytes.length % 16 !== 0) throw new GoError('crypto/cipher: input not full blocks');
  const decipher = createDecipheriv('aes-256-cbc', aesKey(password), bytes.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]);
  const last = plain.at(-1);
  if (last === undefined) throw new GoError('runtime error: index out of range [-1]');
  if (last > plain.length) throw new GoError(`runtime error: slice bounds out of range [:${plain.length - last}]`);
  return goString(plain.subarray(0, plain.length - last));
}

/** Templates of the Master Password algorithm by the kind of password. */
const passwordTemplates: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    (
      'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
      'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
      'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno'
    ).split(' '),
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
]);

const passwordCharacters: Readonly<Record<string, string>> = {
  V: 'AEIOU',
  C: 'BCDFGHJKLMNPQRSTVWXYZ',
  v: 'aeiou',
  c: 'bcdfghjklmnpqrstvwxyz',
  A: 'AEIOUBCDFGHJKLMNPQRSTVWXYZ',
  a: 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz',
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()',
};

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The Master Password algorithm, version 0 to 2, as sprig has it. */
function derivePassword(counter: number, kind: string, password: string, user: string, site: string): string {
  const templates = passwordTemplates.get(kind);
  if (templates === undefined) return `cannot find password template ${kind}`;
  const scope = Buffer.from('com.lyndir.masterpassword');
  const salt = Buffer.concat([scope, uint32(byteLength(user)), goBytes(user)]);
  slowWork();
  const key = scryptSync(goBytes(password), salt, 64, { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 });
  const message = Buffer.concat([scope, uint32(byteLength(site)), goBytes(site), uint32(counter)]);
  const seed = createHmac('sha256', key).update(message).digest();
  const template = templates[(seed[0] ?? 0) % templates.length] ?? '';
  return [...template]
    .map((letter, i) => {
      const characters = passwordCharacters[letter] ?? '';
      return characters[(seed[i + 1] ?? 0) % characters.length] ?? '';
    })
    .join('');
}

/** sprig's functions of digests, passwords and ciphers. Follows: sprig v3.3.0, crypto.go. */
export function cryptoFunctions({ random }: Environment): readonly GoFunc[] {
  const rsaKey = rsaKeys(random);
  return [
    define('sha1sum', ['string'], (a) => digest('sha1', a.str(0))),
    define('sha256sum', ['string'], (a) => digest('sha256', a.str(0))),
    define('sha512sum', ['string'], (a) => digest('sha512', a.str(0))),
    define('adler32sum', ['string'], (a) => adler32(a.str(0))),
    define('bcrypt', ['string'], (a) => bcrypt(a.str(0), random)),
    define('htpasswd', ['string', 'string'], (a) =>
      a.str(0).includes(':') ? `invalid username: ${a.str(0)}` : `${a.str(0)}:${bcrypt(a.str(1), random)}`,
    ),
    define('encryptAES', ['string', 'string'], (a) => encryptAes(a.str(0), a.str(1), random)),
    define('decryptAES', ['string', 'string'], (a) => decryptAes(a.str(0), a.str(1))),
    define('derivePassword', ['uint32', 'string', 'string', 'string', 'string'], (a) =>
      derivePassword(a.int(0), a.str(1), a.str(2), a.str(3), a.str(4)),
    ),
    define('genPrivateKey', ['string'], (a) => newPrivateKey(a.str(0), random, rsaKey)),
  ];
}
