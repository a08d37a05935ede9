// Asks Helm what it says about each broken chart of the *.txt files here, and writes its answers into them:
//
//   node src/chart/testdata/broken/record.mjs HELM3 HELM4
//
// HELM3 and HELM4 are programs of Helm 3.22 and Helm 4.3. A case is "== name ==", then "name: RELEASE" and "args: …"
// where it has them (DIR is the folder that holds the files), then files as "-- path --"; chart/Chart.yaml is given to
// those without one. What Helm 4 says is left out where it is what Helm 3 says; "rendered" where nothing is refused.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const here = import.meta.dirname;
const [helm3, helm4] = process.argv.slice(2);
if (helm3 === undefined || helm4 === undefined) throw new Error('usage: record.mjs HELM3 HELM4');
const defaultChart = 'apiVersion: v2\nname: broken\nversion: 1.2.3\n';

async function ask(program, given) {
  const dir = await mkdtemp(join(tmpdir(), 'broken-'));
  try {
    const files = new Map([['chart/Chart.yaml', defaultChart], ...given.files]);
    await mkdir(join(dir, 'chart'));
    for (const [path, text] of files) {
      if (text === 'absent\n') continue;
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), bytesOf(text));
    }
    const env = { PATH: process.env.PATH, HOME: dir };
    const options = given.args.map((word) => word.replace('DIR', dir));
    const args = ['template', ...(given.name === '' ? [] : [given.name]), 'chart', ...options];
    const run = promisify(execFile)(program, args, { cwd: dir, env, maxBuffer: 64 * 1024 * 1024 });
    const { stderr } = await run.then(
      () => ({ stderr: 'rendered' }),
      (error) => error,
    );
    // What comes before are warnings, each on a line that does not begin so.
    const at = stderr.search(/^Error: /m);
    const said = at < 0 ? stderr : stderr.slice(at + 'Error: '.length);
    return said.replaceAll(dir, 'DIR').replace('\n\nUse --debug flag to render out invalid YAML', '').trimEnd();
  } finally {
    await rm(dir, { recursive: true });
  }
}

function bytesOf(text) {
  const parts = text.split(/«([0-9a-f]{2})»/);
  return Buffer.concat(parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex'))));
}

for (const file of (await readdir(here)).filter((name) => name.endsWith('.txt')).sort()) {
  const [title, ...cases] = (await readFile(join(here, file), 'utf8')).split(/^(?=== .* ==$)/m);
  const out = [title];
  for (const text of cases) {
    const [head, ...sections] = text.split(/^-- (.*) --\n/m);
    const files = [];
    for (let i = 0; i < sections.length; i += 2) {
      if (!sections[i].startsWith('helm ')) files.push([sections[i], sections[i + 1]]);
    }
    // The blank line before the next case is the case's, not the file's.
    const last = files.at(-1);
    if (last !== undefined) last[1] = `${last[1].trimEnd()}\n`.replace(/^\n$/, '');
    const name = /^name: (.*)$/m.exec(head)?.[1] ?? '';
    const args = /^args: (.*)$/m.exec(head)?.[1].split(' ') ?? [];
    const given = { name, args, files };
    out.push(`${head.trimEnd()}\n`, ...files.map(([path, body]) => `-- ${path} --\n${body}`));
    const [said3, said4] = await Promise.all([ask(helm3, given), ask(helm4, given)]);
    out.push(`-- helm 3 --\n${said3}\n`, said3 === said4 ? '\n' : `-- helm 4 --\n${said4}\n\n`);
  }
  await writeFile(join(here, file), out.join(''));
}
