import type { FileHead } from '../model/index.js';

/** What a rule read in a file. */
export interface Match {
  readonly version: string | null;
  /** The text that was matched, and where it begins in the file (bytes). */
  readonly text: string;
  readonly offset: number;
  /** A distribution's own version that the text names: `Debian 2.28-10`. */
  readonly hint: string | null;
}

/** One kind of program or data that no package manager needs to have installed, known by its own words. */
export interface BinaryRule {
  /** Name of the component and of its purl (`pkg:generic/NAME`). */
  readonly name: string;
  readonly what: string;
  readonly file: 'elf' | 'text';
  /** Asked with the path and mode alone. */
  readonly fits: (file: FileHead) => boolean;
  readonly find: (content: Buffer) => Match | null;
  /** Packages (by name or source) whose file this is where they list it; null: whoever lists it says enough. */
  readonly packages: readonly string[] | null;
  /** Whether all below the file's folder is its own too. */
  readonly folder: boolean;
}

/** The text at `at` up to a control character, at most 200 bytes. */
function lineAt(content: Buffer, at: number): string {
  const window = content.subarray(at, at + 200).toString('latin1');
  const end = Array.from(window).findIndex((char) => char < ' ');
  return end < 0 ? window : window.slice(0, end);
}

/** The first place of `marker` whose line matches; looks at most at 50 places. */
function findLine(content: Buffer, marker: string, pattern: RegExp): { at: number; found: RegExpExecArray } | null {
  let at = content.indexOf(marker);
  for (let tries = 0; at >= 0 && tries < 50; tries++) {
    const found = pattern.exec(lineAt(content, at));
    if (found !== null) return { at, found };
    at = content.indexOf(marker, at + 1);
  }
  return null;
}

function hasName(file: FileHead, pattern: RegExp): boolean {
  return pattern.test(file.path.slice(file.path.lastIndexOf('/') + 1));
}

/** `GNU C Library (Debian GLIBC 2.28-10) stable release version 2.28.` (glibc, csu/version.c). */
const glibc: BinaryRule = {
  name: 'glibc',
  what: 'GNU C Library banner',
  file: 'elf',
  fits: (file) => hasName(file, /^libc[.-][\w.-]*so[\w.]*$/),
  find(content) {
    const match = findLine(content, 'GNU C Library (', /^GNU C Library \(([^)]*)\).*? version (\d+\.\d+(?:\.\d+)?)/);
    if (match === null) return null;
    const [whole = '', vendor = '', version = ''] = match.found;
    const distribution = /^(\w+) (?:E?GLIBC) (\S+)$/.exec(vendor);
    const hint = distribution === null ? null : `${distribution[1]} ${distribution[2]}`;
    return { version, text: whole, offset: match.at, hint };
  },
  packages: ['glibc', 'eglibc', 'libc6'],
  folder: false,
};

/** musl's loader prints `musl libc (x86_64)` and its version, which stands as a string of its own (ldso/dynlink.c). */
const musl: BinaryRule = {
  name: 'musl',
  what: 'musl libc version string',
  file: 'elf',
  fits: (file) => hasName(file, /^(?:ld-musl-[\w-]+\.so|libc\.musl-[\w-]+\.so|libc\.so)(?:\.\d+)?$/),
  find(content) {
    if (!content.includes('musl libc (')) return null;
    // The version and the words around it lie in the same read-only strings, each ended by a zero byte.
    for (let at = content.indexOf('\x001.'); at >= 0; at = content.indexOf('\x001.', at + 1)) {
      const found = /^(1\.[0-9]\.\d{1,2})(?:-git-\S*)?$/.exec(lineAt(content, at + 1));
      if (found !== null) return { version: found[1] ?? null, text: found[0], offset: at + 1, hint: null };
    }
    return { version: null, text: 'musl libc (', offset: content.indexOf('musl libc ('), hint: null };
  },
  packages: ['musl'],
  folder: false,
};

/** `BusyBox v1.31.1 (2020-06-08 …)`; its name can be that of any of its tools (`bin/[`). */
const busybox: BinaryRule = {
  name: 'busybox',
  what: 'BusyBox banner',
  file: 'elf',
  fits: () => true,
  find(content) {
    const match = findLine(content, 'BusyBox v', /^BusyBox v(\d+\.\d+(?:\.\d+)?[\w.-]*)(?: \(([^)]*)\))?/);
    if (match === null) return null;
    const build = match.found[2] ?? '';
    const debian = /^(Debian|Ubuntu) (\S+)$/.exec(build);
    return {
      version: match.found[1] ?? null,
      text: match.found[0],
      offset: match.at,
      hint: debian === null ? null : `${debian[1]} ${debian[2]}`,
    };
  },
  packages: ['busybox'],
  folder: false,
};

/** A bundle of trusted certificates: it names no version, so what it is and how many it holds is all one can say. */
const certificates: BinaryRule = {
  name: 'ca-certificates',
  what: 'certificates in PEM form',
  file: 'text',
  fits: (file) =>
    hasName(file, /^(?:ca-certificates\.crt|ca-bundle\.crt|ca-bundle\.pem|cacert\.pem|tls-ca-bundle\.pem|cert\.pem)$/),
  find(content) {
    const marker = '-----BEGIN CERTIFICATE-----';
    const first = content.indexOf(marker);
    if (first < 0) return null;
    let count = 0;
    for (let at = first; at >= 0; at = content.indexOf(marker, at + marker.length)) count += 1;
    return { version: null, text: `${count} certificates`, offset: first, hint: null };
  },
  packages: null,
  folder: false,
};

/** `# version 2020d`, the first line of tzdata.zi (tz database, ziguard.awk). */
const timeZones: BinaryRule = {
  name: 'tzdata',
  what: 'first line of tzdata.zi',
  file: 'text',
  fits: (file) => hasName(file, /^tzdata\.zi$/),
  find(content) {
    const found = /^# version (\d{4}[a-z]{1,2})/.exec(lineAt(content, 0));
    return found === null ? null : { version: found[1] ?? null, text: found[0], offset: 0, hint: null };
  },
  packages: ['tzdata'],
  folder: true,
};

/** In the order in which they are tried; a file can match several. */
export const binaryRules: readonly BinaryRule[] = [glibc, musl, busybox, certificates, timeZones];
