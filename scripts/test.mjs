// Runs the compiled tests with node's own runner. `npm test -- WORD` runs the files whose path holds WORD.
// OUT=dir takes the compiled files from another folder than dist.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const out = process.env.OUT ?? 'dist';
const words = process.argv.slice(2);

function testFiles(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const files = testFiles(out).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
if (files.length === 0) {
  console.error(`no compiled test in ${out} matches ${words.join(' ') || '*.test.js'}: run "npm run build" first`);
  process.exit(1);
}
const run = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
