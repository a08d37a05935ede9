import { readErlangTerms } from './erlang-terms.js';
import { type Locked, npmAt } from './lock-json.js';
import { eachLine } from './paragraphs.js';
import { readTomlTables } from './toml-tables.js';

/** Readers of lock files in TOML, YAML and formats of their own: text to what is pinned. */
export const textLocks: Readonly<Record<string, (source: string) => readonly Locked[]>> = {
  'Cargo.lock': (source) => tomlPackages(source, 'cargo'),
  'poetry.lock': (source) => tomlPackages(source, 'pypi'),
  'uv.lock': (source) => tomlPackages(source, 'pypi'),
  'pdm.lock': (source) => tomlPackages(source, 'pypi'),
  'pylock.toml': (source) => tomlPackages(source, 'pypi', 'packages'),
  'Manifest.toml': juliaManifest,
  'yarn.lock': yarnLock,
  'pnpm-lock.yaml': pnpmLock,
  'pubspec.lock': pubspecLock,
  'Gemfile.lock': gemfileLock,
  'gems.locked': gemfileLock,
  'Podfile.lock': podfileLock,
  'mix.lock': mixLock,
  'rebar.lock': rebarLock,
  'stack.yaml.lock': stackLock,
  'cabal.project.freeze': cabalFreeze,
  'gradle.lockfile': gradleLock,
};

/** `[[package]]` with name and version; what has no `source` in Cargo and uv is built here. */
function tomlPackages(source: string, type: string, table = 'package'): readonly Locked[] {
  return readTomlTables(source)
    .filter((one) => one.inList && one.name === table)
    .filter(({ values }) => {
      const from = values.get('source') ?? '';
      return type === 'cargo' ? from !== '' : !/\b(?:virtual|editable|directory)\b/.test(from);
    })
    .map(({ values }) => ({ type, name: values.get('name') ?? '', version: values.get('version') ?? '' }));
}

/** `[[deps.NAME]]` (2), `[[NAME]]` (1); the standard library has no version. */
function juliaManifest(source: string): readonly Locked[] {
  return readTomlTables(source)
    .filter((one) => one.inList && one.values.has('uuid'))
    .map(({ name, values }) => ({
      type: 'julia',
      name: name.replace(/^deps\./, ''),
      version: values.get('version') ?? '',
    }));
}

/** Version 1 (`"a@^1", b@2:` then `  version "1.0.0"`) and Berry (`"a@npm:^1":`, `  resolution: "a@npm:1.0.0"`). */
function yarnLock(source: string): readonly Locked[] {
  const found: Locked[] = [];
  let name = '';
  for (const line of eachLine(source)) {
    if (line.length > 20_000 || line.startsWith('#')) continue;
    if (/^\S.*:$/.test(line)) {
      const first = line.replace(/^"/, '').split(/["',]/, 1)[0] ?? '';
      const at = first.indexOf('@', 1);
      const range = first.slice(at + 1);
      // An alias is `other@npm:real@1.0.0`: its package is the real one.
      const real = /^npm:((?:@[^@/]{1,200}\/)?[^@/]{1,200})@/.exec(range)?.[1];
      name = at < 0 || /^(?:workspace|link|portal|file):/.test(range) ? '' : (real ?? first.slice(0, at));
      continue;
    }
    const version = /^ {2}version:? "?([^"\s]{1,200})"?$/.exec(line)?.[1];
    if (version !== undefined && name !== '') {
      found.push({ type: 'npm', name, version });
      name = '';
    }
  }
  return found;
}

/** Keys below `packages:`: `/name/1.0.0` (5), `/name@1.0.0(peer)` (6), `name@1.0.0` (9); peers of 5 stand behind `_`. */
function pnpmLock(source: string): readonly Locked[] {
  const found: Locked[] = [];
  let isInside = false;
  for (const line of eachLine(source)) {
    if (/^\S/.test(line)) isInside = line.startsWith('packages:');
    const key = isInside ? /^ {2}'?([^\s'].{0,500}?)'?:(?: \{.*)?$/.exec(line.slice(0, 1000))?.[1] : undefined;
    if (key === undefined) continue;
    const plain = key.replace(/^\//, '').replace(/\(.*$/, '');
    const isOld = /^(?:@[^/]+\/)?[^/@]+\/\d/.test(plain);
    found.push(...npmAt(isOld ? plain.replace(/\/(?=\d[^/]*$)/, '@').replace(/_.*$/, '') : plain));
  }
  return found;
}

/** `  name:` below `packages:`, then `    version: "1.0.0"`. */
function pubspecLock(source: string): readonly Locked[] {
  const found: Locked[] = [];
  let name = '';
  let isHosted = false;
  for (const line of eachLine(source)) {
    const key = /^ {2}"?([\w-]{1,200})"?:$/.exec(line)?.[1];
    if (key !== undefined) {
      name = key;
      isHosted = false;
    }
    if (/^ {4}source: "?hosted"?$/.test(line)) isHosted = true;
    const version = /^ {4}version: "?([^"\s]{1,200})"?$/.exec(line)?.[1];
    if (version !== undefined && isHosted) found.push({ type: 'pub', name, version });
  }
  return found;
}

/** `    name (1.0.0)` and `    name (1.0.0-x86_64-linux)` below `  specs:`; deeper ones are what these need. */
function gemfileLock(source: string): readonly Locked[] {
  const found: Locked[] = [];
  let isInside = false;
  for (const line of eachLine(source)) {
    if (/^\S/.test(line)) isInside = line === 'GEM' || line === 'GIT';
    const match = isInside ? /^ {4}([\w.-]{1,200}) \(([^-)\s]{1,100})(?:-[^)]{1,100})?\)$/.exec(line) : null;
    if (match !== null) found.push({ type: 'gem', name: match[1] ?? '', version: match[2] ?? '' });
  }
  return found;
}

/** `  - Name (1.0.0)` or `  - Name/Sub (1.0.0):` below `PODS:`. */
function podfileLock(source: string): readonly Locked[] {
  const found: Locked[] = [];
  let isInside = false;
  for (const line of eachLine(source)) {
    if (/^\S/.test(line)) isInside = line === 'PODS:';
    const match = isInside ? /^ {2}- "?([^\s("/]{1,200})(?:\/[^\s("]{1,200})? \(([^)]{1,100})\)"?:?$/.exec(line) : null;
    if (match !== null) found.push({ type: 'cocoapods', name: match[1] ?? '', version: match[2] ?? '' });
  }
  return found;
}

/** `  "jason": {:hex, :jason, "1.4.0", …},` */
function mixLock(source: string): readonly Locked[] {
  return [...source.matchAll(/^\s{0,10}"[^"\n]{1,200}": \{:hex, :"?([\w]{1,200})"?, "([^"\n]{1,100})"/gm)].map(
    ([, name = '', version = '']) => ({ type: 'hex', name, version }),
  );
}

/** `{"1.2.0", [{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0}, …]}.` */
function rebarLock(source: string): readonly Locked[] {
  const [first] = readErlangTerms(source);
  if (!Array.isArray(first)) return [];
  const rows: unknown = first.length === 2 && typeof first[0] === 'string' ? first[1] : first;
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row): Locked[] => {
    const pack: unknown = Array.isArray(row) ? row[1] : null;
    if (!Array.isArray(pack) || pack[0] !== 'pkg') return [];
    const [, name, version] = pack;
    return typeof name === 'string' && typeof version === 'string' ? [{ type: 'hex', name, version }] : [];
  });
}

/** `hackage: aeson-2.0.3.0@sha256:…` */
function stackLock(source: string): readonly Locked[] {
  return [...source.matchAll(/^\s{0,20}hackage: ([A-Za-z0-9-]{1,200}?)-(\d[\d.]{0,60})(?:@|$)/gm)].map(
    ([, name = '', version = '']) => ({ type: 'hackage', name, version }),
  );
}

/** `any.aeson ==2.0.3.0,` */
function cabalFreeze(source: string): readonly Locked[] {
  return [...source.matchAll(/\bany\.([A-Za-z0-9-]{1,200}) ==(\d[\d.]{0,60})/g)].map(([, name = '', version = '']) => ({
    type: 'hackage',
    name,
    version,
  }));
}

/** `group:artifact:1.0=configuration,…` */
function gradleLock(source: string): readonly Locked[] {
  return [...source.matchAll(/^([\w.-]{1,200}:[\w.-]{1,200}):([^=\s:]{1,100})=/gm)].map(
    ([, name = '', version = '']) => ({
      type: 'maven',
      name,
      version,
    }),
  );
}
