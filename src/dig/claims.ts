import { createHash } from 'node:crypto';
import type { LockFile } from '../catalog/index.js';
import type { Claim, Evidence, Grade } from '../model/index.js';
import type { DugImage } from './dig-image.js';

/** The claims of one image: what each component's evidence says, and what the image's own documents say. */
export function claimsOf(dug: DugImage): Claim[] {
  const claims: Claim[] = [];
  for (const component of dug.components) {
    if (component.evidence.length === 0) continue;
    claims.push(claim(component.id, 'is', component.purl, component.grade, component.foundBy, component.evidence));
  }
  const { image, distro } = dug;
  for (const [label, predicate] of labelPredicates) {
    const value = image.config.labels[label] ?? image.annotations[label];
    if (value === undefined || value === '') continue;
    const where = label in image.config.labels ? 'config label' : 'manifest annotation';
    claims.push(claim(image.id, predicate, value, 'claimed', 'image', [{ what: where, where: label, value }]));
  }
  if (distro !== null) {
    const value = distro.prettyName ?? `${distro.id} ${distro.versionId ?? ''}`.trim();
    claims.push(
      claim(image.id, 'distribution', value, 'claimed', 'distro', [
        { what: 'os-release', where: 'etc/os-release', value },
      ]),
    );
  }
  for (const lock of dug.locks) claims.push(lockClaim(image.id, lock));
  return claims;
}

/** Most packages that the claim of one lock file names; its value counts all. */
const maxNamed = 500;

/** A lock file says what was to be installed. What of it nothing in the image shows is named, so that it can be asked. */
function lockClaim(image: string, { path, installed, missing }: LockFile): Claim {
  const total = installed.length + missing.length;
  const value = `${path} pins ${total} packages, of which ${missing.length} are not found in the image`;
  const evidence = missing
    .slice(0, maxNamed)
    .map((purl) => ({ what: 'only in a lock file', where: path, value: purl }));
  return claim(image, 'pins', value, 'claimed', 'locks', [
    { what: 'lock file', where: path, value: `${total} packages` },
    ...evidence,
  ]);
}

/** What labels of the OCI image-spec (annotations.md, pre-defined keys) say of an image: unsigned words, so claims. */
const labelPredicates: readonly (readonly [string, string])[] = [
  ['org.opencontainers.image.source', 'source'],
  ['org.opencontainers.image.revision', 'revision'],
  ['org.opencontainers.image.version', 'version'],
  ['org.opencontainers.image.base.name', 'base'],
  ['org.opencontainers.image.base.digest', 'base digest'],
  ['org.opencontainers.image.licenses', 'licence'],
  ['org.opencontainers.image.vendor', 'vendor'],
];

function claim(
  subject: string,
  predicate: string,
  value: string,
  grade: Grade,
  by: string,
  evidence: readonly Evidence[],
): Claim {
  const id = createHash('sha256').update([subject, predicate, value, by].join('\n')).digest('hex').slice(0, 24);
  return { id, subject, predicate, value, grade, by, evidence, contradicts: [] };
}
