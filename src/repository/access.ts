import type { ChartReference } from './reference.js';

/** Where charts come from and what is asked of them: Helm's options, and what this run may do. */
export interface ChartAccess {
  /** `--version`: a version or a range; empty for the newest stable one. `--devel` is `>0.0.0-0` where this is empty. */
  readonly version: string;
  /** `--repo`: URL of a repository, or null. */
  readonly repo: string | null;
  readonly username: string;
  readonly password: string;
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly insecureSkipTlsVerify: boolean;
  readonly passCredentials: boolean;
  /** Registries that are spoken to without TLS; `*` is every one. */
  readonly plainHttp: readonly string[];
  readonly registryConfig: string | null;
  /** Holds a chart to its provenance file. */
  readonly verify: boolean;
  /** Null for the one that Helm would take. */
  readonly keyring: string | null;
  /** Fetches dependencies that charts/ lacks. */
  readonly dependencyUpdate: boolean;
  readonly offline: boolean;
  /** The directory of the cache, or null to keep nothing. */
  readonly cache: string | null;
  readonly timeoutMs: number;
}

/** A chart's archive, and where it came from. */
export interface FetchedChart {
  readonly bytes: Uint8Array;
  /** `NAME-VERSION.tgz` */
  readonly fileName: string;
  /** `sha256:…` of the archive. */
  readonly digest: string;
  /** The URL of the archive, or `oci://…@sha256:…` with the digest of the manifest; without secrets. */
  readonly from: string;
}

/** Where a reference leads, in words: `the chart of …`. */
export function describeReference(reference: ChartReference): string {
  switch (reference.kind) {
    case 'oci':
      return 'a chart in a registry';
    case 'url':
      return 'a packaged chart behind a URL';
    case 'repository':
      return 'a chart of the repository of --repo';
    case 'alias':
      return `a chart of the repository ${reference.alias} of helm repo list`;
  }
}
