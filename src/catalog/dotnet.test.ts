import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { buildAssembly } from '../binary/pe-builder.test.support.js';
import { dotnet } from './dotnet.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

/** As `dotnet publish` writes it (runtime-configuration-file.md). */
const deps = JSON.stringify({
  runtimeTarget: { name: '.NETCoreApp,Version=v6.0/linux-x64' },
  targets: {
    '.NETCoreApp,Version=v6.0': {},
    '.NETCoreApp,Version=v6.0/linux-x64': {
      'Shop/1.0.0': { dependencies: { 'Newtonsoft.Json': '13.0.3', Meta: '1.0.0' }, runtime: { 'Shop.dll': {} } },
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.25': {
        runtime: { 'System.Runtime.dll': { assemblyVersion: '6.0.0.0' } },
        native: { 'libcoreclr.so': { fileVersion: '0.0.0.0' } },
      },
      'Newtonsoft.Json/13.0.3': { runtime: { 'lib/net6.0/Newtonsoft.Json.dll': { assemblyVersion: '13.0.0.0' } } },
      'Meta/1.0.0': { dependencies: { 'Newtonsoft.Json': '13.0.3' } },
      'Empty/1.0.0': { dependencies: { Placeholder: '1.0.0' } },
      'Placeholder/1.0.0': { runtime: { 'lib/net6.0/_._': {} } },
    },
  },
  libraries: {
    'Shop/1.0.0': { type: 'project' },
    'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.25': { type: 'runtimepack' },
    'Newtonsoft.Json/13.0.3': { type: 'package' },
    'Meta/1.0.0': { type: 'package' },
    'Empty/1.0.0': { type: 'package' },
    'Placeholder/1.0.0': { type: 'package' },
    'System.Reference/6.0.0': { type: 'referenceassembly' },
  },
});

const json = buildAssembly({
  name: 'Newtonsoft.Json',
  version: [13, 0, 0, 0],
  strings: { ProductVersion: '13.0.3+0a2e291c' },
});

test('packages that bring files or need some that do, and their assemblies counted once', () => {
  const { components, gaps } = catalogued({
    'app/Shop.deps.json': deps,
    'app/Newtonsoft.Json.dll': json,
    'app/Shop.dll': buildAssembly({ name: 'Shop', version: [1, 0, 0, 0], strings: {} }),
    'app/System.Runtime.dll': buildAssembly({ name: 'System.Runtime', version: [6, 0, 0, 0], strings: {} }),
    'app/libcoreclr.so': 'so',
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.ecosystem, one.grade, one.owns.map(({ path }) => path)]),
    [
      ['pkg:nuget/Meta@1.0.0', 'NuGet', 'claimed', []],
      [
        'pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@6.0.25',
        'NuGet',
        'claimed',
        ['app/System.Runtime.dll', 'app/libcoreclr.so'],
      ],
      ['pkg:nuget/Newtonsoft.Json@13.0.3', 'NuGet', 'claimed', ['app/Newtonsoft.Json.dll']],
      ['pkg:nuget/Shop@1.0.0', 'NuGet', 'claimed', ['app/Shop.deps.json', 'app/Shop.dll']],
    ],
  );
});

test('assemblies that nobody lists, by their own metadata', () => {
  const table: readonly (readonly [string, Parameters<typeof buildAssembly>[0], unknown])[] = [
    [
      'opt/Newtonsoft.Json.dll',
      {
        name: 'Newtonsoft.Json',
        version: [13, 0, 0, 0],
        strings: { ProductVersion: '13.0.3+0a2e291c', CompanyName: 'Newtonsoft' },
      },
      ['pkg:nuget/Newtonsoft.Json@13.0.3', 'NuGet', 'inferred', 'Newtonsoft'],
    ],
    [
      'opt/A.dll',
      { name: 'A', version: [1, 2, 3, 4], strings: { ProductVersion: '4.8.1 built by: NET48' } },
      ['pkg:nuget/A@1.2.3.4', 'NuGet', 'inferred', undefined],
    ],
    [
      'usr/lib/mono/gac/System.Net.Http.dll',
      { name: 'System.Net.Http', version: [4, 0, 0, 0], strings: {} },
      ['pkg:nuget/System.Net.Http@4.0.0.0', null, 'inferred', undefined],
    ],
  ];
  for (const [path, plan, expected] of table) {
    const [one] = catalogued({ [path]: buildAssembly(plan) }).components.filter(({ foundBy }) => foundBy === 'dotnet');
    assert.deepEqual([one?.purl, one?.ecosystem, one?.grade, one?.supplier], expected, path);
  }
  const none: readonly Parameters<typeof buildAssembly>[0][] = [
    { name: 'A.resources', version: [1, 0, 0, 0], strings: {}, culture: 'de' },
    { name: '', version: [1, 0, 0, 0], strings: {} },
  ];
  for (const plan of none) assert.deepEqual(readWith(dotnet, 'x.dll', buildAssembly(plan)), { records: [], gaps: [] });
  assert.deepEqual(
    catalogued({ 'policy.2.6.A.dll': buildAssembly({ name: 'policy.2.6.A', version: [0, 0, 0, 0], strings: {} }) })
      .components,
    [],
  );
});

/** A single-file program: an ELF host whose data has the mark, the bundle's header behind it (corehost/bundle, version 6). */
function bundle(isCompressed: boolean): Uint8Array {
  const mark = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');
  const data = Buffer.concat([Buffer.alloc(8), mark]);
  const host = buildElf({
    bits: 64,
    littleEndian: true,
    address: 0x1000,
    data,
    sections: [{ name: '.data', at: 0, size: data.length }],
  });
  const plain = Buffer.from(deps);
  const stored = isCompressed ? deflateRawSync(plain) : plain;
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  const number = (value: number, bytes: 4 | 8): Buffer => {
    const out = Buffer.alloc(bytes);
    out.writeUInt32LE(value);
    return out;
  };
  const file = (offset: number, name: string): Buffer =>
    Buffer.concat([
      number(offset, 8),
      number(plain.length, 8),
      number(isCompressed ? stored.length : 0, 8),
      Buffer.from([3]),
      text(name),
    ]);
  const header = Buffer.concat([
    number(6, 4),
    number(0, 4),
    number(2, 4),
    text('bundle-id'),
    Buffer.alloc(40),
    file(host.length, 'Shop.dll'),
    file(host.length, 'Shop.deps.json'),
  ]);
  const whole = Buffer.concat([host, stored, header]);
  whole.writeUInt32LE(host.length + stored.length, whole.indexOf(mark) - 8);
  return whole;
}

test('a single-file program holds its .deps.json, also compressed', () => {
  for (const isCompressed of [false, true]) {
    const { components, gaps } = catalogued({ 'app/shop': bundle(isCompressed) });
    assert.deepEqual(gaps, []);
    assert.deepEqual(
      components.map((one) => [one.purl, one.owns.map(({ path }) => path)]),
      [
        ['pkg:nuget/Meta@1.0.0', []],
        ['pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@6.0.25', []],
        ['pkg:nuget/Newtonsoft.Json@13.0.3', []],
        ['pkg:nuget/Shop@1.0.0', ['app/shop']],
      ],
    );
  }
});

test('broken files of .NET', () => {
  assert.equal(readWith(dotnet, 'a.deps.json', '{')?.gaps[0]?.reason, 'bad-database');
  survivesMutations('app/Shop.deps.json', deps);
  survivesMutations('app/Newtonsoft.Json.dll', json, 500);
  survivesMutations('app/shop', bundle(true), 300);
});
