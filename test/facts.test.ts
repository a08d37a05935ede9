import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { buildElf } from '../src/binary/elf-builder.test.support.js';
import type { Dig, DigComponent } from '../src/model/index.js';
import { buildImage, file } from './image-builder.js';
import { inScratch, trowel } from './run.js';

/** The component of this name, and what a bill of materials would tell of it. */
function factsOf(dig: Dig, name: string): Partial<DigComponent> {
  const found = dig.components.find((one) => one.name === name);
  assert.ok(found !== undefined, name);
  const { supplier, downloadLocation, cpes, licenses, licenseExpression, file: own } = found;
  return { supplier, downloadLocation, cpes, licenses, licenseExpression, file: own };
}

test('the facts that a bill of materials needs stand in the document, and what nobody states is null', () =>
  inScratch(async (dir) => {
    const program = buildElf({
      bits: 64,
      littleEndian: true,
      data: Buffer.from('\0nginx version: nginx/1.24.0\0'),
      address: 0x400000,
    });
    const layer = [
      file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
      file(
        'var/lib/dpkg/status',
        'Package: tool\nStatus: install ok installed\nArchitecture: all\nVersion: 1.0-1\nMaintainer: Ann <ann@example.org>\nDepends: libx, gone\n\nPackage: libx\nStatus: install ok installed\nVersion: 2\n',
      ),
      file('var/lib/dpkg/info/tool.list', '/.\n/usr/share/doc/tool/copyright\n'),
      file(
        'usr/share/doc/tool/copyright',
        'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+ or Artistic\n\nFiles: x\nLicense: Expat\n',
      ),
      file(
        'opt/conda/conda-meta/a-1-0.json',
        '{"name":"a","version":"1","build":"0","license":"BSD-3-Clause","url":"https://repo.example.org/a-1-0.conda"}',
      ),
      file('usr/sbin/nginx', program, 0o755),
    ];
    await buildImage(`${dir}/image`, 'registry.example/a:1', [layer]);
    const places = ['--offline', '--no-store', '--db', `${dir}/db`];
    const run = await trowel(['dig', `oci-dir:${dir}/image`, ...places, '-o', 'json', '--platform', 'linux/amd64']);
    const dig: Dig = JSON.parse(run.stdout);
    assert.deepEqual(factsOf(dig, 'tool'), {
      supplier: 'Ann <ann@example.org>',
      downloadLocation: null,
      cpes: [],
      licenses: ['Expat', 'GPL-2+ or Artistic'],
      licenseExpression: 'MIT AND (GPL-2.0-or-later OR Artistic-1.0)',
      file: null,
    });
    const libx = dig.components.find((one) => one.name === 'libx')?.id;
    const dependsOn = (name: string) => dig.components.find((one) => one.name === name)?.dependsOn;
    assert.deepEqual([dependsOn('tool'), dependsOn('libx'), dependsOn('a')], [[libx], [], null]);
    assert.deepEqual(factsOf(dig, 'a'), {
      supplier: null,
      downloadLocation: 'https://repo.example.org/a-1-0.conda',
      cpes: [],
      licenses: ['BSD-3-Clause'],
      licenseExpression: 'BSD-3-Clause',
      file: null,
    });
    assert.deepEqual(factsOf(dig, 'nginx'), {
      supplier: null,
      downloadLocation: null,
      cpes: ['cpe:2.3:a:f5:nginx:1.24.0:*:*:*:*:*:*:*', 'cpe:2.3:a:nginx:nginx:1.24.0:*:*:*:*:*:*:*'],
      licenses: [],
      licenseExpression: null,
      file: {
        path: 'usr/sbin/nginx',
        sizeBytes: program.length,
        sha256: createHash('sha256').update(program).digest('hex'),
        type: 'elf',
        executable: true,
      },
    });
  }));
