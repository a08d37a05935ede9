import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dig } from '../src/model/index.js';
import { writeImage, writeLayer } from '../src/oci/index.js';
import { file } from './image-builder.js';
import { programMissing } from './paths.js';
import { inScratch, trowel } from './run.js';

const program = `package main

import "flag"

var proxy = "registry.example/a/proxy:v1.2.3"

func main() {
	worker := flag.String("worker", "registry.example/a/worker:7", "what is started")
	base := flag.String("base", "quay.io/a/base", "its tag is a version")
	reloader := flag.String("reloader", "quay.io/a/reloader:v", "a version follows")
	module := flag.String("module", "github.com/a/module", "no image")
	flag.Parse()
	println(*base, *reloader, *module)
	println(*worker, proxy, "docs.example/page/one", "registry.example/team/operator:1")
}
`;

const pod = `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: o, image: "registry.example/team/operator:1", args: ["--worker-image=registry.example/a/worker:7"]}
`;

test(
  "images that are compiled into an operator are offered, with file and offset, beside the manifests' own",
  {
    skip: programMissing('go'),
  },
  () =>
    inScratch(async (dir) => {
      writeFileSync(join(dir, 'main.go'), program);
      writeFileSync(join(dir, 'go.mod'), 'module registry.example/operator\n\ngo 1.21\n');
      execFileSync('go', ['build', '-buildvcs=false', '-ldflags=-s -w', '-o', 'app', '.'], {
        cwd: dir,
        env: { ...process.env, GOFLAGS: '', GOWORK: 'off', GOOS: 'linux', GOARCH: 'amd64', CGO_ENABLED: '0' },
      });
      const bytes = readFileSync(join(dir, 'app'));
      const store = join(dir, 'images');
      await writeImage(store, {
        reference: 'registry.example/team/operator:1',
        platform: { os: 'linux', architecture: 'amd64', variant: null },
        config: { env: ['PATH=/usr/bin', 'RELATED_IMAGE_AGENT=registry.example/a/agent:3'] },
        layers: [await writeLayer(store, [file('usr/bin/operator', bytes, 0o755)])],
      });
      writeFileSync(join(dir, 'pod.yaml'), pod);
      const places = ['--image-store', store, '--offline', '--no-store', '--db', join(dir, 'db'), '-o', 'json'];
      const run = await trowel(['dig', `manifests:${dir}/pod.yaml`, ...places, '--platform', 'linux/amd64']);
      const dig: Dig = JSON.parse(run.stdout);
      const { uses } = dig;
      assert.deepEqual(
        uses.map((use) => [use.image, use.how, use.certainty, use.in.container]),
        [
          ['registry.example/a/agent:3', 'operator-default', 'likely', 'o'],
          ['registry.example/a/proxy:v1.2.3', 'operator-default', 'likely', 'o'],
          ['registry.example/a/worker:7', 'argument', 'certain', 'o'],
          ['registry.example/team/operator:1', 'workload', 'certain', 'o'],
        ],
      );
      const offset = bytes.indexOf('registry.example/a/proxy:v1.2.3');
      assert.deepEqual(uses[0]?.against, [
        'the variable RELATED_IMAGE_AGENT of registry.example/team/operator:1 names it; nothing says that it is started',
      ]);
      assert.deepEqual(uses[1]?.against, [
        `usr/bin/operator, offset ${offset}, of registry.example/team/operator:1 names it; nothing says that it is started`,
      ]);
      const gaps = dig.notAssessed.filter((gap) => gap.kind === 'use');
      assert.deepEqual(
        gaps.map((gap) => [gap.reason, gap.subject, gap.count, gap.detail]),
        [
          [
            'undecided',
            'registry.example/team/operator:1',
            4,
            '2 images that it names inside and no manifest does: not opened; repositories in its program, whose tags it makes: quay.io/a/base, quay.io/a/reloader',
          ],
        ],
      );
    }),
);
