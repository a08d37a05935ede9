import type { FileHead } from '../../model/index.js';
import { baseName } from '../paths.js';
import { Banners } from './banners.js';
import { databases } from './databases.js';
import { goPrograms } from './go-programs.js';
import { java } from './java.js';
import { languages } from './languages.js';
import { libraries } from './libraries.js';
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
];

/** The rules whose text is looked for in every ELF file. */
export const banners = new Banners(rules);

const exact = new Map<string, Rule[]>();
const wildcards: { readonly name: RegExp; readonly rule: Rule }[] = [];
for (const rule of rules) {
  for (const name of rule.names) {
    if (/\*|\[[^\]]+\]/.test(name)) wildcards.push({ name: new RegExp(`^${wildcard(name)}$`), rule });
    else exact.set(name, [...(exact.get(name) ?? []), rule]);
  }
}
const anyWildcard = new RegExp(wildcards.map(({ name }) => name.source).join('|'));

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
  const named = exact.get(name) ?? [];
  const others = anyWildcard.test(name) ? wildcards.filter((one) => one.name.test(name)).map((one) => one.rule) : [];
  if (named.length + others.length === 0) return [];
  const isScript = (head[0] === 0x23 && head[1] === 0x21) || wordsAbout.test(file.path);
  const all = new Set([...named, ...others]);
  return rules.filter(
    (one) => all.has(one) && (one.kind === 'text' || !isScript) && (one.path === null || one.path.test(file.path)),
  );
}

/** The rule whose component has this name. */
export function rulesNamed(name: string): readonly Rule[] {
  return rules.filter((one) => one.name === name);
}
