import type { PurlParts } from '../model/index.js';

/** OSV's ecosystem of a purl type, for those whose packages need no release of a distribution to be looked up. */
const ecosystems: Readonly<Record<string, string>> = {
  bitnami: 'Bitnami',
  bioconductor: 'Bioconductor',
  cargo: 'crates.io',
  composer: 'Packagist',
  conan: 'ConanCenter',
  cran: 'CRAN',
  gem: 'RubyGems',
  golang: 'Go',
  hackage: 'Hackage',
  hex: 'Hex',
  julia: 'Julia',
  maven: 'Maven',
  npm: 'npm',
  nuget: 'NuGet',
  opam: 'opam',
  pub: 'Pub',
  pypi: 'PyPI',
  swift: 'SwiftURL',
};

/**
 * The ecosystem by which advisories for a purl are published, and the name that they use; null where its type has none.
 *
 * Follows: OSV schema, "Defined Ecosystems"; purl-spec types.
 */
export function ecosystemOf(parts: PurlParts): { readonly ecosystem: string | null; readonly fullName: string } {
  const namespace = parts.namespace ?? '';
  const ecosystem = ecosystems[parts.type] ?? null;
  if (namespace === '') return { ecosystem, fullName: parts.name };
  switch (parts.type) {
    case 'maven':
      return { ecosystem, fullName: `${namespace}:${parts.name}` };
    case 'deb':
    case 'apk':
    case 'rpm':
    case 'alpm':
    case 'conan':
      return { ecosystem, fullName: parts.name };
    default:
      return { ecosystem, fullName: `${namespace}/${parts.name}` };
  }
}
