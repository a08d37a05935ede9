import { type FileColumns, fileContents, fileTypes, startOf } from '../model/index.js';
import type { ByteReader, ByteWriter } from './byte-form.js';

/** The longest beginning of a path that is taken from the path before. */
const maxShared = 0xff;

/**
 * The columns of a table as bytes. Of each path only what differs from the one before is kept: tars list folder by
 * folder, so two thirds of the text go, faster than any compression.
 */
export function writeFileColumns(to: ByteWriter, columns: FileColumns): void {
  const { length, paths, pathEnds } = columns;
  to.number(length);
  const shared = new Uint8Array(length);
  const rest = new Uint8Array(paths.length);
  const restEnds = new Uint32Array(length);
  let at = 0;
  let before = 0;
  for (let row = 0; row < length; row++) {
    const start = startOf(pathEnds, row);
    const end = pathEnds[row] ?? start;
    const most = Math.min(end - start, start - before, maxShared);
    let same = 0;
    while (same < most && paths[before + same] === paths[start + same]) same++;
    shared[row] = same;
    for (let from = start + same; from < end; from++) rest[at++] = paths[from] ?? 0;
    restEnds[row] = at;
    before = start;
  }
  to.number(paths.length);
  to.bytes(shared);
  to.bytes(bytesOf(restEnds));
  to.bytes(rest.subarray(0, at));
  to.bytes(columns.links);
  to.bytes(bytesOf(columns.linkEnds));
  to.bytes(columns.types);
  to.bytes(columns.contents);
  to.bytes(bytesOf(columns.modes));
  to.bytes(bytesOf(columns.owners));
  to.bytes(bytesOf(columns.ownerPairs));
  to.bytes(bytesOf(columns.sizes));
  to.bytes(columns.has);
  to.bytes(columns.sha256);
  to.bytes(columns.md5);
  to.bytes(columns.sha1);
}

/** Null for bytes that `writeFileColumns` does not write. */
export function readFileColumns(from: ByteReader): FileColumns | null {
  const length = from.number();
  const pathBytes = from.number();
  const shared = from.bytes();
  const restEnds = uint32Of(from.bytes());
  const rest = from.bytes();
  const links = from.bytes();
  const linkEnds = uint32Of(from.bytes());
  const types = from.bytes();
  const contents = from.bytes();
  const modes = from.bytes();
  const owners = uint32Of(from.bytes());
  const ownerPairs = float64Of(from.bytes());
  const sizes = float64Of(from.bytes());
  const has = from.bytes();
  const sha256 = from.bytes();
  const md5 = from.bytes();
  const sha1 = from.bytes();
  if (from.failed || pathBytes > maxShared * length + rest.length) return null;
  const paths = new Uint8Array(pathBytes);
  const pathEnds = new Uint32Array(length);
  let to = 0;
  let before = 0;
  for (let row = 0; row < length; row++) {
    const start = to;
    const same = shared[row] ?? 0;
    const restStart = startOf(restEnds, row);
    const restEnd = restEnds[row] ?? restStart;
    if (before + same > start || restEnd < restStart || restEnd > rest.length) return null;
    if (to + same + restEnd - restStart > pathBytes) return null;
    for (let at = 0; at < same; at++) paths[to++] = paths[before + at] ?? 0;
    for (let at = restStart; at < restEnd; at++) paths[to++] = rest[at] ?? 0;
    pathEnds[row] = to;
    before = start;
  }
  const columns: FileColumns = {
    length,
    paths,
    pathEnds,
    links,
    linkEnds,
    types,
    contents,
    modes: uint16Of(modes),
    owners,
    ownerPairs,
    sizes,
    has,
    sha256,
    md5,
    sha1,
  };
  return to === pathBytes && fits(columns) ? columns : null;
}

/** Whether every column has its length and every number something to name. */
function fits(columns: FileColumns): boolean {
  const { length, links, linkEnds, types, contents, modes, owners, ownerPairs, sizes, has } = columns;
  const { sha256, md5, sha1 } = columns;
  const lengths = [linkEnds.length, types.length, contents.length, modes.length, owners.length, sizes.length];
  if (lengths.some((one) => one !== length) || has.length !== length) return false;
  if (sha256.length !== 32 * length) return false;
  if (md5.length !== 0 && md5.length !== 16 * length) return false;
  if (sha1.length !== 0 && sha1.length !== 20 * length) return false;
  let before = 0;
  for (let row = 0; row < length; row++) {
    const end = linkEnds[row] ?? 0;
    if (end < before || end > links.length) return false;
    before = end;
    if ((types[row] ?? 0) >= fileTypes.length || (contents[row] ?? 0) >= fileContents.length) return false;
    if (2 * (owners[row] ?? 0) + 1 >= ownerPairs.length) return false;
  }
  return true;
}

function bytesOf(column: Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/** Copies, since bytes of a database lie anywhere in memory. */
function uint16Of(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 1);
}

function uint32Of(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2);
}

function float64Of(bytes: Uint8Array): Float64Array {
  return new Float64Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 3);
}
