// Asks Helm what it prints for each chart of cases.json, and writes its answers into it:
//
//   node src/chart/testdata/rendered/record.mjs HELM3 HELM4
//
// HELM3 and HELM4 are programs of Helm 3.22 and Helm 4.3. A case has a name, options of the command line, and files;
// chart/Chart.yaml is given to those without one. "helm3" and "helm4" are what they print, or their message behind
// "Error: "; "helm4" is left out where it is the same.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const [helm3, helm4] = process.argv.slice(2);
if (helm3 === undefined || helm4 === undefined) throw new Error('usage: record.mjs HELM3 HELM4');
const file = join(import.meta.dirname, 'cases.json');
const cases = JSON.parse(readFileSync(file, 'utf8'));

function ask(program, { args, files }) {
  const dir = mkdtempSync(join(tmpdir(), 'rendered-'));
  try {
    const all = { 'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.2.3\n', ...files };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const env = { PATH: process.env.PATH, HOME: dir };
    const { status, stdout, stderr } = spawnSync(program, ['template', 'rel', 'chart', ...args], {
      cwd: dir,
      env,
      encoding: 'utf8',
    });
    if (status === 0) return stdout;
    const message = stderr.slice(stderr.search(/^Error: /m));
    return message.replaceAll(dir, 'DIR').replace('\n\nUse --debug flag to render out invalid YAML', '').trimEnd();
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const recorded = cases.map(({ name, args = [], files }) => {
  const said3 = ask(helm3, { args, files });
  const said4 = ask(helm4, { args, files });
  return { name, args, files, helm3: said3, ...(said4 === said3 ? {} : { helm4: said4 }) };
});
writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
