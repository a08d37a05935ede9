/**
 * One record of the OSV schema (https://ossf.github.io/osv-schema/), as far as Trowel reads it.
 *
 * Only what was checked at the door is here: no field is missing by accident.
 */
export interface Advisory {
  readonly id: string;
  readonly modified: string;
  readonly published: string | null;
  readonly withdrawn: string | null;
  readonly aliases: readonly string[];
  readonly related: readonly string[];
  readonly upstream: readonly string[];
  readonly summary: string;
  readonly severity: readonly AdvisorySeverity[];
  readonly affected: readonly Affected[];
}

export interface AdvisorySeverity {
  /** `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, or a word such as `Ubuntu`. */
  readonly type: string;
  readonly score: string;
}

export interface Affected {
  /** OSV's ecosystem without release: `Debian`; `release` is what follows the colon, or null. */
  readonly ecosystem: string;
  readonly release: string | null;
  readonly name: string;
  readonly ranges: readonly AffectedRange[];
  readonly versions: readonly string[];
  readonly severity: readonly AdvisorySeverity[];
  /** A severity word that the database states (`HIGH`, `moderate`), or null. */
  readonly severityWord: string | null;
  /** Go: symbols that must be reachable, by import path. */
  readonly imports: readonly { readonly path: string; readonly symbols: readonly string[] }[];
}

export interface AffectedRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM' | 'GIT' | 'CUSTOM';
  readonly events: readonly RangeEvent[];
}

export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly lastAffected: string }
  | { readonly limit: string };
