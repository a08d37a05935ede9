import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainOptions, smallChart } from '../../test/small-chart.js';
import { noValues, type RenderChartOptions, renderChart } from '../chart/index.js';
import { findUses } from '../discover/index.js';
import type { Cause, ImageUse } from '../model/index.js';
import { withCauses } from './causes.js';

const chartYaml = 'apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: 4.5.6\n';

/** A pod of each image, by the name of its container. */
function pods(images: Readonly<Record<string, string>>): string {
  return Object.entries(images)
    .map(
      ([name, image]) =>
        `---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n  - name: ${name}\n    image: ${image}\n`,
    )
    .join('');
}

interface Asked {
  readonly values: string;
  readonly template: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly given?: Partial<RenderChartOptions['values']>;
}

async function causesOf(
  { values, template, files = {}, given = {} }: Asked,
  counted = { renders: 0 },
): Promise<readonly ImageUse[]> {
  const all = { 'Chart.yaml': chartYaml, 'values.yaml': values, 'templates/a.yaml': template, ...files };
  const prepared = smallChart('web', all);
  const asked = { ...plainOptions, values: { ...noValues, ...given } };
  const { manifests, raw } = renderChart(prepared, asked);
  return await withCauses(
    findUses(manifests).uses,
    {
      prepared,
      options: asked,
      raw,
      surroundings: { others: manifests },
    },
    counted,
  );
}

const brief = (uses: readonly ImageUse[]): readonly string[] =>
  uses.flatMap((use) =>
    use.causes.map((cause) => `${use.in.name} ${cause.part} ${cause.from} ${cause.path}${cause.verified ? '' : ' ?'}`),
  );

const only = async (asked: Asked): Promise<readonly Cause[]> => (await causesOf(asked))[0]?.causes ?? [];

test('causes are what moves the image, and not what only reads the same', async () => {
  const uses = await causesOf({
    values: 'repo: team/app\ntag: 1.2.3\nother: 1.2.3\nlabel: team/app\n',
    template: pods({ a: '{{ .Values.repo }}:{{ .Values.tag }}' }),
  });
  assert.deepEqual(brief(uses), ['a repository value repo', 'a tag value tag']);
  const [, tag] = uses[0]?.causes ?? [];
  assert.deepEqual([tag?.value, tag?.default, tag?.file, tag?.line], ['1.2.3', true, 'web/values.yaml', 2]);
  assert.deepEqual(tag?.override, {
    option: '--set',
    argument: 'tag=1.2.4',
    values: 'tag: "1.2.4"\n',
    gives: 'docker.io/team/app:1.2.4',
  });
});

test('values that read the same are told apart', async () => {
  const uses = await causesOf({
    values: 'a: {repo: x/a, tag: v1.0}\nb: {repo: x/b, tag: v1.0}\n',
    template: pods({ a: '{{ .Values.a.repo }}:{{ .Values.a.tag }}', b: '{{ .Values.b.repo }}:{{ .Values.b.tag }}' }),
  });
  assert.deepEqual(brief(uses), [
    'a repository value a.repo',
    'a tag value a.tag',
    'b repository value b.repo',
    'b tag value b.tag',
  ]);
  for (const use of uses) for (const cause of use.causes) assert.deepEqual(cause.alsoMoves, []);
});

test('what else moves is named', async () => {
  const uses = await causesOf({
    values: 'tag: 1.2.3\n',
    template: pods({ a: 'x/a:{{ .Values.tag }}', b: 'x/b:{{ .Values.tag }}', c: 'x/c:9' }),
  });
  const tags = uses.map((use) => use.causes.find((cause) => cause.part === 'tag')?.alsoMoves);
  assert.deepEqual(tags, [['docker.io/x/b:1.2.3'], ['docker.io/x/a:1.2.3'], undefined]);
});

test('an image that no value decides is fixed in its template, with the line', async () => {
  const [cause, ...more] = await only({ values: 'tag: 1.2.3\n', template: pods({ c: 'x/c:9' }) });
  assert.deepEqual(more, []);
  assert.deepEqual(
    [cause?.from, cause?.part, cause?.verified, cause?.file, cause?.line, cause?.override],
    ['template', 'whole', true, 'web/templates/a.yaml', 9, null],
  );
});

test('a part that a helper writes is fixed there', async () => {
  const causes = await only({
    values: 'tag: 1.2.3\n',
    template: pods({ c: '{{ include "image" . }}' }),
    files: {
      'templates/_h.tpl': '{{/* images */}}\n{{- define "image" -}}\nquay.io/x/c:{{ .Values.tag }}\n{{- end -}}\n',
    },
  });
  assert.deepEqual(
    causes.map((cause) => [cause.part, cause.from, cause.file, cause.line]),
    [
      ['registry', 'template', 'web/templates/_h.tpl', 3],
      ['repository', 'template', 'web/templates/_h.tpl', 3],
      ['tag', 'value', 'web/values.yaml', 1],
    ],
  );
});

test('an appVersion is a cause, with the value that takes its place', async () => {
  const [, tag] = await only({
    values: 'image: {repo: x/a, tag: ""}\n',
    template: pods({ a: '{{ .Values.image.repo }}:v{{ .Values.image.tag | default .Chart.AppVersion }}' }),
  });
  assert.deepEqual(
    [tag?.from, tag?.path, tag?.value, tag?.verified, tag?.file, tag?.override?.gives],
    ['appVersion', 'image.tag', '4.5.6', true, 'web/Chart.yaml', 'docker.io/x/a:v4.5.4'],
  );
});

test('values that are empty or absent and would override are found', async () => {
  const uses = await causesOf({
    values: 'repo: x/a\nregistry: ""\n',
    template: pods({
      a: '{{ with .Values.registry }}{{ . }}/{{ end }}{{ .Values.repo }}:{{ .Values.tag | default "1" }}',
    }),
  });
  assert.deepEqual(brief(uses), ['a registry value registry', 'a repository value repo', 'a tag value tag']);
  assert.equal(uses[0]?.causes[0]?.override?.gives, 'registry.example.com/x/a:1');
});

test('a registry for all images names all that it moves', async () => {
  const image = (name: string): string =>
    `{{ .Values.global.imageRegistry | default "quay.io" }}/{{ .Values.${name}.repo }}:1`;
  const uses = await causesOf({
    values: 'global: {imageRegistry: ""}\na: {repo: x/a}\nb: {repo: x/b}\n',
    template: pods({ a: image('a'), b: image('b') }),
  });
  const shared = uses.map((use) => use.causes.find((cause) => cause.path === 'global.imageRegistry'));
  assert.deepEqual(
    shared.map((cause) => [cause?.part, cause?.value, cause?.verified, cause?.alsoMoves]),
    [
      ['registry', null, true, ['quay.io/x/b:1']],
      ['registry', null, true, ['quay.io/x/a:1']],
    ],
  );
});

test('a registry of kubernetes is followed into an argument of an operator', async () => {
  const template = `${pods({ a: 'quay.io/x/a:1' })}    args: ["--sidecar={{ .Values.registry }}/x/b:1.0"]\n`;
  const uses = await causesOf({ values: 'registry: registry.k8s.io\n', template });
  assert.deepEqual(
    brief(uses).filter((text) => text.includes('registry')),
    ['a registry value registry'],
  );
});

test('an empty digest is tried in the form that its template wants', async () => {
  const template = pods({
    a: '{{ .Values.a.repo }}:1{{ with .Values.a.sha }}@sha256:{{ . }}{{ end }}',
    b: '{{ .Values.b.repo }}:1{{ with .Values.b.digest }}@{{ . }}{{ end }}',
    c: '{{ .Values.c.repo }}:1{{ with .Values.c.digest }}@sha256:{{ . }}{{ end }}',
  });
  const uses = await causesOf({
    values: 'a: {repo: x/a, sha: ""}\nb: {repo: x/b, digest: ""}\nc: {repo: x/c, digest: ""}\n',
    template,
  });
  const digests = uses.map((use) => use.causes.find((cause) => cause.part === 'digest')?.override?.gives);
  for (const text of digests) assert.match(text ?? '', /^docker\.io\/x\/.:1@sha256:[0-9a-f]{64}$/);
});

test('a value that the chart refuses to have changed is a cause that nobody verified', async () => {
  const uses = await causesOf({
    values: 'tag: 1.2.3\n',
    template: `{{ if ne .Values.tag "1.2.3" }}{{ fail "unsupported" }}{{ end }}${pods({ a: 'x/a:{{ .Values.tag }}' })}`,
  });
  assert.deepEqual(brief(uses), ['a repository template null', 'a tag value tag ?']);
});

test('what NOTES.txt refuses is refused', async () => {
  const uses = await causesOf({
    values: 'repo: x/a\ntag: 1.2.3\n',
    template: pods({ a: '{{ .Values.repo }}:{{ .Values.tag }}' }),
    files: { 'templates/NOTES.txt': '{{ if ne .Values.repo "x/a" }}{{ fail "another image" }}{{ end }}' },
  });
  assert.deepEqual(brief(uses), ['a repository value repo ?', 'a tag value tag']);
});

test('a switch that the refusal names is part of the override', async () => {
  // As bitnami's charts refuse images of others.
  const uses = await causesOf({
    values: 'global: {security: {allowOthers: false}}\nregistry: quay.io\nrepo: x/a\ntag: 1.2.3\n',
    template: pods({ a: '{{ .Values.registry }}/{{ .Values.repo }}:{{ .Values.tag }}' }),
    files: {
      'templates/NOTES.txt':
        '{{ if not (or .Values.global.security.allowOthers (hasPrefix "quay.io/x/a:" (printf "%s/%s:" .Values.registry .Values.repo))) }}' +
        '{{ fail "unknown image; to allow it set \'global.security.allowOthers\' to true" }}{{ end }}',
    },
  });
  assert.deepEqual(brief(uses), ['a registry value registry ?', 'a repository value repo ?', 'a tag value tag']);
  assert.deepEqual(
    uses[0]?.causes.map((cause) => cause.override?.argument),
    ['registry=quayx.io,global.security.allowOthers=true', 'repo=x/ax,global.security.allowOthers=true', 'tag=1.2.4'],
  );
});

test('an element of a list is moved with the whole list, for Helm takes none alone', async () => {
  const uses = await causesOf({
    values: 'sidecars:\n- {name: a, image: x/a:1}\n- {name: b, image: x/b:1}\n',
    template: `${pods({ c: 'x/c:1' })}{{ toYaml .Values.sidecars | indent 2 }}\n`,
  });
  const [use] = uses.filter((one) => one.in.container === 'b');
  assert.deepEqual(brief([use].flatMap((one) => (one === undefined ? [] : [one]))), [
    'c whole value sidecars[1].image ?',
  ]);
  assert.deepEqual(use?.causes[0]?.override, {
    option: '--set-json',
    argument: 'sidecars=[{"name":"a","image":"x/a:1"},{"name":"b","image":"x/b:2"}]',
    values: null,
    gives: 'docker.io/x/b:2',
  });
});

test('a text of several lines that holds images', async () => {
  const uses = await causesOf({
    values: 'sidecars: |\n  - name: a\n    image: x/a:1\n',
    template: `${pods({ c: 'x/c:1' })}{{ tpl .Values.sidecars . | indent 2 }}\n`,
  });
  const use = uses.find((one) => one.in.container === 'a');
  assert.deepEqual(
    use?.causes.map((cause) => [cause.part, cause.path, cause.verified, cause.value, cause.override?.gives]),
    [['whole', 'sidecars', false, 'x/a:1', 'docker.io/x/a:2']],
  );
});

test('what is no reference for want of a tag has its cause, too', async () => {
  const [use] = await causesOf({ values: 'repo: x/a\n', template: pods({ a: '"{{ .Values.repo }}:"' }) });
  assert.equal(use?.causes[0]?.override?.gives, 'x/ax:');
});

test('a value that decides which images there are is told by experiment', async () => {
  // As kube-prometheus-stack 12 does: an old operator gets another argument.
  const template = pods({ a: 'x/a:{{ .Values.tag }}' }).replace(
    /$/,
    '    args:\n    - --reloader=quay.io/x/{{ if semverCompare "< v0.44.0" .Values.tag }}old{{ else }}new{{ end }}:v1\n',
  );
  const uses = await causesOf({ values: 'tag: v0.43.9\n', template });
  const tag = uses.find((use) => use.how === 'workload')?.causes.find((cause) => cause.part === 'tag');
  assert.deepEqual([tag?.verified, tag?.override?.argument, tag?.alsoMoves], [true, 'tag=v0.43.8', []]);
});

test("a user's value is the user's, in the file that has it", async () => {
  const [, tag] = await only({
    values: 'tag: 1.2.3\n',
    template: pods({ a: 'x/a:{{ .Values.tag }}' }),
    given: { files: [{ path: 'mine.yaml', text: '# mine\ntag: 2.0\nother: 1\n' }] },
  });
  assert.deepEqual([tag?.default, tag?.value, tag?.file, tag?.line], [false, '2', 'mine.yaml', 2]);
});

test('a change wins over what the user gave by any option', async () => {
  for (const given of [{ set: ['tag=7.1'] }, { setString: ['tag=7.1'] }, { setLiteral: ['tag=7.1'] }]) {
    const [, tag] = await only({ values: 'tag: 1.2.3\n', template: pods({ a: 'x/a:{{ .Values.tag }}' }), given });
    assert.deepEqual([tag?.default, tag?.verified, tag?.file], [false, true, null]);
  }
});

test('the values of subcharts are found under their names, their files in their folders', async () => {
  const uses = await causesOf({
    values: 'db: {image: {tag: 2.0.1}}\n',
    template: '',
    files: {
      'Chart.yaml': `${chartYaml}dependencies:\n- name: database\n  alias: db\n  version: 0.1.0\n`,
      'charts/database/Chart.yaml': 'apiVersion: v2\nname: database\nversion: 0.1.0\nappVersion: 9.9.9\n',
      'charts/database/values.yaml': '\nimage:\n  repo: x/db\n  tag: 1.0.0\nversion: null\n',
      'charts/database/templates/a.yaml': pods({
        a: '{{ .Values.image.repo }}:{{ .Values.image.tag }}',
        b: '{{ .Values.image.repo }}:{{ .Values.version | default .Chart.AppVersion }}',
      }),
    },
  });
  const causes = uses.flatMap((use) => use.causes);
  assert.deepEqual(
    causes.map((cause) => [cause.part, cause.from, cause.path, cause.file, cause.line]),
    [
      ['repository', 'value', 'db.image.repo', 'web/charts/db/values.yaml', 3],
      ['tag', 'value', 'db.image.tag', 'web/values.yaml', 1],
      ['repository', 'value', 'db.image.repo', 'web/charts/db/values.yaml', 3],
      ['tag', 'appVersion', 'db.version', 'web/charts/db/Chart.yaml', null],
    ],
  );
});

test('values that are templates themselves, and those that they read', async () => {
  const uses = await causesOf({
    values: 'image: "{{ .Values.repo }}:1.2.3"\nrepo: x/a\n',
    template: pods({ a: '{{ tpl .Values.image . }}' }),
  });
  assert.deepEqual(brief(uses), ['a repository value repo', 'a whole value image']);
});

test('several images in one field are told apart', async () => {
  const template = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: a
    image: x/a:1
    env:
    - name: KAFKA_IMAGES
      value: |
        3.8={{ .Values.repo }}:{{ .Values.tag }}-3.8
        3.9={{ .Values.repo }}:{{ .Values.tag }}-3.9
`;
  const uses = await causesOf({ values: 'repo: quay.io/x/kafka\ntag: 0.45.0\n', template });
  const gives = uses
    .filter((use) => use.how === 'environment')
    .flatMap((use) => use.causes.map((cause) => cause.override?.gives));
  assert.deepEqual(gives, [
    'quay.io/x/kafkax:0.45.0-3.8',
    'quay.io/x/kafka:0.45.1-3.8',
    'quay.io/x/kafkax:0.45.0-3.9',
    'quay.io/x/kafka:0.45.1-3.9',
  ]);
});

test('elements of a default list are changed in one render, each in the whole list', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const asked = {
    values: `versions:\n${names.map((name) => `- {name: ${name}, image: "team/${name}:1.0"}\n`).join('')}`,
    template: `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
{{- range .Values.versions }}
  - name: {{ required "a name" .name }}
    image: {{ .image }}
{{- end }}
`,
  };
  const counted = { renders: 0 };
  const uses = await causesOf(asked, counted);
  assert.equal(counted.renders, 2);
  for (const [index, use] of uses.entries()) {
    const [cause, ...others] = use.causes;
    assert.deepEqual(others, []);
    assert.equal(cause?.path, `versions[${index}].image`);
    assert.deepEqual(cause.alsoMoves, []);
    // It holds more than the image, so that it is told and not called verified.
    assert.equal(cause.verified, false);
    const given = cause.override?.gives.replace('docker.io/', '') ?? '';
    const list = names.map((name, at) => ({ name, image: at === index ? given : `team/${name}:1.0` }));
    assert.equal(cause.override?.argument, `versions=${JSON.stringify(list)}`);
    assert.notEqual(given, `team/${names[index]}:1.0`);
  }
});

test('elements of a list that the user gave are changed alone', async () => {
  const asked = {
    values: 'images: []\n',
    template: `apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: a, image: {{ index .Values.images 0 }}}, {name: b, image: {{ index .Values.images 1 }}}]}
`,
    given: { files: [{ path: 'my.yaml', text: 'images: ["team/a:1.0", "team/b:1.0"]\n' }] },
  };
  const counted = { renders: 0 };
  const uses = await causesOf(asked, counted);
  assert.deepEqual(
    uses.flatMap(({ causes }) => causes.map(({ path, verified }) => `${path} ${verified}`)),
    ['images[0] true', 'images[1] true'],
  );
  assert.equal(counted.renders, 2);
});

test('an image that two values say is named with both, and neither is called verified', async () => {
  const uses = await causesOf({
    values: 'list: [{image: "team/a:1.0"}, {image: "team/a:1.0"}, {image: "team/b:1.0"}]\n',
    template: `apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  images.yaml: |
{{- range .Values.list }}
    - image: {{ .image }}
{{- end }}
`,
  });
  assert.deepEqual(
    uses.map(({ image, causes }) => [image, ...causes.map(({ path, verified }) => `${path} ${verified}`)]),
    [
      ['docker.io/team/a:1.0', 'list[0].image false', 'list[1].image false'],
      ['docker.io/team/b:1.0', 'list[2].image false'],
    ],
  );
});
