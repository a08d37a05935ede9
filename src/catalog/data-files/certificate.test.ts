import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { readCertificate } from './certificate.js';

/** The bytes between the lines of a PEM block. */
const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

test('the roots that Node has are read as Node reads them', () => {
  assert.ok(rootCertificates.length > 100);
  for (const pem of rootCertificates) {
    const own = readCertificate(derOf(pem));
    const known = new X509Certificate(pem);
    assert.ok(own !== null);
    assert.ok(known.raw.equals(own.der));
    assert.equal(own.notAfter, new Date(known.validTo).toISOString());
    // Node writes commas and the like with a backslash (X509_NAME_print_ex, ASN1_STRFLGS_ESC_2253).
    const organisation = /(?:^|\n)O=([^\n]+)/.exec(known.subject)?.[1] ?? '';
    assert.equal(own.organisation, organisation.replace(/\\(.)/g, '$1'));
  }
});

test('what OpenSSL puts behind a trusted certificate is not its own', () => {
  const der = derOf(rootCertificates[0] ?? '');
  assert.ok(readCertificate(Buffer.concat([der, Buffer.from([0x30, 0x02, 0x05, 0x00])]))?.der.length === der.length);
});

test('what is cut off or changed is no certificate or a whole one', () => {
  const der = derOf(rootCertificates[1] ?? '');
  for (let length = 0; length < der.length; length++) assert.equal(readCertificate(der.subarray(0, length)), null);
  for (let at = 0; at < der.length; at++) {
    for (const value of [0, 0x30, 0x7f, 0x80, 0x84, 0xff]) {
      const broken = Buffer.from(der);
      broken[at] = value;
      const read = readCertificate(broken);
      if (read !== null) assert.match(read.notAfter, /^[-+]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    }
  }
});
