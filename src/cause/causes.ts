import {
  by,
  type Cause,
  type ChartSummary,
  type ImageUse,
  type JsonValue,
  type Manifest,
  type Override,
} from '../model/index.js';
import { type MovedOutcome, type Outcome, type Render, tryAll } from './experiment.js';
import { changedParts, imageParts, oneWordFor, type Part, type PartName, partNames } from './image-parts.js';
import { withLists } from './list-place.js';
import { type SetArgument, valuesFile } from './override.js';
import { partOf } from './probe.js';
import { type Reading, readingsOf } from './reading.js';
import { lookalikes, type Suspect, suspectsOf } from './suspect.js';
import { templateCauses } from './template-cause.js';
import { switchNamedIn, Unlocks } from './unlocks.js';
import { parentPath, valueAt } from './values-path.js';

/** Where a value is written, and by whom. */
export interface ValuePlace {
  /** Whether the user gave it. */
  readonly given: boolean;
  readonly file: string | null;
  readonly line: number | null;
}

export interface CausesInput {
  readonly uses: readonly ImageUse[];
  /** The manifests of the uses, with the engine's trace. */
  readonly manifests: readonly Manifest[];
  /** The values that the root chart's templates begin with, subcharts' defaults included. */
  readonly values: JsonValue;
  readonly charts: readonly ChartSummary[];
  /** Renders again with changes and finds the uses; throws where the chart does not render with them. */
  readonly render: Render;
  /** Where a value or what a chart states of itself is written. */
  readonly place: (what: { readonly path: string } | { readonly chart: string; readonly field: string }) => ValuePlace;
  /** The option that wins over what the user gave; `--set` if absent. */
  readonly option?: SetArgument['option'];
  /** The most renders. */
  readonly budget?: number;
  /** Whether time is up: a chart that takes seconds to render is not rendered sixty times. */
  readonly isOver?: () => boolean;
}

export interface CausesResult {
  readonly uses: readonly ImageUse[];
  /** Renders that were made, and suspects that the budget left untried. */
  readonly renders: number;
  readonly untried: number;
}

const defaultBudget = 60;

/**
 * What decides each image. The trace of the engine says which values were read for a reference; each of them (and each
 * appVersion, and each value that is empty but was asked) is changed to another of its shape and the chart rendered
 * again: a cause is what was seen to move the image, `alsoMoves` are all other images that moved with it.
 *
 * `verified` is what `--set PATH=VALUE` alone was seen to do. Where it takes more (a switch that the chart wants to be on,
 * all elements of a list), the override says what, and was tried just the same.
 *
 * A value that all of a part comes from and that could not be tried (the chart refuses the change, or the budget is used
 * up) is a cause with `verified: false`. Parts for which no value was read are fixed in the template, with its line. Where
 * nothing is known for a use, its cause is the template, not verified.
 */
export async function findCauses(input: CausesInput): Promise<CausesResult> {
  const { uses, values, charts, render } = input;
  const readings = readingsOf(uses, input.manifests);
  const suspectInput = {
    uses,
    readings,
    values,
    charts: new Map(charts.map((chart) => [chart.id, chart])),
    option: input.option ?? '--set',
    isGiven: (path: string) => input.place({ path }).given,
  } as const;
  const budget = input.budget ?? defaultBudget;
  const unlocks = new Unlocks((refusal) => switchNamedIn(refusal, values));
  const tried = new Map<Suspect, Outcome>();
  let renders = 0;
  const attempt = async (suspects: readonly Suspect[]): Promise<void> => {
    const result = await tryAll(suspects, uses, render, unlocks, {
      renders: budget - renders,
      isOver: input.isOver ?? (() => false),
    });
    renders += result.renders;
    for (const [suspect, outcome] of result.outcomes) tried.set(suspect, outcome);
  };
  let open = withLists(suspectsOf(suspectInput), suspectInput);
  while (open.length > 0) {
    await attempt(open);
    open = open.flatMap((suspect) => {
      const [next, ...rest] = suspect.otherwise;
      if (next === undefined || isSettled(tried.get(suspect))) return [];
      tried.delete(suspect);
      return [{ ...next, otherwise: rest }];
    });
  }
  const paths = new Set([...tried.keys()].flatMap(({ trial }) => (trial.kind === 'value' ? [trial.path] : [])));
  const unexplained = unexplainedParts(uses, readings, tried);
  if (unexplained.size > 0) await attempt(withLists(lookalikes(suspectInput, unexplained, paths), suspectInput));
  const found = uses.map((use, index) => ({ ...use, causes: causesOf(index, use, readings, tried, input) }));
  const untried = [...tried.values()].filter((outcome) => outcome.kind === 'untried').length;
  return { uses: found, renders, untried };
}

/**
 * Whether another probe would tell nothing more: the first one moved images to what can be references, or nothing at all
 * (the value is not asked), and nothing else came or went.
 */
function isSettled(outcome: Outcome | undefined): boolean {
  if (outcome?.kind !== 'moved' || !isExact(outcome)) return false;
  return outcome.moved.size === 0 || [...outcome.moved.values()].some((image) => image !== null && isReference(image));
}

/** Whether each place that held an image still holds one, and no other does: else more changed than can be told. */
function isExact({ moved, appeared }: MovedOutcome): boolean {
  return appeared.length === 0 && ![...moved.values()].includes(null);
}

/** Whether an image came and that of a use stayed: it stands there as often as several values say it. */
function isElsewhere({ moved, appeared }: MovedOutcome, index: number): boolean {
  return appeared.length > 0 && !moved.has(index);
}

function isReference(image: string): boolean {
  const { repository, digest } = imageParts(image);
  return repository !== '' && (digest === '' || /^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest));
}

/** Repositories and tags for which values were read, and none was seen to decide them. */
function unexplainedParts(
  uses: readonly ImageUse[],
  readings: readonly Reading[],
  tried: ReadonlyMap<Suspect, Outcome>,
): ReadonlyMap<number, ReadonlySet<PartName>> {
  const unexplained = new Map<number, ReadonlySet<PartName>>();
  for (const [index, use] of uses.entries()) {
    const explained = new Set<PartName>();
    for (const [suspect, outcome] of tried) {
      const now = outcome.kind === 'moved' ? outcome.moved.get(index) : undefined;
      if (now === undefined || now === null) continue;
      for (const part of partsMoved(suspect, use, now)) explained.add(part);
    }
    const reading = readings[index];
    const left = (['repository', 'tag'] as const).filter((part) => {
      if (explained.has(part) || imageParts(use.image)[part] === '') return false;
      const by = reading?.writtenBy.get(part);
      // Written by a template's own text: no value is to be looked for.
      return by === undefined || by.length === 0 || by.some((stretch) => stretch.paths.length > 0);
    });
    if (left.length > 0) unexplained.set(index, new Set(left));
  }
  return unexplained;
}

function partsMoved(suspect: Suspect, use: ImageUse, now: string): ReadonlySet<PartName> {
  return partFor(suspect, use, now) === 'whole' ? new Set(partNames) : changedParts(use.image, now);
}

function partFor(suspect: Suspect, use: ImageUse, now: string): Part {
  const text = suspect.text ?? '';
  if (suspect.trial.kind === 'value' && (text.includes('{{') || partOf(text, use.written, use.image) === 'whole')) {
    return 'whole';
  }
  return oneWordFor(changedParts(use.image, now));
}

const causeOrder = by((cause: Cause) => [cause.part, cause.from, cause.path ?? '', cause.value ?? '']);

function causesOf(
  index: number,
  use: ImageUse,
  readings: readonly Reading[],
  tried: ReadonlyMap<Suspect, Outcome>,
  input: CausesInput,
): readonly Cause[] {
  const values: Moved[] = [];
  const versions: Moved[] = [];
  const unproved: Cause[] = [];
  for (const [suspect, outcome] of tried) {
    if (outcome.kind !== 'moved' || isElsewhere(outcome, index)) {
      const part = partOf(suspect.text ?? '', use.written, use.image);
      if (part === null || !suspect.uses.has(index) || !isAllOf(suspect.text ?? '', use)) continue;
      unproved.push(causeOf({ suspect, part, ...nothingMoved }, input));
      continue;
    }
    const now = outcome.moved.get(index);
    if (now === undefined || now === null || !isReference(now)) continue;
    const others = [...outcome.moved.keys()].filter((other) => other !== index);
    const moved: Moved = {
      suspect,
      part: partFor(suspect, use, now),
      now,
      others: [...new Set(others.map((other) => input.uses[other]?.image ?? ''))].sort(),
      verified: isExact(outcome) && outcome.unlock === null && !suspect.holdsMore,
      unlock: outcome.unlock,
      isExact: isExact(outcome),
      reach: others.length,
    };
    (suspect.trial.kind === 'value' ? values : versions).push(moved);
  }
  const overriding = new Set<Moved>();
  const stated = versions.map((moved) => {
    const override = overrideOf(moved, values);
    if (override !== null) overriding.add(override);
    return versionCause(moved, override, input);
  });
  const set = values.filter((moved) => !overriding.has(moved)).map((moved) => causeOf(moved, input));
  const found = [...set, ...stated, ...unproved];
  return [...found, ...templateCauses(use, readings[index], found, (path) => isSet(path, input.values))].sort(
    causeOrder,
  );
}

/** Whether the values say anything at a path that was read; what the chart or release says of itself is none of them. */
function isSet(path: string, values: JsonValue): boolean {
  if (path.startsWith('@')) return false;
  const value = valueAt(values, path);
  return value !== undefined && value !== null && value !== '' && value !== false;
}

/** A suspect that was seen to move a use. */
interface Moved {
  readonly suspect: Suspect;
  readonly part: Part;
  readonly now: string | null;
  /** Images of the other uses that moved. */
  readonly others: readonly string[];
  readonly verified: boolean;
  /** The switch that has to be on beside it. */
  readonly unlock: string | null;
  readonly isExact: boolean;
  /** How many other uses moved. */
  readonly reach: number;
}

const nothingMoved = { now: null, others: [], verified: false, unlock: null, isExact: false, reach: 0 } as const;

/** What was given to Helm; null where more went on than the cause tells, or where one option does not take it all. */
function overrideFor({ suspect: { trial }, now, unlock, isExact }: Moved): Override | null {
  if (trial.kind !== 'value' || now === null || !isExact) return null;
  const { option, argument, path, value } = trial;
  if (unlock === null) return { option, argument, values: valuesFile([[path, value]]), gives: now };
  if (option !== '--set') return null;
  const both = valuesFile([
    [path, value],
    [unlock, true],
  ]);
  return { option, argument: `${argument},${unlock}=true`, values: both, gives: now };
}

/** The value that takes an appVersion's place: of those that are not set the one that moves the least besides. */
function overrideOf(version: Moved, values: readonly Moved[]): Moved | null {
  const repositories = new Set(
    values.flatMap(({ part, suspect }) =>
      part === 'repository' && suspect.text !== null && suspect.trial.kind === 'value'
        ? [parentPath(suspect.trial.path)]
        : [],
    ),
  );
  const isBeside = ({ suspect: { trial } }: Moved): number =>
    trial.kind === 'value' && repositories.has(parentPath(trial.path)) ? 0 : 1;
  const path = ({ suspect: { trial } }: Moved): string => (trial.kind === 'value' ? trial.path : '');
  const [best] = values
    .filter((moved) => moved.verified && moved.suspect.text === null && moved.part === version.part)
    .sort(by((moved) => [moved.reach, isBeside(moved), path(moved)]));
  return best ?? null;
}

function causeOf(moved: Moved, input: Pick<CausesInput, 'place'>): Cause {
  const { suspect, part, others, verified } = moved;
  const { trial } = suspect;
  if (trial.kind !== 'value') return versionCause(moved, null, input);
  const { given, file, line } = input.place({ path: trial.path });
  return {
    from: 'value',
    part,
    path: trial.path,
    value: suspect.text,
    default: !given,
    verified,
    alsoMoves: others,
    file,
    line,
    override: overrideFor(moved),
  };
}

function versionCause(moved: Moved, override: Moved | null, { place }: Pick<CausesInput, 'place'>): Cause {
  const { trial, text } = moved.suspect;
  const isApp = trial.kind === 'appVersion';
  const chart = trial.kind === 'value' ? '' : trial.chart;
  const set = override?.suspect.trial;
  const { file, line } = place({ chart, field: isApp ? 'appVersion' : 'version' });
  return {
    // A root chart's own version is as fixed as its templates.
    from: isApp ? 'appVersion' : chart.includes('/') ? 'dependency' : 'template',
    part: moved.part,
    path: set?.kind === 'value' ? set.path : null,
    value: text,
    default: true,
    verified: moved.verified,
    alsoMoves: (override ?? moved).others,
    file,
    line,
    override: override === null ? null : overrideFor(override),
  };
}

/** Whether the text is the whole of a part, not a piece of one. */
function isAllOf(text: string, use: ImageUse): boolean {
  const { registry, repository, tag, digest } = imageParts(use.image);
  const names = [repository, `${registry}/${repository}`, repository.replace(/^library\//, '')];
  return text !== '' && [use.written, use.image, registry, tag, digest, ...names].includes(text);
}
