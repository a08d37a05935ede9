import { createHash } from 'node:crypto';
import { fieldsOf } from '../../binary/index.js';
import { type RpmHeader, rpmTag } from './header.js';

/** A digest that a header carries of itself, `algorithm:hex`, and whether it is the one of its bytes. */
export interface HeaderDigest {
  readonly stated: string;
  readonly fits: boolean;
}

const entryBytes = 16;
/** RPMTAG_HEADERIMMUTABLE: the region of a header that is as the package was built. */
const immutable = 63;
/** What a header in a file begins with: rpm, lib/header.cc (rpm_header_magic). */
const magic = Buffer.from('8eade80100000000', 'hex');

/**
 * The digest that the builder put beside a header, held to the part of it that is as it was built; null where there is
 * none (rpm before 4.0), or no such part. It tells damage, and an entry that was edited by hand; whoever wrote the
 * database could have made both.
 *
 * Follows: rpm, docs/manual/format_header.md (Immutable regions), format_v4.md (RPMSIGTAG_SHA256, RPMSIGTAG_SHA1).
 */
export function headerDigest(blob: Uint8Array, header: RpmHeader): HeaderDigest | null {
  const sha256 = header.text(rpmTag.sha256Header);
  const stated = sha256 ?? header.text(rpmTag.sha1Header);
  if (stated === null) return null;
  const algorithm = sha256 === null ? 'sha1' : 'sha256';
  const built = asBuilt(blob);
  const hash = createHash(algorithm).update(magic);
  for (const part of built ?? []) hash.update(part);
  return { stated: `${algorithm}:${stated}`, fits: built !== null && hash.digest('hex') === stated };
}

/** Counts, entries and data of the region; null where its marker at the front, or its trailer, is not there. */
function asBuilt(blob: Uint8Array): readonly Uint8Array[] | null {
  const { bytes, u32 } = fieldsOf(blob, false);
  const data = 8 + u32(0) * entryBytes;
  if (bytes.length < 8 + entryBytes || u32(8) !== immutable) return null;
  const trailer = data + u32(16);
  if (trailer + entryBytes > bytes.length) return null;
  // The trailer names the size of the index, counted backwards from itself.
  const indexBytes = 2 ** 32 - u32(trailer + 8);
  const dataBytes = u32(16) + entryBytes;
  if (indexBytes % entryBytes !== 0 || 8 + indexBytes > data) return null;
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(indexBytes / entryBytes, 0);
  counts.writeUInt32BE(dataBytes, 4);
  return [counts, bytes.subarray(8, 8 + indexBytes), bytes.subarray(data, data + dataBytes)];
}
