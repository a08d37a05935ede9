import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Dig } from '../src/model/index.js';
import { buildImage, file } from './image-builder.js';
import { inRoot, sharedData, sharedMissing } from './paths.js';
import { inScratch, trowel } from './run.js';

const advisories = sharedData('advisories');
const validate = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(inRoot('schema', 'dig.schema.json'), 'utf8')),
);

function lay(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

const status = (name: string, version: string, source = ''): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n${source}Version: ${version}\n\n`;

/** The findings of KNOWN.md, beside the advisories: what DLA-3152-1 joins for glibc 2.28-10 on Debian 10. */
const glibc = [
  ...['CVE-2016-10228', 'CVE-2019-19126', 'CVE-2019-25013', 'CVE-2020-1752', 'CVE-2020-6096', 'CVE-2020-10029'],
  ...['CVE-2020-27618', 'CVE-2021-3326', 'CVE-2021-3999', 'CVE-2021-27645', 'CVE-2021-33574', 'CVE-2021-35942'],
  ...['CVE-2022-23218', 'CVE-2022-23219'],
];

test('what is known of real records, in whole runs', { skip: advisories === null && sharedMissing }, (t) =>
  inScratch(async (dir) => {
    const parts = ['Debian', 'PyPI'].map((name) => join(advisories ?? '', name));
    const imported = await trowel(['db', 'import', ...parts, '--db', `${dir}/db`]);
    assert.equal(imported.code, 0, imported.stderr);
    const digArgs = (target: string, ...more: string[]) => [
      ...['dig', target, '--offline', '--db', `${dir}/db`, '--store', `${dir}/store`, '-o', 'json', ...more],
    ];
    const env = { SOURCE_DATE_EPOCH: '1607000000' };
    const dug = async (target: string, code: number, ...more: string[]): Promise<Dig> => {
      const run = await trowel(digArgs(target, ...more), { env });
      assert.equal(run.code, code, run.stderr);
      const dig: Dig = JSON.parse(run.stdout);
      assert.ok(validate(dig), JSON.stringify(validate.errors));
      return dig;
    };

    await t.test('Debian 10: one advisory, a finding of each of its CVEs; exit codes; two runs are equal', async () => {
      lay(`${dir}/ten`, {
        'etc/os-release': 'ID=debian\nVERSION_ID="10"\n',
        'var/lib/dpkg/status': status('libc6', '2.28-10', 'Source: glibc\n'),
      });
      const dig = await dug(`dir:${dir}/ten`, 0);
      const joined = dig.findings.filter((row) => row.advisories.some((record) => record.id === 'DLA-3152-1'));
      assert.deepEqual(joined.map((row) => row.id).sort(), [...glibc].sort());
      assert.ok(joined.every((row) => row.fixedVersion === '2.28-10+deb10u2'));
      const [first, second] = [
        await trowel(digArgs(`dir:${dir}/ten`), { env }),
        await trowel(digArgs(`dir:${dir}/ten`), { env }),
      ];
      assert.equal(first.stdout, second.stdout);
      // Nobody states how severe these are.
      await dug(`dir:${dir}/ten`, 3, '--fail-on', 'low');
      await dug(`dir:${dir}/ten`, 0, '--fail-on', 'low', '--allow-incomplete=severity');
    });

    await t.test('Debian 12: these records say nothing of it, so nothing is clean', async () => {
      await buildImage(`${dir}/twelve`, 'registry.example/app:1', [
        [
          file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
          file(
            'var/lib/dpkg/status',
            status('zlib1g', '1:1.2.13.dfsg-1') + status('libc6', '2.36-9', 'Source: glibc\n'),
          ),
        ],
      ]);
      const dig = await dug(`oci-dir:${dir}/twelve`, 3);
      assert.deepEqual(dig.findings, []);
      assert.deepEqual(
        dig.notAssessed.map((gap) => [gap.kind, gap.reason, gap.count]),
        [['advisories', 'no-advisories', 2]],
      );
      await dug(`oci-dir:${dir}/twelve`, 3, '--allow-incomplete=image');
      await dug(`oci-dir:${dir}/twelve`, 0, '--allow-incomplete=advisories');
    });

    await t.test('Python: the right records and none that end before the version', async () => {
      const site = 'usr/lib/python3/site-packages';
      lay(`${dir}/py`, {
        [`${site}/PyYAML-5.3.1.dist-info/METADATA`]: 'Metadata-Version: 2.1\nName: PyYAML\nVersion: 5.3.1\n\n',
        [`${site}/rsa-4.6.dist-info/METADATA`]: 'Metadata-Version: 2.1\nName: rsa\nVersion: 4.6\n\n',
      });
      const dig = await dug(`dir:${dir}/py`, 0);
      const records = new Set(dig.findings.flatMap((row) => row.advisories.map((record) => record.id)));
      for (const id of ['PYSEC-2021-142', 'PYSEC-2020-100']) assert.ok(records.has(id), id);
      for (const id of ['PYSEC-2020-96', 'PYSEC-2020-99']) assert.ok(!records.has(id), id);
    });
  }),
);

/** Module, its version in that binary, records that hold for it: KNOWN.md, beside the advisories. */
const nodeExporter: readonly [string, string, readonly string[]][] = [
  [
    'golang.org/x/crypto',
    'v0.0.0-20200510223506-06a226fb4e37',
    ['GO-2021-0227', 'GO-2021-0356', 'GO-2022-0968', 'GO-2023-2402'],
  ],
  ['golang.org/x/net', 'v0.0.0-20200513185701-a91f0712d120', ['GO-2021-0238', 'GO-2022-0236', 'GO-2022-0288']],
  ['golang.org/x/text', 'v0.3.2', ['GO-2020-0015', 'GO-2021-0113', 'GO-2022-1059']],
  ['github.com/prometheus/client_golang', 'v1.6.0', ['GO-2022-0322']],
  ['golang.org/x/sys', 'v0.0.0-20200602225109-6fdc65e7d980', ['GO-2022-0493']],
  ['google.golang.org/protobuf', 'v1.22.0', ['GO-2024-2611']],
];

/** Builds a Go program into a directory; why that was not possible, or null. */
async function goInstall(program: string, dir: string): Promise<string | null> {
  if (spawnSync('go', ['version']).error !== undefined) return 'go is not on this machine';
  const env = { ...process.env, GOBIN: dir, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' };
  return await new Promise((resolve) => {
    const child = spawn('go', ['install', program], { env, stdio: ['ignore', 'ignore', 'pipe'], timeout: 240_000 });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.on('close', (code) => resolve(code === 0 ? null : `go cannot fetch and build it here: ${lastLine(said)}`));
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

test('the modules of a Go program of 2020', { skip: advisories === null && sharedMissing }, (t) =>
  inScratch(async (dir) => {
    const lack = await goInstall('github.com/prometheus/node_exporter@v1.0.1', `${dir}/rootfs/bin`);
    if (lack !== null) return t.skip(lack);
    const imported = await trowel(['db', 'import', join(advisories ?? '', 'Go'), '--db', `${dir}/db`]);
    assert.equal(imported.code, 0, imported.stderr);
    const args = ['--offline', '--db', `${dir}/db`, '--no-store', '-o', 'json'];
    const run = await trowel(['dig', `dir:${dir}/rootfs`, ...args]);
    assert.ok(run.code === 0 || run.code === 3, run.stderr);
    const dig: Dig = JSON.parse(run.stdout);
    assert.ok(validate(dig), JSON.stringify(validate.errors));
    for (const [name, version, records] of nodeExporter) {
      const [component, ...more] = dig.components.filter((row) => row.name === name);
      assert.deepEqual([component?.version, more.length], [version, 0], name);
      const found = new Set(
        dig.findings
          .filter((row) => row.component === component?.id)
          .flatMap((row) => row.advisories.map((record) => record.id)),
      );
      for (const id of records) assert.ok(found.has(id), `${id} of ${name}: ${[...found].join(' ')}`);
    }
  }),
);
