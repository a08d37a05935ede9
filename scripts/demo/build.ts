import { rm } from 'node:fs/promises';
import { writeImage, writeLayer } from '../../src/oci/index.js';
import type { Parts } from './parts.js';
import { layout } from './places.js';
import { recipes } from './recipes.js';

/** Writes every image that the parts allow into one OCI layout; names those that had to be left out. */
export async function buildImages(parts: Parts, say: (text: string) => void): Promise<readonly string[]> {
  await rm(layout, { recursive: true, force: true });
  const left: string[] = [];
  for (const recipe of recipes) {
    const planned = await recipe.layers(parts);
    if (planned.length === 0) {
      left.push(`image ${recipe.reference}: nothing to make it of`);
      continue;
    }
    say(`building ${recipe.reference}`);
    const layers = [];
    for (const layer of planned) layers.push(await writeLayer(layout, layer.tree.entries()));
    await writeImage(layout, {
      reference: recipe.reference,
      platform: { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', variant: null },
      created: recipe.created,
      config: { labels: recipe.labels ?? {}, entrypoint: recipe.entrypoint },
      layers,
      history: planned.map(({ createdBy }) => ({ createdBy, created: recipe.created })),
    });
  }
  return left;
}
