import { type CatalogFile, type FileHead, TrowelError } from '../model/index.js';

/** A file whose bytes are all here. */
export function fileOfBytes(head: FileHead, bytes: Uint8Array): CatalogFile {
  return {
    head,
    sizeBytes: bytes.length,
    slice(offset, length) {
      const from = Math.max(0, offset);
      return bytes.subarray(from, Math.max(from, offset + Math.max(0, length)));
    },
    bytes: () => bytes,
  };
}

/** A file that was too large to hold: its first bytes can be seen, anything else is an error. */
export function fileOfHead(head: FileHead, first: Uint8Array, limitBytes: number): CatalogFile {
  const tooLarge = (): TrowelError =>
    new TrowelError('too-large', {
      what: `the file has ${head.sizeBytes} bytes, more than the ${limitBytes} that are held`,
      where: { file: head.path },
    });
  return {
    head,
    sizeBytes: head.sizeBytes,
    slice(offset, length) {
      if (offset < 0 || offset + length > first.length) throw tooLarge();
      return first.subarray(offset, offset + length);
    },
    bytes() {
      throw tooLarge();
    },
  };
}

/** A file that could not be put aside: any look at it says why. */
export function fileOfError(head: FileHead, error: TrowelError): CatalogFile {
  const fail = (): never => {
    throw error;
  };
  return { head, sizeBytes: head.sizeBytes, slice: fail, bytes: fail };
}
