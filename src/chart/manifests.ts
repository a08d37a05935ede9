import { type JsonValue, type Manifest, TrowelError } from '../model/index.js';
import {
  areAlike,
  compareBytes,
  type KnownDocument,
  nothingKnown,
  readYamlDocument,
  skimYamlDocument,
} from '../template/index.js';
import { StructReader } from './go-struct.js';
import { kindRank } from './kind-order.js';
import { type DocumentText, splitManifests, splitManifests4 } from './split.js';
import { trimSpace, wordsOf } from './text.js';

/** One document that a template wrote, read as far as Helm reads it. */
export interface RenderedDocument {
  /** Path of the template, as `# Source:` prints it. */
  readonly template: string;
  /** Place among the documents of that template, from 0. */
  readonly document: number;
  readonly text: string;
  /** Where the text begins in what the template wrote, in UTF-16 units. */
  readonly offset: number;
  /** Whether it holds anything but comments. */
  readonly isEmpty: boolean;
  /** What the YAML holds; read when first asked for, since rendering alone needs no more than its head. */
  readonly object: () => JsonValue;
  readonly kind: string;
  /** Events of `helm.sh/hook`, lower case; empty for what is no hook. */
  readonly hooks: readonly string[];
}

/**
 * `unknown` is what a hook says that Helm does not know; null for all others. `known` is what was read, for the next
 * document in its place, `isPlain` what it said of this one.
 */
type ReadDocument = RenderedDocument & {
  readonly unknown: string | null;
  readonly known: KnownDocument;
  readonly isPlain: boolean;
};

/** The documents of a chart in the order in which Helm prints them. */
export interface SortedDocuments {
  readonly generic: readonly RenderedDocument[];
  readonly hooks: readonly RenderedDocument[];
}

/**
 * Splits, reads and sorts what the templates wrote: files by name, documents by kind, hooks apart. Partials, empty
 * files and NOTES.txt are left out; a document with a hook that Helm does not know vanishes with a warning.
 *
 * `known` keeps what was read for the next call. Throws TrowelError `render-failed` with Helm's words for a document
 * that is no YAML object.
 * Follows: helm pkg/releaseutil/manifest_sorter.go and kind_sorter.go, HELM-ENGINE (c) 40–43.
 */
export function sortDocuments(
  raw: ReadonlyMap<string, string>,
  helm: 3 | 4,
  warn: (text: string) => void,
  known: Map<string, KnownDocuments> = new Map(),
): SortedDocuments {
  const generic: RenderedDocument[] = [];
  const hooks: RenderedDocument[] = [];
  for (const template of [...raw.keys()].sort(compareBytes)) {
    const text = raw.get(template) ?? '';
    const base = template.slice(template.lastIndexOf('/') + 1);
    if (template.endsWith('NOTES.txt') || base.startsWith('_') || trimSpace(text) === '') continue;
    for (const document of documentsOf(template, text, helm, known)) {
      if (document.unknown !== null) warn(`info: skipping unknown hook: ${JSON.stringify(document.unknown)}`);
      else if (document.hooks.length > 0) hooks.push(document);
      else generic.push(document);
    }
  }
  const order = (a: RenderedDocument, b: RenderedDocument): number => compareKinds(a.kind, b.kind, helm);
  return { generic: generic.sort(order), hooks: hooks.sort(order) };
}

/** The documents of a template's text, which are those of the last time where it wrote the same. */
export interface KnownDocuments {
  readonly text: string;
  readonly helm: 3 | 4;
  readonly documents: readonly ReadDocument[];
}

function documentsOf(
  template: string,
  text: string,
  helm: 3 | 4,
  known: Map<string, KnownDocuments>,
): readonly ReadDocument[] {
  const last = known.get(template);
  if (last !== undefined && last.helm === helm && last.text === text) return last.documents;
  const pieces = helm === 4 ? splitManifests4(text) : splitManifests(text);
  const documents = pieces.map((piece, index) => {
    const before = last?.documents[index];
    if (before !== undefined && isHeadKept(before, piece.text))
      return { ...before, ...piece, object: lazily(piece.text) };
    return readDocument(template, index, piece, helm, before?.known ?? nothingKnown());
  });
  known.set(template, { text, helm, documents });
  return documents;
}

/** Whether a document says of itself what the one before it said; one with a hook that is not known is read. */
function isHeadKept(before: ReadDocument, text: string): boolean {
  if (!before.isPlain || before.unknown !== null || !areAlike(before.text, text)) return false;
  if (before.hooks.length === 0) return true;
  const [line, ...others] = before.text.match(hookLine) ?? [];
  // What stands on the line is all of it, and stands on it again.
  if (line === undefined || others.length > 0 || text.match(hookLine)?.[0] !== line) return false;
  const said = eventsOf(line.slice(line.lastIndexOf(':') + 1).replace(/["']/g, ''));
  return said.join() === before.hooks.join();
}

const hookLine = /^ .*helm\.sh\/hook["']?:.*$/gm;

/** Events as a hook states them, by the names that Helm uses for them. */
function eventsOf(hook: string): readonly string[] {
  const stated = hook.split(',').map((event) => trimSpace(event).toLowerCase());
  return stated.map((event) => (event === 'test-success' ? 'test' : event));
}

/** What a text holds, read when first asked for. */
function lazily(text: string): () => JsonValue {
  let object: JsonValue | undefined;
  return () => {
    object ??= readYamlDocument(text);
    return object;
  };
}

/** The hooks that Helm knows (helm pkg/releaseutil/manifest_sorter.go). */
const events: ReadonlySet<string> = new Set([
  'pre-install',
  'post-install',
  'pre-delete',
  'post-delete',
  'pre-upgrade',
  'post-upgrade',
  'pre-rollback',
  'post-rollback',
  'test',
  'test-success',
]);

const metadataType = 'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }';

function readDocument(
  template: string,
  document: number,
  piece: DocumentText,
  helm: 3 | 4,
  known: KnownDocument,
): ReadDocument {
  const skimmed = parse(template, () => skimYamlDocument(piece.text, known));
  const head = StructReader.of(skimmed, helm === 4 ? 'util.SimpleHead' : 'releaseutil.SimpleHead');
  const refuse = (why: string): TrowelError =>
    new TrowelError('render-failed', {
      what: `YAML parse error on ${template}: error unmarshaling JSON: while decoding JSON: ${why}`,
      where: { file: template },
    });
  if (typeof head === 'string') throw refuse(head);
  head.text('apiVersion');
  const kind = head.text('kind');
  const metadata = head.struct('metadata', '', metadataType);
  metadata.text('name');
  const hook = metadata.textMap('annotations').get('helm.sh/hook');
  const wrong = head.error();
  if (wrong !== null) throw refuse(wrong);
  const hooks = hook === undefined ? [] : eventsOf(hook);
  const unknown = hook !== undefined && hooks.some((event) => !events.has(event)) ? hook : null;
  return {
    template,
    document,
    text: piece.text,
    offset: piece.offset,
    isEmpty: skimmed === null,
    object: lazily(piece.text),
    kind,
    hooks,
    unknown,
    known,
    isPlain: known.isPlain,
  };
}

function parse(template: string, read: () => JsonValue): JsonValue {
  try {
    return read();
  } catch (cause) {
    throw new TrowelError('render-failed', {
      what: `YAML parse error on ${template}: ${wordsOf(cause)}`,
      where: { file: template },
      cause,
    });
  }
}

/** By Helm's order of kinds; kinds that it does not know come last, by name. Equal ones keep their order. */
function compareKinds(a: string, b: string, helm: 3 | 4): number {
  const first = kindRank(a, helm);
  const second = kindRank(b, helm);
  if (first === undefined && second === undefined) return a < b ? -1 : a > b ? 1 : 0;
  if (first === undefined) return 1;
  return second === undefined ? -1 : first - second;
}

/** A document as other rooms take it. */
export function asManifest(
  document: RenderedDocument,
  chart: string | null,
  trace: Pick<Manifest, 'lineOf' | 'traceOf'> | null,
): Manifest {
  const manifest = {
    get object(): JsonValue {
      return document.object();
    },
    text: document.text,
    template: document.template,
    document: document.document,
    line: trace?.lineOf?.(0) ?? null,
    chart,
    hooks: document.hooks,
  };
  return trace === null ? manifest : Object.assign(manifest, trace);
}
