import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { isTrowelError } from './error.js';
import { formatPurl, type PurlParts, parsePurl } from './purl.js';

interface SuiteCase {
  readonly description: string;
  readonly test_type: 'parse' | 'build' | 'validate';
  readonly input: string | PurlParts;
  readonly expected_output: string | PurlParts | null;
  readonly expected_failure: boolean;
}

/** Cases of the specification's suite that Trowel does not follow, with the reason. */
const notFollowed: ReadonlyMap<string, string> = new Map([
  // Qualifier keys are lower-cased (purl-spec, "Qualifiers"); the same suite wants that of `repositorY_url` for maven
  // and, as `validate`, of these very inputs.
  ['parse "pkg:gem/jruby-launcher@1.1.2?Platform=java"', 'capital letters in a qualifier key'],
  ['parse "pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25"', 'capital letters in a qualifier key'],
]);

const suite = sharedData('purl');

function present(parts: PurlParts): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value != null));
}

test("the specification's own tests", { skip: suite === null ? sharedMissing : false }, async (t) => {
  for (const [input, why] of notFollowed) t.diagnostic(`not followed: ${input}: ${why}`);
  for (const file of readdirSync(suite ?? '').sort()) {
    const cases: readonly SuiteCase[] = JSON.parse(readFileSync(join(suite ?? '', file), 'utf8')).tests;
    await t.test(file, () => {
      for (const one of cases) {
        const label = `${file}: ${one.test_type}: ${one.description}: ${JSON.stringify(one.input)}`;
        if (notFollowed.has(`${one.test_type} ${JSON.stringify(one.input)}`)) continue;
        const run = (): unknown => {
          if (typeof one.input !== 'string') return formatPurl(one.input);
          const parts = parsePurl(one.input);
          return one.test_type === 'parse' ? parts : formatPurl(parts);
        };
        if (one.expected_failure) assert.throws(run, (error) => isTrowelError(error, 'bad-reference'), label);
        else if (typeof one.expected_output === 'string') assert.equal(run(), one.expected_output, label);
        else assert.deepEqual(run(), present(one.expected_output ?? { type: '', name: '' }), label);
      }
    });
  }
});

test('package urls as Trowel writes them', () => {
  const table: readonly (readonly [PurlParts, string])[] = [
    [
      {
        type: 'deb',
        namespace: 'debian',
        name: 'attr',
        version: '1:2.4.47-2+b1',
        qualifiers: { arch: 'amd64', distro: 'debian-12' },
      },
      'pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64&distro=debian-12',
    ],
    [{ type: 'deb', name: 'a', version: '2~rc1', qualifiers: { arch: null } }, 'pkg:deb/a@2~rc1'],
    [
      { type: 'golang', namespace: 'github.com/Masterminds', name: 'semver', version: 'v3.0.0' },
      'pkg:golang/github.com/Masterminds/semver@v3.0.0',
    ],
    [{ type: 'golang', name: 'stdlib', version: '1.20.1' }, 'pkg:golang/stdlib@1.20.1'],
    [{ type: 'npm', namespace: '@types', name: 'node', version: '20.1.0' }, 'pkg:npm/%40types/node@20.1.0'],
    [{ type: 'generic', name: "it's (a) *test*!" }, 'pkg:generic/it%27s%20%28a%29%20%2Atest%2A%21'],
  ];
  for (const [parts, text] of table) {
    assert.equal(formatPurl(parts), text);
    assert.equal(formatPurl(parsePurl(text)), text);
  }
});

test('what is no purl is an error with a reason', () => {
  for (const text of [
    '',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    'pkg:npm/%zz',
    'npm/a@1',
    'pkg:npm/a?=x',
    `pkg:npm/${'a'.repeat(9000)}`,
  ]) {
    assert.throws(
      () => parsePurl(text),
      (error) => isTrowelError(error, 'bad-reference'),
      text,
    );
  }
});

test('a type that every object has as a member is a type like any other', () => {
  for (const type of ['constructor', 'tostring', '__proto__', 'valueof']) {
    const read = () => formatPurl(parsePurl(`pkg:${type}/a/b@1`));
    // Types are letters, digits, dots, pluses and dashes: an underscore is refused by name.
    if (type.includes('_')) assert.throws(read, (error) => isTrowelError(error));
    else assert.equal(read(), `pkg:${type}/a/b@1`);
  }
});
