export const severityLevels = ['critical', 'high', 'medium', 'low', 'none', 'unknown'] as const;

export type SeverityLevel = (typeof severityLevels)[number];

export interface Severity {
  readonly level: SeverityLevel;
  readonly score: number | null;
  readonly vector: string | null;
  /** id of the record that states it, or null when nobody does. */
  readonly source: string | null;
}

/** OpenVEX status and justification words. */
export type FindingStatus = 'affected' | 'not_affected' | 'fixed' | 'under_investigation';

/** One vulnerability in one component. */
export interface Finding {
  /** Its CVE, else GHSA, else the first of the other names. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** ids of the component and the image in the dig */
  readonly component: string;
  readonly image: string;
  readonly status: FindingStatus;
  readonly justification: string | null;
  readonly severity: Severity;
  readonly advisories: readonly {
    readonly id: string;
    readonly source: string;
    readonly severity: SeverityLevel;
    readonly fixed: readonly string[];
  }[];
  readonly fixedVersion: string | null;
  readonly reachability: {
    readonly verdict: 'reachable' | 'unreachable' | 'unknown';
    readonly symbols: readonly string[];
  };
  readonly summary: string;
}
