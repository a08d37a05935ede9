import { fieldsOf, type JsonFields, jsonObject, listOf, textOf } from './json.js';

/** A package that a lock file pins: the purl's type, its whole name as its ecosystem writes it, and its version. */
export interface Locked {
  readonly type: string;
  readonly name: string;
  readonly version: string;
}

/** Readers of lock files in JSON (and bun's, which allows commas at the end): text to what is pinned. */
export const jsonLocks: Readonly<Record<string, (source: string) => readonly Locked[]>> = {
  'package-lock.json': npmLock,
  'npm-shrinkwrap.json': npmLock,
  'bun.lock': bunLock,
  'deno.lock': denoLock,
  'composer.lock': composerLock,
  'packages.lock.json': nugetLock,
  'Pipfile.lock': pipfileLock,
  'renv.lock': renvLock,
  'Package.resolved': swiftLock,
  'conan.lock': conanLock,
};

function objectOf(source: string): JsonFields {
  return fieldsOf(jsonObject(source, 'a lock file'));
}

/** package-lock.json: `packages` by path (2, 3), else `dependencies`, nested (1). Links and workspaces are no packages. */
function npmLock(source: string): readonly Locked[] {
  const fields = objectOf(source);
  const packages = fieldsOf(fields.get('packages'));
  if (packages.size > 0) {
    return [...packages].flatMap(([path, raw]): Locked[] => {
      const one = fieldsOf(raw);
      const at = path.lastIndexOf('node_modules/');
      if (at < 0 || one.get('link') === true) return [];
      const name = textOf(one.get('name')) || path.slice(at + 'node_modules/'.length);
      return [{ type: 'npm', name, version: textOf(one.get('version')) }];
    });
  }
  const found: Locked[] = [];
  const walk = (dependencies: unknown, depth: number): void => {
    if (depth > 100) return;
    for (const [name, raw] of fieldsOf(dependencies)) {
      const one = fieldsOf(raw);
      const version = textOf(one.get('version'));
      // `npm:real@1.0.0` is an alias, `file:` and URLs state no version.
      const alias = /^npm:(.+)@([^@]+)$/.exec(version);
      if (alias !== null) found.push({ type: 'npm', name: alias[1] ?? '', version: alias[2] ?? '' });
      else if (/^\d/.test(version)) found.push({ type: 'npm', name, version });
      walk(one.get('dependencies'), depth + 1);
    }
  };
  walk(fields.get('dependencies'), 0);
  return found;
}

/** `"packages": {"key": ["name@1.0.0", …]}`; JSON with commas at the end. */
function bunLock(source: string): readonly Locked[] {
  const packages = fieldsOf(objectOf(source.replace(/,(\s{0,200}[}\]])/g, '$1')).get('packages'));
  return [...packages.values()].flatMap((raw) => npmAt(textOf(listOf(raw)[0])));
}

/** `"npm": {"chalk@5.3.0": …}` (3 and later), or below `packages` (2); peers stand behind `_`. */
function denoLock(source: string): readonly Locked[] {
  const fields = objectOf(source);
  const packages = fieldsOf(fields.get('packages'));
  const npm = fieldsOf(fields.get('npm') ?? packages.get('npm'));
  const list = npm.has('packages') ? fieldsOf(npm.get('packages')) : npm;
  return [...list.keys()].flatMap((key) => npmAt(key.replace(/(?<=@[^@_]{1,100})_.*$/, '')));
}

/** `name@1.0.0`, `@scope/name@1.0.0`. */
export function npmAt(text: string): readonly Locked[] {
  const at = text.lastIndexOf('@');
  const version = text.slice(at + 1);
  return at > 0 && /^\d/.test(version) ? [{ type: 'npm', name: text.slice(0, at), version }] : [];
}

function composerLock(source: string): readonly Locked[] {
  const fields = objectOf(source);
  return [...listOf(fields.get('packages')), ...listOf(fields.get('packages-dev'))].map((raw) => {
    const one = fieldsOf(raw);
    return { type: 'composer', name: textOf(one.get('name')), version: textOf(one.get('version')) };
  });
}

/** By target framework; projects are what is built here. */
function nugetLock(source: string): readonly Locked[] {
  return [...fieldsOf(objectOf(source).get('dependencies')).values()].flatMap((target) =>
    [...fieldsOf(target)].flatMap(([name, raw]): Locked[] => {
      const version = textOf(fieldsOf(raw).get('resolved'));
      return version === '' ? [] : [{ type: 'nuget', name, version }];
    }),
  );
}

function pipfileLock(source: string): readonly Locked[] {
  const fields = objectOf(source);
  return ['default', 'develop'].flatMap((part) =>
    [...fieldsOf(fields.get(part))].flatMap(([name, raw]): Locked[] => {
      const version = textOf(fieldsOf(raw).get('version'));
      return version.startsWith('==') ? [{ type: 'pypi', name, version: version.slice(2).replace(/^=/, '') }] : [];
    }),
  );
}

function renvLock(source: string): readonly Locked[] {
  return [...fieldsOf(objectOf(source).get('Packages')).values()].map((raw) => {
    const one = fieldsOf(raw);
    const type = textOf(one.get('Source')) === 'Bioconductor' ? 'bioconductor' : 'cran';
    return { type, name: textOf(one.get('Package')), version: textOf(one.get('Version')) };
  });
}

/** `pins` (2, 3) or `object.pins` (1); the package is its repository's place. */
function swiftLock(source: string): readonly Locked[] {
  const fields = objectOf(source);
  const pins = listOf(fields.get('pins') ?? fieldsOf(fields.get('object')).get('pins'));
  return pins.map(fieldsOf).map((one) => {
    const url = textOf(one.get('location')) || textOf(one.get('repositoryURL'));
    const name = url
      .replace(/^[a-z+]{1,10}:\/\/(?:[^@/]{1,100}@)?/, '')
      .replace(/^git@([^:]{1,200}):/, '$1/')
      .replace(/\.git$/, '');
    return { type: 'swift', name, version: textOf(fieldsOf(one.get('state')).get('version')) };
  });
}

/** Conan 2: lists of `name/1.0#revision%time`; Conan 1: `graph_lock.nodes` with `ref`. */
function conanLock(source: string): readonly Locked[] {
  const fields = objectOf(source);
  const nodes = [...fieldsOf(fieldsOf(fields.get('graph_lock')).get('nodes')).values()].map((raw) =>
    textOf(fieldsOf(raw).get('ref')),
  );
  const lists = ['requires', 'build_requires', 'python_requires'].flatMap((part) =>
    listOf(fields.get(part)).map(textOf),
  );
  return [...nodes, ...lists].flatMap((ref): Locked[] => {
    const match = /^([\w+.-]{1,100})\/([\w+.-]{1,100})/.exec(ref);
    return match === null ? [] : [{ type: 'conan', name: match[1] ?? '', version: match[2] ?? '' }];
  });
}
