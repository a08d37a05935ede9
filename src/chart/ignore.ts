import { badChart } from './metadata.js';
import { pathMatcher } from './path-match.js';

interface Rule {
  readonly negate: boolean;
  readonly directoriesOnly: boolean;
  readonly matches: (path: string) => boolean;
}

/** Whether a path inside the chart (with `/`) is left out. */
export type IgnoreRules = (path: string, isDirectory: boolean) => boolean;

/**
 * The rules of a .helmignore, and Helm's own one (`templates/.?*`).
 *
 * Helm's semantics, not Git's: the first rule that decides wins, a negated rule ignores all that it does *not* match,
 * a pattern without `/` is tried on the base name, `**` is refused. Throws TrowelError `bad-chart`.
 * Follows: helm pkg/ignore/rules.go.
 */
export function ignoreRules(text: string): IgnoreRules {
  const rules = [...text.split('\n'), 'templates/.?*'].map(parseRule).filter((rule) => rule !== null);
  return (path, isDirectory) => {
    for (const rule of rules) {
      if (rule.negate) {
        if (rule.directoriesOnly && !isDirectory) return true;
        if (!rule.matches(path)) return true;
      } else if ((!rule.directoriesOnly || isDirectory) && rule.matches(path)) return true;
    }
    return false;
  };
}

function parseRule(line: string): Rule | null {
  let rule = line.trim();
  if (rule === '' || rule.startsWith('#')) return null;
  if (rule.includes('**')) throw badChart('double-star (**) syntax is not supported', '.helmignore');
  checkPattern(rule);
  const negate = rule.startsWith('!');
  if (negate) rule = rule.slice(1);
  const directoriesOnly = rule.endsWith('/');
  if (directoriesOnly) rule = rule.slice(0, -1);
  const matches = checkPattern(rule.startsWith('/') ? rule.slice(1) : rule);
  if (rule.includes('/')) return { negate, directoriesOnly, matches };
  return { negate, directoriesOnly, matches: (path) => matches(path.slice(path.lastIndexOf('/') + 1)) };
}

function checkPattern(pattern: string): (path: string) => boolean {
  try {
    return pathMatcher(pattern);
  } catch (cause) {
    throw badChart('syntax error in pattern', '.helmignore', cause);
  }
}
