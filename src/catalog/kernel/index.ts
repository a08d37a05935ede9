import { type CatalogFile, type Component, formatPurl, type JsonValue, type OwnedFile } from '../../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead, type TypedRecord } from '../define.js';
import { maybeText, object, text } from '../shape.js';
import { kernelVersion, looksLikeKernel } from './image.js';
import { type KernelModule, readModule } from './module.js';

type ImageRecord = {
  readonly kind: 'image';
  readonly version: string;
  readonly text: string;
  readonly isName: boolean;
};
type KernelRecord = ImageRecord | KernelModule;

/**
 * Linux kernels and their modules, one component each. A module has the version that it states, or none: most of those
 * that are built with the kernel state none, and the kernel's release stands in their evidence.
 *
 * A kernel's version is a release name that a distribution made (`6.1.0-18-amd64`): no advisories are published for
 * it, and its package, where there is one, is what they are about.
 */
export const kernel = defineCataloguer<KernelRecord>({
  name: 'kernel',
  version: 2,
  wants: ({ type, path }, head) => type === 'file' && (isModule(path) || looksLikeKernel(path, head)),
  read,
  decode,
  join,
  about: {
    finds: 'Linux kernels and modules',
    reads: [
      '**lib/modules/**.ko',
      '**lib/modules/**.ko.*',
      '**/vmlinuz*',
      '**/vmlinux*',
      '**/*zImage*',
      '**/Image*',
      '**/kernel*',
    ],
    purls: ['generic'],
    grades: ['claimed', 'inferred'],
    facts: ['licenses', 'cpes', 'files'],
    limit: "a kernel's release is its distribution's: advisories are about its package, where there is one",
  },
});

const endings = ['.ko', '.ko.gz', '.ko.xz', '.ko.zst'] as const;

function isModule(path: string): boolean {
  return endings.some((ending) => path.endsWith(ending)) && path.includes('lib/modules/');
}

function read(file: CatalogFile): TypedRead<KernelRecord> {
  if (isModule(file.head.path)) return { records: [readModule(file)] };
  const found = kernelVersion(file);
  return { records: found === null ? [] : [{ kind: 'image', ...found }] };
}

function decode(value: JsonValue): KernelRecord {
  const fields = object(value);
  if (fields.kind === 'image') {
    return { kind: 'image', version: text(fields.version), text: text(fields.text), isName: fields.isName === true };
  }
  return {
    kind: 'module',
    name: text(fields.name),
    version: maybeText(fields.version),
    kernel: maybeText(fields.kernel),
    license: maybeText(fields.license),
    inTree: fields.inTree === true,
    sourceVersion: maybeText(fields.sourceVersion),
    read: fields.read === true,
  };
}

function join({ records }: TypedJoin<KernelRecord>): { readonly components: readonly Component[] } {
  const components = records.map(({ path, layer, data }) =>
    data.kind === 'image' ? imageComponent({ path, layer, data }) : moduleComponent({ path, layer, data }),
  );
  return { components };
}

function imageComponent({ path, layer, data: { version, text: value, isName } }: TypedRecord<ImageRecord>): Component {
  return {
    ...generic('linux-kernel', version),
    cpes: [cpe(version)],
    locations: [{ path, layer }],
    licenses: [],
    owns: [owned(path)],
    grade: 'inferred',
    evidence: [{ what: isName ? 'name of a kernel' : 'version in a kernel', where: path, value }],
  };
}

function moduleComponent({ path, layer, data }: TypedRecord<KernelModule>): Component {
  const { name, version, license, sourceVersion } = data;
  const details = [`for ${data.kernel ?? 'an unknown kernel'}`, ...(data.inTree ? ['built with it'] : [])];
  if (sourceVersion !== null) details.push(`srcversion ${sourceVersion}`);
  return {
    ...generic(name, version),
    locations: [{ path, layer }],
    licenses: license === null ? [] : [license],
    owns: [owned(path)],
    grade: data.read ? 'claimed' : 'inferred',
    evidence: [
      {
        what: data.read ? 'kernel module' : 'place of a kernel module',
        where: path,
        value: `${name} ${details.join(', ')}`,
      },
    ],
  };
}

function owned(path: string): OwnedFile {
  return { path, digest: null, mayChange: false, listed: false };
}

function generic(
  name: string,
  version: string | null,
): Pick<Component, 'purl' | 'name' | 'version' | 'ecosystem' | 'release' | 'source' | 'foundBy'> {
  return {
    purl: formatPurl({ type: 'generic', name, version }),
    name,
    version,
    ecosystem: null,
    release: null,
    source: null,
    foundBy: 'kernel',
  };
}

/** As NVD names it; other characters than letters, digits, `.` and `_` are quoted (NISTIR 7695, 6.2.2.1). */
function cpe(version: string): string {
  const quoted = version.toLowerCase().replace(/[^a-z0-9._]/g, (char) => `\\${char}`);
  return `cpe:2.3:o:linux:linux_kernel:${quoted}:*:*:*:*:*:*:*`;
}
