import type { Component } from '../../model/index.js';
import type { RpmPackage } from './package.js';

type Words = Pick<Component, 'requires' | 'provides'>;

/**
 * The words by which the packages of one image find each other, only those that some package asks for: a name, a file
 * that a package lists, and a version where several packages provide one name. Of conditions `(a or b)` and
 * `(a if b)` are followed, where `b` is there.
 * Follows: rpm, docs/manual/dependencies.md, docs/manual/more_dependencies.md, docs/manual/boolean_dependencies.md.
 */
export function rpmWords(packages: readonly RpmPackage[]): (one: RpmPackage) => Words {
  const providers = new Map<string, number>();
  for (const { provides } of packages) {
    for (const name of new Set(provides.map(nameOf))) providers.set(name, (providers.get(name) ?? 0) + 1);
  }
  const isThere = (name: string): boolean => providers.has(name);
  const alternatives = (word: string): readonly string[] => {
    if (word.startsWith('(')) return ofCondition(word, isThere);
    const name = nameOf(word);
    return (providers.get(name) ?? 0) > 1 && name !== word ? [word, name] : [name];
  };
  const required = new Map(packages.map((one) => [one, one.requires?.map(alternatives) ?? null]));
  const asked = new Set([...required.values()].flatMap((all) => all?.flat() ?? []));
  return (one) => {
    const requires = required.get(one);
    const provides = [
      ...one.provides.flatMap((word) => [nameOf(word), word]),
      ...one.files.map(([path]) => `/${path}`),
    ].filter((word) => asked.has(word));
    return { ...(requires == null ? {} : { requires }), provides: [...new Set(provides)] };
  };
}

function nameOf(word: string): string {
  const end = word.startsWith('(') ? -1 : word.indexOf(' = ');
  return end < 0 ? word : word.slice(0, end);
}

/** `(a or b)`, `(a >= 1 if b)`: names alone; of others, with conditions inside each other, none. */
function ofCondition(word: string, isThere: (name: string) => boolean): readonly string[] {
  const inner = word.slice(1, -1).trim();
  const bare = (part: string): string => part.trim().split(' ', 1)[0] ?? '';
  if (!word.endsWith(')') || inner.startsWith('(') || / (?:and|with|without|unless|else) | \(/.test(inner)) return [];
  const [wanted = '', condition] = inner.split(' if ');
  if (condition !== undefined) return isThere(bare(condition)) ? [bare(wanted)] : [];
  return inner.split(' or ').map(bare);
}
