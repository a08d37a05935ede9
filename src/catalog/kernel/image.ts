import { fieldsOf, isElf, textAt } from '../../binary/index.js';
import { type CatalogFile, isTrowelError } from '../../model/index.js';
import { decompressBytes, sniffCompression } from '../../pack/index.js';
import { baseName } from '../paths.js';

/** A kernel's release (`5.10.121-linuxkit`) and the text or place that says it. */
export interface KernelVersion {
  readonly version: string;
  readonly text: string;
  readonly isName: boolean;
}

/** How such a name begins: asked of every file, before the rest of it. */
const firstLetters = 'vbzkI';
const names = /^(?:vmlinuz|vmlinux|bzImage|zImage|kernel|Image)(?:-.{1,200})?(?:\.gz)?$/;
/** A kernel with debug information can be larger; its first text names it long before. */
const imageBytes = 256 * 1024 ** 2;
const banner = Buffer.from('Linux version ');
/** Where it is looked for, a window at a time, and how long the text with it may be. */
const searchedBytes = 1024 ** 3;
const windowBytes = 256 * 1024;
const textBytes = 256;

/** Whether a file is named as a kernel and begins like one. */
export function looksLikeKernel(path: string, head: Uint8Array): boolean {
  if (!firstLetters.includes(path[path.lastIndexOf('/') + 1] ?? '') || !names.test(baseName(path))) return false;
  return isBootImage(head) || isArm64Image(head) || isEfi(head) || isElf(head) || sniffCompression(head) === 'gzip';
}

/** `HdrS` at 0x202: Linux, Documentation/arch/x86/boot.rst. */
function isBootImage(head: Uint8Array): boolean {
  return head.length > 0x210 && fieldsOf(head, true).u32(0x202) === 0x53726448;
}

/** `ARM\x64` at 56: Linux, Documentation/arch/arm64/booting.rst. */
function isArm64Image(head: Uint8Array): boolean {
  return head.length >= 64 && fieldsOf(head, true).u32(56) === 0x644d5241;
}

/** `MZ` and `zimg`: a compressed kernel in an EFI program (Linux, drivers/firmware/efi/libstub/zboot-header.S). */
function isEfi(head: Uint8Array): boolean {
  return head.length >= 32 && head[0] === 0x4d && head[1] === 0x5a && fieldsOf(head, true).u32(4) === 0x676d697a;
}

/**
 * The version of a kernel: of an x86 boot image the text that its header points to, of others the banner in the
 * (uncompressed) image, else what the file's name says. Null where nothing says it.
 */
export function kernelVersion(file: CatalogFile): KernelVersion | null {
  const head = file.slice(0, 4096);
  const text = isBootImage(head) ? bootText(file, head) : bannerText(file, head);
  const version = text?.split(' ', 1)[0] ?? '';
  if (text !== null && /^\d{1,4}\.\d/.test(version)) return { version, text, isName: false };
  const named = /^[A-Za-z]{1,10}-(\d{1,4}\..{1,200})$/.exec(baseName(file.head.path))?.[1];
  return named === undefined ? null : { version: named, text: baseName(file.head.path), isName: true };
}

/** `kernel_version` at 0x20e: where the text is, counted from 0x200. */
function bootText(file: CatalogFile, head: Uint8Array): string | null {
  const at = fieldsOf(head, true).u16(0x20e);
  return at === 0 ? null : textAt(file.slice(at + 0x200, 256), 0);
}

function bannerText(file: CatalogFile, head: Uint8Array): string | null {
  // What is not packed is searched where it lies: with debug information it may be larger than what can be held.
  const source = !isEfi(head) && sniffCompression(head) === 'none' ? file : unpacked(file, head);
  if (source === null) return null;
  const end = Math.min(source.sizeBytes, searchedBytes);
  for (let from = 0; from < end; from += windowBytes) {
    // Each window begins with what may be the beginning of a text in the one before.
    const start = Math.max(0, from - textBytes);
    const piece = source.slice(start, Math.min(end, from + windowBytes + textBytes) - start);
    const content = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let at = content.indexOf(banner); at >= 0; at = content.indexOf(banner, at + 1)) {
      const text = textAt(content.subarray(at + banner.length, at + textBytes), 0).split('\n', 1)[0] ?? '';
      if (/^\d{1,4}\.\d/.test(text)) return text;
    }
  }
  return null;
}

/** Null for what is compressed in a way that is not read here: the name may still say the version. */
function unpacked(file: CatalogFile, head: Uint8Array): Pick<CatalogFile, 'sizeBytes' | 'slice'> | null {
  try {
    const { u32 } = fieldsOf(head, true);
    const bytes = decompressBytes(isEfi(head) ? file.slice(u32(8), u32(12)) : file.bytes(), imageBytes);
    return { sizeBytes: bytes.length, slice: (at, length) => bytes.subarray(at, at + length) };
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return null;
  }
}
