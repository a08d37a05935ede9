import type { BlobLocation, Descriptor } from './blob.js';
import type { Reason } from './error.js';
import type { Grade } from './grade.js';

/** A platform as OCI writes it, `linux/arm64/v8`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | null;
}

/** `os/architecture[/variant]`. */
export function platformName(platform: Platform): string {
  const variant = platform.variant === null || platform.variant === '' ? '' : `/${platform.variant}`;
  return `${platform.os}/${platform.architecture}${variant}`;
}

/** One line of an image's history; `layer` is the index of the layer it made, or null where it made none. */
export interface HistoryEntry {
  readonly createdBy: string;
  readonly created: string | null;
  readonly comment: string;
  readonly layer: number | null;
}

/**
 * One layer: where its bytes are and what they should be.
 *
 * `digest` is of the bytes as stored (in a docker archive, which names no digest, it is null until they are read),
 * `diffID` of the uncompressed tar as the config states it, `chainID` of the stack up to it (image-spec, config.md).
 * `location` is null where the archive or store lacks the layer.
 */
export interface Layer {
  readonly digest: string | null;
  readonly diffID: string | null;
  readonly chainID: string | null;
  readonly sizeBytes: number | null;
  readonly mediaType: string;
  readonly location: BlobLocation | null;
}

/** Something about the image that its own documents contradict: a layer the manifest names and the archive lacks, … */
export interface ImageProblem {
  readonly layer: number | null;
  readonly reason: Reason;
  readonly detail: string;
}

/** What the configuration of an image says (image-spec, config.md). */
export interface ImageConfig {
  readonly digest: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string | null;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly string[];
}

/** An image for one platform, resolved: manifest and config read and verified, layers not read yet. */
export interface Image {
  /** `REFERENCE|PLATFORM` */
  readonly id: string;
  readonly reference: string;
  readonly source: 'registry' | 'store' | 'archive' | 'directory';
  readonly indexDigest: string | null;
  /** Digest of the platform's manifest; null where the archive has none (docker save in the old shape). */
  readonly digest: string | null;
  readonly platform: Platform;
  /** Whether the platform is the only one there, and not one that was asked for. */
  readonly platformTaken: boolean;
  /** RFC 3339, or null: none stated. The zero time and 1970 stay as written; readers call them unknown. */
  readonly created: string | null;
  readonly config: ImageConfig;
  readonly annotations: Readonly<Record<string, string>>;
  readonly layers: readonly Layer[];
  readonly history: readonly HistoryEntry[];
  readonly problems: readonly ImageProblem[];
  readonly manifest: Descriptor | null;
}

/** The distribution that an image says it is (os-release). */
export interface Distro {
  readonly id: string;
  readonly versionId: string | null;
  readonly prettyName: string | null;
  readonly idLike: readonly string[];
}

/** Something in an image that names a distribution; `agrees` is whether it fits the one the image says it is. */
export interface DistroWord {
  readonly id: string;
  readonly versionId: string | null;
  readonly grade: Grade;
  readonly what: string;
  readonly where: string;
  /** The text that says so. */
  readonly value: string;
  readonly agrees: boolean;
}

/** A candidate for the base image, with what speaks for it. */
export interface BaseImage {
  readonly reference: string;
  readonly digest: string | null;
  readonly grade: Grade;
  readonly because: string;
}

/** A reference of an image that is compiled into a program of another image. `offset` is where it begins in the file. */
export interface NamedImage {
  readonly path: string;
  readonly offset: number;
  readonly text: string;
}
