import { TrowelError } from '../../model/index.js';
import { type RpmHeader, rpmTag } from './header.js';
import type { PathBudget } from './path-budget.js';

/** rpmds.h: what a version says (RPMSENSE_LESS, GREATER, EQUAL), and what rpm itself must be able to do (RPMLIB). */
const sense = { less: 2, greater: 4, equal: 8, missingOk: 1 << 19, rpmlib: 1 << 24 } as const;

/**
 * What a package requires or provides, each word once: a name, with ` = VERSION` where just that version is meant; and
 * conditions as the package has them (`(a if b)`), which rpm calls rich. What only rpm itself can have is left out.
 */
export function wordsOf(header: RpmHeader, kind: 'require' | 'provide', budget: PathBudget): readonly string[] {
  const [name, flag, version] =
    kind === 'require'
      ? [rpmTag.requireName, rpmTag.requireFlags, rpmTag.requireVersion]
      : [rpmTag.provideName, rpmTag.provideFlags, rpmTag.provideVersion];
  const flags = header.numbers(flag);
  const versions = header.texts(version);
  const words = new Set<string>();
  for (const [index, one] of header.texts(name).entries()) {
    const own = flags[index] ?? 0;
    if (one === '' || (own & (sense.rpmlib | sense.missingOk)) !== 0) continue;
    const isExact = (own & (sense.less | sense.greater | sense.equal)) === sense.equal;
    const word = isExact && versions[index] ? `${one} = ${versions[index]}` : one;
    if (words.has(word)) continue;
    if (!budget.spend(word.length)) {
      throw new TrowelError('too-large', { what: 'more text of relations than a database may have' });
    }
    words.add(word);
  }
  return [...words];
}
