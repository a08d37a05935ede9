import {
  type CatalogFile,
  type Component,
  type Evidence,
  formatPurl,
  type JsonValue,
  type OwnedFile,
} from '../../model/index.js';
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
 * Linux kernels and their modules. A kernel is one component, with the modules that were built with it; a module from
 * elsewhere (a driver that was compiled for it) is one of its own, with the version that it states or none.
 *
 * A kernel's version is a release name that a distribution made (`6.1.0-18-amd64`): no advisories are published for
 * it, and its package, where there is one, is what they are about.
 */
export const kernel = defineCataloguer<KernelRecord>({
  name: 'kernel',
  version: 1,
  wants: ({ type, path }, head) => type === 'file' && (isModule(path) || looksLikeKernel(path, head)),
  read,
  decode,
  join,
});

function isModule(path: string): boolean {
  return /\.ko(?:\.(?:gz|xz|zst))?$/.test(path) && path.includes('lib/modules/');
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

interface Kernel {
  readonly images: TypedRecord<ImageRecord>[];
  readonly modules: TypedRecord<KernelModule>[];
}

function join(input: TypedJoin<KernelRecord>): { readonly components: readonly Component[] } {
  const kernels = new Map<string, Kernel>();
  const components: Component[] = [];
  const kernelOf = (version: string): Kernel => {
    const known = kernels.get(version) ?? { images: [], modules: [] };
    kernels.set(version, known);
    return known;
  };
  for (const { path, layer, data } of input.records) {
    if (data.kind === 'image') kernelOf(data.version).images.push({ path, layer, data });
    else if (data.inTree && data.kernel !== null) kernelOf(data.kernel).modules.push({ path, layer, data });
    else components.push(moduleComponent({ path, layer, data }));
  }
  return { components: [...[...kernels].map(([version, one]) => kernelComponent(version, one)), ...components] };
}

function kernelComponent(version: string, { images, modules }: Kernel): Component {
  const [firstModule] = modules;
  const places = images.length > 0 ? images : firstModule === undefined ? [] : [firstModule];
  const evidence = images.map(({ path, data }): Evidence => {
    return { what: data.isName ? 'name of a kernel' : 'version in a kernel', where: path, value: data.text };
  });
  if (firstModule !== undefined) {
    const value = `${modules.length} modules for ${version}`;
    evidence.push({ what: 'kernel modules', where: firstModule.path, value });
  }
  return {
    ...generic('linux-kernel', version),
    cpes: [cpe(version)],
    locations: places.map(({ path, layer }) => ({ path, layer })),
    licenses: [],
    owns: [...images, ...modules].map(({ path }) => owned(path)),
    grade: 'inferred',
    evidence,
  };
}

function moduleComponent({ path, layer, data }: TypedRecord<KernelModule>): Component {
  const { name, version, license, sourceVersion } = data;
  const details = [`for ${data.kernel ?? 'an unknown kernel'}`, ...(sourceVersion === null ? [] : [sourceVersion])];
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
        value: `${name} ${details.join(' ')}`,
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
