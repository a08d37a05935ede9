import { compareText, type Platform, platformName, TrowelError } from '../model/index.js';
import { clip } from './digest.js';

/** Platforms to choose: those named, in their order, or every one that there is. None named: the host's. */
export type PlatformWish = readonly Platform[] | 'all';

/** What was chosen among the platforms of one image. */
export interface PlatformChoice<T> {
  readonly chosen: readonly T[];
  /** Whether the one platform was taken because there is no other, though it was not asked for. */
  readonly taken: boolean;
  /** Platforms that were asked for and are not there, beside others that are. */
  readonly missing: readonly Platform[];
}

/**
 * The platform that images run on here: Linux on this machine's architecture, also where the machine itself runs
 * another system (as container tools there do).
 */
export function hostPlatform(architecture: string = process.arch): Platform {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le', mipsel: 'mipsle' };
  return normalisePlatform({ os: 'linux', architecture: names[architecture] ?? architecture, variant: null });
}

/** Reads `OS/ARCH[/VARIANT]`. Throws TrowelError `usage`. */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [os = '', architecture = '', variant = null] = parts;
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^[A-Za-z0-9_.-]{1,64}$/.test(part))) {
    throw new TrowelError('usage', {
      what: `"${clip(text)}" is no platform`,
      where: { option: '--platform' },
      todo: 'write OS/ARCH or OS/ARCH/VARIANT, like linux/arm64, or all',
    });
  }
  return normalisePlatform({ os, architecture, variant });
}

const arm64Variants: Readonly<Record<string, string>> = {
  '8': '',
  v8: '',
  'v8.0': '',
  '9': 'v9',
  '9.0': 'v9',
  'v9.0': 'v9',
};

/**
 * One spelling for each platform: `aarch64` and `arm64/v8` are `arm64`, `x86_64` is `amd64`, bare `arm` is `arm/v7`.
 * Follows: containerd/platforms v1.0.0-rc.1, `database.go` (`normalizeOS`, `normalizeArch`).
 */
export function normalisePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const architecture = platform.architecture.toLowerCase();
  const variant = (platform.variant ?? '').toLowerCase();
  const named = (arch: string, kind: string): Platform => ({
    os: os === 'macos' ? 'darwin' : os,
    architecture: arch,
    variant: kind === '' ? null : kind,
  });
  switch (architecture) {
    case 'i386':
      return named('386', '');
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return named('amd64', variant === 'v1' ? '' : variant);
    case 'aarch64':
    case 'arm64':
      return named('arm64', Object.hasOwn(arm64Variants, variant) ? (arm64Variants[variant] ?? '') : variant);
    case 'armhf':
      return named('arm', 'v7');
    case 'armel':
      return named('arm', 'v6');
    case 'arm':
      return named('arm', variant === '' ? 'v7' : /^[5-8]$/.test(variant) ? `v${variant}` : variant);
    default:
      return named(architecture, variant);
  }
}

/**
 * Chooses among the platforms of one image as CONTRACT.md says: what was asked for; the only one there, whatever was
 * asked; otherwise TrowelError `no-such-platform` that lists what there is.
 *
 * A machine also runs older variants of its architecture (arm/v7 runs v6 and v5, amd64/v3 runs v2 and plain), so the
 * nearest older one stands in for a variant that is not there. Of two entries for the same platform the first wins.
 * Follows: containerd/platforms `compare.go` (`Only`), without its steps to other architectures.
 */
export function choosePlatforms<T extends { readonly platform: Platform }>(
  there: readonly T[],
  wish: PlatformWish,
  reference: string,
): PlatformChoice<T> {
  if (wish === 'all') return { chosen: there, taken: false, missing: [] };
  const wanted = wish.length === 0 ? [hostPlatform()] : wish;
  const chosen: T[] = [];
  const missing: Platform[] = [];
  for (const platform of wanted) {
    const found = nearest(there, platform);
    if (found === undefined) missing.push(platform);
    else if (!chosen.includes(found)) chosen.push(found);
  }
  if (chosen.length > 0) return { chosen, taken: false, missing };
  if (there.length === 1) return { chosen: there, taken: true, missing: [] };
  throw new TrowelError('no-such-platform', {
    what: `no image for ${wanted.map(platformName).join(', ')}; there are ${listPlatforms(there)}`,
    where: { reference },
    todo: 'choose one with --platform, or all of them with --platform all',
  });
}

/** Names of platforms, sorted, each once. */
export function listPlatforms(there: readonly { readonly platform: Platform }[]): string {
  const names = new Set(there.map((item) => platformName(item.platform)));
  return [...names].sort(compareText).join(', ');
}

function nearest<T extends { readonly platform: Platform }>(there: readonly T[], wanted: Platform): T | undefined {
  for (const variant of variantsFrom(wanted)) {
    const found = there.find(
      ({ platform }) =>
        platform.os === wanted.os &&
        platform.architecture === wanted.architecture &&
        (platform.variant ?? '') === variant,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The variant itself and the older ones that it also runs, newest first; the empty text is the plain architecture. */
function variantsFrom(platform: Platform): readonly string[] {
  const variant = platform.variant ?? '';
  const found = /^v([1-9])(?:\.([0-9]))?$/.exec(variant);
  if (found === null) return [variant];
  const major = Number(found[1]);
  const minor = Number(found[2] ?? 0);
  const down = (prefix: string, from: number, to: number): string[] =>
    Array.from({ length: Math.max(0, from - to + 1) }, (_, at) => `${prefix}${from - at}`);
  switch (platform.architecture) {
    case 'amd64':
      return [...down('v', major, 2), ''];
    case 'arm':
      return down('v', major, 5);
    case 'arm64':
      // v9.n holds all of v8.(n+5).
      if (major === 9) return [...down('v9.', minor, 1), 'v9', ...down('v8.', Math.min(minor + 5, 9), 1), ''];
      return major === 8 ? [...down('v8.', minor, 1), ''] : [variant];
    default:
      return [variant];
  }
}
