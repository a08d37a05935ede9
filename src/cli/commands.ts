import type { Command } from './command.js';
import { shells } from './completion.js';
import {
  accessOptions,
  allowIncomplete,
  chartOptions,
  commonOptions,
  digAccessOptions,
  digOptions,
  imageOptions,
  showOptions,
  usesOptions,
} from './option.js';

const charts = `CHART is a directory or a .tgz, a URL of one, oci://REGISTRY/PATH/NAME, ALIAS/NAME of your helm repo list,
or NAME with --repo URL.`;

const targets = `TARGET is a chart (a directory, a .tgz or a URL of one, oci://…, ALIAS/NAME of your helm repo list, NAME with
--repo URL), or with a prefix
  chart:CHART  image:REF  oci-dir:PATH[:TAG]  oci-archive:PATH|-  docker-archive:PATH|-
  dir:PATH (a root file system)  file:PATH (one program, package or tarball)
  manifests:PATH|- (Kubernetes objects)
Without a prefix it is tried as a path, then as a chart of your helm repo list, then as an image reference.`;

/** The commands, in the order of the help. */
export const commands: readonly Command[] = [
  {
    name: 'dig',
    operands: 'TARGET',
    summary: 'the whole way: what runs, what is inside, what is unknown, what is vulnerable',
    details: `${targets}

Exit codes: 0 complete; 1 findings at or above --fail-on; 2 usage; 3 something was not assessed (see
--allow-incomplete); 4 nothing of the target could be read.
Formats (-o): tree (default on a terminal), table, json.

  trowel dig ./my-chart -f production.yaml
  trowel dig image:alpine:3.20 -o json=dig.json -o tree
  docker save app:dev | trowel dig docker-archive:-`,
    groups: [chartOptions, digAccessOptions, imageOptions, digOptions, commonOptions],
    formats: true,
    load: () => import('./commands/dig.js'),
  },
  {
    name: 'images',
    operands: 'CHART',
    summary: 'every image that a chart puts on a cluster, without pulling anything',
    details: `${charts}

Formats (-o): tree (default on a terminal), table, json.

Behind each image stands the value that decides it, found by rendering the chart again with another value.

  trowel images ./my-chart --why grafana
  trowel images ./my-chart --conditional -o json
  trowel images --repo https://charts.example.org kube-prometheus-stack --version '^12'
  trowel images oci://registry.example.org/charts/app --version 1.2.3`,
    groups: [
      usesOptions,
      chartOptions,
      accessOptions,
      { title: 'What counts', options: [allowIncomplete] },
      commonOptions,
    ],
    formats: true,
    load: () => import('./commands/images.js'),
  },
  {
    name: 'render',
    operands: '[NAME] CHART',
    summary: "what 'helm template' prints, byte for byte",
    details: `${charts}

--raw shows what each template makes before it is split and sorted: a JSON object, path to text.`,
    groups: [
      chartOptions,
      accessOptions,
      {
        title: 'Rendering',
        options: [
          { name: 'raw', value: null, help: 'the text of each template, as JSON' },
          { name: 'output-dir', value: 'DIR', help: 'write each template to a file under this directory' },
        ],
      },
      commonOptions,
    ],
    load: () => import('./commands/render.js'),
  },
  {
    name: 'why',
    operands: 'DIG QUERY',
    summary: 'the evidence for an image, package, file, value or advisory',
    details: `DIG is a JSON file that 'trowel dig -o json=FILE' wrote, or - for standard input.

  trowel why dig.json PyYAML
  trowel why dig.json CVE-2020-14343
  trowel why dig.json usr/bin/busybox`,
    groups: [commonOptions],
    load: () => import('./commands/why.js'),
  },
  {
    name: 'show',
    operands: 'DIG',
    summary: 'a stored dig in any format, without digging again',
    details: "DIG is a JSON file that 'trowel dig -o json=FILE' wrote, or - for standard input.",
    groups: [showOptions, commonOptions],
    formats: true,
    load: () => import('./commands/show.js'),
  },
  {
    name: 'db',
    operands: 'import PATH… | status | list',
    summary: 'the advisory database: what OSV.dev publishes',
    details: `import takes <Ecosystem>/all.zip, a folder of such zips, a folder or an archive of OSV JSON files.
status says what is there and how old it is; list names the ecosystems and releases.`,
    groups: [commonOptions],
    verbs: ['import', 'status', 'list'],
    load: () => import('./commands/db.js'),
  },
  {
    name: 'store',
    operands: 'path | status | gc',
    summary: 'the results that are kept by content',
    details: 'gc makes it smaller: see --max.',
    groups: [
      {
        title: 'Store',
        options: [{ name: 'max', value: 'SIZE', help: 'gc: keep at most this much: 512MiB, 2GiB (default 1GiB)' }],
      },
      commonOptions,
    ],
    verbs: ['path', 'status', 'gc'],
    load: () => import('./commands/store.js'),
  },
  {
    name: 'completion',
    operands: 'bash|zsh|fish',
    summary: 'a completion script for your shell',
    details: '  source <(trowel completion bash)',
    groups: [commonOptions],
    verbs: shells,
    load: () => import('./commands/completion.js'),
  },
  {
    name: 'version',
    operands: '',
    summary: 'the version of Trowel',
    details: '',
    groups: [commonOptions],
    load: () => import('./commands/version.js'),
  },
  {
    name: 'help',
    operands: '[COMMAND]',
    summary: 'help on a command',
    details: '',
    groups: [commonOptions],
    load: () => import('./commands/help.js'),
  },
];
