import {
  type Bucket,
  by,
  type Component,
  type Coverage,
  type FileCount,
  type FileEntry,
  type Grade,
  type UnknownFile,
  type VisibleFile,
} from '../model/index.js';
import { generatedBy, sourceOfCompiled } from './generated-rules.js';
import { byPath, claimsByFile, type OwnerClaim } from './owners.js';

export interface AttributeInput {
  /** Regular files of the final image, a hard-linked one once. */
  readonly files: readonly VisibleFile[];
  /** Everything visible, by path. */
  readonly all: ReadonlyMap<string, VisibleFile>;
  readonly resolve: (path: string) => string | null;
  /** The file whose bytes a path has, as its layer has it, hard links followed; without it links are followed here. */
  readonly contentOf?: (path: string) => VisibleFile | null;
  /** Their index is their name here. */
  readonly components: readonly Component[];
  /** Digests beside SHA-256, by path, where they were computed apart from the entries. */
  readonly digests?: ReadonlyMap<string, { readonly md5?: string; readonly sha1?: string }>;
}

export interface FileOwner {
  readonly component: number | null;
  readonly bucket: Bucket;
  readonly grade: Grade;
}

/** Digests as `algorithm:hex`; `component` is an index. */
export interface Modified {
  readonly path: string;
  readonly component: number;
  readonly recorded: string;
  readonly actual: string;
}

export interface Attribution {
  readonly coverage: Coverage;
  /** Largest first, then by path. */
  readonly unknownFiles: readonly UnknownFile[];
  /** By path. */
  readonly modifiedFiles: readonly Modified[];
  /** By path, one for each of `files`. */
  readonly owners: ReadonlyMap<string, FileOwner>;
  /** By component index: the files it is the first owner of, as they should be or modified. */
  readonly ownedBy: readonly FileCount[];
  /** Of the unknown files, the programs, libraries and executable scripts; largest first. */
  readonly unownedExecutables: readonly UnknownFile[];
}

/**
 * Puts each regular file of an image into exactly one bucket; the sums are exact.
 *
 * - `owned`: a package's record lists it, and its bytes are the recorded ones as far as a digest is stated and known
 * - `modified`: such a file whose bytes are not the recorded ones; conffiles may change and stay `owned`
 * - `identified`: a cataloguer concluded from its place or content what it is
 * - `generated`: a program of the system writes it (`generated-rules.ts`)
 * - `unknown`: none of these
 *
 * Grades are the owner's; `inferred` for generated files; `unknown` for unknown and for modified ones, since nothing
 * speaks for the bytes that are there. The first owner of a file that several claim is told in `owners.ts`; one whose
 * recorded digest fits comes before those whose does not.
 */
export function attribute(input: AttributeInput): Attribution {
  const claims = claimsByFile(input.files, input, input.components);
  const generated = generatedBy(input.components);
  const owners = new Map<string, FileOwner>();
  const modifiedFiles: Modified[] = [];
  const unknownFiles: UnknownFile[] = [];
  const ownedBy = input.components.map((): FileCount => ({ files: 0, bytes: 0 }));
  for (const file of input.files) {
    const { path, sizeBytes } = file.entry;
    const decision = decide(input, file, claims, generated);
    owners.set(path, decision.owner);
    if (decision.modified !== null) modifiedFiles.push(decision.modified);
    if (decision.owner.bucket === 'unknown') unknownFiles.push(unknownFile(file));
    const index = decision.owner.component;
    const count = index === null ? undefined : ownedBy[index];
    if (index !== null && count !== undefined) ownedBy[index] = add(count, sizeBytes);
  }
  unknownFiles.sort(by((one) => [-one.sizeBytes, one.path]));
  return {
    coverage: coverageOf(input.files, owners),
    unknownFiles,
    modifiedFiles: modifiedFiles.sort(byPath),
    owners,
    ownedBy,
    unownedExecutables: unknownFiles.filter((one) => isExecutable(input.all.get(one.path)?.entry ?? null, one)),
  };
}

interface Decision {
  readonly owner: FileOwner;
  readonly modified: Modified | null;
}

function decide(
  input: AttributeInput,
  file: VisibleFile,
  claims: ReadonlyMap<string, readonly OwnerClaim[]>,
  generated: (path: string) => string | null,
): Decision {
  const { path } = file.entry;
  const all = claims.get(path) ?? [];
  const listed = all.filter(({ owned }) => owned.listed !== false);
  const first = listed[0];
  if (first !== undefined) return decideListed(input, file, first, listed);
  // What the system makes out of packages is generated even where its content tells what it is (a CA bundle).
  if (generated(path) !== null || isCompiledFromOwned(path, claims)) {
    return { owner: { component: null, bucket: 'generated', grade: 'inferred' }, modified: null };
  }
  const concluded = all[0];
  if (concluded !== undefined) {
    const grade = input.components[concluded.component]?.grade ?? 'unknown';
    return { owner: { component: concluded.component, bucket: 'identified', grade }, modified: null };
  }
  return { owner: { component: null, bucket: 'unknown', grade: 'unknown' }, modified: null };
}

function decideListed(
  input: AttributeInput,
  file: VisibleFile,
  first: OwnerClaim,
  listed: readonly OwnerClaim[],
): Decision {
  const compared = listed.map((claim) => ({ claim, actual: actualDigest(input, file, claim) }));
  const fitting = compared.find(({ claim, actual }) => actual !== null && actual === claim.owned.digest?.hex);
  const wrong = compared.find(({ actual }) => actual !== null);
  if (fitting === undefined && wrong !== undefined && !listed.some(({ owned }) => owned.mayChange)) {
    const { claim, actual } = wrong;
    const algorithm = claim.owned.digest?.algorithm ?? 'sha256';
    return {
      owner: { component: claim.component, bucket: 'modified', grade: 'unknown' },
      modified: {
        path: file.entry.path,
        component: claim.component,
        recorded: `${algorithm}:${claim.owned.digest?.hex ?? ''}`,
        actual: `${algorithm}:${actual ?? ''}`,
      },
    };
  }
  const { component } = fitting?.claim ?? first;
  const grade = input.components[component]?.grade ?? 'unknown';
  return { owner: { component, bucket: 'owned', grade }, modified: null };
}

/** The file's digest in the algorithm that the claim states, or null where either is not known. */
function actualDigest(input: AttributeInput, { entry }: VisibleFile, { owned }: OwnerClaim): string | null {
  switch (owned.digest?.algorithm) {
    case 'sha256':
      return entry.sha256;
    case 'md5':
      return entry.md5 ?? input.digests?.get(entry.path)?.md5 ?? null;
    case 'sha1':
      return entry.sha1 ?? input.digests?.get(entry.path)?.sha1 ?? null;
    case 'sha512':
    case undefined:
      return null;
  }
}

function isCompiledFromOwned(path: string, claims: ReadonlyMap<string, readonly OwnerClaim[]>): boolean {
  const source = sourceOfCompiled(path);
  return source !== null && claims.has(source);
}

function unknownFile({ entry, layer }: VisibleFile): UnknownFile {
  return { path: entry.path, sizeBytes: entry.sizeBytes, sha256: entry.sha256, type: entry.content, layer };
}

/** Programs and libraries by their first bytes whatever their mode says; a script where it may be executed. */
function isExecutable(entry: FileEntry | null, { type }: UnknownFile): boolean {
  if (type === 'elf' || type === 'pe' || type === 'mach-o') return true;
  return type === 'script' && ((entry?.mode ?? 0) & 0o111) !== 0;
}

function add(count: FileCount, sizeBytes: number): FileCount {
  return { files: count.files + 1, bytes: count.bytes + sizeBytes };
}

function coverageOf(files: readonly VisibleFile[], owners: ReadonlyMap<string, FileOwner>): Coverage {
  const none = (): FileCount => ({ files: 0, bytes: 0 });
  const byGrade: Record<Grade, FileCount> = {
    proved: none(),
    attested: none(),
    claimed: none(),
    inferred: none(),
    unknown: none(),
  };
  const byBucket: Record<Bucket, FileCount> = {
    owned: none(),
    identified: none(),
    generated: none(),
    modified: none(),
    added: none(),
    unknown: none(),
  };
  let total = none();
  for (const { entry } of files) {
    const owner = owners.get(entry.path) ?? { component: null, bucket: 'unknown', grade: 'unknown' };
    byGrade[owner.grade] = add(byGrade[owner.grade], entry.sizeBytes);
    byBucket[owner.bucket] = add(byBucket[owner.bucket], entry.sizeBytes);
    total = add(total, entry.sizeBytes);
  }
  return { ...total, byGrade, byBucket };
}
