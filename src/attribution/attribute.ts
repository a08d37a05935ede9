import {
  type Bucket,
  type Component,
  type Coverage,
  type FileCount,
  type FileEntry,
  type FinalFiles,
  type Grade,
  LazyRows,
  type Rows,
  type UnknownFile,
  type VisibleFile,
} from '../model/index.js';
import { generatedBy, sourceOfCompiled } from './generated-rules.js';
import { byPath, claimsByFile, type OwnerClaim } from './owners.js';

export interface AttributeInput {
  readonly files: FinalFiles;
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
  readonly unknownFiles: Rows<UnknownFile>;
  /** By path. */
  readonly modifiedFiles: readonly Modified[];
  /** Of one of `files`, by its index. */
  owner(index: number): FileOwner;
  /** By component index: the files it is the first owner of, as they should be or modified. */
  readonly ownedBy: readonly FileCount[];
  /** Of the unknown files, the programs, libraries and executable scripts; largest first. */
  readonly unownedExecutables: Rows<UnknownFile>;
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
  const { files, components } = input;
  const claims = claimsByFile(files, components);
  const generated = generatedBy(components);
  const owners = new OwnerTable(files.length);
  const modifiedFiles: Modified[] = [];
  const unknown: number[] = [];
  const executables: number[] = [];
  const ownedBy = components.map((): FileCount => ({ files: 0, bytes: 0 }));
  for (let index = 0; index < files.length; index++) {
    const decision = decide(input, index, claims, generated);
    owners.set(index, decision.owner);
    if (decision.modified !== null) modifiedFiles.push(decision.modified);
    if (decision.owner.bucket === 'unknown') {
      unknown.push(index);
      if (isExecutable(files.at(index).entry)) executables.push(index);
    }
    const { component } = decision.owner;
    const count = component === null ? undefined : ownedBy[component];
    if (component !== null && count !== undefined) ownedBy[component] = add(count, files.sizeBytes(index));
  }
  // Files are in the order of their paths.
  const largestFirst = (indexes: readonly number[]): Rows<UnknownFile> => {
    const order = Uint32Array.from(indexes).sort((a, b) => files.sizeBytes(b) - files.sizeBytes(a) || a - b);
    return new LazyRows(order.length, (at) => unknownFile(files.at(order[at] ?? -1)));
  };
  return {
    coverage: owners.coverage(files),
    unknownFiles: largestFirst(unknown),
    modifiedFiles: modifiedFiles.sort(byPath),
    owner: (index) => owners.get(index),
    ownedBy,
    unownedExecutables: largestFirst(executables),
  };
}

interface Decision {
  readonly owner: FileOwner;
  readonly modified: Modified | null;
}

type Claims = readonly (readonly OwnerClaim[] | undefined)[];

const notKnown: Decision = { owner: { component: null, bucket: 'unknown', grade: 'unknown' }, modified: null };
const isGenerated: Decision = { owner: { component: null, bucket: 'generated', grade: 'inferred' }, modified: null };

function decide(
  input: AttributeInput,
  index: number,
  claims: Claims,
  generated: (path: string) => string | null,
): Decision {
  const all = claims[index] ?? [];
  const listed = all.filter(({ owned }) => owned.listed !== false);
  const first = listed[0];
  if (first !== undefined) return decideListed(input, index, first, listed);
  // What the system makes out of packages is generated even where its content tells what it is (a CA bundle).
  const path = input.files.path(index);
  if (generated(path) !== null || isCompiledFromOwned(path, input.files, claims)) return isGenerated;
  const concluded = all[0];
  if (concluded === undefined) return notKnown;
  const grade = input.components[concluded.component]?.grade ?? 'unknown';
  return { owner: { component: concluded.component, bucket: 'identified', grade }, modified: null };
}

function decideListed(
  input: AttributeInput,
  index: number,
  first: OwnerClaim,
  listed: readonly OwnerClaim[],
): Decision {
  const compared = listed.map((claim) => ({ claim, actual: actualDigest(input, index, claim) }));
  const fitting = compared.find(({ claim, actual }) => actual !== null && actual === claim.owned.digest?.hex);
  const wrong = compared.find(({ actual }) => actual !== null);
  if (fitting === undefined && wrong !== undefined && !listed.some(({ owned }) => owned.mayChange)) {
    const { claim, actual } = wrong;
    const algorithm = claim.owned.digest?.algorithm ?? 'sha256';
    return {
      owner: { component: claim.component, bucket: 'modified', grade: 'unknown' },
      modified: {
        path: input.files.path(index),
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
function actualDigest({ files, digests }: AttributeInput, index: number, { owned }: OwnerClaim): string | null {
  switch (owned.digest?.algorithm) {
    case 'sha256':
      return files.digest(index, 'sha256');
    case 'md5':
      return files.digest(index, 'md5') ?? digests?.get(files.path(index))?.md5 ?? null;
    case 'sha1':
      return files.digest(index, 'sha1') ?? digests?.get(files.path(index))?.sha1 ?? null;
    case 'sha512':
    case undefined:
      return null;
  }
}

function isCompiledFromOwned(path: string, files: FinalFiles, claims: Claims): boolean {
  const source = sourceOfCompiled(path);
  const index = source === null ? -1 : files.indexOf(source);
  return index >= 0 && claims[index] !== undefined;
}

function unknownFile({ entry, layer }: VisibleFile): UnknownFile {
  return { path: entry.path, sizeBytes: entry.sizeBytes, sha256: entry.sha256, type: entry.content, layer };
}

/** Programs and libraries by their first bytes whatever their mode says; a script where it may be executed. */
function isExecutable({ content, mode }: FileEntry): boolean {
  if (content === 'elf' || content === 'pe' || content === 'mach-o') return true;
  return content === 'script' && (mode & 0o111) !== 0;
}

function add(count: FileCount, sizeBytes: number): FileCount {
  return { files: count.files + 1, bytes: count.bytes + sizeBytes };
}

const buckets: readonly Bucket[] = ['owned', 'identified', 'generated', 'modified', 'added', 'unknown'];
const grades: readonly Grade[] = ['proved', 'attested', 'claimed', 'inferred', 'unknown'];

/** Who owns each file: six bytes a file. */
class OwnerTable {
  readonly #components: Int32Array;
  readonly #buckets: Uint8Array;
  readonly #grades: Uint8Array;

  constructor(length: number) {
    this.#components = new Int32Array(length);
    this.#buckets = new Uint8Array(length);
    this.#grades = new Uint8Array(length);
  }

  set(index: number, { component, bucket, grade }: FileOwner): void {
    this.#components[index] = component ?? -1;
    this.#buckets[index] = buckets.indexOf(bucket);
    this.#grades[index] = grades.indexOf(grade);
  }

  get(index: number): FileOwner {
    const component = this.#components[index] ?? -1;
    return {
      component: component < 0 ? null : component,
      bucket: buckets[this.#buckets[index] ?? -1] ?? 'unknown',
      grade: grades[this.#grades[index] ?? -1] ?? 'unknown',
    };
  }

  coverage(files: FinalFiles): Coverage {
    const counts = <T extends string>(names: readonly T[], column: Uint8Array): [T, FileCount][] => {
      const rows = names.map(() => ({ files: 0, bytes: 0 }));
      for (let index = 0; index < files.length; index++) {
        const row = rows[column[index] ?? 0];
        if (row === undefined) continue;
        row.files += 1;
        row.bytes += files.sizeBytes(index);
      }
      return names.map((name, at) => [name, rows[at] ?? { files: 0, bytes: 0 }]);
    };
    const byGrade = Object.fromEntries(counts(grades, this.#grades)) as Record<Grade, FileCount>;
    const byBucket = Object.fromEntries(counts(buckets, this.#buckets)) as Record<Bucket, FileCount>;
    const all = Object.values(byBucket);
    const sum = (of: (count: FileCount) => number): number => all.reduce((total, count) => total + of(count), 0);
    return { files: sum((one) => one.files), bytes: sum((one) => one.bytes), byGrade, byBucket };
  }
}
