/** What is in an image by construction: what the tool says that put it there. */
export interface Made {
  /** Tars, lowest first. */
  readonly layers: readonly string[];
  /**
   * By ecosystem (a purl's type), everything of it that is in the image, as `identity` writes it. Of ecosystems that
   * are not named here nothing is known.
   */
  readonly truth: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface TruthCase {
  readonly name: string;
  /** Programs without which it cannot be made. */
  readonly needs: readonly string[];
  /** Makes it in an empty directory. */
  readonly make: (dir: string) => Promise<Made>;
}

/**
 * A purl by which two tools mean the same thing: type, namespace, name and version, percent-encoding undone, without
 * qualifiers and subpath.
 */
export function identity(purl: string): string {
  const bare = purl.split('#', 1)[0]?.split('?', 1)[0] ?? '';
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}

/** `pkg:TYPE/NAME@VERSION` for each row. */
export function purls(type: string, rows: Iterable<readonly [name: string, version: string]>): ReadonlySet<string> {
  return new Set([...rows].map(([name, version]) => `pkg:${type}/${name}@${version}`));
}

/** The cells of lines that a tool prints, separated by tabs. */
export function cellsOf(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('\t'));
}

/** PyPI's names as purls have them. Follows: PEP 503. */
export function pypiName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
