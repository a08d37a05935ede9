/** Checks the JSON of a demo's dig: what must be there is there. usage: check.js DIG.json [--npm-alone] */
import { readFileSync } from 'node:fs';
import type { Dig } from '../../src/model/index.js';

const [path = '', mode = ''] = process.argv.slice(2);
const dig: Dig = JSON.parse(readFileSync(path, 'utf8'));
const failures: string[] = [];

function must(condition: boolean, what: string): void {
  if (!condition) failures.push(what);
}

const imageOf = (name: string): string | undefined => dig.images.find((image) => image.reference.includes(name))?.id;
const purls = (name: string): string[] =>
  dig.components.filter((component) => component.image === imageOf(name)).map((component) => component.purl);
const found = (id: string, name: string): boolean =>
  dig.findings.some((finding) => finding.id === id && finding.image === imageOf(name));

must(dig.uses.length === 9, `9 uses, not ${dig.uses.length}`);
must(
  dig.notAssessed.some((gap) => gap.kind === 'image' && gap.subject.includes('observatory/migrate')),
  'the image that nobody can pull is named',
);
must(found('CVE-2021-23337', 'config-reloader'), 'lodash under the config reloader');
must(found('CVE-2022-29526', 'operator'), 'golang.org/x/sys under the operator');
must(found('CVE-2022-25647', 'collector'), 'gson in the nested jar');
const operator = dig.components.find((one) => one.image === imageOf('observatory/operator') && one.dependsOn !== null);
must(
  operator?.version === 'v0.4.0' && operator.grade === 'inferred',
  'a main module without a version has that of the image, and no more than inferred',
);
must(
  dig.notAssessed.some((gap) => gap.kind === 'component' && gap.image === imageOf('dashboard/dashboard')),
  'a main module that only a commit names is not judged by it',
);
const probe = dig.images.find((image) => image.reference.includes('node-probe'));
must(
  probe?.coverage.byBucket.owned.files === 0 && probe.coverage.byGrade.claimed.bytes < probe.coverage.bytes,
  'the hand-made base does not pretend to be known: no package owns any of it',
);
must(
  dig.notAssessed.some((gap) => gap.image === probe?.id),
  'what nobody can judge of the hand-made base is named',
);
if (mode !== '--npm-alone') {
  must(found('CVE-2020-14343', 'sidecar'), 'PyYAML under the sidecar');
  must(found('CVE-2020-25658', 'sidecar'), 'rsa under the sidecar');
  must(!found('CVE-2020-1747', 'sidecar'), 'not the one that PyYAML 5.3.1 fixed');
  must(purls('sidecar').filter((purl) => purl.startsWith('pkg:pypi/')).length === 17, '17 Python packages');
  must(found('CVE-2021-44228', 'collector'), 'log4j in the nested jar');
  must(found('CVE-2022-21698', 'node-probe'), 'client_golang under the node probe');
  must(found('CVE-2023-45853', 'dashboard'), 'zlib of Debian');
  must(!found('CVE-2023-4911', 'dashboard'), 'not the glibc advisory that is fixed');
  must(
    purls('node-probe').some((purl) => /glibc/.test(purl)),
    'glibc of the hand-made base is identified',
  );
  must(
    purls('node-probe').some((purl) => /busybox/.test(purl)),
    'busybox of the hand-made base is identified',
  );
}
for (const image of dig.images) {
  for (const parts of [image.coverage.byBucket, image.coverage.byGrade]) {
    const counts: readonly { files: number; bytes: number }[] = Object.values(parts);
    const files = counts.reduce((sum, count) => sum + count.files, 0);
    const bytes = counts.reduce((sum, count) => sum + count.bytes, 0);
    must(files === image.coverage.files && bytes === image.coverage.bytes, `${image.reference}: buckets add up`);
  }
}
for (const failure of failures) console.error(`missing: ${failure}`);
console.log(failures.length === 0 ? 'the demo found all that it must find' : `${failures.length} things are missing`);
process.exitCode = failures.length === 0 ? 0 : 1;
