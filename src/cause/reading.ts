import type { ImageUse, Manifest, TracedStretch } from '../model/index.js';
import { imageParts, type PartName, partNames } from './image-parts.js';
import { FieldPlaces, type Region } from './written-at.js';

/** What the engine's trace tells of one use: who wrote the reference, and which values were read for that. */
export interface Reading {
  /** Paths that were read for the reference, or looked at by the branches around it, sorted. */
  readonly paths: readonly string[];
  /** Those among them that only branches looked at. */
  readonly conditions: ReadonlySet<string>;
  /** What wrote each part; empty for a part whose text is not in the manifest as it is. */
  readonly writtenBy: ReadonlyMap<PartName, readonly TracedStretch[]>;
  /** What wrote the reference, or the field or document in which it must be. */
  readonly stretches: readonly TracedStretch[];
  /** Whether the text itself was found: else the paths are those of everything around it. */
  readonly exact: boolean;
}

/** Reads the trace for every use, in their order. A use of a manifest without a trace has nothing read for it. */
export function readingsOf(uses: readonly ImageUse[], manifests: readonly Manifest[]): readonly Reading[] {
  const documents = new Map(manifests.map((manifest) => [documentKey(manifest.template, manifest.document), manifest]));
  const places = new Map<Manifest, FieldPlaces>();
  return uses.map((use) => {
    const manifest = documents.get(documentKey(use.in.template, use.in.document));
    if (manifest?.traceOf === undefined) return nothingRead;
    const known = places.get(manifest) ?? new FieldPlaces(manifest.text);
    places.set(manifest, known);
    return readingOf(use, manifest.text, manifest.traceOf, known);
  });
}

const nothingRead: Reading = { paths: [], conditions: new Set(), writtenBy: new Map(), stretches: [], exact: false };

function documentKey(template: string, document: number): string {
  return `${template}\n${document}`;
}

type TraceOf = NonNullable<Manifest['traceOf']>;

function readingOf(use: ImageUse, text: string, traceOf: TraceOf, places: FieldPlaces): Reading {
  const field = places.of(use.in.field);
  const written = placesOf(use.written, text, field);
  const traced = (regions: readonly Region[]): TracedStretch[] => regions.flatMap(({ from, to }) => traceOf(from, to));
  const writtenBy = new Map<PartName, readonly TracedStretch[]>();
  const parts = imageParts(use.image);
  const beside: Region[] = [];
  for (const part of partNames) {
    if (parts[part] === '') continue;
    const regions = partPlaces(parts[part], part, use.written, written);
    if (regions.length > 0) writtenBy.set(part, traced(regions));
    else if (part === 'tag' || part === 'digest' || part === 'registry') {
      // A reference of several fields: what it lacks stands beside it.
      const above = places.of(use.in.field.slice(0, use.in.field.lastIndexOf('/')));
      const short = parts[part].replace(/^sha256:/, '');
      const found = placesOf(short, text, above);
      if (found.length === 0 || short.length < 2) continue;
      beside.push(...found);
      writtenBy.set(part, traced(found));
    }
  }
  const exact = written.length > 0;
  const around = field ?? { from: 0, to: text.length };
  const stretches = traced(exact ? [...written, ...beside] : [around, ...beside]);
  const read = new Set(stretches.flatMap((stretch) => stretch.paths));
  const looked = stretches.flatMap((stretch) => stretch.conditions).filter((path) => !read.has(path));
  return {
    paths: [...new Set([...read, ...looked])].sort(),
    conditions: new Set(looked),
    writtenBy,
    stretches,
    exact,
  };
}

/** Where a text stands in a region, or if it is not there, in the whole: not within a longer reference. */
function placesOf(written: string, text: string, region: Region | null): readonly Region[] {
  if (written === '') return [];
  const within = region === null ? [] : occurrences(written, text, region);
  return within.length > 0 ? within : occurrences(written, text, { from: 0, to: text.length });
}

const most = 100;

function occurrences(written: string, text: string, { from, to }: Region): readonly Region[] {
  const found: Region[] = [];
  for (let at = text.indexOf(written, from); at >= 0 && found.length < most; at = text.indexOf(written, at + 1)) {
    const end = at + written.length;
    if (end > to) break;
    const isWhole = !/[\w.-]/.test(text[at - 1] ?? '') && !/[\w/-]/.test(text[end] ?? '');
    if (isWhole) found.push({ from: at, to: end });
  }
  return found;
}

/** Where a part stands in each place of the reference; `docker.io/library/` is often not written. */
function partPlaces(part: string, name: PartName, written: string, places: readonly Region[]): readonly Region[] {
  const text = name === 'repository' && !written.includes(part) ? part.replace(/^library\//, '') : part;
  let at = name === 'registry' || name === 'repository' ? written.indexOf(text) : written.lastIndexOf(text);
  if (name === 'registry' && at > 0) at = -1;
  return at < 0 ? [] : places.map(({ from }) => ({ from: from + at, to: from + at + text.length }));
}
