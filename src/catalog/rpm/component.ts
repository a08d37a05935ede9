import { type Component, type Distro, type Evidence, formatPurl, type OwnedFile } from '../../model/index.js';
import type { TypedRecord } from '../define.js';
import { distroQualifier, ecosystemOf } from '../distro.js';
import { placedFiles, type Tree } from '../paths.js';
import type { RpmPackage } from './package.js';

/** The component of a package of the root file system that lies at `root` (the empty text: the image's own). */
export function componentOf(
  input: Tree & { readonly distro: Distro | null },
  root: string,
  { path, layer, data }: TypedRecord<RpmPackage>,
): Component {
  const { name, epoch, arch, sourceRpm } = data;
  const versionRelease = data.release === '' ? data.version : `${data.version}-${data.release}`;
  const version = epoch === null ? versionRelease : `${epoch}:${versionRelease}`;
  return {
    purl: formatPurl({
      type: 'rpm',
      namespace: namespaceOf(input.distro),
      name,
      version: versionRelease,
      qualifiers: {
        arch: arch === '' ? null : arch,
        epoch: epoch === null ? null : String(epoch),
        upstream: sourceRpm,
        distro: distroQualifier(input.distro),
      },
    }),
    name,
    version,
    ...ecosystemOf(input.distro, 'rpm'),
    source: sourceOf(sourceRpm, epoch, versionRelease) ?? { name, version },
    locations: [{ path, layer }],
    foundBy: 'rpm',
    licenses: data.license === null ? [] : [data.license],
    supplier: data.vendor ?? data.packager,
    owns: ownedFiles(input, root, data),
    grade: data.intact ? 'claimed' : 'inferred',
    evidence: evidenceOf(path, data, version),
  };
}

/**
 * The vendor of a purl: the distribution's id, but `redhat` and `opensuse` as purl-spec and advisories write them
 * (rpm-definition.json, examples).
 */
function namespaceOf(distro: Distro | null): string | null {
  if (distro === null) return null;
  if (distro.id === 'rhel') return 'redhat';
  return distro.id.startsWith('opensuse') ? 'opensuse' : distro.id;
}

/**
 * `util-linux-2.32.1-42.el8_8.src.rpm`: name, version and release of the source package, which tells no epoch. Where
 * the rest is the package's own version the epoch is the package's own, as rpmbuild gives it to all packages of a
 * source that state none.
 */
export function sourceOf(
  file: string | null,
  epoch: number | null,
  versionRelease: string,
): { readonly name: string; readonly version: string } | null {
  const stem = /^(.*)\.(?:no)?src\.rpm$/.exec(file ?? '')?.[1] ?? '';
  const beforeRelease = stem.lastIndexOf('-');
  const beforeVersion = stem.lastIndexOf('-', beforeRelease - 1);
  if (beforeRelease <= 0 || beforeVersion <= 0) return null;
  const version = stem.slice(beforeVersion + 1);
  const sameVersion = version === versionRelease && epoch !== null;
  return { name: stem.slice(0, beforeVersion), version: sameVersion ? `${epoch}:${version}` : version };
}

function evidenceOf(path: string, data: RpmPackage, version: string): readonly Evidence[] {
  const { name, arch, sourceRpm, modularity, vendor, url } = data;
  const parts = [`Name: ${name}`, `EVR: ${version}`, `Arch: ${arch}`];
  if (sourceRpm !== null) parts.push(`Source: ${sourceRpm}`);
  const rest: readonly (readonly [string, string | null])[] = [
    ['rpm module', modularity],
    ['rpm vendor', vendor],
    ['rpm url', url],
    [data.intact ? 'rpm header digest, as computed' : 'rpm header digest that its bytes do not have', data.digest],
    ['rpm install time', data.installTime === null ? null : isoTime(data.installTime)],
  ];
  return [
    { what: 'rpm database', where: path, value: parts.join(', ') },
    ...rest.flatMap(([what, value]): Evidence[] => (value === null ? [] : [{ what, where: path, value }])),
  ];
}

/** A number of 32 bits is always a date. */
function isoTime(seconds: number): string {
  return new Date(Math.min(seconds, 0xffffffff) * 1000).toISOString();
}

/** The package's files that are in the image, under the paths at which they lie there. */
function ownedFiles(input: Tree, root: string, { files, algorithm }: RpmPackage): readonly OwnedFile[] {
  const listed = files.map(([name, hex, mayChange]): OwnedFile => {
    const path = root === '' ? name : `${root}/${name}`;
    return { path, digest: hex === null || algorithm === null ? null : { algorithm, hex }, mayChange };
  });
  return placedFiles(input, listed);
}
