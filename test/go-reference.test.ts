import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { tryReference } from '../src/oci/index.js';
import { oracleManifests, oracleNames } from './oracle.js';
import { inRoot, programMissing, sharedData } from './paths.js';
import { inScratch } from './run.js';

interface Answer {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly error: string;
}

const digest = (digits: number): string => `sha256:${'0123456789abcdef'.repeat(4).slice(0, digits)}`;

// Pieces of which references are made, and what breaks them: each rule of the grammar has some.
const pieces: readonly string[] = [
  ...'aZ0_-./:@[]'.split(''),
  ...['..', '__', '___', '--', '._', '//', '://', ' ', '\n', 'é', 'ſ', 'İ'],
  ...[
    'docker.io',
    'index.docker.io',
    'localhost',
    'library',
    'Registry',
    'quay.io',
    'my_host.io',
    '127.0.0.1',
    '[::1]',
  ],
  ...['nginx', 'app', 'v1.2.3', '5000', 'latest', 'x'.repeat(127), 'y'.repeat(128), 'z'.repeat(250)],
  ...[
    digest(64),
    digest(63),
    digest(32),
    digest(64).toUpperCase(),
    `sha512:${digest(64).slice(7).repeat(2)}`,
    'md5:ff',
  ],
  digest(64).slice(7),
];

/** Texts that are references, nearly, or not at all. */
function texts(): readonly string[] {
  const piece = fc.constantFrom(...pieces);
  const part = fc.array(piece, { minLength: 1, maxLength: 3 }).map((list) => list.join(''));
  const shaped = fc
    .tuple(fc.option(part), fc.array(part, { minLength: 1, maxLength: 3 }), fc.option(part), fc.option(part))
    .map(
      ([host, path, tag, hash]) =>
        `${host === null ? '' : `${host}/`}${path.join('/')}${tag === null ? '' : `:${tag}`}${hash === null ? '' : `@${hash}`}`,
    );
  const loose = fc.array(piece, { maxLength: 12 }).map((list) => list.join(''));
  return [...fc.sample(shaped, { numRuns: 30_000, seed: 1 }), ...fc.sample(loose, { numRuns: 30_000, seed: 2 })];
}

/** Every word of every tenth real manifest: what the finders ask about. */
function words(): readonly string[] {
  const oracle = sharedData('oracle-dev');
  if (oracle === null) return [];
  const some = oracleNames(oracle).filter((_, index) => index % 10 === 0);
  const found = some.flatMap((name) => oracleManifests(oracle, name).flatMap(({ text }) => text.split(/[\s"',=]+/)));
  return [...new Set(found)].filter((word) => word !== '' && word.length < 1000);
}

function mine(text: string): Answer {
  const reference = tryReference(text);
  if (reference === null) return { registry: '', repository: '', tag: '', digest: '', error: 'refused' };
  return { ...reference, tag: reference.tag ?? '', digest: reference.digest ?? '', error: '' };
}

test(
  'references are what the package of the distribution project says they are',
  {
    skip: programMissing('go'),
  },
  (t) =>
    inScratch(async (dir) => {
      const program = `${dir}/reference`;
      const built = spawnSync('go', ['build', '-o', program, '.'], {
        cwd: inRoot('test', 'go-reference'),
        env: { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'auto' },
        encoding: 'utf8',
      });
      if (built.status !== 0) {
        return t.skip(`go cannot fetch and build the package here: ${built.stderr.trimEnd().split('\n').at(-1)}`);
      }
      const asked = [...texts(), ...words()];
      const input = asked.map((text) => JSON.stringify(text)).join('\n');
      const run = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
      assert.equal(run.status, 0, run.stderr);
      const answers: readonly Answer[] = run.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.equal(answers.length, asked.length);
      const different = asked.flatMap((text, index) => {
        const theirs = answers[index];
        if (theirs === undefined) return [text];
        const refused = { registry: '', repository: '', tag: '', digest: '', error: 'refused' };
        // The package lets a registry through that is no host name, as a repository without a registry: nobody could ask
        // it, so it is refused here (see parseReference).
        const wanted = theirs.error !== '' || theirs.registry === '' ? refused : theirs;
        return inOneText(mine(text)) === inOneText(wanted) ? [] : [text];
      });
      assert.deepEqual(different, []);
      const taken = answers.filter((answer) => answer.error === '').length;
      assert.ok(taken > 5000, `only ${taken} of ${asked.length} texts are references: the test shows little`);
      t.diagnostic(`${asked.length} texts, ${taken} of them references`);
    }),
);

function inOneText(answer: Answer): string {
  return JSON.stringify([answer.registry, answer.repository, answer.tag, answer.digest, answer.error]);
}
