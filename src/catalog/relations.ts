import { type Component, compareText, normalisedName } from '../model/index.js';
import { folderOf } from './paths.js';

/** Most relations of one image: those beyond are left out, and a component that would have some says it has unknown ones. */
const maxRelations = 1_000_000;

/**
 * Turns what records require and provide, in the words of their package system, into the components that are there for it.
 *
 * Of several that provide a word the one that lies nearest counts: the same environment, the same root file system. Of
 * alternatives the first that is there. What nothing provides is left out: a requirement is no component.
 */
export function withRelations(components: readonly Component[]): readonly Component[] {
  if (!components.some(({ requires }) => requires !== undefined)) return components;
  const providers = providersOf(components);
  const choose = remembered(providers);
  let rest = maxRelations;
  return components.map(({ requires, provides: _, ...one }) => {
    if (requires === undefined) return one;
    const found = new Set<string>();
    for (const alternatives of requires) {
      for (const word of alternatives) {
        const provider = choose(one.foundBy, folderOf(one.locations[0]?.path ?? ''), word);
        if (provider === null) continue;
        if (provider !== one.purl) found.add(provider);
        break;
      }
    }
    rest -= found.size;
    return rest < 0 ? one : { ...one, dependsOn: [...found].sort(compareText) };
  });
}

function providersOf(components: readonly Component[]): ReadonlyMap<string, readonly Component[]> {
  const providers = new Map<string, Component[]>();
  for (const one of components) {
    for (const word of one.provides ?? []) {
      const key = keyOf(one.foundBy, word);
      const list = providers.get(key);
      if (list === undefined) providers.set(key, [one]);
      // Thousands that provide one word are an attack, not a choice.
      else if (list.length < 100) list.push(one);
    }
  }
  return providers;
}

const keyOf = (system: string, word: string): string => `${system}\n${word}`;

type Choice = (system: string, folder: string, word: string) => string | null;

/** The purl of what provides a word for records in one folder: most of an image lie in few, and need the same. */
function remembered(providers: ReadonlyMap<string, readonly Component[]>): Choice {
  const chosen = new Map<string, string | null>();
  return (system, folder, word) => {
    const candidates = providers.get(keyOf(system, word)) ?? [];
    if (candidates.length < 2) return candidates[0]?.purl ?? null;
    const key = keyOf(keyOf(system, word), folder);
    const known = chosen.get(key);
    if (known !== undefined) return known;
    const purl = nearest(folder, candidates)?.purl ?? null;
    chosen.set(key, purl);
    return purl;
  };
}

/** The candidate whose record shares the most folders with one in `folder`; the first of several. */
function nearest(folder: string, candidates: readonly Component[]): Component | null {
  const [first, ...others] = candidates;
  if (first === undefined || others.length === 0) return first ?? null;
  const own = folder.split('/');
  const shared = (candidate: Component): number => {
    const parts = folderOf(candidate.locations[0]?.path ?? '').split('/');
    const differs = parts.findIndex((part, index) => part !== own[index]);
    return differs < 0 ? parts.length : differs;
  };
  return others.reduce((best, candidate) => (shared(candidate) > shared(best) ? candidate : best), first);
}

/**
 * The names in a list of requirements of Debian: alternatives (`|`) in order, versions, architectures and profiles left
 * out, since what is installed meets them. Follows: Debian Policy 7.1.
 */
export function debianRelations(field: string): readonly (readonly string[])[] {
  return field
    .slice(0, 100_000)
    .split(',')
    .map((group) =>
      group.split('|').flatMap((one) => {
        const name = /^\s*([a-z0-9][a-z0-9+.-]*)/i.exec(one)?.[1];
        return name === undefined ? [] : [name];
      }),
    )
    .filter((names) => names.length > 0);
}

/**
 * The names in apk's list of dependencies (`so:libc.musl-x86_64.so.1 musl>=1.2 !conflict`), without versions and without
 * what must not be there. Follows: apk-tools, doc/apk-world.5 (syntax of dependencies).
 */
export function apkWords(field: string): readonly string[] {
  return field
    .slice(0, 100_000)
    .split(/\s+/)
    .filter((word) => word !== '' && !word.startsWith('!'))
    .map((word) => word.replace(/[<>=~@].*$/, ''));
}

/**
 * The name in a requirement of Python (`requests[socks] (>=2.0) ; python_version < "3.8"`), normalised; null for one that
 * only counts with an extra. Follows: PyPA, "Dependency specifiers"; PEP 503.
 */
export function pythonRequirement(text: string): string | null {
  const name = /^\s*([A-Za-z0-9][A-Za-z0-9._-]{0,200})/.exec(text)?.[1];
  if (name === undefined || /;.{0,1000}\bextra\s{0,9}==/.test(text)) return null;
  return normalisedName(name);
}
