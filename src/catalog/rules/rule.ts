import type { PurlParts } from '../../model/index.js';

/**
 * A text in a file that tells the version of the program whose file it is.
 *
 * `regex` has the named group `v`, the version as it is told (absent: the text says which program, and no version), and
 * may have `hint`, a second version that the text names (a distribution's own). It is run on short windows of bytes
 * read as Latin-1, so `\0` is a zero byte.
 */
export interface TextPattern {
  /** Bytes that every match holds, searched for first; null: the expression is run over the whole file. */
  readonly anchor: string | null;
  readonly regex: RegExp;
  /** How many bytes before and behind the anchor the expression may see. */
  readonly before: number;
  readonly after: number;
  /** Bytes that must be somewhere in the same file for the pattern to count. */
  readonly requires: string | null;
}

/** Where a rule's version stands in the name of the file itself: `libbrotlicommon.so.1.0.9`. */
export type NameVersion = RegExp;

/**
 * One kind of program, library or data that no package manager needs to have installed, known by its own words.
 *
 * Rules of one family exclude each other: the first that matches a file wins (Percona's server is no plain MySQL).
 */
export interface Rule {
  /** Name of the component. */
  readonly name: string;
  readonly purl: Pick<PurlParts, 'type' | 'namespace' | 'name'>;
  /** `vendor:product` as NVD's dictionary has them. */
  readonly cpes: readonly string[];
  /** Where the program's own source writes the text: files of the upstream repository, or a page. */
  readonly source: string;
  /** Base names, with `*` for any characters; `.exe` is dropped from the file's name first. */
  readonly names: readonly string[];
  /** Where more than the base name counts: asked with the whole path. */
  readonly path: RegExp | null;
  readonly family: string;
  /** `text`: a script or a data file; `program`: everything else that has the name, a script never. */
  readonly kind: 'program' | 'text';
  /** Programs of Go say their version in the build information: the rule counts where there is none. */
  readonly go: boolean;
  readonly patterns: readonly TextPattern[];
  /** A version must begin with what this captures of the file's name (`python3.11`), where it captures something. */
  readonly sameAsName: RegExp | null;
  /** The version that the file's name says where its bytes say none. */
  readonly nameVersion: NameVersion | null;
  /** A text by which it is known in any ELF file, whatever that is called: it is the file, or is linked into it. */
  readonly banner: TextPattern | null;
  /** A program that loads such a library has not linked it in: the text is one that its header left behind. */
  readonly unlessNeeds: RegExp | null;
  /** Whether an ELF file with the banner *is* the program under any name (BusyBox), never only a part of it. */
  readonly anyName: boolean;
  /**
   * Packages (by name or source) whose file this is where they list it. `distribution`: any package of a
   * distribution's database; `any`: whoever lists it says enough.
   */
  readonly packages: readonly string[] | 'distribution' | 'any';
  /** Names of files that are built together with this one and say nothing themselves: its own where they lie beside it. */
  readonly siblings: RegExp | null;
}

export type RuleOptions = Partial<Omit<Rule, 'name' | 'names' | 'purl' | 'patterns'>> & {
  /** `type/namespace/name`, `generic/NAME` where it is left out. */
  readonly purl?: string;
};

/** A rule with the usual values filled in. */
export function rule(
  name: string,
  names: readonly string[],
  patterns: readonly TextPattern[],
  options: RuleOptions & { readonly source: string },
): Rule {
  const { purl, ...rest } = options;
  return {
    name,
    names,
    patterns,
    purl: purlParts(purl ?? `generic/${name}`),
    cpes: [],
    path: null,
    family: name,
    kind: 'program',
    go: false,
    sameAsName: null,
    nameVersion: null,
    banner: null,
    unlessNeeds: null,
    anyName: false,
    packages: 'distribution',
    siblings: null,
    ...rest,
  };
}

function purlParts(purl: string): Rule['purl'] {
  const parts = purl.split('/');
  const [type = 'generic', ...rest] = parts;
  return { type, namespace: rest.length < 2 ? null : rest.slice(0, -1).join('/'), name: rest.at(-1) ?? '' };
}

/** The text behind `anchor`, which it begins with (or some bytes before it). */
export function near(
  anchor: string,
  regex: RegExp,
  reach: { readonly before?: number; readonly after?: number; readonly requires?: string } = {},
): TextPattern {
  const { before = 0, after = 120, requires = null } = reach;
  return { anchor, regex: global(regex), before, after, requires };
}

/** A text without fixed words; slow on large files, so only for rules that a file's name has selected. */
export function anywhere(regex: RegExp): TextPattern {
  return { anchor: null, regex: global(regex), before: 0, after: 0, requires: null };
}

/**
 * A bare version: a text of its own, between a byte that is no character and a zero byte. Only in a file that also
 * holds `requires`, and only where the file has one such version: of two, nobody knows which is the program's.
 */
export function bare(version: RegExp, requires: string): TextPattern {
  const regex = new RegExp(String.raw`(?<![\x20-\x7e])(?:${version.source})\0`, 'gs');
  return { anchor: null, regex, before: 0, after: 0, requires };
}

/** A text without fixed words, looked for only in a file that also holds `requires`. */
export function after(requires: string, regex: RegExp): TextPattern {
  return { anchor: null, regex: global(regex), before: 0, after: 0, requires };
}

function global(regex: RegExp): RegExp {
  return new RegExp(regex.source, 'gs');
}
