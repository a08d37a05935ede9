import type { ChartFile } from '../model/index.js';
import type { GoMap } from '../template/index.js';

/** A dependency as Chart.yaml or requirements.yaml states it, strings cleaned as Helm does (helm pkg/chart/dependency.go). */
export interface StatedDependency {
  readonly name: string;
  /** The range of versions, empty where none is stated. */
  readonly version: string;
  readonly repository: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly importValues: readonly ImportValue[];
  readonly alias: string;
}

/** `import-values`: a name below `exports` of the child, or a table of the child and where it goes in the parent. */
export type ImportValue =
  | { readonly kind: 'export'; readonly name: string }
  | { readonly kind: 'table'; readonly child: string; readonly parent: string };

export interface Maintainer {
  readonly name: string;
  readonly email: string;
  readonly url: string;
}

/** Chart.yaml (helm pkg/chart/metadata.go); what is not stated is empty, as in Go. */
export interface ChartMetadata {
  readonly name: string;
  readonly home: string;
  readonly sources: readonly string[];
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly maintainers: readonly Maintainer[];
  readonly icon: string;
  readonly apiVersion: string;
  readonly condition: string;
  readonly tags: string;
  readonly appVersion: string;
  readonly deprecated: boolean;
  readonly annotations: ReadonlyMap<string, string>;
  readonly kubeVersion: string;
  /** Null where the file has no such field: Helm then leaves conditions, tags and imports of that chart alone. */
  readonly dependencies: readonly StatedDependency[] | null;
  readonly type: string;
}

/** A version that Chart.lock (or requirements.lock) holds for a dependency. */
export interface LockedDependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

/** Chart.lock or requirements.lock (helm pkg/chart/dependency.go). */
export interface ChartLock {
  /** `sha256:…` over what was asked for and what it was locked to; empty where none is stated. */
  readonly digest: string;
  readonly dependencies: readonly LockedDependency[];
}

/**
 * A chart as its archive or directory holds it, nothing decided yet: conditions, tags, aliases and values come with
 * rendering. Never changed after loading.
 */
export interface Chart {
  readonly metadata: ChartMetadata;
  /** Path of names from the root: `kube-prometheus-stack/grafana`. Aliases are not applied yet. */
  readonly id: string;
  /** `sha256:…` of the archive for a chart that came as one, else null; vendored archives included. */
  readonly digest: string | null;
  /** Null where the chart has none. */
  readonly lock: ChartLock | null;
  /** values.yaml as Helm reads it; null where the chart has none. */
  readonly values: GoMap | null;
  /** The text of values.yaml; null where the chart has none. */
  readonly valuesText: string | null;
  /** Bytes of values.schema.json. */
  readonly schema: Uint8Array | null;
  /** `templates/**`, every file. */
  readonly templates: readonly ChartFile[];
  /** What `.Files` sees: everything that is not Chart.yaml, values, templates or a subchart. */
  readonly files: readonly ChartFile[];
  /** The manifests of `crds/` among `files`. */
  readonly crds: readonly ChartFile[];
  /** What lies in `charts/`, in the order of names. */
  readonly dependencies: readonly Chart[];
  /** What Helm would say on standard error while loading. */
  readonly warnings: readonly string[];
}

/** Bounds of loading one chart with all that is vendored in it; sizes in bytes, uncompressed. */
export interface ChartLimits {
  /** Files and directories of all archives together. */
  readonly entries: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Charts within charts. */
  readonly depth: number;
}

/** Helm's own bounds (5 MiB a file, 100 MiB a chart; helm pkg/chart/loader/archive.go), and two that it lacks. */
export const chartLimits: ChartLimits = {
  entries: 50_000,
  fileBytes: 5 * 1024 * 1024,
  totalBytes: 100 * 1024 * 1024,
  depth: 32,
};
