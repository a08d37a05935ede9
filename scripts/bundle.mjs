// Joins the compiled command line into one file, dist/bin/trowel.cjs: Node then opens one file instead of two hundred,
// and V8 can keep what it compiled of it (bin/trowel). Libraries import dist/src, as before.
import { build } from 'esbuild';

const out = process.env.OUT ?? 'dist';

await build({
  entryPoints: [`${out}/src/cli/main.js`],
  outfile: `${out}/bin/trowel.cjs`,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // One has a binary of its own, the other is large and wanted for registries only.
  external: ['libsql', 'undici'],
  // They are loaded with require: V8's kept code cannot call import() ("A dynamic import callback was not specified").
  supported: { 'dynamic-import': false },
  // The same names and lines in stack traces; licences of what is joined stay in the text.
  legalComments: 'inline',
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'importMetaUrl' },
  logLevel: 'warning',
});
