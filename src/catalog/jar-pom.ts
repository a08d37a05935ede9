import { plain, tagsOf } from './licenses/pom.js';

/** What is looked at of one POM. */
const limits = { dependencies: 2000, depth: 100 } as const;

const place = 'project/dependencies/dependency';

/**
 * What a POM says that its project needs to run, as `GROUP:ARTIFACT`: not what is optional, and not what others bring or
 * only tests need (scopes `provided`, `test`, `system`, `import`). What a property or a parent POM that is not in the
 * file would have to tell is left out.
 *
 * Follows: Maven, "Introduction to the Dependency Mechanism" (scopes); "POM Reference", Dependencies, Properties.
 */
export function dependenciesOfPom(source: string): readonly string[] {
  const found: ReadonlyMap<string, string>[] = [];
  const path: string[] = [];
  let own = '';
  let parent = '';
  let fields = new Map<string, string>();
  for (const { tag, isEnd, isEmpty, content } of tagsOf(source)) {
    if (found.length >= limits.dependencies || path.length > limits.depth) break;
    if (isEnd) {
      if (path.join('/') === place) {
        found.push(fields);
        fields = new Map();
      }
      if (path.at(-1) === tag) path.pop();
      continue;
    }
    if (isEmpty) continue;
    const above = path.length > 3 ? '' : path.join('/');
    if (above === place) fields.set(tag, plain(content));
    if (above === 'project/parent' && tag === 'groupId') parent = plain(content);
    if (above === 'project' && tag === 'groupId') own = plain(content);
    path.push(tag);
  }
  return [...new Set(found.flatMap((one) => wordOf(one, { own: own === '' ? parent : own, parent }) ?? []))];
}

interface Groups {
  readonly own: string;
  readonly parent: string;
}

function wordOf(fields: ReadonlyMap<string, string>, { own, parent }: Groups): string | null {
  const scope = fields.get('scope') ?? 'compile';
  if ((scope !== 'compile' && scope !== 'runtime') || fields.get('optional') === 'true') return null;
  const group = (fields.get('groupId') ?? '')
    .replace(/^\$\{(?:project\.|pom\.)?groupId\}$/, own)
    .replace(/^\$\{(?:project\.|pom\.)?parent\.groupId\}$/, parent);
  const artifact = fields.get('artifactId') ?? '';
  return group === '' || artifact === '' || `${group}${artifact}`.includes('${') ? null : `${group}:${artifact}`;
}
