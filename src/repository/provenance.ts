import { open, readFile } from 'node:fs/promises';
import { TrowelError } from '../model/index.js';
import { readYamlDocument } from '../template/index.js';
import { sha256 } from './cache.js';
import { readClearSigned } from './openpgp/armor.js';
import { type Entity, readKeyring } from './openpgp/keyring.js';
import { type Signer, verifyClearSigned } from './openpgp/verify.js';

const keyringBytes = 256 * 1024 * 1024;

/**
 * Checks an archive against its provenance file: somebody of the keyring signed it, and it states the SHA-256 that the
 * archive has under its file name. `now` in seconds of Unix.
 *
 * Throws TrowelError with Helm's words: `denied` (the signature), `bad-digest`, `bad-bytes`, `unsupported`.
 * Follows: helm pkg/provenance/sign.go (Signatory.Verify).
 */
export function verifyProvenance(
  archive: { readonly bytes: Uint8Array; readonly fileName: string },
  provenance: Uint8Array,
  keyring: readonly Entity[],
  now: number,
): Signer {
  const message = readClearSigned(provenance);
  if (message === null) {
    throw new TrowelError('bad-bytes', { what: 'failed to decode signature: signature block not found' });
  }
  const signer = verifyClearSigned(message, keyring, now);
  const stated = statedDigests(message.text).get(archive.fileName);
  if (stated === undefined) {
    throw new TrowelError('bad-digest', {
      what: `provenance does not contain a SHA for a file named ${JSON.stringify(archive.fileName)}`,
    });
  }
  const actual = `sha256:${sha256(archive.bytes)}`;
  if (stated !== actual) {
    throw new TrowelError('bad-digest', {
      what: `sha256 sum does not match for ${archive.fileName}: ${JSON.stringify(stated)} != ${JSON.stringify(actual)}`,
      todo: 'it is not the archive that was signed: do not use it',
    });
  }
  return signer;
}

/** The second YAML document of the text, whose separator must not look like the end of an armour (parseMessageBlock). */
function statedDigests(text: string): ReadonlyMap<string, string> {
  const [, sums] = text.split('\n...\n');
  if (sums === undefined) {
    throw new TrowelError('bad-bytes', { what: 'message block must have at least two parts' });
  }
  const document: unknown = readYamlDocument(sums);
  const files = isObject(document) && isObject(document.files) ? document.files : {};
  return new Map(
    Object.entries(files).flatMap(([name, sum]) => (typeof sum === 'string' ? [[name, sum] as const] : [])),
  );
}

/** Reads a keyring. Throws TrowelError `not-found`, `denied`, `bad-bytes`, `unsupported`, all in Helm's words. */
export async function loadKeyring(path: string): Promise<readonly Entity[]> {
  const fail = (what: string, todo: string, cause?: unknown): TrowelError =>
    new TrowelError('not-found', {
      what: `failed to load keyring: ${what}`,
      where: { option: '--keyring' },
      todo,
      cause,
    });
  const create = "export the publisher's key into a file (gpg --export) and name it with --keyring";
  let bytes: Uint8Array;
  try {
    const file = await open(path, 'r');
    const { size } = await file.stat();
    await file.close();
    if (size > keyringBytes) throw new TrowelError('too-large', { what: `${path} has ${size} bytes` });
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof TrowelError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    const why =
      code === 'ENOENT' ? 'no such file or directory' : code === 'EACCES' ? 'permission denied' : String(code);
    throw fail(`open ${path}: ${why}`, create, cause);
  }
  // GnuPG 2.1 keeps keys in a database of its own (its header: kbx/keybox-file.c).
  if (Buffer.from(bytes.subarray(8, 12)).toString('latin1') === 'KBXf') {
    throw fail(`${path} is a keybox of GnuPG, not a keyring`, create);
  }
  try {
    return readKeyring(bytes);
  } catch (cause) {
    if (!(cause instanceof TrowelError)) throw cause;
    throw new TrowelError(cause.code, { what: `failed to load keyring: ${cause.what}`, where: { file: path }, cause });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
