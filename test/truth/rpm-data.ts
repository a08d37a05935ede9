import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '../paths.js';
import { cellsOf, type Made, purls, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

/**
 * Real databases of other distributions, in Berkeley DB, ndb and sqlite, each with what `rpm -qa` says of it (ndb, which
 * Debian's rpm does not read, with a list of its own); and those in Berkeley DB once more with changed versions, of which
 * rpm itself says what they have become. Empty where the test data is not on this machine.
 */
export const rpmData: readonly TruthCase[] = (() => {
  const data = sharedData('rpmdb');
  if (data === null) return [];
  const names = readdirSync(data)
    .filter((name) => name.endsWith('.tsv'))
    .map((name) => name.slice(0, -'.tsv'.length));
  const changed = names.filter((name) => name.startsWith('bdb-'));
  return [...names.map((name) => asItIs(data, name)), ...changed.map((name) => withOtherVersions(data, name))];
})();

function asItIs(data: string, name: string): TruthCase {
  return {
    name: `rpm-data-${name}`,
    needs: ['tar'],
    make: async (dir) => await made(dir, databaseOf(data, name), readFileSync(join(data, `${name}.tsv`), 'utf8')),
  };
}

function withOtherVersions(data: string, name: string): TruthCase {
  return {
    name: `rpm-data-${name}-changed`,
    needs: ['tar', 'rpm'],
    async make(dir) {
      const [file, bytes] = databaseOf(data, name);
      const [first] = cellsOf(readFileSync(join(data, `${name}.tsv`), 'utf8'));
      const version = first?.[2] ?? '';
      const other = Buffer.from(`9${version.slice(1)}`);
      for (let at = bytes.indexOf(`\0${version}\0`); at >= 0; at = bytes.indexOf(`\0${version}\0`))
        other.copy(bytes, at + 1);
      const changed = await made(dir, [file, bytes], '');
      const format = '%{NAME}\\t-\\t%{VERSION}\\t%{RELEASE}\\n';
      const there = ['--dbpath', join(dir, 'root', 'var', 'lib', 'rpm'), '--define', '_db_backend bdb_ro'];
      const listed = await shell('rpm', [...there, '-qa', '--nodigest', '--nosignature', '--qf', format]);
      if (!listed.includes(`\t${other.toString()}\t`))
        throw new Error(`rpm does not see the changed version of ${name}`);
      return { ...changed, truth: truthOf(listed) };
    },
  };
}

function databaseOf(data: string, name: string): [file: string, bytes: Buffer] {
  const file = readdirSync(join(data, name))[0] ?? '';
  return [file, Buffer.from(readFileSync(join(data, name, file)))];
}

async function made(dir: string, [file, bytes]: readonly [string, Buffer], listed: string): Promise<Made> {
  const root = join(dir, 'root');
  mkdirSync(join(root, 'etc'), { recursive: true });
  mkdirSync(join(root, 'var', 'lib', 'rpm'), { recursive: true });
  writeFileSync(join(root, 'etc', 'os-release'), 'ID=centos\nVERSION_ID=8\n');
  writeFileSync(join(root, 'var', 'lib', 'rpm', file), bytes);
  return { layers: [await packFolder(root)], truth: truthOf(listed) };
}

/** Keys to check signatures with stand among the packages and are none. */
function truthOf(listed: string): Made['truth'] {
  const rows = cellsOf(listed).filter(([name]) => name !== 'gpg-pubkey');
  const named = rows.map(([name = '', , version = '', release = '']): [string, string] => [
    `centos/${name}`,
    `${version}-${release}`,
  ]);
  return new Map([['rpm', purls('rpm', named)]]);
}
