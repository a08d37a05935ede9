import type { ChartSummary } from './chart.js';
import type { Claim } from './claim.js';
import type { ComponentFile } from './component.js';
import type { FileContent } from './file.js';
import type { Finding, SeverityLevel } from './finding.js';
import type { Gap, GapKind } from './gap.js';
import type { Grade } from './grade.js';
import type { BaseImage, HistoryEntry } from './image.js';
import type { Rows } from './rows.js';
import type { ImageUse } from './use.js';

/**
 * The dig: everything that was found out about one target at one time, the document that every report is made from.
 *
 * Field names are fixed (schema/dig.schema.json); arrays are sorted; two runs on the same input are byte-identical.
 */
export interface Dig {
  readonly schema: 'trowel/dig/1';
  readonly target: DigTarget;
  readonly charts: readonly ChartSummary[];
  readonly uses: readonly ImageUse[];
  readonly images: readonly DigImage[];
  readonly components: readonly DigComponent[];
  readonly claims: readonly Claim[];
  readonly findings: readonly Finding[];
  readonly remedies: readonly never[];
  readonly notAssessed: readonly Gap[];
  readonly tally: Tally;
  readonly tool: { readonly name: string; readonly version: string };
  readonly database: DigDatabase;
  /** RFC 3339; honours SOURCE_DATE_EPOCH. */
  readonly created: string;
}

/** What a dig can start from: the prefixes of a target. */
export const targetKinds = [
  'chart',
  'image',
  'oci-dir',
  'oci-archive',
  'docker-archive',
  'dir',
  'file',
  'manifests',
  'release',
  'cluster',
] as const;

export type TargetKind = (typeof targetKinds)[number];

export interface DigTarget {
  readonly kind: TargetKind;
  /** As the user wrote it. */
  readonly given: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly digest: string | null;
  /** Where a chart was fetched from: the URL of its archive, or `oci://…@` and its manifest's digest; else null. */
  readonly from: string | null;
}

export interface FileCount {
  readonly files: number;
  readonly bytes: number;
}

/** Where a file of the final image ends: exactly one bucket each. */
export const buckets = ['owned', 'identified', 'generated', 'modified', 'added', 'unknown'] as const;

export type Bucket = (typeof buckets)[number];

/** Regular files visible in the final image, a hard-linked one once; buckets and grades each add up to `files`, `bytes`. */
export interface Coverage extends FileCount {
  readonly byGrade: Readonly<Record<Grade, FileCount>>;
  readonly byBucket: Readonly<Record<Bucket, FileCount>>;
}

export interface DigImage {
  readonly id: string;
  readonly reference: string;
  readonly source: 'registry' | 'store' | 'archive' | 'directory';
  readonly indexDigest: string | null;
  readonly digest: string | null;
  readonly platform: string;
  readonly created: string | null;
  readonly config: {
    readonly digest: string | null;
    readonly labels: Readonly<Record<string, string>>;
    readonly user: string | null;
    readonly entrypoint: readonly string[];
    readonly cmd: readonly string[];
    readonly env: readonly string[];
  };
  readonly annotations: Readonly<Record<string, string>>;
  readonly layers: readonly DigLayer[];
  readonly history: readonly HistoryEntry[];
  readonly distro: {
    readonly id: string;
    readonly versionId: string | null;
    readonly prettyName: string | null;
  } | null;
  readonly base: readonly BaseImage[];
  readonly coverage: Coverage;
  readonly unknownFiles: Rows<UnknownFile>;
  readonly modifiedFiles: readonly ModifiedFile[];
  /** Only with `--files`. */
  readonly files?: Rows<DigFile>;
}

export interface DigLayer {
  readonly digest: string | null;
  readonly diffID: string | null;
  readonly chainID: string | null;
  readonly sizeBytes: number | null;
  readonly mediaType: string;
}

/** A file that nothing explains; listed largest first, all of them. */
export interface UnknownFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly type: FileContent;
  readonly layer: number;
}

/** A file whose bytes are not what its package recorded; digests as `algorithm:hex`. */
export interface ModifiedFile {
  readonly path: string;
  /** id of the component */
  readonly component: string;
  readonly recorded: string;
  readonly actual: string;
}

export interface DigFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly sha256: string | null;
  readonly layer: number;
  readonly component: string | null;
  readonly bucket: Bucket;
  readonly grade: Grade;
}

export interface DigComponent {
  readonly id: string;
  /** id of the image */
  readonly image: string;
  readonly purl: string;
  readonly name: string;
  readonly version: string | null;
  /** OSV's name with release where it has one: `Debian:12`. */
  readonly ecosystem: string | null;
  readonly source: { readonly name: string; readonly version: string | null } | null;
  readonly locations: readonly { readonly path: string; readonly layer: number }[];
  readonly foundBy: string;
  /** As its record states them, each in the words of the record. */
  readonly licenses: readonly string[];
  /** All of them as one SPDX expression; names that SPDX does not have as `LicenseRef-…`; null where none is stated. */
  readonly licenseExpression: string | null;
  readonly supplier: string | null;
  /** Where its bytes were fetched from, as its record states it. */
  readonly downloadLocation: string | null;
  /** CPE 2.3 names that its record states or a rule gives. */
  readonly cpes: readonly string[];
  /** Shared libraries that its program loads, by the names it asks for. */
  readonly links: readonly string[];
  /** ids of what is there of that which its record says it needs, sorted; null where no record says. */
  readonly dependsOn: readonly string[] | null;
  /** The file that the component is, where it is one: a program, a library, an archive. */
  readonly file: ComponentFile | null;
  readonly owns: FileCount;
  readonly grade: Grade;
}

export interface Tally {
  readonly uses: number;
  /** Different images that were named. */
  readonly images: number;
  readonly components: number;
  readonly findings: number;
  readonly vulnerabilities: number;
  readonly bySeverity: Readonly<Record<SeverityLevel, number>>;
  readonly fixable: number;
  /** Things not assessed, by kind; every kind is there. */
  readonly notAssessed: Readonly<Record<GapKind, number>>;
  readonly coverage: { readonly provedBytes: number; readonly unknownBytes: number; readonly bytes: number };
}

export interface DigDatabase {
  readonly sources: readonly {
    readonly name: string;
    readonly releases: readonly string[];
    readonly records: number;
    /** RFC 3339 of the newest record, or null for an empty one. */
    readonly newest: string | null;
    readonly digest: string;
  }[];
}
