import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runClient } from './clients.js';
import type { Brought } from './parts.js';
import { packages } from './places.js';

/** A real node_exporter 1.0.1 with the modules of 2020, compiled by the machine's Go from the module proxy. */
export async function fetchGo(): Promise<Brought> {
  const dir = join(packages, 'go');
  await mkdir(dir, { recursive: true });
  const path = join(dir, 'node_exporter');
  if (!existsSync(path)) {
    const run = await runClient('go', ['install', '-trimpath', 'github.com/prometheus/node_exporter@v1.0.1'], {
      cwd: dir,
      env: { GOBIN: dir, CGO_ENABLED: '0', GOFLAGS: '', GO111MODULE: 'on' },
    });
    if (!existsSync(path)) return { files: new Map(), left: [`node_exporter built with go: ${run.errors}`] };
  }
  return { files: new Map([['node_exporter', path]]), left: [] };
}
