import { openAdvisories } from '../advisory/index.js';
import type { Dig, Io } from '../model/index.js';
import { memoryStore, sqliteStore } from '../store/index.js';
import { digImage } from './dig-image.js';
import { document } from './document.js';
import { findTargetImages, findTargetUses } from './find.js';
import { LayerLanes } from './layer-lanes.js';
import { matchImages } from './match-images.js';
import { offeredUses } from './offered-uses.js';
import type { DigOptions } from './options.js';
import type { Target } from './target.js';

/**
 * The whole way, from a target to its dig. Each line is one room; nothing is parsed or printed here.
 *
 * What cannot be assessed on the way becomes a row of `notAssessed`. Throws TrowelError only where nothing of the
 * target can be read: a chart that does not load or render, a single image that nobody has.
 */
export async function dig(target: Target, options: DigOptions, io: Io): Promise<Dig> {
  const store = options.store === null ? memoryStore() : sqliteStore({ path: options.store, now: io.now });
  const advisories = openAdvisories(options.database);
  const lanes = new LayerLanes(options.jobs);
  try {
    const found = await findTargetUses(target, options, io); //           chart → manifests → uses
    const opened = await findTargetImages(target, found, options, io); // references → images
    try {
      const images = [];
      const keeps = options.store !== null || opened.images.length > 1;
      const tools = { open: opened.openBlob, store, keeps, lanes, options, io };
      for (const image of opened.images) {
        const isLast = image === opened.images.at(-1);
        images.push(await digImage(image, { ...tools, isLast })); //      layers → components, files
      }
      const offered = offeredUses(images, found.uses); //                 programs → images that they name
      const matched = matchImages(images, advisories, options); //         components → findings
      return document({ target, found, offered, opened, images, matched, advisories, options, created: io.now() });
    } finally {
      await opened.close();
    }
  } finally {
    await lanes.close();
    advisories?.close();
    store.close();
  }
}
