/** What an entry's name says about lower layers. */
export type Marker =
  | { readonly kind: 'none' }
  | { readonly kind: 'whiteout'; readonly path: string }
  | { readonly kind: 'opaque'; readonly path: string }
  /** Bookkeeping of AUFS (`.wh..wh.plnk`, `.wh..wh.aufs`), which runtimes do not unpack. */
  | { readonly kind: 'bookkeeping' }
  /** A whiteout of nothing, of `.` or `..`. */
  | { readonly kind: 'unsafe' };

const none: Marker = { kind: 'none' };

/**
 * Reads the whiteout markers of a layer from a cleaned path: `dir/.wh.name` hides `dir/name`, `dir/.wh..wh..opq` hides
 * all that lower layers have in `dir`. Follows: OCI image-spec, layer.md, "Whiteouts".
 */
export function markerOf(path: string): Marker {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  if (name === '.wh..wh..opq') return { kind: 'opaque', path: slash < 0 ? '' : path.slice(0, slash) };
  if (path.startsWith('.wh..wh.')) return { kind: 'bookkeeping' };
  if (!name.startsWith('.wh.')) return none;
  const hidden = name.slice('.wh.'.length);
  if (hidden === '' || hidden === '.' || hidden === '..') return { kind: 'unsafe' };
  return { kind: 'whiteout', path: path.slice(0, slash + 1) + hidden };
}
