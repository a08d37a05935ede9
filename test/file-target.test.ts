import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildZip } from '../src/catalog/zip.test.support.js';
import type { Dig } from '../src/model/index.js';
import { apkOf, debOf, gemOf, hexOf, rpmOf, tarOf } from './packages.js';
import { programMissing } from './paths.js';
import { inScratch, type Run, trowel } from './run.js';

async function digFile(dir: string, path: string): Promise<Run> {
  const args = ['dig', `file:${path}`, '--offline', '-o', 'json', '--db', `${dir}/db`, '--store', `${dir}/store`];
  const run = await trowel(args, { timeoutMs: 60_000 });
  assert.doesNotMatch(run.stderr, /internal error|\n\s+at /, run.stderr);
  return run;
}

async function digOf(dir: string, path: string): Promise<Dig> {
  const run = await digFile(dir, path);
  assert.ok(run.code === 0 || run.code === 3, `exit ${run.code}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** Reasons of what was not assessed, without the advisories that no test has. */
const reasonsOf = (dig: Dig): readonly string[] =>
  dig.notAssessed.filter((gap) => gap.kind !== 'advisories').map((gap) => gap.reason);
const filesIn = (dig: Dig, bucket: 'modified' | 'unknown' | 'owned'): number | undefined =>
  dig.images[0]?.coverage.byBucket[bucket].files;

function run(program: string, args: readonly string[], dir: string, env: Record<string, string> = {}): string {
  return execFileSync(program, [...args], {
    cwd: dir,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
}

const control = `Package: demo
Version: 1:2.0-3
Architecture: amd64
Source: demo-src (2.0-3)
Maintainer: Ann Example <ann@example.test>
Description: a package for tests
`;

test('packages built by bytes: the component, its files, and the digests compared', async () => {
  const files = [
    { path: './usr/bin/demo', content: 'program' },
    { path: './etc/demo.conf', content: 'conf' },
  ];
  const sums = (text: string): string => `${hexOf('md5', text)}  usr/bin/demo\n`;
  const deb = (text: string): Buffer =>
    debOf(
      [
        { path: './control', content: control },
        { path: './md5sums', content: sums(text) },
        { path: './conffiles', content: '/etc/demo.conf\n' },
      ],
      files,
    );
  const info = 'pkgname = demo\npkgver = 1.0-r0\narch = x86_64\norigin = demo-src\nlicense = MIT\n';
  const plain = [{ path: 'usr/bin/demo', content: 'program' }];
  const wrong = { 'usr/bin/demo': hexOf('sha1', 'other') };
  const rpmWrong = { './usr/bin/demo': hexOf('sha256', 'other') };
  const gem = `--- !ruby/object:Gem::Specification
name: demo
version: !ruby/object:Gem::Version
  version: 1.0.0
platform: java
authors:
- "Ann O'Neil"
licenses:
- MIT
`;
  const record = (text: string): string =>
    `demo/__init__.py,sha256=${Buffer.from(hexOf('sha256', text), 'hex').toString('base64url')},3\ndemo-1.0.dist-info/METADATA,,\ndemo-1.0.dist-info/RECORD,,\n`;
  const wheel = (text: string): Uint8Array =>
    buildZip([
      ['demo/__init__.py', 'a=1'],
      ['demo-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n'],
      ['demo-1.0.dist-info/RECORD', record(text)],
    ]);
  const npm = gzipSync(
    tarOf([
      { path: 'package/package.json', content: '{"name":"@x/demo","version":"1.0.0"}' },
      { path: 'package/index.js', content: '1' },
      { path: 'package/node_modules/inner/package.json', content: '{"name":"inner","version":"3.0.0"}' },
    ]),
  );
  const unnamed = 'no-distribution';
  const cases: readonly (readonly [string, Uint8Array, readonly string[], number, readonly string[]])[] = [
    ['demo.deb', deb('program'), ['pkg:deb/demo@1:2.0-3?arch=amd64'], 0, [unnamed]],
    ['bad.deb', deb('other'), ['pkg:deb/demo@1:2.0-3?arch=amd64'], 1, [unnamed]],
    ['demo.apk', apkOf(info, plain), ['pkg:apk/demo@1.0-r0?arch=x86_64'], 0, [unnamed]],
    ['bad.apk', apkOf(info, plain, { sums: wrong }), ['pkg:apk/demo@1.0-r0?arch=x86_64'], 1, [unnamed]],
    ['demo.rpm', rpmOf(files), ['pkg:rpm/demo@1.2-3?arch=noarch&upstream=demo-1.2-3.src.rpm'], 0, [unnamed]],
    [
      'bad.rpm',
      rpmOf(files, { stated: rpmWrong }),
      ['pkg:rpm/demo@1.2-3?arch=noarch&upstream=demo-1.2-3.src.rpm'],
      1,
      [unnamed],
    ],
    ['demo.gem', gemOf(gem, plain), ['pkg:gem/demo@1.0.0?platform=java'], 0, []],
    ['bad.gem', gemOf(gem, plain, '0'.repeat(64)), ['pkg:gem/demo@1.0.0?platform=java'], 0, ['bad-digest']],
    ['demo-1.0-py3-none-any.whl', wheel('a=1'), ['pkg:pypi/demo@1.0'], 0, []],
    ['bad-1.0-py3-none-any.whl', wheel('a=2'), ['pkg:pypi/demo@1.0'], 1, []],
    ['demo.tgz', npm, ['pkg:npm/%40x/demo@1.0.0', 'pkg:npm/inner@3.0.0'], 0, []],
  ];
  await inScratch(async (dir) => {
    for (const [name, bytes, purls, modified, reasons] of cases) {
      writeFileSync(join(dir, name), bytes);
      const dig = await digOf(dir, join(dir, name));
      assert.deepEqual(
        dig.components.map((one) => one.purl),
        purls,
        name,
      );
      assert.deepEqual([filesIn(dig, 'modified'), filesIn(dig, 'unknown')], [modified, 0], name);
      assert.deepEqual(reasonsOf(dig), reasons, name);
      assert.deepEqual([dig.images[0]?.reference, dig.target.kind], [`file:${join(dir, name)}`, 'file']);
      assert.equal(dig.images[0]?.source, 'archive');
    }
  });
});

test('a program or jar is told as itself, a tarball as its files', async () => {
  const pom = 'groupId=org.example\nartifactId=demo\nversion=2.0\n';
  const jar = buildZip([
    ['META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\n'],
    ['META-INF/maven/org.example/demo/pom.properties', pom],
  ]);
  const root = tarOf([
    { path: './etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' },
    { path: './var/lib/dpkg/status', content: `${control.trimEnd()}\nStatus: install ok installed\n` },
    { path: './DEBIAN/control', content: 'Package: unpacked\nVersion: 9\n' },
  ]);
  await inScratch(async (dir) => {
    writeFileSync(`${dir}/demo.jar`, jar);
    writeFileSync(`${dir}/root.tar.gz`, gzipSync(root));
    const java = await digOf(dir, `${dir}/demo.jar`);
    assert.deepEqual(
      java.components.map((one) => one.purl),
      ['pkg:maven/org.example/demo@2.0'],
    );
    assert.deepEqual(java.components[0]?.locations, [{ path: 'demo.jar', layer: 0 }]);
    const rootfs = await digOf(dir, `${dir}/root.tar.gz`);
    assert.ok(rootfs.components.some((one) => one.purl === 'pkg:deb/debian/demo@1:2.0-3?arch=amd64&distro=debian-12'));
  });
});

test('what is not there, no file, or no package is said in one line', async () => {
  await inScratch(async (dir) => {
    writeFileSync(`${dir}/image.tar`, tarOf([{ path: 'oci-layout', content: '{}' }]));
    writeFileSync(`${dir}/x.tar.bz2`, 'BZh91AY&SY');
    writeFileSync(`${dir}/cut.deb`, debOf([], []).subarray(0, 100));
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ['none', 4, /none: no such file or directory/],
      ['', 4, /a directory, and no file; .*dir:/],
      ['image.tar', 2, /an image archive, and no package; .*oci-archive:/],
      ['x.tar.bz2', 4, /compressed with bzip2 is not read; .*bunzip2/],
    ];
    for (const [name, code, message] of cases) {
      const { code: found, stderr } = await digFile(dir, `${dir}/${name}`);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.match(stderr, message);
      assert.equal(found, code, name);
    }
    assert.deepEqual(reasonsOf(await digOf(dir, `${dir}/cut.deb`)), ['truncated']);
  });
});

test('dpkg-deb: gzip, xz, zstd and none', { skip: programMissing('dpkg-deb') }, async () => {
  await inScratch(async (dir) => {
    mkdirSync(`${dir}/tree/DEBIAN`, { recursive: true });
    mkdirSync(`${dir}/tree/usr/share/demo`, { recursive: true });
    writeFileSync(`${dir}/tree/DEBIAN/control`, control);
    writeFileSync(`${dir}/tree/usr/share/demo/text`, 'words '.repeat(50_000));
    for (const kind of ['gzip', 'xz', 'zstd', 'none']) {
      const path = `${dir}/${kind}.deb`;
      try {
        run('dpkg-deb', ['--root-owner-group', `-Z${kind}`, '-b', `${dir}/tree`, path], dir);
      } catch {
        assert.equal(kind, 'zstd', 'an older dpkg-deb has no zstd, but the others');
        continue;
      }
      const dig = await digOf(dir, path);
      const [name, version] = run('dpkg-deb', ['-f', path, 'Package', 'Version'], dir).split('\n');
      const [component] = dig.components;
      assert.deepEqual([`Package: ${component?.name}`, `Version: ${component?.version}`], [name, version]);
      assert.deepEqual(component?.source, { name: 'demo-src', version: '2.0-3' });
      const listed = run('dpkg-deb', ['-c', path], dir)
        .split('\n')
        .filter((line) => line.startsWith('-'));
      // And the control file.
      assert.equal(dig.images[0]?.coverage.files, listed.length + 1, kind);
      assert.deepEqual(reasonsOf(dig), ['no-distribution']);
    }
  });
});

const spec = `Name: demo
Epoch: 2
Version: 1.2
Release: 3
Summary: demo
License: MIT
Vendor: Example
BuildArch: noarch
%description
demo
%install
mkdir -p %{buildroot}/usr/share/demo %{buildroot}/etc
echo hello > %{buildroot}/usr/share/demo/a
ln %{buildroot}/usr/share/demo/a %{buildroot}/usr/share/demo/b
ln -s a %{buildroot}/usr/share/demo/c
echo conf > %{buildroot}/etc/demo.conf
%files
/usr/share/demo
%config /etc/demo.conf
`;

test('rpmbuild: gzip, xz, zstd and no compression', { skip: programMissing('rpmbuild') }, async () => {
  await inScratch(async (dir) => {
    writeFileSync(`${dir}/demo.spec`, spec);
    for (const payload of ['w9.gzdio', 'w2.xzdio', 'w3.zstdio', 'w.ufdio']) {
      const top = `${dir}/${payload}`;
      run(
        'rpmbuild',
        ['-bb', '--quiet', '--define', `_topdir ${top}`, '--define', `_binary_payload ${payload}`, 'demo.spec'],
        dir,
      );
      const [name = ''] = readdirSync(`${top}/RPMS/noarch`);
      const path = `${top}/RPMS/noarch/${name}`;
      const dig = await digOf(dir, path);
      const stated = run(
        'rpm',
        ['-qp', '--qf', '%{NAME} %{EPOCH}:%{VERSION}-%{RELEASE} %{LICENSE} %{SOURCERPM}', path],
        dir,
      );
      const [one] = dig.components;
      const upstream = new URLSearchParams(one?.purl.split('?')[1]).get('upstream');
      assert.equal(`${one?.name} ${one?.version} ${one?.licenses.join()} ${upstream}`, stated, payload);
      // a with its link b counts once, c is a link; signature and header are told as files.
      assert.equal(dig.images[0]?.coverage.files, 4);
      assert.deepEqual([filesIn(dig, 'modified'), filesIn(dig, 'unknown')], [0, 0]);
      assert.deepEqual(reasonsOf(dig), ['no-distribution']);
    }
  });
});

test('gem build', { skip: programMissing('gem') }, async () => {
  await inScratch(async (dir) => {
    mkdirSync(`${dir}/lib`);
    writeFileSync(`${dir}/lib/demo.rb`, 'module Demo; end\n');
    const fields = "s.name='demo-gem'; s.version='1.2.3.pre1'; s.summary='a: b'; s.license='MIT'";
    const more = `s.authors=["Ann O'Neil", 'Bob: B']; s.files=['lib/demo.rb']; s.add_dependency 'rack', '>= 1'`;
    writeFileSync(`${dir}/demo.gemspec`, `Gem::Specification.new { |s| ${fields}; ${more} }\n`);
    run('gem', ['build', 'demo.gemspec'], dir, { HOME: dir });
    const dig = await digOf(dir, `${dir}/demo-gem-1.2.3.pre1.gem`);
    const [one] = dig.components;
    assert.deepEqual([one?.purl, one?.licenses], ['pkg:gem/demo-gem@1.2.3.pre1', ['MIT']]);
    assert.deepEqual([filesIn(dig, 'owned'), filesIn(dig, 'unknown')], [1, 0]);
    assert.deepEqual(reasonsOf(dig), []);
  });
});

test('npm pack', { skip: programMissing('npm') }, async () => {
  await inScratch(async (dir) => {
    writeFileSync(
      `${dir}/package.json`,
      '{"name":"@example/demo","version":"1.0.0","license":"MIT","files":["index.js"]}',
    );
    writeFileSync(`${dir}/index.js`, '1\n');
    run('npm', ['pack', '--offline', '--silent'], dir, { HOME: dir });
    const dig = await digOf(dir, `${dir}/example-demo-1.0.0.tgz`);
    assert.deepEqual(
      dig.components.map((one) => [one.purl, one.licenses]),
      [['pkg:npm/%40example/demo@1.0.0', ['MIT']]],
    );
    assert.equal(dig.images[0]?.coverage.files, 2);
  });
});
