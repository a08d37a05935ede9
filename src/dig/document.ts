import { type AdvisoryDatabase, databaseStatus } from '../advisory/index.js';
import { licenseExpression } from '../catalog/index.js';
import {
  type BaseImage,
  by,
  type Claim,
  type Coverage,
  compareText,
  type Dig,
  type DigComponent,
  type DigFile,
  type DigImage,
  type DigTarget,
  type Gap,
  type GapKind,
  gapKinds,
  type Image,
  type ImageUse,
  LazyRows,
  platformName,
  type Rows,
  type SeverityLevel,
  severityLevels,
  type Tally,
} from '../model/index.js';
import { claimsOf } from './claims.js';
import type { DugComponent, DugImage } from './dug-image.js';
import type { FoundUses, OpenedImages } from './find.js';
import type { Matched } from './match-images.js';
import type { OfferedUses } from './offered-uses.js';
import type { DigOptions } from './options.js';
import type { Target } from './target.js';

/** Everything that the way has gathered. */
export interface Gathered {
  readonly target: Target;
  readonly found: FoundUses;
  readonly offered: OfferedUses;
  readonly opened: OpenedImages;
  readonly images: readonly DugImage[];
  readonly matched: Matched;
  readonly advisories: AdvisoryDatabase | null;
  readonly options: DigOptions;
  readonly created: Date;
}

/** Lays what was gathered into the document: rows sorted, sums made, nothing concluded any more. */
export function document(all: Gathered): Dig {
  const images = all.images.map((image) => imageRow(image, all.options.files)).sort(by((image) => [image.id]));
  const expressionOf = rememberedExpressions();
  const components = all.images
    .flatMap((image) => {
      const idOf = idsByPurl(image);
      return image.components.map((component, index) => componentRow(image, component, index, { idOf, expressionOf }));
    })
    .sort(by((row) => [row.image, row.purl, row.locations[0]?.path ?? '', row.id]));
  const notAssessed = mergeGaps([
    ...all.found.gaps,
    ...all.offered.gaps,
    ...all.opened.gaps,
    ...all.images.flatMap((image) => image.gaps),
    ...all.matched.gaps,
  ]);
  const findings = [...all.matched.findings].sort(by((finding) => [finding.image, finding.component, finding.id]));
  const claims: Claim[] = all.images.flatMap(claimsOf).sort(by((claim) => [claim.subject, claim.predicate, claim.id]));
  const uses = [...all.found.uses, ...all.offered.uses];
  return {
    schema: 'trowel/dig/1',
    target: targetRow(all.target, all.found, all.images),
    charts: all.found.charts,
    uses: sortUses(uses),
    images,
    components,
    claims,
    findings,
    remedies: [],
    notAssessed,
    tally: tally({ uses, images, components, findings, notAssessed }),
    tool: all.options.tool,
    database: all.advisories === null ? { sources: [] } : databaseStatus(all.advisories),
    created: `${all.created.toISOString().slice(0, 19)}Z`,
  };
}

/** The same order wherever uses are written. */
export function sortUses(uses: readonly ImageUse[]): readonly ImageUse[] {
  return [...uses].sort(
    by((use) => [use.image, use.in.template, use.in.document, use.in.kind, use.in.name, use.in.field, use.written]),
  );
}

/** What `trowel images` and `trowel dig` say of their target. */
export function targetRow(target: Target, found: FoundUses, images: readonly DugImage[]): DigTarget {
  const only = target.kind === 'chart' ? undefined : images.length === 1 ? images[0]?.image : undefined;
  return {
    kind: target.kind,
    given: target.given,
    name: found.name ?? only?.reference ?? null,
    version: found.version,
    digest: found.digest ?? only?.indexDigest ?? only?.digest ?? null,
    from: found.from,
  };
}

function imageRow(dug: DugImage, withFiles: boolean): DigImage {
  const { image, attribution, components } = dug;
  const idOf = (index: number): string | null => components[index]?.id ?? null;
  return {
    id: image.id,
    reference: image.reference,
    source: image.source,
    indexDigest: image.indexDigest,
    digest: image.digest,
    platform: platformName(image.platform),
    created: image.created,
    config: image.config,
    annotations: image.annotations,
    layers: image.layers.map((layer, index) => {
      const read = dug.layers[index];
      return {
        digest: layer.digest ?? read?.digest ?? null,
        diffID: layer.diffID ?? read?.diffID ?? null,
        chainID: layer.chainID,
        sizeBytes: layer.sizeBytes ?? read?.sizeBytes ?? null,
        mediaType: layer.mediaType,
      };
    }),
    history: image.history,
    distro:
      dug.distro === null
        ? null
        : { id: dug.distro.id, versionId: dug.distro.versionId, prettyName: dug.distro.prettyName },
    base: statedBase(image),
    coverage: attribution.coverage,
    unknownFiles: attribution.unknownFiles,
    modifiedFiles: attribution.modifiedFiles.map((file) => ({ ...file, component: idOf(file.component) ?? '' })),
    ...(withFiles ? { files: fileRows(dug) } : {}),
  };
}

/** Every regular file with its owner, by path. */
function fileRows({ files, components }: DugImage): Rows<DigFile> {
  if (files === null) return [];
  return new LazyRows(files.all.length, (index): DigFile => {
    const { entry, layer } = files.all.at(index);
    const { component, bucket, grade } = files.owner(index);
    const { path, sizeBytes, mode, sha256 } = entry;
    const owner = component === null ? null : (components[component]?.id ?? null);
    return { path, sizeBytes, mode, sha256, layer, component: owner, bucket, grade };
  });
}

/** Of several components with one purl the first: they are the same thing at several places. */
function idsByPurl({ components }: DugImage): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { purl, id } of components) if (!ids.has(purl)) ids.set(purl, id);
  return ids;
}

function componentRow(
  dug: DugImage,
  component: DugComponent,
  index: number,
  {
    idOf,
    expressionOf,
  }: { readonly idOf: ReadonlyMap<string, string>; readonly expressionOf: (one: DugComponent) => string | null },
): DigComponent {
  const release = component.release === null ? '' : `:${component.release}`;
  return {
    id: component.id,
    image: component.image,
    purl: component.purl,
    name: component.name,
    version: component.version,
    ecosystem: component.ecosystem === null ? null : `${component.ecosystem}${release}`,
    source: component.source,
    locations: component.locations,
    foundBy: component.foundBy,
    licenses: component.licenses,
    licenseExpression: expressionOf(component),
    supplier: component.supplier ?? null,
    downloadLocation: component.downloadLocation ?? null,
    cpes: component.cpes ?? [],
    links: component.links ?? [],
    dependsOn: component.dependsOn?.flatMap((purl) => idOf.get(purl) ?? []).sort(compareText) ?? null,
    file: component.file,
    owns: dug.attribution.ownedBy[index] ?? { files: 0, bytes: 0 },
    grade: component.grade,
  };
}

/** Most components share their licences with hundreds of others. */
function rememberedExpressions(): (component: DugComponent) => string | null {
  const known = new Map<string, string | null>();
  return ({ purl, licenses }) => {
    const type = purlType(purl);
    const key = [type, ...licenses].join('\0');
    const before = known.get(key);
    if (before !== undefined) return before;
    const expression = licenseExpression(type, licenses);
    known.set(key, expression);
    return expression;
  };
}

function purlType(purl: string): string {
  return /^pkg:([^/]+)/.exec(purl)?.[1] ?? '';
}

/** One row a kind, reason, image, subject and detail; equal ones add up. Sorted. */
export function mergeGaps(gaps: readonly Gap[]): readonly Gap[] {
  const rows = new Map<string, Gap>();
  for (const gap of gaps) {
    const key = JSON.stringify([gap.kind, gap.reason, gap.image, gap.subject, gap.detail]);
    const before = rows.get(key);
    rows.set(
      key,
      before === undefined ? gap : { ...gap, count: before.count + gap.count, bytes: before.bytes + gap.bytes },
    );
  }
  return [...rows.values()].sort(
    by((gap) => [gapKinds.indexOf(gap.kind), gap.image ?? '', gap.reason, gap.subject, gap.detail]),
  );
}

function tally(rows: {
  readonly uses: readonly ImageUse[];
  readonly images: readonly DigImage[];
  readonly components: readonly DigComponent[];
  readonly findings: Dig['findings'];
  readonly notAssessed: readonly Gap[];
}): Tally {
  const affected = rows.findings.filter((finding) => finding.status === 'affected');
  const bySeverity = Object.fromEntries(severityLevels.map((level) => [level, 0])) as Record<SeverityLevel, number>;
  for (const finding of affected) bySeverity[finding.severity.level]++;
  const notAssessed = Object.fromEntries(gapKinds.map((kind) => [kind, 0])) as Record<GapKind, number>;
  for (const gap of rows.notAssessed) notAssessed[gap.kind] += gap.count;
  const references = [...rows.uses.map((use) => use.image), ...rows.images.map((image) => image.reference)];
  // A use whose place names nothing (no image is given) has the empty reference.
  const named = new Set(references.filter((reference) => reference !== ''));
  return {
    uses: rows.uses.length,
    images: named.size,
    components: rows.components.length,
    findings: affected.length,
    vulnerabilities: new Set(affected.map((finding) => finding.id)).size,
    bySeverity,
    fixable: affected.filter((finding) => finding.fixedVersion !== null).length,
    notAssessed,
    coverage: {
      provedBytes: sumBytes(rows.images, (coverage) => coverage.byGrade.proved.bytes),
      unknownBytes: sumBytes(rows.images, (coverage) => coverage.byGrade.unknown.bytes),
      bytes: sumBytes(rows.images, (coverage) => coverage.bytes),
    },
  };
}

function sumBytes(images: readonly DigImage[], of: (coverage: Coverage) => number): number {
  return images.reduce((sum, image) => sum + of(image.coverage), 0);
}

/** The base image that the image's own labels or annotations name (image-spec, annotations.md): a claim, no proof. */
function statedBase(image: Image): readonly BaseImage[] {
  const said = (key: string): string | null => image.config.labels[key] ?? image.annotations[key] ?? null;
  const reference = said('org.opencontainers.image.base.name');
  if (reference === null || reference === '') return [];
  const digest = said('org.opencontainers.image.base.digest');
  return [{ reference, digest, grade: 'claimed', because: 'label org.opencontainers.image.base.name' }];
}
