// Joins the compiled command line into one file, dist/bin/trowel.cjs: Node then opens one file instead of two hundred,
// and V8 can keep what it compiled of it (bin/trowel). Libraries import dist/src, as before.
import { build } from 'esbuild';

const out = process.env.OUT ?? 'dist';

/** What costs a millisecond or more to load, and many runs never use: modules of Node, and libraries with large tables. */
const late = ['child_process', 'crypto', 'fs/promises', 'module', 'net', 'timers/promises', 'tls', 'worker_threads'];
const lateLibraries = ['bcryptjs', 'fzstd', 're2js'];

/** In place of these modules, objects that load them when a member is first asked for. */
const loadLate = {
  name: 'load-late',
  setup(builder) {
    builder.onResolve({ filter: /^[\w:/]+$/ }, ({ path, namespace }) => {
      const name = path.replace(/^node:/, '');
      if (namespace === 'late') return undefined;
      if (late.includes(name)) return { path: `node:${name}`, namespace: 'late' };
      return lateLibraries.includes(name) ? { path: name, namespace: 'late' } : undefined;
    });
    builder.onLoad({ filter: /./, namespace: 'late' }, async ({ path }) => {
      const members = Object.keys(await import(path)).filter((name) => name !== 'default');
      const getters = members.map((name) => `get ${JSON.stringify(name)}() { return require('${path}').${name}; },`);
      return { contents: `module.exports = {\n${getters.join('\n')}\n};`, resolveDir: process.cwd() };
    });
  },
};

await build({
  // The program, and its threads, which have less to load.
  entryPoints: {
    trowel: `${out}/src/cli/main.js`,
    'layer-worker': `${out}/src/dig/layer-worker.js`,
    'inflater-worker': `${out}/src/dig/inflater-worker.js`,
  },
  outdir: `${out}/bin`,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  plugins: [loadLate],
  // One has a binary of its own, the other is large and wanted for registries only.
  external: ['libsql', 'undici'],
  // They are loaded with require: code that V8 gave back from its cache (bin/trowel) cannot call import(), and fails with
  // "A dynamic import callback was not specified" from the second run on.
  supported: { 'dynamic-import': false },
  // The same names and lines in stack traces; licences of what is joined stay in the text.
  legalComments: 'inline',
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'importMetaUrl' },
  logLevel: 'warning',
});
