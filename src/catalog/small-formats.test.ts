import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

interface Case {
  readonly name: string;
  readonly path: string;
  readonly source: string;
  /** Other files of the image, of which the component owns those under its folder. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly purls: readonly string[];
  readonly ecosystem: string | null;
  readonly licenses?: readonly string[];
  readonly owns: number;
  /** The same, broken so that nothing can be read of it. */
  readonly broken: string;
}

/** Formats whose cataloguer reads one small file: what each states, by hand from its specification. */
const cases: readonly Case[] = [
  {
    name: 'lua',
    path: 'usr/local/lib/luarocks/rocks-5.4/lpeg/1.1.0-1/lpeg-1.1.0-1.rockspec',
    source:
      'package = "LPeg"\nversion = "1.1.0-1"\nsource = { url = "https://example.org/lpeg.tar.gz" }\ndescription = {\n   license = "MIT/X11"\n}\n',
    beside: { 'usr/local/lib/luarocks/rocks-5.4/lpeg/1.1.0-1/rock_manifest': 'x', 'usr/local/lib/lua/lpeg.so': 'y' },
    purls: ['pkg:luarocks/lpeg@1.1.0-1'],
    ecosystem: null,
    licenses: ['MIT/X11'],
    owns: 2,
    broken: 'package = name\n',
  },
  {
    name: 'haskell',
    path: 'var/lib/ghc/package.conf.d/text-1.2.5.0.conf',
    source:
      'name:            text\nversion:         1.2.5.0\nvisibility:      public\nlicense:         BSD-2-Clause\nmaintainer:      Haskell Text Team\ndescription:\n    A packed text.\n    .\n    More.\n',
    purls: ['pkg:hackage/text@1.2.5.0'],
    ecosystem: 'Hackage',
    licenses: ['BSD-2-Clause'],
    owns: 1,
    broken: 'visibility: public\n',
  },
  {
    name: 'julia',
    path: 'root/.julia/packages/JSON/93Ea8/Project.toml',
    source:
      'name = "JSON"\nuuid = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"\nversion = "0.21.4"\n\n[deps]\nDates = "ade2ca70"\n',
    beside: { 'root/.julia/packages/JSON/93Ea8/src/JSON.jl': 'x' },
    purls: ['pkg:julia/JSON@0.21.4?uuid=682c06a0-de6a-54ab-a142-c8b1cf79cde6'],
    ecosystem: 'Julia',
    owns: 2,
    broken: 'name = "JSON"\n',
  },
  {
    name: 'pub',
    path: 'root/.pub-cache/hosted/pub.example/path-1.8.3/pubspec.yaml',
    source: 'name: path\nversion: 1.8.3\ndescription: >-\n  version: 9\nrepository: https://example.org/path\n',
    purls: ['pkg:pub/path@1.8.3'],
    ecosystem: 'Pub',
    owns: 1,
    broken: 'description: x\n',
  },
  {
    name: 'vscode',
    path: 'root/.vscode-server/extensions/ms-python.python-2024.4.1/package.json',
    source:
      '{"name":"python","publisher":"ms-python","version":"2024.4.1","license":"MIT","engines":{"vscode":"^1.82.0"}}',
    beside: { 'root/.vscode-server/extensions/ms-python.python-2024.4.1/out/x.bin': 'x' },
    purls: ['pkg:vscode-extension/ms-python/python@2024.4.1'],
    ecosystem: 'VSCode',
    licenses: ['MIT'],
    owns: 2,
    broken: '{"name":"python"}',
  },
  {
    name: 'opam',
    path: 'home/opam/.opam/5.1/.opam-switch/packages/yojson.2.1.2/opam',
    source:
      'opam-version: "2.0"\nmaintainer: ["m@example.org"]\nlicense: "BSD-3-Clause"\nurl {\n  src: "https://example.org/yojson-2.1.2.tbz"\n}\n',
    beside: {
      'home/opam/.opam/5.1/.opam-switch/install/yojson.changes':
        'added: [\n  "lib/yojson/META" {"F:d41d8cd98f00b204e9800998ecf8427e"}\n  "lib/yojson" {"D"}\n]\n',
      'home/opam/.opam/5.1/lib/yojson/META': '',
    },
    purls: ['pkg:opam/yojson@2.1.2'],
    ecosystem: 'opam',
    licenses: ['BSD-3-Clause'],
    owns: 2,
    broken: '',
  },
  {
    name: 'native-packages',
    path: 'opt/vcpkg/installed/vcpkg/status',
    source:
      'Package: zlib\nVersion: 1.3.1\nPort-Version: 2\nArchitecture: x64-linux\nStatus: install ok installed\n\nPackage: curl\nFeature: ssl\nArchitecture: x64-linux\nStatus: install ok installed\n\nPackage: gone\nVersion: 1\nArchitecture: x64-linux\nStatus: purge ok not-installed\n',
    beside: { 'opt/vcpkg/installed/x64-linux/share/zlib/copyright': 'x' },
    purls: ['pkg:vcpkg/zlib@1.3.1?port_version=2&triplet=x64-linux'],
    ecosystem: null,
    owns: 1,
    broken: '\n',
  },
  {
    name: 'native-packages',
    path: 'root/.conan/data/app/1.0/team/stable/package/0123456789012345678901234567890123456789/conaninfo.txt',
    source:
      '[settings]\n    arch=x86_64\n\n[requires]\n    zlib/1.Y.Z\n\n[full_requires]\n    zlib/1.3.1:abc\n    openssl/3.2.1:def\n\n[full_options]\n    a/1.0\n',
    purls: ['pkg:conan/app@1.0?channel=stable&user=team', 'pkg:conan/openssl@3.2.1', 'pkg:conan/zlib@1.3.1'],
    ecosystem: 'ConanCenter',
    owns: 1,
    broken: '',
  },
  {
    name: 'helm-charts',
    path: 'opt/operator/charts/redis/Chart.yaml',
    source:
      'apiVersion: v2\nname: redis # the chart\nversion: "18.1.0"\nappVersion: 7.2.1\nsources:\n  - https://example.org/redis\ndependencies:\n  - name: common\n    version: 2.x.x\n',
    beside: { 'opt/operator/charts/redis/templates/a.yaml': 'x' },
    purls: ['pkg:helm/redis@18.1.0'],
    ecosystem: null,
    owns: 2,
    broken: 'apiVersion: v2\nname: {{ .Name }}\nversion: 1\n',
  },
];

for (const one of cases) {
  test(`${one.name}: what ${one.path.slice(one.path.lastIndexOf('/') + 1)} states`, () => {
    const { components, gaps } = catalogued({ ...one.beside, [one.path]: one.source });
    assert.deepEqual(gaps, []);
    assert.deepEqual(
      components.map((found) => [found.purl, found.foundBy, found.ecosystem]),
      one.purls.map((purl) => [purl, one.name, one.ecosystem]),
    );
    assert.deepEqual(components[0]?.licenses, one.licenses ?? []);
    assert.equal(components[0]?.owns.length, one.owns);
  });

  test(`${one.name}: nothing is made up of a broken ${one.path.slice(one.path.lastIndexOf('/') + 1)}`, () => {
    const names = catalogued({ [one.path]: one.broken }).components.map((found) => found.version);
    const fromFolder = one.name === 'opam' ? ['2.1.2'] : one.path.endsWith('conaninfo.txt') ? ['1.0'] : [];
    assert.deepEqual(names, fromFolder);
  });

  test(`${one.name}: mutations of ${one.path.slice(one.path.lastIndexOf('/') + 1)}`, () => {
    survivesMutations(one.path, one.source, 150);
  });
}
