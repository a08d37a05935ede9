import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMs } from '../model/cpu.test.support.js';
import { catalogued, readWith } from './image.test.support.js';
import { jsonLocks } from './lock-json.js';
import { textLocks } from './lock-text.js';
import { locks } from './locks.js';
import { survivesMutations } from './mutation.test.support.js';

/** One lock file of each form, shortened from what the tool writes, and the purls that it pins. */
const samples: readonly (readonly [file: string, source: string, purls: readonly string[]])[] = [
  [
    'package-lock.json',
    '{"lockfileVersion":3,"packages":{"":{"name":"app"},"node_modules/a":{"version":"1.0.0"},"node_modules/a/node_modules/@s/b":{"version":"2.0.0"},"node_modules/alias":{"name":"real","version":"3.0.0"},"node_modules/w":{"resolved":"packages/w","link":true},"packages/w":{"version":"9.0.0"}}}',
    ['pkg:npm/%40s/b@2.0.0', 'pkg:npm/a@1.0.0', 'pkg:npm/real@3.0.0'],
  ],
  [
    'npm-shrinkwrap.json',
    '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dependencies":{"b":{"version":"2.0.0"}}},"c":{"version":"npm:@x/y@4.0.0"},"d":{"version":"file:../d"}}}',
    ['pkg:npm/%40x/y@4.0.0', 'pkg:npm/a@1.0.0', 'pkg:npm/b@2.0.0'],
  ],
  [
    'yarn.lock',
    '# yarn lockfile v1\n\n\n"@babel/core@^7.0.0", "@babel/core@^7.1.0":\n  version "7.24.0"\n  resolved "https://example.org/x"\n  dependencies:\n    version "9.9.9"\n\nlodash@^4.17.0:\n  version "4.17.21"\n',
    ['pkg:npm/%40babel/core@7.24.0', 'pkg:npm/lodash@4.17.21'],
  ],
  [
    'yarn.lock',
    '__metadata:\n  version: 8\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n\n"string-width-cjs@npm:string-width@^4.2.0":\n  version: 4.2.3\n\n"lodash@npm:^4.17.0":\n  version: 4.17.21\n  resolution: "lodash@npm:4.17.21"\n',
    ['pkg:npm/lodash@4.17.21', 'pkg:npm/string-width@4.2.3'],
  ],
  [
    'pnpm-lock.yaml',
    "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      x: 1\npackages:\n\n  '@babel/core@7.24.0':\n    resolution: {integrity: sha512-x}\n  a@1.0.0:\n    engines: {node: '>=4'}\nsnapshots:\n  b@2.0.0(a@1.0.0): {}\n",
    ['pkg:npm/%40babel/core@7.24.0', 'pkg:npm/a@1.0.0'],
  ],
  [
    'pnpm-lock.yaml',
    'lockfileVersion: 5.4\npackages:\n\n  /@babel/core/7.24.0_x@1.0.0:\n    dev: true\n  /a/1.0.0:\n    resolution: {integrity: x}\n',
    ['pkg:npm/%40babel/core@7.24.0', 'pkg:npm/a@1.0.0'],
  ],
  [
    'pnpm-lock.yaml',
    "lockfileVersion: '6.0'\npackages:\n\n  /@s/b@2.0.0(a@1.0.0):\n    dev: false\n",
    ['pkg:npm/%40s/b@2.0.0'],
  ],
  [
    'bun.lock',
    '{\n  "lockfileVersion": 1,\n  "packages": {\n    "a": ["a@1.0.0", "", {}, "sha512-x"],\n    "@s/b": ["@s/b@2.0.0", "", { "dependencies": { "a": "^1", } }, "sha512-y"],\n  },\n}\n',
    ['pkg:npm/%40s/b@2.0.0', 'pkg:npm/a@1.0.0'],
  ],
  [
    'deno.lock',
    '{"version":"3","packages":{"npm":{"chalk@5.3.0":{},"@s/b@2.0.0_a@1.0.0":{}}}}',
    ['pkg:npm/%40s/b@2.0.0', 'pkg:npm/chalk@5.3.0'],
  ],
  [
    'composer.lock',
    '{"packages":[{"name":"monolog/monolog","version":"2.9.1"}],"packages-dev":[{"name":"phpunit/phpunit","version":"10.5.0"}]}',
    ['pkg:composer/monolog/monolog@2.9.1', 'pkg:composer/phpunit/phpunit@10.5.0'],
  ],
  [
    'packages.lock.json',
    '{"version":1,"dependencies":{"net6.0":{"Newtonsoft.Json":{"type":"Direct","resolved":"13.0.3"},"shared":{"type":"Project"}}}}',
    ['pkg:nuget/Newtonsoft.Json@13.0.3'],
  ],
  [
    'Pipfile.lock',
    '{"default":{"requests":{"version":"==2.31.0"},"git":{"ref":"x"}},"develop":{"pytest":{"version":"==8.0.0"}}}',
    ['pkg:pypi/pytest@8.0.0', 'pkg:pypi/requests@2.31.0'],
  ],
  [
    'renv.lock',
    '{"Packages":{"cli":{"Package":"cli","Version":"3.6.0","Source":"Repository"},"limma":{"Package":"limma","Version":"3.54.0","Source":"Bioconductor"}}}',
    ['pkg:bioconductor/limma@3.54.0', 'pkg:cran/cli@3.6.0'],
  ],
  [
    'Package.resolved',
    '{"pins":[{"identity":"swift-nio","location":"https://github.com/apple/swift-nio.git","state":{"version":"2.65.0"}},{"location":"https://x/y","state":{"branch":"main"}}],"version":2}',
    ['pkg:swift/github.com/apple/swift-nio@2.65.0'],
  ],
  [
    'conan.lock',
    '{"version":"0.5","requires":["zlib/1.3.1#abc%1700000000.0"],"build_requires":[]}',
    ['pkg:conan/zlib@1.3.1'],
  ],
  [
    'Cargo.lock',
    'version = 3\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n\n[[package]]\nname = "libc"\nversion = "0.2.155"\nsource = "registry+https://example.org/index"\nchecksum = "x"\ndependencies = [\n "a",\n]\n',
    ['pkg:cargo/libc@0.2.155'],
  ],
  [
    'poetry.lock',
    '[[package]]\nname = "requests"\nversion = "2.31.0"\ndescription = "HTTP"\n\n[package.dependencies]\nidna = ">=2"\n\n[metadata]\nversion = "9"\n',
    ['pkg:pypi/requests@2.31.0'],
  ],
  [
    'uv.lock',
    'version = 1\n\n[[package]]\nname = "app"\nversion = "0.1.0"\nsource = { editable = "." }\n\n[[package]]\nname = "idna"\nversion = "3.7"\nsource = { registry = "https://example.org" }\n',
    ['pkg:pypi/idna@3.7'],
  ],
  ['pdm.lock', '[[package]]\nname = "idna"\nversion = "3.7"\n', ['pkg:pypi/idna@3.7']],
  ['pylock.toml', 'lock-version = "1.0"\n[[packages]]\nname = "idna"\nversion = "3.7"\n', ['pkg:pypi/idna@3.7']],
  [
    'Manifest.toml',
    'julia_version = "1.10"\n\n[[deps.JSON]]\ndeps = ["Dates"]\nuuid = "682c06a0"\nversion = "0.21.4"\n\n[[deps.Dates]]\nuuid = "ade2ca70"\n',
    ['pkg:julia/JSON@0.21.4'],
  ],
  [
    'pubspec.lock',
    'packages:\n  path:\n    dependency: transitive\n    description:\n      name: path\n    source: hosted\n    version: "1.8.3"\n  local:\n    source: path\n    version: "0.0.1"\n',
    ['pkg:pub/path@1.8.3'],
  ],
  [
    'Gemfile.lock',
    'GEM\n  remote: https://example.org/\n  specs:\n    nokogiri (1.15.4-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.7.3)\n\nPATH\n  specs:\n    local (0.1.0)\n\nBUNDLED WITH\n   2.4.1\n',
    ['pkg:gem/nokogiri@1.15.4', 'pkg:gem/racc@1.7.3'],
  ],
  ['gems.locked', 'GEM\n  specs:\n    rack (2.2.8)\n', ['pkg:gem/rack@2.2.8']],
  [
    'Podfile.lock',
    'PODS:\n  - Firebase/Core (10.0.0):\n    - Other (~> 1)\n  - Alamofire (5.8.1)\n\nDEPENDENCIES:\n  - X (1.0)\n',
    ['pkg:cocoapods/Alamofire@5.8.1', 'pkg:cocoapods/Firebase@10.0.0'],
  ],
  [
    'mix.lock',
    '%{\n  "jason": {:hex, :jason, "1.4.1", "af1504e35f629ddcdd6addb3513c3853991f694921b1b9368b0bd32beb9f1b63", [:mix], [], "hexpm", "x"},\n}\n',
    ['pkg:hex/jason@1.4.1'],
  ],
  [
    'rebar.lock',
    '{"1.2.0",\n[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0},\n {<<"g">>,{git,"x",{ref,"y"}},0}]}.\n[{pkg_hash,[]}].\n',
    ['pkg:hex/cowboy@2.9.0'],
  ],
  [
    'stack.yaml.lock',
    'packages:\n- completed:\n    hackage: aeson-2.0.3.0@sha256:abc,6000\n    pantry-tree:\n      size: 1\n  original:\n    hackage: aeson-2.0.3.0\n',
    ['pkg:hackage/aeson@2.0.3.0'],
  ],
  [
    'cabal.project.freeze',
    'active-repositories: x:merge\nconstraints: any.aeson ==2.0.3.0,\n             aeson -cffi,\n             any.base ==4.17.0.0\n',
    ['pkg:hackage/aeson@2.0.3.0', 'pkg:hackage/base@4.17.0.0'],
  ],
  [
    'gradle.lockfile',
    '# This is a Gradle generated file\ncom.google.guava:guava:33.0.0-jre=compileClasspath\nempty=x\n',
    ['pkg:maven/com.google.guava/guava@33.0.0-jre'],
  ],
];

for (const [file, source, purls] of samples) {
  test(`what ${file} pins: ${purls[0]}`, () => {
    const { locks: found, components, gaps } = catalogued({ [`app/${file}`]: source });
    assert.deepEqual([found[0]?.missing, found[0]?.installed, components, gaps], [purls, [], [], []]);
  });
}

test('every form has a sample', () => {
  const names = [...Object.keys(jsonLocks), ...Object.keys(textLocks)].sort();
  assert.deepEqual([...new Set(samples.map(([file]) => file))].sort(), names);
});

test('what is installed has the lock file as evidence, the rest is no component', () => {
  const image = catalogued({
    'app/package-lock.json': samples[0]?.[1] ?? '',
    'app/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
    'app/node_modules/.package-lock.json': samples[0]?.[1] ?? '',
  });
  assert.deepEqual(
    image.components.map((one) => [one.purl, one.evidence.at(-1)]),
    [['pkg:npm/a@1.0.0', { what: 'lock file', where: 'app/package-lock.json', value: 'pkg:npm/a@1.0.0' }]],
  );
  assert.deepEqual(image.locks, [
    {
      path: 'app/package-lock.json',
      layer: 0,
      installed: ['pkg:npm/a@1.0.0'],
      missing: ['pkg:npm/%40s/b@2.0.0', 'pkg:npm/real@3.0.0'],
    },
  ]);
});

test('broken lock files: JSON is a gap, and nothing is thrown', () => {
  for (const file of Object.keys(jsonLocks)) {
    assert.equal(readWith(locks, `a/${file}`, '{')?.gaps[0]?.reason, 'bad-database', file);
  }
  const seen = new Set<string>();
  for (const [file, source] of samples) {
    if (!seen.has(file + source.length)) survivesMutations(`a/${file}`, source, 60);
    seen.add(file + source.length);
  }
  const hostile = ['__proto__', 'constructor'].map((name) => readWith(locks, `a/${name}`, '{}'));
  assert.deepEqual(hostile, [null, null]);
});

test('long lines cost no more than short ones', () => {
  const started = cpuMs();
  for (const file of [...Object.keys(textLocks), ...Object.keys(jsonLocks)]) {
    for (const part of ['[', '"', ' ', '    ', 'a@', '<<', '[[package]]\n', '/', ', ', 'any.', 'a:']) {
      readWith(locks, `a/${file}`, part.repeat(Math.ceil(300_000 / part.length)));
    }
  }
  assert.ok(cpuMs() - started < 80_000);
});
