import type { SeverityLevel } from '../model/index.js';
import { cvss4Score } from './cvss4.js';

export interface CvssRating {
  /** 0.0 to 10.0, one decimal. */
  readonly score: number;
  readonly level: SeverityLevel;
}

/**
 * The rating of a CVSS vector of version 2, 3.0, 3.1 or 4.0; null for what is none or not complete.
 *
 * Version 2 and 3 are rated by their base metrics (temporal and environmental ones speak of one site), version 4 by all
 * that the vector states, as its specification wants it.
 * Follows: FIRST's specifications, https://www.first.org/cvss/v2/guide 3.2.1, /v3-1/specification-document 7.1 and 5,
 * /v4-0/specification-document 8 and 6; levels of version 2 as NVD words them.
 */
export function cvssRating(vector: string): CvssRating | null {
  const text = vector.length > 500 ? '' : vector.trim();
  const version = /^CVSS:(\d\.\d)\//.exec(text)?.[1];
  const metrics = readMetrics(version === undefined ? text.replace(/^\(|\)$/g, '') : text.slice(9));
  if (metrics === null) return null;
  if (version === '4.0') return rated(cvss4Score(metrics));
  if (version === '3.0' || version === '3.1') return rated(cvss3Score(metrics));
  if (version !== undefined) return null;
  const score = cvss2Score(metrics);
  return score === null ? null : { score, level: score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low' };
}

/** The qualitative scale of CVSS 3 and 4. */
export function levelOfScore(score: number): SeverityLevel {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'none';
}

function rated(score: number | null): CvssRating | null {
  return score === null ? null : { score, level: levelOfScore(score) };
}

/** `AV:N/AC:L/…` as a map; null when one is malformed or comes twice. */
function readMetrics(text: string): ReadonlyMap<string, string> | null {
  const metrics = new Map<string, string>();
  for (const part of text.split('/')) {
    const match = /^([A-Z][A-Za-z]{0,3}):([A-Za-z]{1,6})$/.exec(part);
    const [, name, value] = match ?? [];
    if (name === undefined || value === undefined || metrics.has(name)) return null;
    metrics.set(name, value);
  }
  return metrics;
}

/** The weight of one metric; NaN where it is absent or unknown, which makes the whole score NaN. */
function weight(metrics: ReadonlyMap<string, string>, name: string, weights: Readonly<Record<string, number>>): number {
  const value = metrics.get(name);
  return value !== undefined && Object.hasOwn(weights, value) ? (weights[value] ?? Number.NaN) : Number.NaN;
}

const impact3 = { H: 0.56, L: 0.22, N: 0 };

function cvss3Score(metrics: ReadonlyMap<string, string>): number | null {
  const changed = metrics.get('S') === 'C';
  if (!changed && metrics.get('S') !== 'U') return null;
  const privileges = changed ? { N: 0.85, L: 0.68, H: 0.5 } : { N: 0.85, L: 0.62, H: 0.27 };
  const exploitability =
    8.22 *
    weight(metrics, 'AV', { N: 0.85, A: 0.62, L: 0.55, P: 0.2 }) *
    weight(metrics, 'AC', { L: 0.77, H: 0.44 }) *
    weight(metrics, 'PR', privileges) *
    weight(metrics, 'UI', { N: 0.85, R: 0.62 });
  const iss =
    1 - (1 - weight(metrics, 'C', impact3)) * (1 - weight(metrics, 'I', impact3)) * (1 - weight(metrics, 'A', impact3));
  const impact = changed ? 7.52 * (iss - 0.029) - 3.25 * (iss - 0.02) ** 15 : 6.42 * iss;
  if (Number.isNaN(impact + exploitability)) return null;
  if (impact <= 0) return 0;
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10));
}

/** CVSS 3.1, appendix A: the smallest tenth that is not less, safe against the last bits of floating point. */
function roundUp(value: number): number {
  const scaled = Math.round(value * 100_000);
  return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10;
}

const impact2 = { N: 0, P: 0.275, C: 0.66 };

function cvss2Score(metrics: ReadonlyMap<string, string>): number | null {
  const impact =
    10.41 *
    (1 -
      (1 - weight(metrics, 'C', impact2)) * (1 - weight(metrics, 'I', impact2)) * (1 - weight(metrics, 'A', impact2)));
  const exploitability =
    20 *
    weight(metrics, 'AV', { L: 0.395, A: 0.646, N: 1 }) *
    weight(metrics, 'AC', { H: 0.35, M: 0.61, L: 0.71 }) *
    weight(metrics, 'Au', { M: 0.45, S: 0.56, N: 0.704 });
  const score = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176);
  return Number.isNaN(score) ? null : Math.round(score * 10) / 10;
}
