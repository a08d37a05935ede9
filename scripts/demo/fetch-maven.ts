import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runClient } from './clients.js';
import type { Brought } from './parts.js';
import { packages } from './places.js';

const wanted = ['org.apache.logging.log4j:log4j-core:2.14.1', 'org.apache.logging.log4j:log4j-api:2.14.1'];

/** `mvn dependency:get` into a repository of the demo's own; the settings are the user's. */
export async function fetchMaven(): Promise<Brought> {
  const dir = join(packages, 'maven');
  await mkdir(dir, { recursive: true });
  const files = new Map<string, string>();
  const left: string[] = [];
  for (const coordinate of wanted) {
    const [group = '', artifact = '', version = ''] = coordinate.split(':');
    const path = join(dir, `${artifact}-${version}.jar`);
    if (!existsSync(path)) {
      const repository = join(dir, 'repository');
      const goal = ['-q', '-B', 'dependency:get', `-Dartifact=${coordinate}`, '-Dtransitive=false'];
      const run = await runClient('mvn', [...goal, `-Dmaven.repo.local=${repository}`], { cwd: dir });
      const kept = join(repository, ...group.split('.'), artifact, version, `${artifact}-${version}.jar`);
      if (existsSync(kept)) await copyFile(kept, path);
      else left.push(`jar ${coordinate}: ${run.errors === '' ? run.output.slice(-300) : run.errors}`);
    }
    if (existsSync(path)) files.set(coordinate, path);
  }
  return { files, left };
}
