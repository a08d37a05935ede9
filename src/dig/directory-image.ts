import { resolve } from 'node:path';
import { type BlobLocation, type Image, type Platform, platformName } from '../model/index.js';

/** A root file system in a directory, told as an image of one layer without any document of its own. */
export async function directoryImage(path: string): Promise<Image> {
  const platform = { os: 'linux', architecture: 'unknown', variant: null };
  return bareImage(`dir:${path}`, 'directory', platform, { kind: 'tree', path: resolve(path) });
}

/** An image of one layer that no document describes. */
export function bareImage(
  reference: string,
  source: Image['source'],
  platform: Platform,
  location: BlobLocation,
): Image {
  return {
    id: `${reference}|${platformName(platform)}`,
    reference,
    source,
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
        location,
      },
    ],
    history: [],
    problems: [],
    manifest: null,
  };
}
