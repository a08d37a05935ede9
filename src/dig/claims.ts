import { createHash } from 'node:crypto';
import type { Claim, Distro, DistroWord, Evidence, Grade } from '../model/index.js';
import type { DugImage } from './dug-image.js';

/** The claims of one image: what each component's evidence says, and what the image's own documents say. */
export function claimsOf(dug: DugImage): Claim[] {
  const claims: Claim[] = [];
  for (const component of dug.components) {
    if (component.evidence.length === 0) continue;
    claims.push(claim(component.id, 'is', component.purl, component.grade, component.foundBy, component.evidence));
  }
  const { image } = dug;
  for (const [label, predicate] of labelPredicates) {
    const value = image.config.labels[label] ?? image.annotations[label];
    if (value === undefined || value === '') continue;
    const where = label in image.config.labels ? 'config label' : 'manifest annotation';
    claims.push(claim(image.id, predicate, value, 'claimed', 'image', [{ what: where, where: label, value }]));
  }
  claims.push(...distributionClaims(dug));
  return claims;
}

/**
 * Which distribution the image is, with all that agrees as evidence; what names another is a claim of its own, and the
 * two contradict each other.
 */
export function distributionClaims({
  image,
  distro,
  distroWords,
}: Pick<DugImage, 'distro' | 'distroWords'> & { readonly image: { readonly id: string } }): Claim[] {
  const evidenceOf = (words: readonly DistroWord[]): Evidence[] =>
    words.map(({ what, where, value }) => ({ what, where, value }));
  const main =
    distro === null
      ? null
      : claim(
          image.id,
          'distribution',
          distro.prettyName ?? nameOf(distro),
          'claimed',
          'distro',
          evidenceOf(distroWords.filter((word) => word.agrees)),
        );
  const others = new Map<string, DistroWord[]>();
  for (const word of distroWords) {
    if (main !== null && word.agrees) continue;
    others.set(nameOf(word), [...(others.get(nameOf(word)) ?? []), word]);
  }
  const rest = [...others].map(([value, words]) => {
    const grade = words.some((word) => word.grade === 'claimed') ? 'claimed' : 'inferred';
    return claim(image.id, 'distribution', value, grade, 'distro', evidenceOf(words));
  });
  if (main === null) return rest;
  return [
    { ...main, contradicts: rest.map((one) => one.id) },
    ...rest.map((one) => ({ ...one, contradicts: [main.id] })),
  ];
}

function nameOf({ id, versionId }: Pick<Distro, 'id' | 'versionId'>): string {
  return `${id} ${versionId ?? ''}`.trim();
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
