import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Made, purls, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

/**
 * `npm` brings bundled packages, `jest` nested ones of many versions, an alias a folder that is not named as its package.
 * Next.js is left out: it carries copies of a hundred packages in folders of its own, which no client lists.
 */
const dependencies = {
  express: '4.19.2',
  webpack: '5.93.0',
  npm: '10.8.2',
  jest: '29.7.0',
  eslint: '9.9.0',
  vite: '5.4.2',
  '@nestjs/core': '10.4.1',
  react: '18.3.1',
  'react-dom': '18.3.1',
  lodash: '4.17.21',
  resolve: '1.22.8',
  terser: '5.31.3',
  'fast-uri': '3.0.1',
  '@aws-sdk/client-s3': '3.600.0',
  'string-alias': 'npm:string-width@4.2.3',
  'local-part': 'file:./local-part',
};

/** An application by npm: nested, bundled, scoped, aliased and linked packages; npm lists the tree that it finds. */
export const node: TruthCase = {
  name: 'node',
  needs: ['npm', 'tar'],
  async make(dir): Promise<Made> {
    const root = join(dir, 'root');
    const app = join(root, 'app');
    mkdirSync(join(app, 'local-part'), { recursive: true });
    const save = (path: string, value: unknown): void => writeFileSync(path, JSON.stringify(value));
    save(join(app, 'local-part', 'package.json'), { name: 'local-part', version: '0.2.0' });
    save(join(app, 'package.json'), { name: 'truth-app', version: '2.3.4', dependencies });
    await shell('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: app });
    const listed: readonly { readonly name: string; readonly version?: string }[] = JSON.parse(
      await shell('npm', ['query', '*'], { cwd: app }),
    );
    const rows = listed.flatMap(({ name, version }): [string, string][] => (version ? [[name, version]] : []));
    return { layers: [await packFolder(root)], truth: new Map([['npm', purls('npm', rows)]]) };
  },
};
