import { TrowelError } from '../model/index.js';
import type { RenderedDocument } from './manifests.js';
import { pathMatcher } from './path-match.js';
import { splitManifests, splitManifests4 } from './split.js';
import { trimSpace } from './text.js';

/** One part of what `helm template` prints: a file of `crds/` as it is, a manifest, or a hook. */
export interface Section {
  readonly kind: 'crd' | 'manifest' | 'hook';
  /** What stands after `# Source: `. */
  readonly source: string;
  readonly text: string;
  /** Null for a CRD. */
  readonly document: RenderedDocument | null;
}

/**
 * The text of the sections: manifests trimmed, hooks behind them (helm cmd/helm/template.go). `only` is the form that
 * `--show-only` prints.
 */
export function printed(sections: readonly Section[], only: boolean): string {
  if (only) return sections.map((section) => `---\n${section.text}\n`).join('');
  const write = (section: Section): string => `---\n# Source: ${section.source}\n${section.text}\n`;
  const manifests = sections.filter((section) => section.kind !== 'hook').map(write);
  const hooks = sections.filter((section) => section.kind === 'hook').map(write);
  return `${trimSpace(manifests.join(''))}\n${hooks.join('')}`;
}

/**
 * What `--show-only` leaves, in the order of its patterns; everything where there is none. The whole text is split
 * once more, as Helm does, so that a file of several CRDs comes apart.
 *
 * Throws TrowelError `usage` with Helm's words for a pattern that no template has.
 */
export function onlyShown(sections: readonly Section[], patterns: readonly string[], helm: 3 | 4): readonly Section[] {
  if (patterns.length === 0) return sections;
  const last = sections.findLastIndex((section) => section.kind !== 'hook');
  const all = sections.flatMap((section, index) => {
    const whole = `# Source: ${section.source}\n${section.text}`;
    // Helm 4 keeps the blanks between documents; those behind the last manifest are gone before the hooks come.
    const parts =
      helm === 3 ? splitManifests(whole) : splitManifests4(`${index === last ? trimSpace(whole) : whole}\n`);
    return parts.map(({ text }) => ({ ...section, text }));
  });
  return patterns.flatMap((pattern) => {
    const matches = matcher(pattern);
    const found = all.filter((section) => {
      const name = nameIn(section.text);
      return name !== null && matches(name);
    });
    if (found.length > 0) return found;
    throw new TrowelError('usage', {
      what: `could not find template ${pattern} in chart`,
      where: { option: '--show-only' },
    });
  });
}

/**
 * The files that `--output-dir` writes, by path below it: each has its sections one after the other, as Helm appends
 * them. Nothing is written here.
 */
export function outputFiles(sections: readonly Section[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { source, text } of sections) {
    files.set(source, `${files.get(source) ?? ''}---\n# Source: ${source}\n${text}\n`);
  }
  return files;
}

/** A pattern that cannot be read matches nothing, as in Helm. */
function matcher(pattern: string): (name: string) => boolean {
  try {
    return pathMatcher(pattern);
  } catch {
    return () => false;
  }
}

/** The path after `# Source: CHART/` in a document, found as `# Source: [^/]+/(.+)` finds it. */
function nameIn(text: string): string | null {
  const label = '# Source: ';
  const start = text.indexOf(label);
  if (start < 0) return null;
  const slash = text.indexOf('/', start + label.length + 1);
  if (slash < 0) return null;
  const end = text.indexOf('\n', slash);
  const name = text.slice(slash + 1, end < 0 ? text.length : end);
  return name === '' ? null : name;
}
