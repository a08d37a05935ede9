import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { programMissing } from '../../test/paths.js';
import { sourceOf } from './elf-builder.test.support.js';
import { readGoStrings } from './go-strings.js';

/** An operator: images in variables, a list, a map, a flag's default, a call and a comparison. */
const program = `package main

import (
	"flag"
	"fmt"
	"os"
)

var proxy = "q.io/a/proxy:v1.2.3"

var all = []string{"q.io/a/one:1", "q.io/a/two:22"}

var byName = map[string]string{"three": "q.io/a/three:333"}

type options struct{ image, policy string }

func main() {
	collector := flag.String("collector-image", "q.io/a/collector:0.154.0", "The image of collectors")
	base := flag.String("base", "q.io/a/base", "no tag")
	o := options{image: "q.io/a/struct:4", policy: "Always"}
	if os.Getenv("X") == "q.io/a/compared:5" {
		o.image = os.Getenv("Y")
	}
	fmt.Println(*collector, *base, o, proxy, all, byName, os.Getenv("HOME")+"q.io/a/joined:6")
}
`;

const image = (text: string): boolean => /^q\.io\/a\/[a-z]+:[\w.]+$/.test(text);

for (const [what, flags] of [
  ['as it is built', []],
  ['stripped', ['-ldflags=-s -w', '-trimpath']],
] as const) {
  test(`texts of a program that go built, each with its length: ${what}`, { skip: programMissing('go') }, () => {
    const dir = mkdtempSync(join(tmpdir(), 'trowel-go-'));
    try {
      writeFileSync(join(dir, 'main.go'), program);
      writeFileSync(join(dir, 'go.mod'), 'module example.org/operator\n\ngo 1.21\n');
      for (const [arch, missing] of [
        ['amd64', []],
        // Code of arm64 is not read: what stands in functions alone is not found.
        ['arm64', ['collector:0.154.0', 'struct:4', 'three:333', 'joined:6']],
      ] as const) {
        execFileSync('go', ['build', '-buildvcs=false', ...flags, '-o', 'app', '.'], {
          cwd: dir,
          env: { ...process.env, GOFLAGS: '', GOWORK: 'off', GOOS: 'linux', GOARCH: arch, CGO_ENABLED: '0' },
        });
        const bytes = readFileSync(join(dir, 'app'));
        const found = readGoStrings(sourceOf(bytes), image);
        const names = ['proxy:v1.2.3', 'one:1', 'two:22', 'three:333', 'collector:0.154.0', 'struct:4', 'joined:6'];
        const wanted = names.filter((name) => !missing.some((one) => one === name)).map((name) => `q.io/a/${name}`);
        const texts = found.map((one) => one.text).filter((text) => !text.includes('compared'));
        assert.deepEqual([...new Set(texts)].sort(), wanted.sort(), arch);
        for (const { text, offset } of found) {
          assert.equal(bytes.subarray(offset, offset + text.length).toString('latin1'), text);
        }
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
}

test('of what is no such program there is nothing', () => {
  for (const bytes of [new Uint8Array(0), new TextEncoder().encode('q.io/a/b:1'), new Uint8Array([0x4d, 0x5a, 0, 0])]) {
    assert.deepEqual(
      readGoStrings(sourceOf(bytes), () => true),
      [],
    );
  }
});
