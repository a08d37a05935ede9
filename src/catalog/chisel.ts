import {
  type CatalogFile,
  type CatalogGap,
  type Component,
  formatPurl,
  isTrowelError,
  type JsonValue,
  type OwnedFile,
  TrowelError,
} from '../model/index.js';
import { decompressBytes } from '../pack/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from './define.js';
import { distroQualifier, ecosystemOf } from './distro.js';
import { eachLine } from './paragraphs.js';
import { placedFiles } from './paths.js';
import { list, maybeText, object, text, texts } from './shape.js';

/** A file that slices of the package brought; `mutated` where a script of theirs changed it afterwards. */
type ChiselFile = readonly [path: string, sha256: string | null, mutated: boolean];

type ChiselRecord = {
  readonly name: string;
  readonly version: string | null;
  readonly arch: string | null;
  /** SHA-256 of the package that the slices were cut from. */
  readonly sha256: string | null;
  readonly slices: readonly string[];
  readonly files: readonly ChiselFile[];
};

/** A release of every package of Ubuntu has some millions of paths; a slice of one has thousands. */
const manifestBytes = 128 * 1024 ** 2;

/**
 * Packages of which an image has slices: the manifest that Canonical's chisel writes, with the SHA-256 of each file.
 *
 * A line that is no JSON is a gap `bad-database`. The manifest names no source packages, by which Ubuntu publishes
 * advisories; that is a gap too, since nothing found under the binary's name would look clean.
 * Follows: chisel-manifest, public/manifest/manifest.go and public/jsonwall/jsonwall.go: zstd, one JSON object a line,
 * the first names the schema; a path's `final_sha256` is of what scripts made of it.
 */
export const chisel = defineCataloguer<ChiselRecord>({
  name: 'chisel',
  version: 1,
  wants: ({ type, path }) => type === 'file' && path.endsWith('chisel/manifest.wall'),
  read,
  decode,
  join,
  about: {
    finds: 'slices of packages of Ubuntu',
    reads: ['**/chisel/manifest.wall'],
    purls: ['deb'],
    grades: ['claimed'],
    facts: ['files', 'digests'],
    limit: 'the manifest names no source package, by which Ubuntu publishes advisories: a gap',
  },
});

interface Draft {
  readonly version: string | null;
  readonly arch: string | null;
  readonly sha256: string | null;
  readonly slices: string[];
  readonly files: ChiselFile[];
}

function read(file: CatalogFile): TypedRead<ChiselRecord> {
  const source = manifestText(file);
  const drafts = new Map<string, Draft>();
  const badLines: number[] = [];
  let line = 0;
  for (const row of eachLine(source)) {
    line += 1;
    const value = parseLine(row);
    if (line === 1) checkSchema(value);
    else if (value === null) badLines.push(line);
    else addLine(drafts, value);
  }
  const records = [...drafts].map(([name, draft]): ChiselRecord => ({ name, ...draft }));
  const detail = `${badLines.length} lines that are no JSON, the first is line ${badLines[0] ?? 0}`;
  return { records, gaps: badLines.length === 0 ? [] : [{ reason: 'bad-database', detail }] };
}

function manifestText(file: CatalogFile): string {
  try {
    return new TextDecoder().decode(decompressBytes(file.bytes(), manifestBytes));
  } catch (error) {
    if (!isTrowelError(error, 'bad-bytes', 'truncated')) throw error;
    throw new TrowelError('bad-database', { what: error.what, cause: error });
  }
}

function parseLine(row: string): JsonValue | null {
  try {
    const value: JsonValue = JSON.parse(row);
    return value;
  } catch {
    return null;
  }
}

function checkSchema(value: JsonValue | null): void {
  const schema = object(value ?? undefined).schema;
  if (schema === '1.0') return;
  if (schema === undefined) throw new TrowelError('bad-database', { what: 'no manifest of chisel' });
  throw new TrowelError('unsupported', { what: `schema ${JSON.stringify(schema)} of chisel's manifest` });
}

/** Packages come before slices and paths: lines are sorted by kind. */
function addLine(drafts: Map<string, Draft>, value: JsonValue): void {
  const { kind, name, version, arch, path, sha256, final_sha256: final, slices } = object(value);
  if (kind === 'package') {
    const draft = { version: maybeText(version), arch: maybeText(arch), sha256: maybeText(sha256) };
    if (text(name) !== '') drafts.set(text(name), { ...draft, slices: [], files: [] });
  } else if (kind === 'slice') drafts.get(packageOf(text(name)))?.slices.push(text(name));
  else if (kind === 'path' && !text(path).endsWith('/')) {
    const owners = new Set(texts(slices).map(packageOf));
    const file: ChiselFile = [
      text(path).replace(/^\/+/, ''),
      maybeText(final) ?? maybeText(sha256),
      final !== undefined,
    ];
    for (const owner of owners) drafts.get(owner)?.files.push(file);
  }
}

/** `libc6_libs` is the slice `libs` of libc6; a package's name has no underscore (Debian Policy 5.6.1). */
function packageOf(slice: string): string {
  return slice.split('_', 1)[0] ?? '';
}

function decode(value: JsonValue): ChiselRecord {
  const fields = object(value);
  return {
    name: text(fields.name),
    version: maybeText(fields.version),
    arch: maybeText(fields.arch),
    sha256: maybeText(fields.sha256),
    slices: texts(fields.slices),
    files: list(fields.files).map((row): ChiselFile => {
      const [path, sha256, mutated] = list(row);
      return [text(path), maybeText(sha256), mutated === true];
    }),
  };
}

function join(input: TypedJoin<ChiselRecord>): {
  readonly components: readonly Component[];
  readonly gaps: readonly Omit<CatalogGap, 'by'>[];
} {
  const { distro } = input;
  const components = input.records.map(({ path, layer, data }): Component => {
    const { name, version, arch, sha256, slices, files } = data;
    return {
      purl: formatPurl({
        type: 'deb',
        namespace: distro?.id ?? null,
        name,
        version,
        qualifiers: { arch, distro: distroQualifier(distro) },
      }),
      name,
      version,
      ...ecosystemOf(distro, 'deb'),
      source: null,
      locations: [{ path, layer }],
      foundBy: 'chisel',
      licenses: [],
      owns: placedFiles(input, files.map(owned)),
      grade: 'claimed',
      evidence: [
        {
          what: 'chisel manifest',
          where: path,
          value: `${name} ${version ?? 'none'} ${arch ?? ''}: ${slices.join(', ')}`,
        },
        ...(sha256 === null ? [] : [{ what: 'SHA-256 of the package', where: path, value: sha256 }]),
      ],
    };
  });
  const count = new Map<string, number>();
  for (const { path } of input.records) count.set(path, (count.get(path) ?? 0) + 1);
  const gaps = [...count].map(([path, packages]) => ({
    path,
    reason: 'unsupported' as const,
    detail: `the manifest names no source packages: ${packages} packages are looked up by their own names`,
  }));
  return { components, gaps };
}

function owned([path, sha256, mutated]: ChiselFile): OwnedFile {
  return { path, digest: sha256 === null ? null : { algorithm: 'sha256', hex: sha256 }, mayChange: mutated };
}
