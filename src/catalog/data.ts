import { createHash } from 'node:crypto';
import {
  type CatalogFile,
  type Component,
  type Evidence,
  formatPurl,
  type JsonValue,
  type OwnedFile,
} from '../model/index.js';
import { type Bundle, readBundle, releasesOf } from './data-files/certificates.js';
import { readFontNames } from './data-files/fonts.js';
import { dataHeadBytes, dataKinds } from './data-files/kinds.js';
import { netbaseFiles } from './data-files/netbase.js';
import { defineCataloguer, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { filesInFolders } from './folder-files.js';
import { baseName, folderOf } from './paths.js';
import { type Fields, list, maybeText, object, text, texts } from './shape.js';

type CertificatesRecord = Bundle & { readonly kind: 'certificates' };
type FileRecord = {
  readonly kind: 'file';
  readonly name: string;
  readonly version: string | null;
  readonly text: string;
  readonly dated: string | null;
  readonly sha256: string;
};
type FontRecord = {
  readonly kind: 'font';
  readonly family: string;
  readonly version: string | null;
  readonly license: string | null;
};
type DataRecord = CertificatesRecord | FileRecord | FontRecord;

const bundles =
  /^(?:ca-certificates\.crt|ca-bundle\.crt|ca-bundle\.pem|ca-bundle\.trust\.crt|cacert\.pem|tls-ca-bundle\.pem|cert\.pem)$/;
const fonts = /\.(?:ttf|otf|ttc)$/i;

/**
 * Data that images take from elsewhere and no package need own: bundles of root certificates, time zones, the public
 * suffix list, Debian's netbase, locales, fonts. All of it `inferred`, with what was read as evidence.
 *
 * A bundle's version is the release whose set of roots it holds, where that is known; when its certificates end is told
 * without saying which have, since nothing here knows the time.
 */
export const data = defineCataloguer<DataRecord>({
  name: 'data',
  version: 2,
  wants: (file) => file.type === 'file' && file.sizeBytes > 0 && isData(file.path),
  read,
  decode,
  join,
  about: {
    finds: 'certificates, time zones, locales, fonts and other data',
    reads: [
      '**/ca-certificates.crt',
      '**/ca-bundle.*',
      '**/cacert.pem',
      '**/cert.pem',
      '**/tls-ca-bundle.pem',
      '**.ttf',
      '**.otf',
      '**.ttc',
      '**/tzdata.zi',
      '**/zoneinfo/+VERSION',
      '**/zoneinfo/UTC',
      '**/zoneinfo/Etc/UTC',
      '**/public_suffix_list.dat',
      '**/effective_tld_names.dat',
      '**/etc/services',
      '**/etc/protocols',
      '**/etc/ethertypes',
      '**/etc/rpc',
      '**/etc/nsswitch.conf',
      '**/pci.ids',
      '**/usb.ids',
      '**/usr/lib/locale/locale-archive',
      '**/usr/lib/locale/C.*/LC_CTYPE',
    ],
    purls: ['generic'],
    grades: ['inferred'],
    facts: ['files'],
    limit: 'a bundle of certificates has a version only where its set of roots is that of a known release',
  },
});

function isData(path: string): boolean {
  return bundles.test(baseName(path)) || fonts.test(path) || dataKinds.some((kind) => kind.path.test(path));
}

function read(file: CatalogFile): TypedRead<DataRecord> {
  const { path } = file.head;
  if (bundles.test(baseName(path))) {
    const bundle = readBundle(asBuffer(file.bytes()));
    return { records: bundle === null ? [] : [{ kind: 'certificates', ...bundle }] };
  }
  if (fonts.test(path)) {
    const names = readFontNames(file);
    return { records: names === null ? [] : [{ kind: 'font', ...names }] };
  }
  const head = asBuffer(file.slice(0, dataHeadBytes)).toString('latin1');
  for (const { name, path: fits, head: pattern, dated } of dataKinds) {
    const found = fits.test(path) ? pattern.exec(head) : null;
    if (found === null) continue;
    return {
      records: [
        {
          kind: 'file',
          name,
          version: found.groups?.v ?? null,
          text: lastLine(found[0]),
          dated: dated?.exec(head)?.groups?.v ?? null,
          sha256: file.sizeBytes > dataHeadBytes ? '' : createHash('sha256').update(head, 'latin1').digest('hex'),
        },
      ],
    };
  }
  return { records: [] };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The last line of a text, with nothing in it that is no character. */
function lastLine(words: string): string {
  const line = words.trimEnd().split('\n').at(-1) ?? '';
  return line
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
}

function decode(value: JsonValue): DataRecord {
  const fields = object(value);
  if (fields.kind === 'certificates') return decodeBundle(fields);
  if (fields.kind === 'font') {
    const { version, license } = fields;
    return { kind: 'font', family: text(fields.family), version: maybeText(version), license: maybeText(license) };
  }
  return {
    kind: 'file',
    name: text(fields.name),
    version: maybeText(fields.version),
    text: text(fields.text),
    dated: maybeText(fields.dated),
    sha256: text(fields.sha256),
  };
}

function decodeBundle(fields: Fields): CertificatesRecord {
  const number = (value: JsonValue | undefined): number => (typeof value === 'number' ? value : 0);
  return {
    kind: 'certificates',
    count: number(fields.count),
    unreadable: number(fields.unreadable),
    notAfter: texts(list(fields.notAfter)),
    organisations: texts(fields.organisations),
    set: text(fields.set),
  };
}

type Place = Pick<TypedRecord<DataRecord>, 'path' | 'layer'>;

function join(input: TypedJoin<DataRecord>): { readonly components: readonly Component[] } {
  const files = input.records.flatMap(({ path, layer, data: one }) =>
    one.kind === 'file' ? [{ path, layer, data: one }] : [],
  );
  const components = input.records.flatMap(({ path, layer, data: one }): Component[] => {
    if (one.kind === 'certificates') return [certificatesComponent({ path, layer }, one)];
    if (one.kind === 'font') return [fontComponent({ path, layer }, one)];
    return [];
  });
  const folders = filesInFolders(
    input,
    new Set(files.flatMap(({ path, data: one }) => (ownsFolder(one.name) ? [topOf(path)] : []))),
  );
  for (const group of groupsOf(files)) components.push(filesComponent(group, folders));
  return { components };
}

function ownsFolder(name: string): boolean {
  return dataKinds.some((kind) => kind.name === name && kind.folder);
}

/** The folder that a time-zone file stands for; `Etc/UTC` stands for the one above. */
function topOf(path: string): string {
  return path.endsWith('/Etc/UTC') ? folderOf(folderOf(path)) : folderOf(path);
}

type FilesRecord = TypedRecord<FileRecord>;

/** Files of one name in one folder are one thing. */
function groupsOf(records: readonly FilesRecord[]): readonly (readonly FilesRecord[])[] {
  const groups = new Map<string, FilesRecord[]>();
  for (const record of records) {
    const key = `${record.data.name} ${topOf(record.path)}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()];
}

function filesComponent(group: readonly FilesRecord[], folders: ReadonlyMap<string, readonly OwnedFile[]>): Component {
  const name = group[0]?.data.name ?? '';
  const stated = group.find(({ data: one }) => one.version !== null);
  const version = stated?.data.version ?? (name === 'netbase' ? netbaseVersion(group) : null);
  // What states the version comes first: it is the place.
  const places = stated === undefined ? group : [stated, ...group.filter((one) => one !== stated)];
  const own = new Set(places.map(({ path }) => path));
  if (ownsFolder(name)) {
    for (const { path } of places) for (const below of folders.get(topOf(path)) ?? []) own.add(below.path);
  }
  const evidence = places.flatMap(({ path, data: one }): Evidence[] => [
    { what: 'first words of the file', where: path, value: one.text },
    ...(one.dated === null ? [] : [{ what: 'date in the file', where: path, value: one.dated }]),
    ...(one.sha256 !== '' && netbaseFiles[one.sha256] !== undefined
      ? [{ what: 'the file of Debian netbase', where: path, value: (netbaseFiles[one.sha256] ?? []).join(', ') }]
      : []),
  ]);
  const source = dataKinds.find((kind) => kind.name === name)?.source ?? '';
  return component(name, version, places, [...own], [...evidence, { what: 'rule', where: source, value: name }]);
}

/** The one version of Debian's netbase that has all these files; null where none has, or several. */
function netbaseVersion(group: readonly FilesRecord[]): string | null {
  const [first = [], ...rest] = group.map(({ data: one }) => netbaseFiles[one.sha256] ?? []);
  const versions = first.filter((version) => rest.every((others) => others.includes(version)));
  return versions.length === 1 ? (versions[0] ?? null) : null;
}

function certificatesComponent(place: Place, bundle: CertificatesRecord): Component {
  const releases = releasesOf(bundle);
  const [first, last] = [bundle.notAfter[0], bundle.notAfter.at(-1)];
  const unreadable = bundle.unreadable === 0 ? '' : `, ${bundle.unreadable} unreadable`;
  const evidence: Evidence[] = [
    { what: 'certificates in PEM form', where: place.path, value: `${bundle.count} certificates${unreadable}` },
    ...(first === undefined || last === undefined
      ? []
      : [{ what: 'ends of validity', where: place.path, value: `the first ends ${first}, the last ${last}` }]),
    ...(bundle.organisations.length === 0
      ? []
      : [{ what: 'issued to', where: place.path, value: `${bundle.organisations.join(', ')}, …` }]),
    ...(releases.length === 0
      ? [{ what: 'set of roots', where: place.path, value: 'none of the releases that are known' }]
      : releases.map(({ publisher, release }) => ({
          what: "set of Mozilla's roots",
          where: place.path,
          value: `exactly that of ${publisher} ${release}`,
        }))),
  ];
  return component('ca-certificates', releases[0]?.release ?? null, [place], [place.path], evidence);
}

function fontComponent(place: Place, font: FontRecord): Component {
  const version = /\d{1,4}(?:\.\d{1,6}){0,3}/.exec(font.version ?? '')?.[0] ?? null;
  const name =
    font.family
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'font';
  const evidence: Evidence[] = [
    { what: 'names of the font', where: place.path, value: `${font.family}, ${font.version ?? 'no version'}` },
    ...(font.license === null || font.license === ''
      ? []
      : [{ what: 'licence in the font', where: place.path, value: font.license }]),
  ];
  return component(`font-${name}`, version, [place], [place.path], evidence);
}

function component(
  name: string,
  version: string | null,
  places: readonly Place[],
  own: readonly string[],
  evidence: readonly Evidence[],
): Component {
  return {
    purl: formatPurl({ type: 'generic', name, version }),
    name,
    version,
    ecosystem: null,
    release: null,
    source: null,
    locations: places.map(({ path, layer }) => ({ path, layer })),
    foundBy: 'data',
    licenses: [],
    owns: own.map((path) => ({ path, digest: null, mayChange: false, listed: false })),
    grade: 'inferred',
    evidence,
  };
}
