import { type Component, compareText, type FinalFiles, isOfDatabase, type OwnedFile } from '../model/index.js';

/** One component's word about one file. */
export interface OwnerClaim {
  /** Index of the component. */
  readonly component: number;
  readonly owned: OwnedFile;
}

/**
 * Every claim on each of `files`, by its index, the first one the owner's; nothing where nobody claims a file.
 *
 * A claim on a path reaches the file that lies there: links in the folders of the path are followed, and a claim on any
 * name of a hard-linked file is one on the file. The order, where several claim one file:
 * 1. who lists it in a record before who concludes it from its place or content
 * 2. a distribution's package before other packages: its database is the one the system goes by
 * 3. the smaller claimed folder or file set (a file of a nested package is not its parent's)
 * 4. the order of components
 */
export function claimsByFile(
  files: FinalFiles,
  components: readonly Component[],
): readonly (readonly OwnerClaim[] | undefined)[] {
  const claims: (OwnerClaim[] | undefined)[] = new Array(files.length);
  const several = new Set<OwnerClaim[]>();
  for (const [component, one] of components.entries()) {
    for (const owned of one.owns) {
      const file = files.indexOf(owned.path);
      if (file < 0) continue;
      const list = claims[file];
      if (list === undefined) claims[file] = [{ component, owned }];
      // Claims of one component come together: the last one tells whether it is here already.
      else if (list.at(-1)?.component !== component) {
        list.push({ component, owned });
        several.add(list);
      }
    }
  }
  const rank = ({ component, owned }: OwnerClaim): readonly number[] => {
    const one = components[component];
    const isDistribution = one !== undefined && isOfDatabase(one);
    return [owned.listed === false ? 1 : 0, isDistribution ? 0 : 1, one?.owns.length ?? 0, component];
  };
  for (const list of several) list.sort((a, b) => compareRanks(rank(a), rank(b)));
  return claims;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}

/** Text order of paths, for lists of files. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compareText(a.path, b.path);
}
