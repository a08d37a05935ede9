import { macroVectorScores } from './cvss4-table.js';

/** The values of each metric, most severe first; each step is one tenth of severity distance. */
const order: Readonly<Record<string, string>> = {
  AV: 'NALP',
  PR: 'NLH',
  UI: 'NPA',
  AC: 'LH',
  AT: 'NP',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'SHLN',
  SI: 'SHLN',
  SA: 'SHLN',
  CR: 'HML',
  IR: 'HML',
  AR: 'HML',
  E: 'APU',
};

const base = ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'];

/** What an optional metric may hold beside `X`. */
const optional: Readonly<Record<string, string>> = {
  E: 'APU',
  CR: 'HML',
  IR: 'HML',
  AR: 'HML',
  MAV: 'NALP',
  MAC: 'LH',
  MAT: 'NP',
  MPR: 'NLH',
  MUI: 'NPA',
  MVC: 'HLN',
  MVI: 'HLN',
  MVA: 'HLN',
  MSC: 'HLN',
  MSI: 'SHLN',
  MSA: 'SHLN',
};

/** Supplemental metrics do not count. */
const supplemental = new Set(['S', 'AU', 'R', 'V', 'RE', 'U']);

/** Equivalent sets of metrics, their most severe vectors by level, and how deep each level is (sections 8.2, 8.3). */
const sets = {
  eq1: {
    metrics: ['AV', 'PR', 'UI'],
    highest: [['NNN'], ['ANN', 'NLN', 'NNP'], ['PNN', 'ALP']],
    depth: [1, 4, 5],
  },
  eq2: { metrics: ['AC', 'AT'], highest: [['LN'], ['HN', 'LP']], depth: [1, 2] },
  eq4: { metrics: ['SC', 'SI', 'SA'], highest: [['HSS'], ['HHH'], ['LLL']], depth: [6, 5, 4] },
} as const;

/** EQ3 and EQ6 are not independent: by their two levels. */
const sets36: Readonly<Record<string, { readonly highest: readonly string[]; readonly depth: number }>> = {
  '00': { highest: ['HHHHHH'], depth: 7 },
  '01': { highest: ['HHLMMH', 'HHHMMM'], depth: 6 },
  '10': { highest: ['LHHHHH', 'HLHHHH'], depth: 8 },
  '11': { highest: ['LHLHMH', 'LHHHMM', 'HLHMHM', 'HLLMHH', 'LLHHHM'], depth: 8 },
  '21': { highest: ['LLLHHH'], depth: 10 },
};
const metrics36 = ['VC', 'VI', 'VA', 'CR', 'IR', 'AR'];

interface Levels {
  readonly eq1: number;
  readonly eq2: number;
  readonly eq3: number;
  readonly eq4: number;
  readonly eq5: number;
  readonly eq6: number;
}

/**
 * The score of CVSS 4.0 metrics, 0.0 to 10.0; null where a base metric is absent or a value unknown.
 *
 * Follows: https://www.first.org/cvss/v4-0/specification-document, section 8 (MacroVectors and interpolation).
 */
export function cvss4Score(metrics: ReadonlyMap<string, string>): number | null {
  if (!isComplete(metrics)) return null;
  const value = (name: string): string => effective(metrics, name);
  if (['VC', 'VI', 'VA', 'SC', 'SI', 'SA'].every((name) => value(name) === 'N')) return 0;
  const levels = levelsOf(value);
  const score = macroScore(levels);
  if (score === null) return null;
  const distances = [
    distance(score, { ...levels, eq1: levels.eq1 + 1 }, share(value, sets.eq1, levels.eq1)),
    distance(score, { ...levels, eq2: levels.eq2 + 1 }, share(value, sets.eq2, levels.eq2)),
    distance36(score, levels, value),
    distance(score, { ...levels, eq4: levels.eq4 + 1 }, share(value, sets.eq4, levels.eq4)),
    // Each level of EQ5 holds one value, so nothing is between it and the level's top.
    distance(score, { ...levels, eq5: levels.eq5 + 1 }, 0),
  ].filter((step) => step !== null);
  const mean = distances.length === 0 ? 0 : distances.reduce((sum, step) => sum + step, 0) / distances.length;
  // The last bits of floating point must not decide how a half is rounded.
  return Math.min(10, Math.max(0, Math.round(score - mean + 1e-6) / 10));
}

function isComplete(metrics: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of metrics) {
    if (supplemental.has(name)) continue;
    const allowed = base.includes(name)
      ? (order[name] ?? '').replace(name.startsWith('S') ? 'S' : '-', '')
      : optional[name];
    if (allowed === undefined || value.length !== 1) return false;
    if (!allowed.includes(value) && !(value === 'X' && !base.includes(name))) return false;
  }
  return base.every((name) => metrics.has(name));
}

/** A modified metric where it is set, else the base one; threat and requirements default to the worst. */
function effective(metrics: ReadonlyMap<string, string>, name: string): string {
  const modified = metrics.get(`M${name}`);
  if (modified !== undefined && modified !== 'X') return modified;
  const value = metrics.get(name);
  return value === undefined || value === 'X' ? (order[name]?.[0] ?? '') : value;
}

function levelsOf(value: (name: string) => string): Levels {
  const remote = [value('AV'), value('PR'), value('UI')].filter((v) => v === 'N').length;
  const high = (names: readonly string[]): number => names.filter((name) => value(name) === 'H').length;
  const critical = value('VC') === 'H' && value('VI') === 'H';
  const safety = value('SI') === 'S' || value('SA') === 'S';
  const required = [
    ['CR', 'VC'],
    ['IR', 'VI'],
    ['AR', 'VA'],
  ].some((pair) => high(pair) === 2);
  return {
    eq1: remote === 3 ? 0 : remote > 0 && value('AV') !== 'P' ? 1 : 2,
    eq2: value('AC') === 'L' && value('AT') === 'N' ? 0 : 1,
    eq3: critical ? 0 : high(['VC', 'VI', 'VA']) > 0 ? 1 : 2,
    eq4: safety ? 0 : high(['SC', 'SI', 'SA']) > 0 ? 1 : 2,
    eq5: 'APU'.indexOf(value('E')),
    eq6: required ? 0 : 1,
  };
}

/** In tenths; null where there is no such MacroVector. */
function macroScore(levels: Levels): number | null {
  const { eq1, eq2, eq3, eq4, eq5, eq6 } = levels;
  if (eq4 > 2 || eq5 > 2) return null;
  return macroVectorScores[`${eq1}${eq2}${eq3}${eq6}`]?.[eq4 * 3 + eq5] ?? null;
}

/** How far to go towards the next lower MacroVector; null where there is none. */
function distance(score: number, lower: Levels, share: number): number | null {
  const next = macroScore(lower);
  return next === null ? null : (score - next) * share;
}

function distance36(score: number, levels: Levels, value: (name: string) => string): number | null {
  const set = sets36[`${levels.eq3}${levels.eq6}`];
  if (set === undefined) return null;
  const lower: Levels[] = [];
  if (levels.eq6 === 0) lower.push({ ...levels, eq6: 1 });
  if (levels.eq3 === 0 || levels.eq6 === 1) lower.push({ ...levels, eq3: levels.eq3 + 1 });
  const scores = lower.map(macroScore).filter((next) => next !== null);
  if (scores.length === 0) return null;
  return (score - Math.max(...scores)) * (steps(value, metrics36, set.highest) / set.depth);
}

function share(
  value: (name: string) => string,
  set: {
    readonly metrics: readonly string[];
    readonly highest: readonly (readonly string[])[];
    readonly depth: readonly number[];
  },
  level: number,
): number {
  return steps(value, set.metrics, set.highest[level] ?? []) / (set.depth[level] ?? 1);
}

/** Steps down from the first of the level's highest vectors that is nowhere below this one. */
function steps(value: (name: string) => string, names: readonly string[], highest: readonly string[]): number {
  for (const vector of highest) {
    const distances = names.map((name, i) => {
      const scale = order[name] ?? '';
      return scale.indexOf(value(name)) - scale.indexOf(vector[i] ?? '');
    });
    if (distances.every((d) => d >= 0)) return distances.reduce((sum, d) => sum + d, 0);
  }
  return 0;
}
