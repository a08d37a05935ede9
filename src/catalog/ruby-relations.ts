import { orderingFor } from '../version/index.js';
import type { TypedJoin, TypedRecord } from './define.js';
import type { PackageRow } from './packages.js';
import { folderOf } from './paths.js';

/**
 * What a gemspec says that its gem needs to run, as `NAME` or `NAME OP VERSION, OP VERSION`; nothing is run.
 * Follows: RubyGems' Gem::Specification#to_ruby (`s.add_runtime_dependency(%q<NAME>.freeze, ["OP VERSION".freeze])`).
 */
export function gemRequirements(source: string): readonly string[] {
  const call =
    /^\s{0,40}\w{1,20}\.add_(?:runtime_)?dependency[( ]\s{0,4}(?:%q<([\w.-]{1,200})>|["']([\w.-]{1,200})["'])([^\n]{0,1000})$/gm;
  // What old versions of RubyGems would do stands behind an `else`, where what only development needs looks like the rest.
  const current = source.split(/^\s{0,40}else\s{0,40}$/m, 1)[0] ?? '';
  return [...current.matchAll(call)].map(([, quoted, plain, rest = '']) => {
    const versions = [...rest.matchAll(/["']\s{0,4}((?:=|!=|>|<|>=|<=|~>)?)\s{0,4}(\d[\w.]{0,60})["']/g)];
    const name = quoted ?? plain ?? '';
    const bounds = versions.map(([, operator, version]) => `${operator === '' ? '=' : operator} ${version}`).join(', ');
    return bounds === '' ? name : `${name} ${bounds}`;
  });
}

/**
 * The gems that a gem needs: of several versions that are there the highest that it takes, as RubyGems activates them,
 * first among those of its own home. Follows: RubyGems, Gem::Requirement (OPS), Gem::Version (order, bump).
 */
export function gemResolver(
  _: TypedJoin<PackageRow>,
  records: readonly TypedRecord<PackageRow>[],
): (record: TypedRecord<PackageRow>) => readonly string[] {
  const byName = new Map<string, TypedRecord<PackageRow>[]>();
  for (const record of records) byName.set(record.data.name, [...(byName.get(record.data.name) ?? []), record]);
  for (const list of byName.values()) {
    list.sort((a, b) => compareGems(b.data.version ?? '', a.data.version ?? ''));
  }
  return ({ path, data }) => {
    const home = homeOf(path);
    return (data.requires ?? []).flatMap((requirement) => {
      const [, name = '', bounds = ''] = /^(\S+) ?(.*)$/.exec(requirement) ?? [];
      const all = (byName.get(name) ?? []).filter((one) => meets(one.data.version ?? '', bounds));
      // Previews only where one is asked for, or nothing else is there (Gem::Dependency#to_spec).
      const stable = isPreview(bounds) ? all : all.filter((one) => !isPreview(one.data.version ?? ''));
      const fitting = stable.length > 0 ? stable : all;
      return (fitting.find((one) => homeOf(one.path) === home) ?? fitting[0])?.data.purl ?? [];
    });
  };
}

/** The folder that holds `specifications/`; default gems have one of their own in there. */
function homeOf(path: string): string {
  const folder = folderOf(path);
  return folderOf(folder.endsWith('/default') ? folderOf(folder) : folder);
}

function meets(version: string, bounds: string): boolean {
  return bounds.split(', ').every((bound) => {
    const [operator = '', wanted = ''] = bound.split(' ');
    const order = compareGems(version, wanted);
    switch (operator) {
      case '=':
        return order === 0;
      case '!=':
        return order !== 0;
      case '>':
        return order > 0;
      case '<':
        return order < 0;
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      case '~>':
        return order >= 0 && compareGems(released(version), bumped(wanted)) < 0;
      default:
        return true;
    }
  });
}

const parts = (version: string): readonly string[] => version.match(/\d+|[a-z]+/gi) ?? [];

const isPreview = (text: string): boolean => /[a-z]/i.test(text);

/** A version without what makes it a preview: `2.0.a` is none of `~> 1.0` either. */
function released(version: string): string {
  const all = parts(version);
  const letter = all.findIndex((part) => /[a-z]/i.test(part));
  return (letter < 0 ? all : all.slice(0, letter)).join('.');
}

/** `1.2.3` → `1.3`: the first version that `~> 1.2.3` takes no more. */
function bumped(version: string): string {
  const numbers = released(version).split('.');
  const kept = numbers.length > 1 ? numbers.slice(0, -1) : numbers;
  return [...kept.slice(0, -1), String(Number(kept.at(-1)) + 1)].join('.');
}

/** RubyGems refuses versions that it cannot order, so nothing real depends on where these stand. */
function compareGems(a: string, b: string): number {
  return orderingFor('RubyGems')?.compare(a, b) ?? 0;
}
