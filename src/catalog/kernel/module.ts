import { readElf } from '../../binary/index.js';
import { type CatalogFile, isTrowelError, TrowelError } from '../../model/index.js';
import { decompressBytes } from '../../pack/index.js';
import { baseName } from '../paths.js';

export type KernelModule = {
  readonly kind: 'module';
  readonly name: string;
  readonly version: string | null;
  /** The release of the kernel that it was built for. */
  readonly kernel: string | null;
  readonly license: string | null;
  /** Whether it was built with the kernel, so that the kernel's version is its own. */
  readonly inTree: boolean;
  readonly sourceVersion: string | null;
  /** False where the bytes could not be read, and its place alone says what it is. */
  readonly read: boolean;
};

const moduleBytes = 256 * 1024 ** 2;
const infoBytes = 1024 * 1024;

/**
 * What a kernel module says of itself in its section `.modinfo`: texts `key=value`, each ended by a zero byte.
 *
 * One that is compressed with xz is known by its place alone (`lib/modules/RELEASE/kernel/…/NAME.ko.xz`). Throws
 * TrowelError for what is no module.
 * Follows: Linux, include/linux/module.h (MODULE_INFO), scripts/mod/modpost.c (intree, vermagic, name, srcversion).
 */
export function readModule(file: CatalogFile): KernelModule {
  const { path } = file.head;
  const place = /(?:^|\/)lib\/modules\/([^/]{1,200})\/(.+)$/.exec(path);
  const name = baseName(path).replace(/\.ko(?:\.\w{2,3})?$/, '');
  const byPlace = { kernel: place?.[1] ?? null, inTree: place?.[2]?.startsWith('kernel/') === true };
  const info = infoOf(file);
  if (info === null) {
    return { kind: 'module', name, version: null, ...byPlace, license: null, sourceVersion: null, read: false };
  }
  const [kernel] = (info.get('vermagic') ?? '').split(' ');
  return {
    kind: 'module',
    name: info.get('name') ?? name,
    version: info.get('version') || null,
    kernel: kernel || byPlace.kernel,
    license: info.get('license') || null,
    // Kernels write `intree` since 3.x; of older ones the place tells.
    inTree: info.get('intree') === 'Y' || byPlace.inTree,
    sourceVersion: info.get('srcversion') || null,
    read: true,
  };
}

/** Null for a compression that is not read here. */
function infoOf(file: CatalogFile): ReadonlyMap<string, string> | null {
  let bytes: Uint8Array;
  try {
    bytes = decompressBytes(file.bytes(), moduleBytes);
  } catch (error) {
    if (isTrowelError(error, 'unsupported')) return null;
    throw error;
  }
  const elf = readElf({ sizeBytes: bytes.length, slice: (at, length) => bytes.subarray(at, at + length) });
  const section = elf.sections.find((one) => one.name === '.modinfo');
  if (section === undefined) throw new TrowelError('bad-bytes', { what: 'a kernel module without .modinfo' });
  const content = bytes.subarray(section.offset, section.offset + Math.min(section.sizeBytes, infoBytes));
  const info = new Map<string, string>();
  for (const text of new TextDecoder().decode(content).split('\0')) {
    const equals = text.indexOf('=');
    if (equals > 0 && !info.has(text.slice(0, equals))) info.set(text.slice(0, equals), text.slice(equals + 1));
  }
  return info;
}
