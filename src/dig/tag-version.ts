import { type Component, formatPurl, type Image, isTrowelError, parsePurl } from '../model/index.js';
import { tryReference } from '../oci/index.js';

/** A release and nothing else: `1.2.3`, `v1.2.3`, `v1.2.3-rc.1`; builds of distributions (`-alpine`) are not told apart. */
const release = /^v?(\d{1,6}\.\d{1,6}\.\d{1,6}(?:-(?:alpha|beta|rc)[.-]?\d{0,4})?)$/;

/**
 * Gives the main module of a Go program that says no version the one of the image's tag, as the last resort and
 * `inferred`: where the image starts this very program, is called like it or its module, and its tag is a release.
 *
 * Only what has no version at all is given one; everything else says more than a tag, which anybody can move.
 */
export function withTagVersion(
  image: Pick<Image, 'reference' | 'config'>,
  components: readonly Component[],
  resolve: (path: string) => string | null,
): readonly Component[] {
  const reference = tryReference(image.reference);
  const version = release.exec(reference?.tag ?? '')?.[1];
  if (reference === null || version === undefined) return components;
  const started = image.config.entrypoint[0] ?? image.config.cmd[0] ?? '';
  const place = started.startsWith('/') ? resolve(started.slice(1)) : null;
  if (place === null) return components;
  return components.map((one) => {
    const isMain = one.foundBy === 'go' && one.version === null && one.owns.some(({ path }) => path === place);
    if (!isMain || !isCalledLike(reference.repository, [place, one.name]) || !fitsPath(one.name, version)) return one;
    const purl = purlWith(one.purl, `v${version}`);
    if (purl === null) return one;
    return {
      ...one,
      purl,
      version: `v${version}`,
      grade: 'inferred',
      evidence: [
        ...one.evidence,
        { what: 'version from the tag of the image', where: image.reference, value: version },
      ],
    };
  });
}

/** Whether the repository has the name of one of these paths: `prometheus/node-exporter` and `…/node_exporter`. */
function isCalledLike(repository: string, paths: readonly string[]): boolean {
  const plain = (path: string): string =>
    (
      path
        .replace(/\/v\d+$/, '')
        .split('/')
        .at(-1) ?? ''
    )
      .toLowerCase()
      .replace(/[._-]+/g, '-');
  return paths.some((path) => plain(path) === plain(repository));
}

/** A module's path ends in its major version from 2 on (Go modules reference, "Major version suffixes"). */
function fitsPath(name: string, version: string): boolean {
  const major = /\/v(\d+)$/.exec(name)?.[1];
  return major === undefined || version.startsWith(`${major}.`);
}

function purlWith(purl: string, version: string): string | null {
  try {
    return formatPurl({ ...parsePurl(purl), version });
  } catch (error) {
    if (isTrowelError(error)) return null;
    throw error;
  }
}
