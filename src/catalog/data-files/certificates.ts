import { createHash, X509Certificate } from 'node:crypto';
import { certificateSets } from './certificate-sets.js';

/** What is in a bundle of certificates. Times are ISO 8601 in UTC. */
export type Bundle = {
  /** Different certificates, by their bytes. */
  readonly count: number;
  /** How many PEM blocks could not be read as a certificate. */
  readonly unreadable: number;
  /** When each stops being valid, sorted: who knows the time can count those that have. */
  readonly notAfter: readonly string[];
  readonly organisations: readonly string[];
  /** As `certificateSets` writes it. */
  readonly set: string;
};

const begin = '-----BEGIN CERTIFICATE-----';
const trusted = '-----BEGIN TRUSTED CERTIFICATE-----';
const end = '-----END ';

/** Far above any bundle there is (about 150 roots, of about 2 kB each). */
const limits = { certificates: 5000, blockBytes: 64 * 1024, organisations: 6 } as const;

/**
 * The certificates of a PEM text; null where it has none. Never throws: what is no certificate is counted.
 *
 * Blocks beyond 5000 are not read. OpenSSL's own form ("TRUSTED CERTIFICATE", with what it is trusted for behind the
 * certificate) counts by the certificate alone. Follows: RFC 7468, section 5; RFC 5280, section 4.1.2.5.
 */
export function readBundle(content: Buffer): Bundle | null {
  const found = new Map<string, X509Certificate>();
  let unreadable = 0;
  let blocks = 0;
  for (let at = nextBlock(content, 0); at >= 0 && blocks < limits.certificates; at = nextBlock(content, at)) {
    blocks += 1;
    const from = content.indexOf('\n', at) + 1;
    const to = from === 0 ? -1 : content.indexOf(end, from);
    at += begin.length;
    const certificate =
      to < 0 || to - from > limits.blockBytes ? null : certificateOf(content.toString('latin1', from, to));
    if (certificate === null) unreadable += 1;
    else found.set(createHash('sha256').update(certificate.raw).digest('hex'), certificate);
  }
  if (blocks === 0) return null;
  const certificates = [...found.values()];
  const names = new Set(certificates.map((one) => /(?:^|\n)O=([^\n]{1,80})/.exec(one.subject)?.[1] ?? ''));
  return {
    count: found.size,
    unreadable,
    notAfter: certificates.map((one) => dateOf(one.validTo)).sort(),
    organisations: [...names].filter((name) => name !== '').slice(0, limits.organisations),
    set: setOf([...found.keys()]),
  };
}

function nextBlock(content: Buffer, from: number): number {
  const places = [content.indexOf(begin, from), content.indexOf(trusted, from)].filter((at) => at >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}

function certificateOf(base64: string): X509Certificate | null {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return null;
  }
}

/** `Jan  1 00:00:00 2030 GMT` (ASN1_TIME_print) as ISO 8601; the text itself where it reads as no time. */
function dateOf(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text.slice(0, 40) : new Date(time).toISOString();
}

function setOf(fingerprints: readonly string[]): string {
  return createHash('sha256')
    .update([...fingerprints].sort().join(''))
    .digest('hex')
    .slice(0, 16);
}

/** The releases that hold exactly this set, the oldest first of each publisher. */
export function releasesOf(bundle: Pick<Bundle, 'set' | 'count'>): readonly { publisher: string; release: string }[] {
  return certificateSets
    .filter(([id, count]) => id === bundle.set && count === bundle.count)
    .map(([, , publisher, release]) => ({ publisher, release }));
}
