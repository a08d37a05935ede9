import type { TypedRead } from './define.js';
import { fieldsOf, jsonObject } from './json.js';
import { manyRows, type PackageFacts, type PackageRow } from './packages.js';
import { rulesNamed } from './rules/select.js';

/** What sharp's list calls shortly, as the rules for programs and upstream call it. */
const fullNames: Readonly<Record<string, string>> = {
  archive: 'libarchive',
  exif: 'libexif',
  ffi: 'libffi',
  gdkpixbuf: 'gdk-pixbuf',
  gif: 'giflib',
  heif: 'libheif',
  imagequant: 'libimagequant',
  lcms: 'lcms2',
  png: 'libpng',
  rsvg: 'librsvg',
  spng: 'libspng',
  svg: 'librsvg',
  tiff: 'libtiff',
  uhdr: 'libultrahdr',
  vips: 'libvips',
  webp: 'libwebp',
  xml: 'libxml2',
  xml2: 'libxml2',
};

/**
 * The libraries that were compiled into the libvips which sharp brings, by the `versions.json` beside it:
 * `{"cairo": "1.18.6", …}`. A value that begins with no number of a version (a commit) is kept as it stands.
 * Follows: sharp-libvips, build/lin.sh (writes the file).
 */
export function readSharpVersions(source: string): TypedRead<PackageRow> {
  const libraries = [...fieldsOf(jsonObject(source, "sharp's versions.json"))];
  const facts = libraries.slice(0, 200).flatMap(([short, version]): PackageFacts[] => {
    if (typeof version !== 'string' || version === '') return [];
    const name = fullNames[short] ?? short;
    return [
      {
        type: 'generic',
        name,
        version,
        ecosystem: null,
        cpes: (rulesNamed(name)[0]?.cpes ?? []).map((product) => `cpe:2.3:a:${product}:${version}:*:*:*:*:*:*:*`),
        what: 'versions.json of sharp',
        value: `${short} ${version}`,
      },
    ];
  });
  return manyRows(facts, 'a versions.json of sharp with a library that can be none');
}
