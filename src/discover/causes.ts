import { by, type Cause, type ChartSummary, type ImageUse, type JsonValue } from '../model/index.js';
import { type Leaf, leafMap, leavesOf } from './leaves.js';
import { wordsOf } from './name.js';
import { nextNumber, type Part, partOf, probeOf } from './probe.js';

/** What is changed for one experiment: a value, at a path as `--set` takes it, or the appVersion of one chart. */
export type Trial =
  | { readonly kind: 'value'; readonly path: string; readonly value: string | number }
  | { readonly kind: 'appVersion'; readonly chart: string; readonly value: string };

export interface CausesInput {
  readonly uses: readonly ImageUse[];
  /** The values that the root chart's templates begin with, subcharts' defaults included. */
  readonly values: JsonValue;
  /** The same without what the user gave; null where the user gave nothing. */
  readonly defaults: JsonValue | null;
  readonly charts: readonly ChartSummary[];
  /** Renders again with one change and finds the uses; throws where the chart does not render with it. */
  readonly render: (trial: Trial) => readonly ImageUse[] | Promise<readonly ImageUse[]>;
  /** The most renders; each candidate is one. */
  readonly budget?: number;
}

export interface CausesResult {
  readonly uses: readonly ImageUse[];
  /** Renders that were made, and candidates that the budget left untried. */
  readonly renders: number;
  readonly untried: number;
}

/** One thing that might decide images, and which parts of which uses it should move. */
interface Suspect {
  readonly trial: Trial;
  readonly text: string;
  readonly replacement: string;
  readonly parts: ReadonlyMap<string, Part>;
  /** The lower, the sooner it is tried. */
  readonly rank: number;
}

const defaultBudget = 60;

/**
 * What decides each image, by experiment: every value (and appVersion) whose text stands in a reference is changed to
 * another of its shape, the chart rendered again, and believed only where the use then names exactly the reference with
 * the text replaced. `alsoMoves` are the other images that moved in the same render.
 *
 * A candidate that could not be tried (the chart refuses the changed value, or the budget is used up) is a cause with
 * `verified: false` if it is all of a part, else none. A use that nothing moved is decided by its template as far as
 * anybody tried; `verified` is false, since no experiment shows that nothing else does.
 */
export async function findCauses(input: CausesInput): Promise<CausesResult> {
  const suspects = [...valueSuspects(input), ...versionSuspects(input)].sort(
    by((one) => [one.rank, trialKey(one.trial)]),
  );
  const budget = input.budget ?? defaultBudget;
  const causes = new Map<string, Cause[]>(input.uses.map((use) => [placeKey(use), []]));
  const defaults = input.defaults === null ? null : leafMap(input.defaults);
  let renders = 0;
  let untried = 0;
  const open: Suspect[] = [];
  for (const suspect of suspects) {
    const after = renders < budget ? await attempt(input, suspect.trial) : null;
    if (renders < budget) renders++;
    else untried++;
    for (const use of input.uses) {
      const part = suspect.parts.get(placeKey(use));
      if (part === undefined) continue;
      if (after === null) {
        if (isAllOf(suspect.text, use)) causes.get(placeKey(use))?.push(causeOf(suspect, part, false, [], defaults));
      } else if (movedAsForeseen(use, after, suspect)) {
        causes.get(placeKey(use))?.push(causeOf(suspect, part, true, movedBeside(use, input.uses, after), defaults));
        if (suspect.trial.kind === 'appVersion' && !open.includes(suspect)) open.push(suspect);
      }
    }
  }
  renders += await findOverrides(input, causes, open, budget - renders);
  const uses = input.uses.map((use) => {
    const found = causes.get(placeKey(use)) ?? [];
    return { ...use, causes: found.length === 0 ? [templateCause(use)] : [...found].sort(causeOrder) };
  });
  return { uses, renders, untried };
}

const causeOrder = by((cause: Cause) => [cause.part, cause.from, cause.path ?? '', cause.value ?? '']);

/** Values whose text stands in a reference. */
function valueSuspects(input: CausesInput): readonly Suspect[] {
  return leavesOf(input.values).flatMap((leaf): Suspect[] => {
    if (leaf.value === null || leaf.value === '') return [];
    const text = String(leaf.value);
    const parts = partsOf(text, input.uses);
    if (parts.size === 0) return [];
    const value = typeof leaf.value === 'number' ? nextNumber(leaf.value) : probeOf(leaf.value);
    const whole = input.uses.some((use) => parts.has(placeKey(use)) && isAllOf(text, use));
    return [
      {
        trial: { kind: 'value', path: leaf.path, value },
        text,
        replacement: String(value),
        parts,
        rank: (whole ? 0 : 2) + (saysImage(leaf.path) ? 0 : 1),
      },
    ];
  });
}

function versionSuspects(input: CausesInput): readonly Suspect[] {
  return input.charts.flatMap((chart): Suspect[] => {
    if (chart.appVersion === null || chart.appVersion === '') return [];
    const parts = partsOf(chart.appVersion, input.uses);
    if (parts.size === 0) return [];
    const value = probeOf(chart.appVersion);
    return [
      {
        trial: { kind: 'appVersion', chart: chart.id, value },
        text: chart.appVersion,
        replacement: value,
        parts,
        rank: 1,
      },
    ];
  });
}

function partsOf(text: string, uses: readonly ImageUse[]): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const use of uses) {
    const part = partOf(text, use.written, use.image);
    if (part !== null) parts.set(placeKey(use), part);
  }
  return parts;
}

/** Whether the text is the whole of a part, not a piece of one. */
function isAllOf(text: string, use: ImageUse): boolean {
  return (
    [use.written, use.image].includes(text) ||
    use.image.split(/[/:@]/).includes(text) ||
    use.image.includes(`/${text}:`)
  );
}

function saysImage(path: string): boolean {
  return wordsOf(path).some((word) =>
    ['image', 'images', 'tag', 'repository', 'registry', 'version', 'hub'].includes(word),
  );
}

/** The uses with one change, or null where the chart does not render with it. */
async function attempt(input: CausesInput, trial: Trial): Promise<readonly ImageUse[] | null> {
  try {
    return await input.render(trial);
  } catch {
    // A chart may check the value, or fail on it in any way: the experiment has no answer then, and the cause says so.
    return null;
  }
}

/** Whether the use now names the reference in which the text was replaced, in one place or in all. */
function movedAsForeseen(use: ImageUse, after: readonly ImageUse[], suspect: Suspect): boolean {
  const same = after.filter((other) => placeKey(other) === placeKey(use));
  return same.some(
    (other) =>
      other.image !== use.image &&
      [use.image, use.written].some((before) =>
        replacements(before, suspect.text, suspect.replacement).some(
          (foreseen) => foreseen === other.image || foreseen === other.written,
        ),
      ),
  );
}

function replacements(before: string, text: string, replacement: string): readonly string[] {
  const results: string[] = [before.replaceAll(text, replacement)];
  for (let at = before.indexOf(text); at >= 0 && results.length < 20; at = before.indexOf(text, at + 1)) {
    results.push(`${before.slice(0, at)}${replacement}${before.slice(at + text.length)}`);
  }
  return results.filter((result) => result !== before);
}

/** Other images that are no longer where they were. */
function movedBeside(use: ImageUse, before: readonly ImageUse[], after: readonly ImageUse[]): readonly string[] {
  const now = new Set(after.map((other) => `${placeKey(other)}\n${other.image}`));
  const moved = before.filter((other) => other.image !== use.image && !now.has(`${placeKey(other)}\n${other.image}`));
  return [...new Set(moved.map((other) => other.image))].sort();
}

function causeOf(
  suspect: Suspect,
  part: Part,
  verified: boolean,
  alsoMoves: readonly string[],
  defaults: ReadonlyMap<string, Leaf['value']> | null,
): Cause {
  const { trial } = suspect;
  const isDefault =
    trial.kind === 'appVersion' || defaults === null || String(defaults.get(trial.path) ?? '') === suspect.text;
  return {
    from: trial.kind,
    part,
    path: trial.kind === 'value' ? trial.path : null,
    value: suspect.text,
    default: isDefault,
    verified,
    alsoMoves,
    file: trial.kind === 'appVersion' ? chartFile(trial.chart) : null,
    line: null,
  };
}

/** `root/grafana` has its Chart.yaml in `root/charts/grafana`. */
function chartFile(id: string): string {
  return `${id.split('/').join('/charts/')}/Chart.yaml`;
}

/**
 * For images that take their tag from an appVersion: the value that would override it, found by setting each empty tag
 * of the values, and the `tag` beside each repository, once. Gives the number of renders.
 */
async function findOverrides(
  input: CausesInput,
  causes: ReadonlyMap<string, Cause[]>,
  suspects: readonly Suspect[],
  budget: number,
): Promise<number> {
  if (suspects.length === 0) return 0;
  const empty = leavesOf(input.values).filter((leaf) => {
    const last = wordsOf(leaf.path.slice(leaf.path.lastIndexOf('.') + 1)).at(-1) ?? '';
    return (leaf.value === '' || leaf.value === null) && (last === 'tag' || last === 'version');
  });
  const beside = [...causes.values()].flatMap((list) =>
    list.some((cause) => cause.from === 'appVersion')
      ? list.flatMap((cause) => (cause.part === 'repository' && cause.path !== null ? [tagBeside(cause.path)] : []))
      : [],
  );
  const paths = [...new Set([...empty.map((leaf) => leaf.path), ...beside])];
  let renders = 0;
  for (const path of paths) {
    if (renders >= budget) break;
    const version = suspects[0]?.replacement ?? '1.2.3';
    const after = await attempt(input, { kind: 'value', path, value: version });
    renders++;
    if (after === null) continue;
    for (const use of input.uses) {
      const list = causes.get(placeKey(use)) ?? [];
      const index = list.findIndex((cause) => cause.from === 'appVersion' && cause.path === null);
      const cause = list[index];
      if (cause === undefined) continue;
      const now = after.find((other) => placeKey(other) === placeKey(use));
      if (now !== undefined && now.image !== use.image && now.image.includes(version)) list[index] = { ...cause, path };
    }
  }
  return renders;
}

/** `a.image.repository` and `a.image.name` have their tag in `a.image.tag`, whether the values say so or not. */
function tagBeside(path: string): string {
  return `${path.slice(0, path.lastIndexOf('.') + 1)}tag`;
}

function templateCause(use: ImageUse): Cause {
  return {
    from: 'template',
    part: 'whole',
    path: null,
    value: null,
    default: true,
    verified: false,
    alsoMoves: [],
    file: use.in.template,
    line: use.in.line,
  };
}

/** The same place in two renders. */
function placeKey(use: ImageUse): string {
  const { template, kind, name, field } = use.in;
  return JSON.stringify([template, kind, name, field, use.how]);
}

function trialKey(trial: Trial): string {
  return trial.kind === 'value' ? trial.path : `\uffff${trial.chart}`;
}
