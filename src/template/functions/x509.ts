import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { formatV } from '../format.js';
import { goBytes, goString } from '../reflect.js';
import { GoError, type GoFunc, GoObject, type GoValue } from '../value.js';
import { type Args, define, type Environment } from './args.js';
import { decodeBase64 } from './base.js';
import {
  bits,
  boolean,
  type Element,
  integer,
  octets,
  oid,
  pem,
  readElements,
  readPem,
  sequence,
  set,
  time,
  tlv,
} from './der.js';
import { keyPem, parseKeyPem, publicKeyInfo, rsaKeys, signerOf } from './keys.js';

/** What is in a certificate that sprig makes. */
interface Template {
  readonly commonName: string;
  readonly ips: readonly Uint8Array[];
  readonly names: readonly string[];
  readonly daysValid: number;
  readonly isCA: boolean;
}

/** Who signs: its name as DER, its key identifier where it has one, and its key. */
interface Signer {
  readonly name: Uint8Array;
  readonly keyIdentifier: Uint8Array | null;
  readonly key: KeyObject;
}

/** sprig.certificate: fields Cert and Key in PEM. */
function makePair(cert: string, key: string): GoObject {
  return new GoObject({
    type: 'sprig.certificate',
    fields: new Map<string, GoValue>([
      ['Cert', cert],
      ['Key', key],
    ]),
  });
}

function pairOf(value: GoValue): { cert: string; key: string } {
  if (value instanceof GoObject && value.type === 'sprig.certificate') {
    const cert = value.fields.get('Cert');
    const key = value.fields.get('Key');
    if (typeof cert === 'string' && typeof key === 'string') return { cert, key };
  }
  throw new GoError('wrong type for value; expected sprig.certificate');
}

/** A text as Go's asn1 writes it: PrintableString where it can be one, else UTF8String. */
function directoryString(text: string): Uint8Array {
  const bytes = goBytes(text);
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? tlv(0x13, bytes) : tlv(0x0c, bytes);
}

function nameOf(commonName: string): Uint8Array {
  if (commonName === '') return sequence();
  return sequence(set(sequence(oid('2.5.4.3'), directoryString(commonName))));
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

/** In the order in which crypto/x509 writes them. */
function extensions(
  template: Template,
  ownIdentifier: Uint8Array | null,
  signerIdentifier: Uint8Array | null,
): Uint8Array {
  // digitalSignature, keyEncipherment, and keyCertSign for authorities
  const usage = template.isCA ? bits(Uint8Array.from([0xa4]), 2) : bits(Uint8Array.from([0xa0]), 5);
  const list = [
    extension('2.5.29.15', true, usage),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))),
    extension('2.5.29.19', true, template.isCA ? sequence(boolean(true)) : sequence()),
  ];
  if (ownIdentifier !== null) list.push(extension('2.5.29.14', false, octets(ownIdentifier)));
  if (signerIdentifier !== null) list.push(extension('2.5.29.35', false, sequence(tlv(0x80, signerIdentifier))));
  if (template.names.length + template.ips.length > 0) {
    const names = template.names.map((name) => tlv(0x82, goBytes(name)));
    const ips = template.ips.map((ip) => tlv(0x87, ip));
    list.push(extension('2.5.29.17', template.commonName === '', sequence(...names, ...ips)));
  }
  return tlv(0xa3, sequence(...list));
}

/** The identifier that Go gives to an authority's key: SHA-256 of its bits, cut to 160 (RFC 7093, method 1). */
function keyIdentifier(key: KeyObject): Uint8Array {
  const info = readElements(publicKeyInfo(key))?.[0];
  const publicBits = readElements(info?.body ?? new Uint8Array())?.[1]?.body.subarray(1) ?? new Uint8Array();
  return createHash('sha256').update(publicBits).digest().subarray(0, 20);
}

/** A certificate in PEM. Follows: RFC 5280, 4.1; crypto/x509.CreateCertificate. */
function createCertificate(template: Template, key: KeyObject, signer: Signer | null, env: Environment): string {
  const subject = nameOf(template.commonName);
  const issuer = signer?.name ?? subject;
  const own = template.isCA ? keyIdentifier(key) : null;
  const differs = !Buffer.from(issuer).equals(Buffer.from(subject));
  const signing = signerOf(signer?.key ?? key);
  const now = env.now();
  const end = new Date(now.getTime() + template.daysValid * 86_400_000);
  if (!Number.isFinite(end.getTime()) || end.getUTCFullYear() > 9999 || end.getUTCFullYear() < 0) {
    throw new GoError('error creating certificate: asn1: structure error: cannot represent time as GeneralizedTime');
  }
  const serial = Uint8Array.from(env.random(16));
  if (serial.every((byte) => byte === 0)) serial[15] = 1;
  const body = sequence(
    tlv(0xa0, integer(Uint8Array.from([2]))),
    integer(serial),
    signing.algorithm,
    issuer,
    sequence(time(now), time(end)),
    subject,
    publicKeyInfo(key),
    extensions(template, own, differs ? (signer?.keyIdentifier ?? null) : null),
  );
  return pem('CERTIFICATE', sequence(body, signing.algorithm, bits(signing.sign(body))));
}

/** Name and key identifier of a signer's certificate; throws GoError where it cannot be read. */
function readSigner(pair: { cert: string; key: string }): Signer {
  const block = readPem(pair.cert);
  if (block === null) throw new GoError('unable to decode certificate');
  const fields = certificateFields(block.der);
  if (fields === null) {
    throw new GoError('error parsing certificate: decodedSignerCert.Bytes: x509: malformed certificate');
  }
  let key: KeyObject;
  try {
    key = parseKeyPem(pair.key);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`error parsing private key: ${error.message}`);
    throw error;
  }
  return { ...fields, key };
}

function certificateFields(der: Uint8Array): { name: Uint8Array; keyIdentifier: Uint8Array | null } | null {
  try {
    new X509Certificate(Buffer.from(der));
  } catch {
    return null;
  }
  const inside = (element: Element | undefined): Element[] => readElements(element?.body ?? new Uint8Array()) ?? [];
  const fields = inside(inside(readElements(der)?.[0])[0]);
  // version, serial, algorithm, issuer, validity, subject, key, extensions
  const shift = fields[0]?.tag === 0xa0 ? 0 : -1;
  const subject = fields[5 + shift];
  if (subject === undefined) return null;
  const wanted = Buffer.from(oid('2.5.29.14'));
  for (const entry of inside(inside(fields.find((field) => field.tag === 0xa3))[0])) {
    const parts = inside(entry);
    if (parts[0] !== undefined && wanted.equals(parts[0].whole)) {
      return { name: subject.whole, keyIdentifier: inside(parts.at(-1))[0]?.body ?? null };
    }
  }
  return { name: subject.whole, keyIdentifier: null };
}

/** net.ParseIP, in 4 bytes where it is IPv4. */
function parseIp(text: string): Uint8Array | null {
  if (isIPv4(text)) return Uint8Array.from(text.split('.').map(Number));
  if (!isIPv6(text) || text.includes('%')) return null;
  const dotted = /^(.*:)([0-9.]+\.[0-9]+)$/.exec(text);
  const [a = 0, b = 0, c = 0, d = 0] = (dotted?.[2] ?? '').split('.').map(Number);
  const plain = dotted === null ? text : `${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((hex) => Number.parseInt(hex, 16));
  const left = groups(head);
  const right = groups(tail ?? '');
  const all = [...left, ...new Array<number>(Math.max(8 - left.length - right.length, 0)).fill(0), ...right];
  const bytes = Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
  const mapped = bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
  return mapped ? bytes.subarray(12) : bytes;
}

function leafTemplate(a: Args): Template {
  const ips = a.items(1).map((ip) => {
    if (typeof ip !== 'string') throw new GoError(`error parsing ip: ${formatV(ip)} is not a string`);
    const bytes = parseIp(ip);
    if (bytes === null) throw new GoError(`error parsing ip: ${ip}`);
    return bytes;
  });
  const names = a.items(2).map((name) => {
    if (typeof name === 'string') return name;
    throw new GoError(`error processing alternate dns name: ${formatV(name)} is not a string`);
  });
  return { commonName: a.str(0), ips, names, daysValid: a.int(3), isCA: false };
}

function givenKey(text: string): KeyObject {
  try {
    return parseKeyPem(text);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`parsing private key: ${error.message}`);
    throw error;
  }
}

function decodeOr(text: string, what: string): string {
  try {
    return goString(decodeBase64(text));
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`unable to decode base64 ${what}`);
    throw error;
  }
}

function buildCustomCert(encodedCert: string, encodedKey: string): GoObject {
  const cert = decodeOr(encodedCert, 'certificate');
  const key = decodeOr(encodedKey, 'private key');
  const block = readPem(cert);
  if (block === null) throw new GoError('unable to decode certificate');
  if (certificateFields(block.der) === null) {
    throw new GoError('error parsing certificate: decodedCert.Bytes: x509: malformed certificate');
  }
  readSigner({ cert, key });
  return makePair(cert, key);
}

/** sprig's functions of certificates. Follows: sprig v3.3.0, crypto.go. */
export function certificateFunctions(env: Environment): readonly GoFunc[] {
  const make = (template: Template, key: KeyObject, signer: Signer | null): GoObject =>
    makePair(createCertificate(template, key, signer, env), keyPem(key));
  const authority = (a: Args): Template => ({
    commonName: a.str(0),
    ips: [],
    names: [],
    daysValid: a.int(1),
    isCA: true,
  });
  const rsaKey = rsaKeys(env.random);
  const freshKey = (): KeyObject => rsaKey(2048);
  return [
    define('genCA', ['string', 'int'], (a) => make(authority(a), freshKey(), null)),
    define('genCAWithKey', ['string', 'int', 'string'], (a) => make(authority(a), givenKey(a.str(2)), null)),
    define('genSelfSignedCert', ['string', 'anys', 'anys', 'int'], (a) => make(leafTemplate(a), freshKey(), null)),
    define('genSelfSignedCertWithKey', ['string', 'anys', 'anys', 'int', 'string'], (a) => {
      const key = givenKey(a.str(4));
      return make(leafTemplate(a), key, null);
    }),
    define('genSignedCert', ['string', 'anys', 'anys', 'int', 'certificate'], (a) => {
      const signer = readSigner(pairOf(a.any(4)));
      return make(leafTemplate(a), freshKey(), signer);
    }),
    define('genSignedCertWithKey', ['string', 'anys', 'anys', 'int', 'certificate', 'string'], (a) => {
      const key = givenKey(a.str(5));
      const signer = readSigner(pairOf(a.any(4)));
      return make(leafTemplate(a), key, signer);
    }),
    define('buildCustomCert', ['string', 'string'], (a) => buildCustomCert(a.str(0), a.str(1))),
  ];
}
