import { committedPages, openSqlite, Problems, sqliteTable } from '../database/index.js';
import {
  type CatalogFile,
  type CatalogGap,
  type Component,
  type Evidence,
  formatPurl,
  type JsonValue,
  type OwnedFile,
  TrowelError,
} from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from './define.js';
import { FilesByFolder } from './folder-files.js';
import { baseName } from './paths.js';
import { maybeText, object, text } from './shape.js';

type ValidRecord = {
  readonly kind: 'valid';
  readonly path: string;
  readonly deriver: string | null;
  /** `sha256:…` of the store path as a NAR, Nix's archive. */
  readonly narHash: string | null;
};
type NixRecord = ValidRecord | { readonly kind: 'waiting'; readonly pages: number };

const store = 'nix/store/';
const database = 'nix/var/nix/db/db.sqlite';
const log = `${database}-wal`;

/**
 * What the Nix store holds: one component a store path, which owns all files below it. The path tells hash and name;
 * Nix's database, where the image has one, the derivation and the hash of the whole.
 *
 * Follows: Nix manual, "Store path"; nix, src/libstore/schema.sql (ValidPaths), src/libstore/names.cc (DrvName: the
 * version begins after the first dash that no letter follows). purl as Syft writes it: purl-spec has no type yet.
 */
export const nix = defineCataloguer<NixRecord>({
  name: 'nix',
  version: 1,
  wants: ({ type, path }) => type === 'file' && (path === database || path === log),
  read,
  decode,
  join,
  about: {
    finds: 'paths of a Nix store',
    reads: ['nix/var/nix/db/db.sqlite', 'nix/var/nix/db/db.sqlite-wal'],
    purls: ['nix'],
    grades: ['claimed', 'inferred'],
    facts: ['files'],
    limit: 'a path without the database is `inferred` from its name',
  },
});

function read(file: CatalogFile): TypedRead<NixRecord> {
  if (file.head.path === log) {
    const pages = committedPages(file);
    return { records: pages === 0 ? [] : [{ kind: 'waiting', pages }] };
  }
  if (file.sizeBytes === 0) return { records: [] };
  const problems = new Problems();
  const rows = sqliteTable(file, openSqlite(file), 'ValidPaths', problems);
  if (rows === null) throw new TrowelError('bad-database', { what: 'no table of valid paths' });
  const records: NixRecord[] = [];
  for (const { values } of rows) {
    // id, path, hash, registrationTime, deriver, …
    const [, path, narHash, , deriver] = values;
    if (typeof path !== 'string') continue;
    records.push({ kind: 'valid', path, deriver: textOrNull(deriver), narHash: textOrNull(narHash) });
  }
  const texts = problems.texts();
  return { records, gaps: texts.length === 0 ? [] : [{ reason: 'bad-database', detail: texts.join('; ') }] };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function decode(value: JsonValue): NixRecord {
  const fields = object(value);
  if (typeof fields.pages === 'number') return { kind: 'waiting', pages: fields.pages };
  return {
    kind: 'valid',
    path: text(fields.path),
    deriver: maybeText(fields.deriver),
    narHash: maybeText(fields.narHash),
  };
}

function join(input: TypedJoin<NixRecord>): {
  readonly components: readonly Component[];
  readonly gaps: readonly Omit<CatalogGap, 'by'>[];
} {
  const valid = new Map<string, ValidRecord>();
  const gaps: Omit<CatalogGap, 'by'>[] = [];
  for (const { path, data } of input.records) {
    if (data.kind === 'valid') valid.set(data.path.replace(/^\/+/, ''), data);
    else gaps.push({ path, reason: 'unsupported', detail: `${data.pages} committed pages wait in the log: not read` });
  }
  const components = [...storePaths(input)].flatMap(([path, { layer, files }]) => {
    const found = component(path, layer, files, valid.get(path) ?? null);
    return found === null ? [] : [found];
  });
  return { components, gaps };
}

interface StorePath {
  layer: number;
  readonly files: string[];
}

/** Every store path that is in the image, with the files below it (or the one file that it is). */
function storePaths(input: TypedJoin<NixRecord>): ReadonlyMap<string, StorePath> {
  const found = new Map<string, StorePath>();
  for (const path of new FilesByFolder(input).under(store.slice(0, -1))) {
    const file = input.files.get(path);
    if (file === undefined) continue;
    const { entry, layer } = file;
    const end = path.indexOf('/', store.length);
    const top = end < 0 ? path : path.slice(0, end);
    const known = found.get(top) ?? { layer, files: [] };
    found.set(top, known);
    if (end < 0) known.layer = layer;
    if (entry.type !== 'directory') known.files.push(path);
  }
  return found;
}

function component(path: string, layer: number, files: readonly string[], valid: ValidRecord | null): Component | null {
  const parts = /^([0-9a-df-np-sv-z]{32})-(.{1,211})$/.exec(baseName(path));
  const [, hash, title = ''] = parts ?? [];
  // Derivations are recipes, not packages; locks and temporary names end so.
  if (hash === undefined || /\.(?:drv|lock|chroot|check|tmp-\d{1,10}-\d{1,10})$/.test(title)) return null;
  const { name, version, output } = splitTitle(title, valid?.deriver ?? null);
  const drvpath = valid?.deriver == null ? null : baseName(valid.deriver);
  return {
    purl: formatPurl({ type: 'nix', name, version, qualifiers: { output, outputhash: hash, drvpath } }),
    name,
    version,
    ecosystem: null,
    release: null,
    source: null,
    locations: [{ path, layer }],
    foundBy: 'nix',
    licenses: [],
    owns: files.map((file): OwnedFile => ({ path: file, digest: null, mayChange: false, listed: false })),
    grade: valid === null ? 'inferred' : 'claimed',
    evidence: [{ what: 'Nix store path', where: path, value: title }, ...validEvidence(valid)],
  };
}

function validEvidence(valid: ValidRecord | null): readonly Evidence[] {
  if (valid === null) return [];
  const value = [valid.narHash ?? 'no hash', ...(valid.deriver === null ? [] : [valid.deriver])].join(' ');
  return [{ what: 'Nix database', where: database, value }];
}

/** Outputs that nixpkgs gives packages beside `out` (nixpkgs manual, "Multiple-output packages"). */
const outputs: readonly string[] = [
  ...['bin', 'lib', 'dev', 'man', 'doc', 'info', 'devdoc', 'devman', 'debug', 'static', 'data', 'dist', 'terminfo'],
  ...[
    'getent',
    'locale',
    'modules',
    'py',
    'python',
    'libgcc',
    'npm',
    'tests',
    'scripts',
    'su',
    'login',
    'mount',
    'swap',
  ],
];

/** Name, version and output: after the derivation's own name if it is known, else by the names that outputs have. */
function splitTitle(
  title: string,
  deriver: string | null,
): { readonly name: string; readonly version: string | null; readonly output: string | null } {
  const derived = /^[0-9a-z]{32}-(.+)\.drv$/.exec(baseName(deriver ?? ''))?.[1];
  const last = title.slice(title.lastIndexOf('-') + 1);
  let [whole, output]: [string, string | null] = [title, null];
  if (derived !== undefined && title.startsWith(`${derived}-`)) {
    [whole, output] = [derived, title.slice(derived.length + 1)];
  } else if (derived !== title && outputs.includes(last) && title.length > last.length + 1) {
    [whole, output] = [title.slice(0, -last.length - 1), last];
  }
  const dash = /-(?![A-Za-z])/.exec(whole)?.index ?? -1;
  const version = dash <= 0 ? '' : whole.slice(dash + 1);
  return version === '' ? { name: whole, version: null, output } : { name: whole.slice(0, dash), version, output };
}
