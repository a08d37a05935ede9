import type { FileHead } from '../../model/index.js';
import { baseName } from '../paths.js';
import { backends } from './backends.js';
import { Banners } from './banners.js';
import { base } from './base.js';
import { databases } from './databases.js';
import { goPrograms } from './go-programs.js';
import { java } from './java.js';
import { languages } from './languages.js';
import { libraries } from './libraries.js';
import { media } from './media.js';
import { moreLibraries } from './more-libraries.js';
import { networkTools } from './network-tools.js';
import type { Rule } from './rule.js';
import { servers } from './servers.js';
import { services } from './services.js';
import { storage } from './storage.js';
import { systemLibraries } from './system-libraries.js';
import { tools } from './tools.js';
import { utilities } from './utilities.js';

export { findPrograms, type Match } from './find.js';
export type { Rule } from './rule.js';

/** Every rule; of one family the first that matches a file wins. */
export const rules: readonly Rule[] = [
  ...languages,
  ...java,
  ...databases,
  ...servers,
  ...services,
  ...goPrograms,
  ...libraries,
  ...systemLibraries,
  ...storage,
  ...tools,
  ...utilities,
  ...base,
  ...networkTools,
  ...backends,
  ...media,
  ...moreLibraries,
];

/** The rules whose text is looked for in every ELF file. */
export const banners = new Banners(rules);

/** Places in `rules`, by a name without wildcards. */
const exact = new Map<string, number[]>();
/** Names with wildcards, by their first letter: what comes before the wildcard is looked at first. */
const wildcards = new Map<string, Wildcard[]>();

interface Wildcard {
  /** What stands before the first wildcard and behind the last one. */
  readonly begin: string;
  readonly end: string;
  readonly source: string;
  /** Made when a name begins and ends like it: most never do. */
  name: RegExp | null;
  readonly rule: number;
}

for (const [index, rule] of rules.entries()) {
  for (const name of rule.names) {
    const wild = name.search(/\*|\[[^\]]+\]/);
    if (wild < 0) exact.set(name, [...(exact.get(name) ?? []), index]);
    else {
      const begin = name.slice(0, wild);
      const end = name.slice(Math.max(name.lastIndexOf('*'), name.lastIndexOf(']')) + 1);
      const list = wildcards.get(begin[0] ?? '') ?? [];
      list.push({ begin, end, source: `^${wildcard(name)}$`, name: null, rule: index });
      wildcards.set(begin[0] ?? '', list);
    }
  }
}

/** Names that begin with a wildcard. */
const startless = wildcards.get('') ?? [];

const noRules: readonly Rule[] = [];

function fits(one: Wildcard, name: string): boolean {
  if (!name.startsWith(one.begin) || !name.endsWith(one.end)) return false;
  one.name ??= new RegExp(one.source);
  return one.name.test(name);
}

function wildcard(name: string): string {
  return name.replace(/[.+]/g, '\\$&').replaceAll('*', '.*');
}

/** Folders whose files are called after programs and are words about them: completions, manuals, settings. */
const wordsAbout =
  /(?:^|\/)(?:completions?|bash_completion\.d|site-functions|vendor_completions\.d|doc|man|man\d|info|locale|init\.d|logrotate\.d|cron\.\w+|default|pam\.d|apparmor\.d|sudoers\.d|sysconfig)\//;

/** The name that rules are selected by. */
export function ruleName(path: string): string {
  const name = baseName(path);
  return name.endsWith('.exe') ? name.slice(0, -4) : name;
}

/** The rules that a file's name selects, in their order. A script is never the program that it is called after. */
export function rulesFor(file: Pick<FileHead, 'path'>, head: Uint8Array): readonly Rule[] {
  const name = ruleName(file.path);
  const found: number[] = [...(exact.get(name) ?? [])];
  for (const list of [wildcards.get(name[0] ?? ''), startless]) {
    for (const one of list ?? []) if (fits(one, name) && !found.includes(one.rule)) found.push(one.rule);
  }
  if (found.length === 0) return noRules;
  const isScript = (head[0] === 0x23 && head[1] === 0x21) || wordsAbout.test(file.path);
  return found
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const one = rules[index];
      if (one === undefined || (one.kind !== 'text' && isScript)) return [];
      return one.path === null || one.path.test(file.path) ? [one] : [];
    });
}

/** The rule whose component has this name. */
export function rulesNamed(name: string): readonly Rule[] {
  return rules.filter((one) => one.name === name);
}
