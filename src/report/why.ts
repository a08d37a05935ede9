import type { Dig } from '../model/index.js';
import { type Branch, drawBranch } from './branch.js';
import type { View } from './format.js';
import { as, draw, type Text } from './paint.js';
import { advisoriesNamed } from './why-advisory.js';
import { componentsNamed } from './why-component.js';
import { filesNamed } from './why-file.js';
import { imagesNamed } from './why-image.js';
import { valuesNamed } from './why-value.js';

/** The longest question that is looked up. */
const longest = 4096;

// What can be asked for: each answers with a tree for every thing of its kind that has the name.
const answers: readonly { readonly kind: string; readonly find: (dig: Dig, query: string) => readonly Branch[] }[] = [
  { kind: 'image', find: imagesNamed },
  { kind: 'package', find: componentsNamed },
  { kind: 'file', find: filesNamed },
  { kind: 'value', find: valuesNamed },
  { kind: 'advisory', find: advisoriesNamed },
];

/**
 * The evidence for whatever has this name in the dig: an image (reference, repository or digest), a package (name or
 * purl), a file's path, a values path, an advisory's or vulnerability's id. All matches of all kinds are told.
 * Where nothing has the name, `found` is false and the text says what can be asked.
 */
export function why(dig: Dig, query: string, view: View): { readonly found: boolean; readonly text: Iterable<string> } {
  const wanted = query.trim().slice(0, longest);
  const trees = wanted === '' ? [] : answers.flatMap((answer) => answer.find(dig, wanted));
  return trees.length === 0
    ? { found: false, text: unknown(dig, query, view) }
    : { found: true, text: drawAll(trees, view) };
}

function* drawAll(trees: readonly Branch[], view: View): Generator<string> {
  for (const [index, tree] of trees.entries()) {
    if (index > 0) yield '\n';
    yield* drawBranch(tree, view);
  }
}

/** That nothing has the name, and an example of each kind of thing from this very dig. */
function* unknown(dig: Dig, query: string, view: View): Generator<string> {
  yield* draw([`This dig has nothing named "${query.slice(0, 200)}". Ask it for`], '', '  ', view);
  const path = dig.uses.flatMap((use) => use.causes).find((cause) => cause.path !== null)?.path ?? 'image.tag';
  const kinds: readonly Text[] = [
    ['an image: ', as('name', dig.images[0]?.reference ?? dig.uses[0]?.image ?? 'docker.io/library/alpine:3.20')],
    ['a package: ', as('name', dig.components[0]?.name ?? 'openssl'), ', by name or purl'],
    [
      'a file: ',
      as('name', dig.images[0]?.unknownFiles.at(0)?.path ?? 'usr/bin/app'),
      dig.images.some((image) => image.files === undefined) ? ' (all files only in a dig made with --files)' : '',
    ],
    ['a values path: ', as('name', path)],
    ['an advisory or vulnerability: ', as('name', dig.findings[0]?.id ?? 'CVE-2020-14343')],
  ];
  for (const text of kinds) yield* draw(text, '  ', '    ', view);
}
