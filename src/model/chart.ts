/** A file of a chart: its path inside the chart (with `/`) and its bytes, a UTF-8 byte-order mark removed. */
export interface ChartFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A JSON-like value as Helm's values are once read: every number a float64 unless `--set` made it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One entry of `dependencies` in Chart.yaml (or requirements.yaml). */
export interface ChartDependency {
  readonly name: string;
  readonly alias: string | null;
  readonly range: string;
  readonly repository: string;
  readonly condition: string | null;
  readonly tags: readonly string[];
  /** The version that is vendored in `charts/` and matches, else null. */
  readonly version: string | null;
  /** Whether condition and tags let it be rendered. */
  readonly enabled: boolean;
  /** id of the chart that stands for it, else null. */
  readonly chart: string | null;
}

/** What a dig tells of one chart of the tree. `id` is the path of names from the root: `kube-prometheus-stack/grafana`. */
export interface ChartSummary {
  readonly id: string;
  readonly name: string;
  readonly alias: string | null;
  readonly version: string;
  readonly appVersion: string | null;
  /** Digest of the archive for the root chart that came as one, else null. */
  readonly digest: string | null;
  readonly dependencies: readonly ChartDependency[];
  /** What its annotations list as its images, beside what was found; absent where they list none, or nobody looked. */
  readonly imageClaims?: readonly ImageClaim[];
}

/** A list of images in an annotation of Chart.yaml, compared with the uses of the chart and of those below it. */
export interface ImageClaim {
  readonly annotation: string;
  /** References in normal form, sorted. */
  readonly claimed: readonly string[];
  /** Those of them that no use names. */
  readonly notFound: readonly string[];
  /** Images of uses that the annotation does not list. */
  readonly notClaimed: readonly string[];
}

/** A part of what a file's template wrote, and why. Lines count from 1, places in UTF-16 units. */
export interface TracedStretch {
  readonly from: number;
  readonly to: number;
  /** The line of the file that wrote it, or called what wrote it. */
  readonly line: number;
  /** The template that wrote it, where a helper did; its line there. */
  readonly template: string;
  readonly templateLine: number;
  /** The values that are in it. */
  readonly paths: readonly string[];
  /** The values that branches looked at around it. */
  readonly conditions: readonly string[];
}

/**
 * One Kubernetes object as a chart (or a file of manifests) states it.
 *
 * `object` is what the YAML holds, untrusted. `template` is the path as Helm prints it after `# Source:`
 * (`chart/charts/sub/templates/x.yaml`), `document` counts documents within that template from 0, `line` is the
 * line of that template (1-based) which wrote the document's first line, or null where that is not known.
 */
export interface Manifest {
  readonly object: JsonValue;
  readonly text: string;
  readonly template: string;
  readonly document: number;
  readonly line: number | null;
  /** id of the chart it comes from, or null for plain manifests. */
  readonly chart: string | null;
  readonly hooks: readonly string[];
  /** Line of the template for a line (0-based) of `text`, where the engine traced it. */
  readonly lineOf?: (textLine: number) => number | null;
  /** What wrote `text` from one place (UTF-16 units) up to another, and the values read for it, where it was traced. */
  readonly traceOf?: (from: number, to: number) => readonly TracedStretch[];
}
