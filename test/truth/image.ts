import { createHash } from 'node:crypto';
import { createReadStream, linkSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeImage } from '../../src/oci/index.js';
import type { Made } from './case.js';
import { shell } from './shell.js';

/** Puts a folder into a tar with GNU tar, everything owned by root; answers the tar. */
export async function packFolder(folder: string): Promise<string> {
  const tar = `${folder}.tar`;
  await shell('tar', [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '-cf',
    tar,
    '-C',
    folder,
    '.',
  ]);
  return tar;
}

/** Writes an OCI layout with one image, `it`; its layers are the tars as they are. */
export async function assemble(layout: string, made: Made): Promise<void> {
  mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true });
  const layers = [];
  for (const tar of made.layers) {
    const hex = await sha256(tar);
    linkSync(tar, join(layout, 'blobs', 'sha256', hex));
    const mediaType = 'application/vnd.oci.image.layer.v1.tar';
    const digest = `sha256:${hex}`;
    layers.push({ descriptor: { mediaType, digest, sizeBytes: statSync(tar).size }, diffID: digest });
  }
  await writeImage(layout, {
    reference: 'it',
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    created: '2020-12-01T00:00:00Z',
    layers,
    history: layers.map((_, index) => ({ createdBy: `layer ${index}` })),
  });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
