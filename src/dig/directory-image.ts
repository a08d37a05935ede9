import { resolve } from 'node:path';
import type { Image } from '../model/index.js';

/** A root file system in a directory, told as an image of one layer without any document of its own. */
export async function directoryImage(path: string): Promise<Image> {
  const platform = { os: 'linux', architecture: 'unknown', variant: null };
  const reference = `dir:${path}`;
  return {
    id: `${reference}|linux/unknown`,
    reference,
    source: 'directory',
    indexDigest: null,
    digest: null,
    platform,
    platformTaken: false,
    created: null,
    config: { digest: null, labels: {}, user: null, entrypoint: [], cmd: [], env: [] },
    annotations: {},
    layers: [
      {
        digest: null,
        diffID: null,
        chainID: null,
        sizeBytes: null,
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        location: { kind: 'tree', path: resolve(path) },
      },
    ],
    history: [],
    problems: [],
    manifest: null,
  };
}
