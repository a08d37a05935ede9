import { existsSync } from 'node:fs';

/** What to look for: a name, or a place on disk with the tag of one of its images (null: its only one). */
export type ImageTarget =
  | { readonly kind: 'reference'; readonly reference: string }
  | {
      readonly kind: 'oci-dir' | 'oci-archive' | 'docker-archive';
      /** `-` is standard input. */
      readonly path: string;
      readonly tag: string | null;
    };

/**
 * Takes `PATH[:TAG]` apart. The longest part that exists on disk and ends before a colon is the path; where nothing
 * exists the first colon after the last slash divides. So `a:b.tar` is a path if there is such a file.
 */
export function splitPathAndTag(
  text: string,
  exists: (path: string) => boolean = existsSync,
): { readonly path: string; readonly tag: string | null } {
  if (text === '' || exists(text)) return { path: text, tag: null };
  for (let colon = text.lastIndexOf(':'); colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
    const path = text.slice(0, colon);
    if (path === '-' || exists(path)) return { path, tag: text.slice(colon + 1) || null };
  }
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1);
  return colon < 1 ? { path: text, tag: null } : { path: text.slice(0, colon), tag: text.slice(colon + 1) || null };
}

/** The target of `image:`, `oci-dir:`, `oci-archive:` or `docker-archive:`, or null for any other text. */
export function parseImageTarget(text: string): ImageTarget | null {
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  switch (text.slice(0, Math.max(0, colon))) {
    case 'image':
      return { kind: 'reference', reference: rest };
    case 'oci-dir':
      return { kind: 'oci-dir', ...splitPathAndTag(rest) };
    case 'oci-archive':
      return { kind: 'oci-archive', ...splitPathAndTag(rest) };
    case 'docker-archive':
      return { kind: 'docker-archive', ...splitPathAndTag(rest) };
    default:
      return null;
  }
}
