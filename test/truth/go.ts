import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Made, TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

const source = `package main

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"
	"example.com/replaced"
)

var version = "none"

func main() {
	out, _ := yaml.Marshal(map[string]string{"id": uuid.NewString(), "tag": language.German.String(), "v": version})
	root := &cobra.Command{Use: string(out), RunE: func(*cobra.Command, []string) error { return zap.NewExample().Sync() }}
	fmt.Println(root.Execute(), replaced.Word)
}
`;

const manifest = `module example.com/truth

go 1.21

require (
	example.com/replaced v1.2.3
	github.com/google/uuid v1.6.0
	github.com/spf13/cobra v1.8.1
	go.uber.org/zap v1.27.0
	golang.org/x/text v0.16.0
	gopkg.in/yaml.v3 v3.0.1
)

replace example.com/replaced => ./replaced

replace golang.org/x/text => golang.org/x/text v0.17.0
`;

/** How the same program is built: file name, flags, environment. */
const builds: readonly (readonly [name: string, flags: readonly string[], env: Readonly<Record<string, string>>])[] = [
  ['plain', [], {}],
  ['stripped', ['-trimpath', '-ldflags=-s -w'], {}],
  ['versioned', ['-trimpath', '-ldflags=-s -w -X main.version=1.7.2'], {}],
  ['arm64', ['-trimpath'], { GOARCH: 'arm64' }],
  ['tool.exe', ['-ldflags=-s -w'], { GOOS: 'windows' }],
];

/** A program by Go, built in several ways; `go version -m` says what is in each. */
export const go: TruthCase = {
  name: 'go',
  needs: ['go', 'tar'],
  async make(dir): Promise<Made> {
    const bin = join(dir, 'root', 'usr', 'local', 'bin');
    const at = join(dir, 'module');
    mkdirSync(bin, { recursive: true });
    mkdirSync(join(at, 'replaced'), { recursive: true });
    writeFileSync(join(at, 'main.go'), source);
    writeFileSync(join(at, 'go.mod'), manifest);
    writeFileSync(join(at, 'replaced', 'go.mod'), 'module example.com/replaced\n');
    writeFileSync(join(at, 'replaced', 'word.go'), 'package replaced\n\nconst Word = "x"\n');
    const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'auto' };
    for (const [name, flags, more] of builds) {
      await shell('go', ['build', ...flags, '-o', join(bin, name), '.'], { cwd: at, env: { ...env, ...more } });
    }
    const truth = new Set<string>();
    for (const name of readdirSync(bin)) {
      const listed = await shell('go', ['version', '-m', join(bin, name)]);
      // The linker's variable is what this build says of its own version; `(devel)` and a checkout's stamp say none.
      for (const purl of modulesOf(listed, name === 'versioned' ? 'v1.7.2' : null)) truth.add(purl);
    }
    return { layers: [await packFolder(join(dir, 'root'))], truth: new Map([['golang', truth]]) };
  },
};

/** Follows: `go version -m`: `mod` and `dep` lines, and `=>` for what replaces the line above. */
function modulesOf(text: string, own: string | null): ReadonlySet<string> {
  const rows: { path: string; version: string }[] = [];
  const compiler = /: go(\S+)/.exec(text)?.[1];
  for (const [, kind, path = '', version = ''] of text.matchAll(/^\t(mod|dep|=>)\t(\S+)\t?(\S*)/gm)) {
    if (kind !== '=>') rows.push({ path, version: kind === 'mod' && own !== null ? own : version });
    // A folder in a module's place has no version, and its bytes need not be those of the one that was asked for.
    else if (path.startsWith('.')) rows[rows.length - 1] = { path: rows.at(-1)?.path ?? '', version: '' };
    else rows[rows.length - 1] = { path, version };
  }
  const named = rows.map(
    ({ path, version }) => `pkg:golang/${path}${version === '' || version === '(devel)' ? '' : `@${version}`}`,
  );
  return new Set([...named, ...(compiler === undefined ? [] : [`pkg:golang/stdlib@${compiler}`])]);
}
