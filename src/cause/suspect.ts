import { isList, isObject } from '../discover/index.js';
import type { ImageUse, JsonValue } from '../model/index.js';
import { type Foreseen, foreseenFor, foreseenOf, foreseenOfHub, stands } from './foreseen.js';
import { imageParts, type PartName, shortName } from './image-parts.js';
import { Marks } from './marks.js';
import { type SetArgument, setArgument } from './override.js';
import { lastName, partNamedBy, saysImage } from './part-name.js';
import { probeOf } from './probe.js';
import type { Reading } from './reading.js';
import { leavesBelow, parentPath, pathBelow, valueAt } from './values-path.js';

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
  /** The list that its path leads into; null for most. */
  readonly list: ListPlace | null;
  /** Suspects of the same path with another probe, for a chart that makes nothing of this one. */
  readonly otherwise: readonly Suspect[];
}

/** Where a suspect stands in a list of the values. */
export interface ListPlace {
  /** The path of the list, the outermost where lists lie in lists. */
  readonly path: string;
  /** The steps from it to the value. */
  readonly inside: readonly (string | number)[];
  /** The list with the suspect's change. */
  readonly whole: JsonValue;
  /**
   * How several elements are changed at once: each by an option of its own, which Helm lays into a list that the user
   * gave; with one list for all; or not at all, since Helm puts an element of a default list in the place of the list.
   */
  readonly together: 'each' | 'whole' | 'never';
}

export interface SuspectInput {
  readonly uses: readonly ImageUse[];
  readonly readings: readonly Reading[];
  readonly values: JsonValue;
  /** appVersion and version by the chart's id. */
  readonly charts: ReadonlyMap<string, { readonly appVersion: string | null; readonly version: string }>;
  /** The option that wins over what the user gave. */
  readonly option: SetArgument['option'];
  /** Whether the user gave the value at a path. */
  readonly isGiven: (path: string) => boolean;
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
  // What is set first: with it the rounds are fewest.
  const all = [...drafts.values()];
  const ordered = [
    ...all.filter(({ draft }) => draft.text !== null),
    ...all.filter(({ draft }) => draft.text === null),
  ];
  const marks = new Marks(uses);
  return ordered.map(({ draft, uses: indexes }) => {
    const [first = '', ...others] = marks.probesOf(draft);
    const otherwise = others.map((probe) => asSuspect(draft, probe, indexes, input));
    return { ...asSuspect(draft, first, indexes, input), otherwise };
  });
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
  const marks = new Marks(input.uses);
  return [...found.values()].map(({ draft, uses }) => asSuspect(draft, marks.probesOf(draft)[0] ?? '', uses, input));
}

function isRepository(text: string, { registry, repository }: ReturnType<typeof imageParts>): boolean {
  return text === `${registry}/${repository}` || text === repository.replace(/^library\//, '');
}

const longest = 512;

interface Draft {
  readonly key: string;
  readonly holdsMore?: boolean;
  readonly text: string | null;
  /** What the name of a value promises which is not set. */
  readonly foreseen?: (image: string, probe: string) => Foreseen | null;
  readonly trial: (probe: string) => Trial;
  readonly probes: (variant: number) => readonly string[];
}

function asSuspect(draft: Draft, probe: string, indexes: readonly number[], { uses }: SuspectInput): Suspect {
  const foreseen = new Map<number, Foreseen | null>();
  for (const index of indexes) {
    const image = uses[index]?.image ?? '';
    const byName = draft.foreseen?.(image, probe);
    foreseen.set(index, byName === undefined ? foreseenFor(image, draft.text ?? '', probe) : byName);
  }
  return {
    trial: draft.trial(probe),
    text: draft.text,
    probe,
    uses: foreseen,
    holdsMore: draft.holdsMore === true,
    list: null,
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
    probes: (variant) => [typeof value === 'number' ? numberBeside(value, variant) : probeOf(value, variant)],
  };
}

/** A higher number with as many decimals: `1.32` becomes `2.32`. */
function numberBeside(value: number, variant: number): string {
  const decimals = /^-?\d+\.(\d{1,15})$/.exec(String(value))?.[1]?.length ?? 0;
  const higher = value + 1 + variant;
  return decimals === 0 ? String(higher) : higher.toFixed(decimals);
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
    probes: (variant) => [
      probeOf(text.includes(':') || !use.image.includes(':') ? shortName(use.image) : text, variant),
    ],
  };
}

function valueTrial(path: string, value: string | number, option: SetArgument['option']): Trial {
  return { kind: 'value', path, value, ...setArgument(path, value, option) };
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
  const probes = (variant: number): readonly string[] => {
    const mark = variant === 0 ? '' : String(variant + 1);
    const like = (text: string): string => probeOf(text, variant + 3);
    const digest = `${hex.slice(mark.length)}${mark}`;
    switch (part) {
      case 'tag':
        return [like(stated ?? (parts.tag === '' || parts.tag === 'latest' ? '1.2.3' : parts.tag))];
      case 'registry':
        return [`registry${mark}.example.com`];
      case 'digest':
        return /sha/i.test(lastName(path)) ? [digest, `sha256:${digest}`] : [`sha256:${digest}`, digest];
      case 'repository':
        return [like(shortName(`${parts.registry}/${parts.repository}`)), like(parts.repository)];
      case 'whole':
        return [like(shortName(use.image)), like(shortName(`${parts.registry}/${parts.repository}`))];
    }
  };
  const isHub = lastName(path) === 'hub';
  return [
    {
      key: path,
      text: null,
      foreseen: (image, probe) => (isHub ? foreseenOfHub(image, probe) : foreseenOf(part, probe, image)),
      trial: (probe) => valueTrial(path, probe, input.option),
      probes,
    },
  ];
}
