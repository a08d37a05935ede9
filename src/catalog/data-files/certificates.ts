import { createHash } from 'node:crypto';
import { type Certificate, readCertificate } from './certificate.js';
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
  const found = new Map<string, Certificate>();
  let unreadable = 0;
  let blocks = 0;
  for (let at = nextBlock(content, 0); at >= 0 && blocks < limits.certificates; at = nextBlock(content, at)) {
    blocks += 1;
    const from = content.indexOf('\n', at) + 1;
    const to = from === 0 ? -1 : content.indexOf(end, from);
    at += begin.length;
    const certificate =
      to < 0 || to - from > limits.blockBytes
        ? null
        : readCertificate(Buffer.from(content.toString('latin1', from, to), 'base64'));
    if (certificate === null) unreadable += 1;
    else found.set(createHash('sha256').update(certificate.der).digest('hex'), certificate);
  }
  if (blocks === 0) return null;
  const certificates = [...found.values()];
  const names = new Set(certificates.map((one) => one.organisation.replace(/\p{Cc}/gu, ' ').slice(0, 80)));
  return {
    count: found.size,
    unreadable,
    notAfter: certificates.map((one) => one.notAfter).sort(),
    organisations: [...names].filter((name) => name !== '').slice(0, limits.organisations),
    set: setOf([...found.keys()]),
  };
}

function nextBlock(content: Buffer, from: number): number {
  const places = [content.indexOf(begin, from), content.indexOf(trusted, from)].filter((at) => at >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
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
