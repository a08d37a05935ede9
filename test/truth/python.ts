import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Made, purls, pypiName, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

/** Wheels of pure Python and with compiled modules; `docopt` exists as a source archive only. */
const wanted = [
  'requests==2.32.3',
  'flask==3.0.3',
  'django==4.2.16',
  'sqlalchemy==2.0.35',
  'numpy==1.26.4',
  'boto3==1.35.0',
  'google-auth==2.34.0',
  'kubernetes==30.1.0',
  'zope.interface==7.0.3',
  'ruamel.yaml==0.18.6',
  'backports.tarfile==1.2.0',
  'PyYAML==6.0.2',
  'docopt==0.6.2',
];

/** A virtual environment with an editable project, an egg-link's metadata, and what pip and setuptools carry along. */
export const python: TruthCase = {
  name: 'python',
  needs: ['python3', 'tar'],
  async make(dir): Promise<Made> {
    const root = join(dir, 'root');
    const venv = join(root, 'opt', 'venv');
    await shell('python3', ['-m', 'venv', venv]);
    const python = join(venv, 'bin', 'python');
    const pip = async (...args: string[]): Promise<string> =>
      await shell(python, ['-m', 'pip', '--disable-pip-version-check', ...args], { cwd: dir });
    await pip('install', '--quiet', '--upgrade', 'pip==24.2', 'setuptools==74.1.2', 'wheel==0.44.0');
    await pip('install', '--quiet', ...wanted);
    const editable = join(root, 'src', 'editable');
    mkdirSync(join(editable, 'truth_editable'), { recursive: true });
    writeFileSync(join(editable, 'truth_editable', '__init__.py'), '');
    writeFileSync(
      join(editable, 'setup.py'),
      'from setuptools import setup\nsetup(name="Truth.Editable", version="0.3.1", packages=["truth_editable"])\n',
    );
    await pip('install', '--quiet', '--no-build-isolation', '--no-deps', '-e', editable);
    const names = new Map<string, string>();
    for (const one of JSON.parse(await pip('list', '--format', 'json')))
      names.set(`${pypiName(one.name)}@${one.version}`, '');
    const site = (await shell(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'])).trim();
    // What pip and setuptools carry along: pip says it itself, setuptools keeps their metadata.
    for (const [, name = '', version = ''] of (await pip('debug')).matchAll(/^ {2}([\w.-]+)==([\w.]+)/gm)) {
      names.set(`${pypiName(name)}@${plainVersion(version)}`, '');
    }
    for (const vendored of [join(site, 'setuptools', '_vendor'), join(site, 'wheel', 'vendored')].filter(existsSync)) {
      for (const one of JSON.parse(await pip('list', '--format', 'json', '--path', vendored))) {
        names.set(`${pypiName(one.name)}@${one.version}`, '');
      }
    }
    // An egg among setuptools' own tests: it is there, though nothing imports it.
    if (existsSync(join(site, 'pkg_resources', 'tests', 'data', 'my-test-package_unpacked-egg')))
      names.set('my-test-package@1.0', '');
    const rows = [...names.keys()].map((key): [string, string] => {
      const at = key.lastIndexOf('@');
      return [key.slice(0, at), key.slice(at + 1)];
    });
    return { layers: [await packFolder(root)], truth: new Map([['pypi', purls('pypi', rows)]]) };
  },
};

/** `2024.07.04` is what certifi calls itself, `2024.7.4` what it is. Follows: PEP 440, integer normalisation. */
function plainVersion(version: string): string {
  return version.replace(/(^|\.)0+(?=\d)/g, '$1');
}
