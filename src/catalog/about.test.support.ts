import assert from 'node:assert/strict';
import type { Cataloguer, Component, ComponentFact } from '../model/index.js';

/** Kinds of content that `About.reads` may name, by a file's first bytes. */
const magics: Readonly<Record<string, readonly (readonly number[])[]>> = {
  ELF: [[0x7f, 0x45, 0x4c, 0x46]],
  PE: [[0x4d, 0x5a]],
  'Mach-O': [
    [0xce, 0xfa, 0xed, 0xfe],
    [0xcf, 0xfa, 0xed, 0xfe],
    [0xfe, 0xed, 0xfa, 0xce],
    [0xfe, 0xed, 0xfa, 0xcf],
    [0xca, 0xfe, 0xba, 0xbe],
  ],
  GGUF: [[0x47, 0x47, 0x55, 0x46]],
};

const globs = new Map<string, RegExp>();

function globOf(glob: string): RegExp {
  const known = globs.get(glob);
  if (known !== undefined) return known;
  const source = glob.replace(/\*\*\/|\*\*|\*|[.+?^${}()|[\]\\]/g, (one) =>
    one === '**/' ? '(?:.*/)?' : one === '**' ? '.*' : one === '*' ? '[^/]*' : `\\${one}`,
  );
  const made = new RegExp(`^${source}$`, 'i');
  globs.set(glob, made);
  return made;
}

/** Holds that a file which a cataloguer asks for is one that its declaration names. */
export function assertDeclaredFile({ name, about }: Cataloguer, path: string, bytes: Uint8Array): void {
  const isNamed = about.reads.some((one) => {
    // What only words can say is not held to them.
    if (one.startsWith('(')) return true;
    const kinds = magics[one];
    return kinds === undefined ? globOf(one).test(path) : kinds.some((kind) => kind.every((b, at) => bytes[at] === b));
  });
  assert.ok(isNamed, `${name} reads ${path}, which its \`about.reads\` does not name`);
}

/** Holds that a component is one that its cataloguer's declaration allows: purl type, grade, and what it tells. */
export function assertDeclaredComponent(list: readonly Cataloguer[], one: Component): void {
  const about = list.find(({ name }) => name === one.foundBy)?.about;
  assert.ok(about !== undefined, `${one.foundBy} is no cataloguer`);
  const type = /^pkg:([^/]+)/.exec(one.purl)?.[1] ?? '';
  assert.ok(about.purls.includes(type) || about.purls.includes('*'), `${one.foundBy} makes ${one.purl}`);
  assert.ok(about.grades.includes(one.grade), `${one.foundBy} grades ${one.purl} ${one.grade}`);
  const facts: Readonly<Record<ComponentFact, boolean>> = {
    source: one.source !== null,
    licenses: one.licenses.length > 0,
    supplier: (one.supplier ?? null) !== null,
    download: (one.downloadLocation ?? null) !== null,
    cpes: (one.cpes ?? []).length > 0,
    dependencies: (one.dependsOn ?? []).length > 0,
    files: one.owns.length > 0,
    digests: one.owns.some(({ digest }) => digest !== null),
  };
  const told = Object.entries(facts).flatMap(([fact, isThere]) => (isThere ? [fact] : []));
  const more = told.filter((fact) => !about.facts.some((declared) => declared === fact));
  assert.deepEqual(more, [], `${one.foundBy} tells of ${one.purl} what its \`about.facts\` does not name`);
}
