import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { cpuMs } from '../model/cpu.test.support.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { sbom } from './sbom.js';

const cyclonedx = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'application', name: 'numpy', version: '2.0.0', purl: 'pkg:pypi/numpy@2.0.0' } },
  components: [
    {
      type: 'library',
      name: 'openssl-libs',
      version: '1.1.1k-12.el8',
      purl: 'pkg:rpm/almalinux/openssl-libs@1.1.1k-12.el8?arch=x86_64',
      licenses: [{ license: { id: 'OpenSSL' } }],
      supplier: { name: 'AlmaLinux' },
      components: [{ type: 'library', group: 'org.x', name: 'y', version: '1', purl: 'pkg:maven/org.x/y@1' }],
    },
    { type: 'library', name: 'zlib', version: '1.3', cpe: 'cpe:2.3:a:zlib:zlib:1.3:*:*:*:*:*:*:*' },
    { type: 'file', name: 'a.c', version: '1' },
    { type: 'library', name: 'unversioned' },
    { type: 'library', scope: 'excluded', name: 'autocfg', version: '1.3.0', purl: 'pkg:cargo/autocfg@1.3.0' },
    { type: 'library', name: 'bad', version: '2', purl: 'pkg:swift/no-namespace@2' },
  ],
});

const spdx = {
  spdxVersion: 'SPDX-2.3',
  packages: [
    {
      name: 'redis',
      versionInfo: '7.2.4-3',
      supplier: 'Organization: VMware, Inc.',
      downloadLocation: 'NOASSERTION',
      licenseDeclared: 'BSD-3-Clause',
      externalRefs: [
        { referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:*:redis:redis:7.2.4:*:*:*:*:*:*:*' },
        { referenceType: 'purl', referenceLocator: 'pkg:bitnami/redis@7.2.4-3?arch=amd64' },
      ],
    },
  ],
};

const tagValue = `SPDXVersion: SPDX-2.2
DataLicense: CC0-1.0

PackageName: curl
PackageVersion: 8.5.0
PackageDownloadLocation: https://example.org/curl.tar.gz
ExternalRef: PACKAGE-MANAGER purl pkg:generic/curl@8.5.0

FileName: ./x
PackageVersion: 9

PackageName: other
PackageVersion: 1.0
`;

const xml = `<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><metadata><tools><components><component type="application"><name>tool</name><version>1</version></component></components></tools><component type="application"><name>app</name><version>3</version></component></metadata>
<components><component type="library"><group>g</group><name>a&amp;b</name><version>1.0</version><licenses><license><name>no</name></license></licenses><purl>pkg:maven/g/a@1.0</purl>
<components><component type="library"><name>inner</name><version>2</version></component></components></component><component type="file"><name>f</name><version>1</version></component><component type="library"><name>left-out</name><version>3</version><scope>excluded</scope></component></components></bom>`;

const purlsOf = (path: string, source: string) => catalogued({ [path]: source }).components.map((one) => one.purl);

test('CycloneDX in JSON: nested components, no files, names without purl where they have a version', () => {
  const { components, gaps } = catalogued({ 'x/numpy-2.0.0.dist-info/sboms/auditwheel.cdx.json': cyclonedx });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.ecosystem, one.grade, one.foundBy]),
    [
      ['pkg:generic/bad@2', null, 'claimed', 'sbom'],
      ['pkg:generic/zlib@1.3', null, 'claimed', 'sbom'],
      ['pkg:maven/org.x/y@1', 'Maven', 'claimed', 'sbom'],
      ['pkg:pypi/numpy@2.0.0', 'PyPI', 'claimed', 'sbom'],
      ['pkg:rpm/almalinux/openssl-libs@1.1.1k-12.el8?arch=x86_64', null, 'claimed', 'sbom'],
    ],
  );
  assert.deepEqual(
    [components[4]?.supplier, components[4]?.licenses, components[4]?.name],
    ['AlmaLinux', ['OpenSSL'], 'openssl-libs'],
  );
  assert.deepEqual(components[1]?.cpes, ['cpe:2.3:a:zlib:zlib:1.3:*:*:*:*:*:*:*']);
});

test("SPDX: Bitnami's document owns its component's folder; tag-value; XML", () => {
  const path = 'opt/bitnami/redis/.spdx-redis.spdx';
  const [redis] = catalogued({ [path]: JSON.stringify(spdx), 'opt/bitnami/redis/bin/redis-server': 'x' }).components;
  assert.deepEqual(
    [redis?.purl, redis?.ecosystem, redis?.supplier, redis?.downloadLocation, redis?.licenses, redis?.owns.length],
    ['pkg:bitnami/redis@7.2.4-3?arch=amd64', 'Bitnami', 'VMware, Inc.', undefined, ['BSD-3-Clause'], 2],
  );
  assert.deepEqual(purlsOf('a/x.spdx', tagValue), ['pkg:generic/curl@8.5.0', 'pkg:generic/other@1.0']);
  assert.deepEqual(purlsOf('a/bom.xml', xml), ['pkg:generic/app@3', 'pkg:generic/inner@2', 'pkg:maven/g/a@1.0']);
});

test('what a package was made of is not in the image', () => {
  const source = JSON.stringify({
    spdxVersion: 'SPDX-2.3',
    packages: [
      {
        SPDXID: 'SPDXRef-apk',
        name: 'busybox',
        versionInfo: '1.36.1-r0',
        externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:apk/wolfi/busybox@1.36.1-r0' }],
      },
      {
        SPDXID: 'SPDXRef-git',
        name: 'busybox.yaml',
        versionInfo: 'abc',
        externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:github/wolfi-dev/os@abc' }],
      },
      { SPDXID: 'SPDXRef-root', name: 'image', versionInfo: '1', primaryPackagePurpose: 'CONTAINER' },
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-apk', relationshipType: 'GENERATED_FROM', relatedSpdxElement: 'SPDXRef-git' },
    ],
  });
  assert.deepEqual(purlsOf('var/lib/db/sbom/busybox-1.36.1-r0.spdx.json', source), ['pkg:apk/wolfi/busybox@1.36.1-r0']);
});

test('what another cataloguer found has the document as evidence and is there once', () => {
  const { components } = catalogued({
    'app/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
    'app/bom.json': JSON.stringify({
      bomFormat: 'CycloneDX',
      components: [{ type: 'library', name: 'a', version: '1.0.0', purl: 'pkg:npm/a@1.0.0?x=y' }],
    }),
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.foundBy, one.evidence.map(({ what }) => what)]),
    [['pkg:npm/a@1.0.0', 'npm', ['package.json', 'CycloneDX document']]],
  );
});

test('a document that is none says nothing, a broken one is a gap', () => {
  assert.deepEqual(readWith(sbom, 'a/sbom.json', '{"x":1}'), { records: [], gaps: [] });
  assert.deepEqual(readWith(sbom, 'a/x.spdx', 'text'), { records: [], gaps: [] });
  assert.equal(readWith(sbom, 'a/bom.json', '{')?.gaps[0]?.reason, 'bad-database');
  assert.equal(readWith(sbom, 'a/config.json', cyclonedx), null);
  let deep = '{"type":"library","name":"a","version":"1"}';
  for (let level = 0; level < 200; level++)
    deep = `{"type":"library","name":"a","version":"${level}","components":[${deep}]}`;
  assert.ok((readWith(sbom, 'bom.json', `{"bomFormat":"CycloneDX","components":[${deep}]}`)?.records.length ?? 0) < 30);
});

test('broken documents', () => {
  survivesMutations('a/x.cdx.json', cyclonedx);
  survivesMutations('a/x.spdx.json', JSON.stringify(spdx));
  survivesMutations('a/x.spdx', tagValue);
  survivesMutations('a/bom.xml', xml);
});

test('an element without end in an XML document takes no time', () => {
  // Half a megabyte took eight seconds: each letter of the name was tried as its end.
  const document = `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><${'constructor'.repeat(50_000)}`;
  const started = cpuMs();
  assert.deepEqual(catalogued({ 'app/bom.xml': document }).components, []);
  assert.ok(cpuMs() - started < 20_000, `${cpuMs() - started} ms`);
});

test("sharp's list of what its libvips has in it: components with names and CPEs of the rules, evidence where known", () => {
  const versions = JSON.stringify({
    vips: '8.18.7',
    png: '1.6.58',
    mozjpeg: '0826579',
    fribidi: '1.0.17',
    odd: 7,
    none: '',
  });
  const { components, gaps } = catalogued({
    'app/node_modules/@img/sharp-libvips-linux-x64/versions.json': versions,
    'app/node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7': buildElf({
      bits: 64,
      littleEndian: true,
      address: 0,
      data: Buffer.from('\x008.18.7\0vips_init\0'),
    }),
    'app/node_modules/x/versions.json': '{"png":"1.0"}',
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.foundBy, one.grade, one.cpes ?? []]),
    [
      ['pkg:generic/fribidi@1.0.17', 'sbom', 'claimed', []],
      ['pkg:generic/libpng@1.6.58', 'sbom', 'claimed', ['cpe:2.3:a:libpng:libpng:1.6.58:*:*:*:*:*:*:*']],
      ['pkg:generic/libvips@8.18.7', 'binaries', 'inferred', ['cpe:2.3:a:libvips:libvips:8.18.7:*:*:*:*:*:*:*']],
      ['pkg:generic/mozjpeg@0826579', 'sbom', 'claimed', []],
    ],
  );
  assert.ok(
    components[2]?.evidence.some(({ what, value }) => what === 'versions.json of sharp' && value === 'vips 8.18.7'),
  );
  const [broken] = catalogued({ 'app/node_modules/sharp/vendor/8.14.5/linux-x64/versions.json': '{' }).gaps;
  assert.equal(broken?.reason, 'bad-database');
});
