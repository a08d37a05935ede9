import { isList, isObject } from '../discover/index.js';
import type { ImageUse, JsonValue } from '../model/index.js';
import { type Foreseen, foreseenFor, foreseenOf, stands } from './foreseen.js';
import { imageParts, type Part, type PartName } from './image-parts.js';
import { type SetArgument, setArgument } from './override.js';
import { lastName, partNamedBy, saysImage } from './part-name.js';
import { probeOf } from './probe.js';
import type { Reading } from './reading.js';
import { leavesBelow, parentPath, pathBelow, stepsOf, valueAt } from './values-path.js';

/** What is changed in an experiment: one value, or what Chart.yaml of one chart states. */
export type Trial =
  | ({ readonly kind: 'value'; readonly path: string; readonly value: string | number | boolean } & SetArgument)
  | { readonly kind: 'appVersion' | 'version'; readonly chart: string; readonly value: string };

/** One thing that might decide images. */
export interface Suspect {
  readonly trial: Trial;
  /** What it says now; null where nothing is set. */
  readonly text: string | null;
  /** What it says in the experiment. */
  readonly probe: string;
  /** The uses that it might move, and what is foreseen; null where a function stands in between. */
  readonly uses: ReadonlyMap<number, Foreseen | null>;
  /** Whether the value given in the experiment holds more than the image: a whole list, a text of several lines. */
  readonly holdsMore: boolean;
  /** Suspects of the same path with another probe, for a chart that makes nothing of this one. */
  readonly otherwise: readonly Suspect[];
}

export interface SuspectInput {
  readonly uses: readonly ImageUse[];
  readonly readings: readonly Reading[];
  readonly values: JsonValue;
  /** appVersion and version by the chart's id. */
  readonly charts: ReadonlyMap<string, { readonly appVersion: string | null; readonly version: string }>;
  /** The option that wins over what the user gave. */
  readonly option: SetArgument['option'];
}

/**
 * All that the trace and the values tree make suspects: values and versions that were read for a reference, values
 * that are empty or absent and were asked first (`tag: ""`, `global.imageRegistry`), what lies in tables printed whole.
 */
export function suspectsOf(input: SuspectInput): readonly Suspect[] {
  const { uses, readings } = input;
  const drafts = new Map<string, { readonly draft: Draft; readonly uses: number[] }>();
  for (const index of uses.keys()) {
    const reading = readings[index];
    const use = uses[index];
    if (reading === undefined || use === undefined) continue;
    for (const path of [...reading.paths, ...unsetBeside(reading, input.values)]) {
      for (const draft of draftsOf(path, use, reading, input)) {
        const known = drafts.get(draft.key);
        if (known === undefined) drafts.set(draft.key, { draft, uses: [index] });
        else if (!known.uses.includes(index)) known.uses.push(index);
      }
    }
  }
  const seen = new Map<string, number>();
  // What is set first: with it the rounds are fewest.
  const all = [...drafts.values()];
  const ordered = [
    ...all.filter(({ draft }) => draft.text !== null),
    ...all.filter(({ draft }) => draft.text === null),
  ];
  return ordered.map(({ draft, uses: indexes }) => {
    const variant = draft.text === null ? 0 : (seen.get(draft.text) ?? 0);
    if (draft.text !== null) seen.set(draft.text, variant + 1);
    const [first = '', ...others] = draft.probes(variant);
    const made = asSuspect(draft, first, indexes, input);
    const otherwise = others.map((probe) => asSuspect(draft, probe, indexes, input));
    const whole = wholeList(made, input.values);
    return { ...made, otherwise: whole === null ? otherwise : [...otherwise, whole] };
  });
}

/** The suspect with all of the list given in which it is an element: Helm puts the list that it is given in its place. */
function wholeList(suspect: Suspect, values: JsonValue): Suspect | null {
  const { trial, probe } = suspect;
  if (trial.kind !== 'value') return null;
  const list = /^(?:[^[\\]|\\.)*(?=\[)/.exec(trial.path)?.[0];
  if (list === undefined) return null;
  const inside = stepsOf(trial.path).slice(stepsOf(list).length);
  const changed = withValueAt(valueAt(values, list) ?? null, inside, probe);
  const argument = `${list}=${JSON.stringify(changed)}`;
  return { ...suspect, trial: { ...trial, option: '--set-json', argument }, holdsMore: true };
}

function withValueAt(value: JsonValue, steps: readonly (string | number)[], text: string): JsonValue {
  const [step, ...rest] = steps;
  if (step === undefined) return text;
  if (isList(value)) return value.map((item, index) => (index === step ? withValueAt(item, rest, text) : item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, name === step ? withValueAt(item, rest, text) : item]),
  );
}

/**
 * Empty values beside those that were read, and registries for all: a branch that is not taken writes nothing, so that
 * no trace tells of it (`{{ with .digest }}@{{ . }}{{ end }}`).
 */
function unsetBeside({ paths }: Reading, values: JsonValue): readonly string[] {
  const tables = new Set(['global']);
  for (const path of paths) {
    if (path.startsWith('@')) continue;
    const value = valueAt(values, path);
    tables.add(isObject(value) ? path : parentPath(path));
  }
  const found: string[] = [];
  for (const table of tables) {
    const value = table === '' ? values : valueAt(values, table);
    if (!isObject(value)) continue;
    for (const [name, one] of Object.entries(value)) {
      const path = pathBelow(table, name);
      if ((one === null || one === '') && !paths.includes(path) && partNamedBy(path) !== null) found.push(path);
    }
  }
  return found;
}

/** Values whose text is a whole part of an image that nothing explains: where the trace lost its way. */
export function lookalikes(
  input: SuspectInput,
  open: ReadonlyMap<number, ReadonlySet<PartName>>,
  tried: ReadonlySet<string>,
): readonly Suspect[] {
  const found = new Map<string, { readonly draft: Draft; readonly uses: number[] }>();
  for (const { path, value } of leavesBelow(input.values)) {
    if (value === null || value === '' || tried.has(path) || !saysImage(path)) continue;
    for (const [index, parts] of open) {
      const image = imageParts(input.uses[index]?.image ?? '');
      const text = String(value);
      const isAll = [...parts].some(
        (part) => image[part] === text || (part === 'repository' && isRepository(text, image)),
      );
      if (!isAll) continue;
      const known = found.get(path);
      if (known === undefined) found.set(path, { draft: textDraft(path, value, input), uses: [index] });
      else known.uses.push(index);
    }
  }
  return [...found.values()].map(({ draft, uses }, index) =>
    asSuspect(draft, draft.probes(index)[0] ?? '', uses, input),
  );
}

function isRepository(text: string, { registry, repository }: ReturnType<typeof imageParts>): boolean {
  return text === `${registry}/${repository}` || text === repository.replace(/^library\//, '');
}

const longest = 512;

interface Draft {
  readonly key: string;
  readonly holdsMore?: boolean;
  readonly text: string | null;
  /** The part that the name of a value promises which is not set. */
  readonly part?: Part;
  readonly trial: (probe: string) => Trial;
  readonly probes: (variant: number) => readonly string[];
}

function asSuspect(draft: Draft, probe: string, indexes: readonly number[], { uses }: SuspectInput): Suspect {
  const foreseen = new Map<number, Foreseen | null>();
  for (const index of indexes) {
    const image = uses[index]?.image ?? '';
    foreseen.set(index, draft.text === null ? foreseenOf(draft.part, probe) : foreseenFor(image, draft.text, probe));
  }
  return {
    trial: draft.trial(probe),
    text: draft.text,
    probe,
    uses: foreseen,
    holdsMore: draft.holdsMore === true,
    otherwise: [],
  };
}

function draftsOf(path: string, use: ImageUse, reading: Reading, input: SuspectInput): readonly Draft[] {
  if (path.startsWith('@')) return chartDrafts(path, input);
  const value = valueAt(input.values, path) ?? globalAt(path, input.values);
  const onlyLooked = reading.conditions.has(path);
  if (value === undefined || value === null || value === '') return emptyDrafts(path, use, reading, input);
  if (typeof value === 'boolean') return [];
  if (isObject(value) || isList(value)) {
    if (onlyLooked && !isGlobal(path)) return [];
    const below = leavesBelow(value, path).filter(
      (leaf) => leaf.value !== null && leaf.value !== '' && stands(String(leaf.value), use.image),
    );
    // A helper that looks at `global` first and finds nothing in it was not seen to ask for a registry.
    const absent = isGlobal(path) ? emptyDrafts(pathBelow(path, 'imageRegistry'), use, reading, input) : [];
    return [...below.map((leaf) => textDraft(leaf.path, leaf.value ?? '', input)), ...absent];
  }
  const text = String(value);
  if (stands(text, use.image) && (!onlyLooked || saysImage(path))) return [textDraft(path, value, input)];
  if (use.written.length > 3 && text.includes(use.written)) return [holdingDraft(path, text, use.written, input)];
  // No part of a reference is longer, and neither is what a function makes one of.
  if (text.length > longest) return [];
  if (text.includes('{{')) return reading.exact ? [templateDraft(path, text, use, input)] : [];
  return reading.exact && (!onlyLooked || saysImage(path)) ? [textDraft(path, value, input)] : [];
}

function isGlobal(path: string): boolean {
  return path === 'global';
}

/** A global that only a subchart's own values state. */
function globalAt(path: string, values: JsonValue): JsonValue | undefined {
  if (!path.startsWith('global.') || !isObject(values)) return undefined;
  for (const inner of Object.values(values)) {
    const found = isObject(inner) ? (valueAt(inner, path) ?? globalAt(path, inner)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function textDraft(path: string, value: string | number, { option }: SuspectInput): Draft {
  return {
    key: path,
    text: String(value),
    trial: (probe) => valueTrial(path, typeof value === 'number' ? asNumber(probe) : probe, option),
    probes: (variant) => [typeof value === 'number' ? String(value + 1 + variant) : probeOf(value, variant)],
  };
}

function asNumber(text: string): string | number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** A value in whose text the reference stands among other things: containers as a text, a file of settings. */
function holdingDraft(path: string, text: string, written: string, { option }: SuspectInput): Draft {
  return {
    key: `${path}\n${written}`,
    holdsMore: true,
    text: written,
    trial: (probe) => valueTrial(path, text.replaceAll(written, probe), option),
    probes: (variant) => [probeOf(written, variant)],
  };
}

/** A value that is a template itself: a reference takes its place. */
function templateDraft(path: string, text: string, use: ImageUse, { option }: SuspectInput): Draft {
  return {
    key: path,
    text,
    trial: (probe) => valueTrial(path, probe, option),
    probes: (variant) => [probeOf(text.includes(':') || !use.image.includes(':') ? short(use.image) : text, variant)],
  };
}

function valueTrial(path: string, value: string | number, option: SetArgument['option']): Trial {
  return { kind: 'value', path, value, ...setArgument(path, value, option) };
}

function short(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '');
}

/** `@web/db.AppVersion`: a field of Chart.yaml that was read. */
function chartDrafts(path: string, { charts }: SuspectInput): readonly Draft[] {
  const [, chart = '', field = ''] = /^@(.+?)(?:\.Metadata)?\.(AppVersion|Version)$/.exec(path) ?? [];
  const known = charts.get(chart);
  const text = field === 'AppVersion' ? known?.appVersion : known?.version;
  if (text === undefined || text === null || text === '') return [];
  const kind = field === 'AppVersion' ? 'appVersion' : 'version';
  return [
    {
      key: path,
      text,
      trial: (probe) => ({ kind, chart, value: probe }),
      probes: (variant) => [probeOf(text, variant)],
    },
  ];
}

const hex = 'c0ffee00'.repeat(8);

/** A value that is not set: what it would be is told by its name. */
function emptyDrafts(path: string, use: ImageUse, reading: Reading, input: SuspectInput): readonly Draft[] {
  const part = partNamedBy(path);
  if (part === null) return [];
  const parts = imageParts(use.image);
  // In whose place it would stand: a template may put a `v` before both.
  const [stated] = reading.paths.flatMap((one) => chartDrafts(one, input).map((draft) => draft.text ?? ''));
  const probes = ((): readonly string[] => {
    switch (part) {
      case 'tag':
        return [probeOf(stated ?? (parts.tag === '' || parts.tag === 'latest' ? '1.2.3' : parts.tag), 3)];
      case 'registry':
        return ['registry.example.com'];
      case 'digest':
        return /sha/i.test(lastName(path)) ? [hex, `sha256:${hex}`] : [`sha256:${hex}`, hex];
      case 'repository':
        return [probeOf(short(`${parts.registry}/${parts.repository}`), 3), probeOf(parts.repository, 3)];
      case 'whole':
        return [probeOf(short(use.image), 3), probeOf(short(`${parts.registry}/${parts.repository}`), 3)];
    }
  })();
  return [
    { key: path, text: null, part, trial: (probe) => valueTrial(path, probe, input.option), probes: () => probes },
  ];
}
