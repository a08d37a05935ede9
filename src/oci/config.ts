import { createHash } from 'node:crypto';
import { type HistoryEntry, type ImageConfig, type Platform, TrowelError, type Where } from '../model/index.js';
import { isDigest } from './digest.js';
import { isObject, type JsonObject, listOf, parseObject, textMapOf, textOf, textsOf } from './json.js';
import { normalisePlatform } from './platform.js';

/** An image configuration, as far as Trowel uses it. Follows: image-spec config.md. */
export interface ConfigDocument {
  readonly platform: Platform;
  readonly created: string | null;
  readonly config: Omit<ImageConfig, 'digest'>;
  /** From the base up; null where the configuration has something that is no digest. */
  readonly diffIDs: readonly (string | null)[];
  /** `layer` counts the lines that made one, from 0; whether there are that many layers is not known here. */
  readonly history: readonly HistoryEntry[];
}

const mostHistory = 10_000;

/**
 * Reads an image configuration, OCI's or Docker's (they differ in nothing that is read here). A field of the wrong
 * type counts as missing. An empty operating system is `linux`, an empty architecture `unknown`.
 * Throws TrowelError `bad-bytes` where it is no JSON object, `too-large` over 10,000 lines of history or diff IDs.
 */
export function parseConfig(bytes: Uint8Array, where: Where): ConfigDocument {
  const document = parseObject(bytes, 'the image configuration', where);
  const inner: JsonObject = isObject(document.config) ? document.config : {};
  const rootfs: JsonObject = isObject(document.rootfs) ? document.rootfs : {};
  const diffIDs = listOf(rootfs.diff_ids);
  const history = listOf(document.history);
  if (diffIDs.length > mostHistory || history.length > mostHistory) {
    throw new TrowelError('too-large', { what: `more than ${mostHistory} diff IDs or lines of history`, where });
  }
  return {
    platform: normalisePlatform({
      os: textOf(document.os) || 'linux',
      architecture: textOf(document.architecture) || 'unknown',
      variant: textOf(document.variant),
    }),
    created: textOf(document.created) || null,
    config: {
      labels: textMapOf(inner.Labels),
      user: textOf(inner.User) || null,
      entrypoint: textsOf(inner.Entrypoint),
      cmd: textsOf(inner.Cmd),
      env: textsOf(inner.Env),
    },
    diffIDs: diffIDs.map((item) => (typeof item === 'string' && isDigest(item) ? item : null)),
    history: readHistory(history),
  };
}

/** Each line of history that is not marked `empty_layer` made the next layer (image-spec config.md, "history"). */
function readHistory(items: readonly unknown[]): readonly HistoryEntry[] {
  let layer = 0;
  return items.map((item) => {
    const line: JsonObject = isObject(item) ? item : {};
    return {
      createdBy: textOf(line.created_by) ?? '',
      created: textOf(line.created) || null,
      comment: textOf(line.comment) ?? '',
      layer: line.empty_layer === true ? null : layer++,
    };
  });
}

/** The history with layers that are not there set to null: some tools squash layers and keep the lines. */
export function boundHistory(history: readonly HistoryEntry[], layers: number): readonly HistoryEntry[] {
  return history.map((line) => (line.layer === null || line.layer < layers ? line : { ...line, layer: null }));
}

/**
 * Chain IDs of a stack of layers from their diff IDs: the first is its diff ID, each later one the SHA-256 of the one
 * below, a space and its diff ID. Null from the first layer on whose diff ID is not known.
 * Follows: image-spec config.md, "Layer ChainID".
 */
export function chainIDs(diffIDs: readonly (string | null)[]): readonly (string | null)[] {
  let below: string | null = '';
  return diffIDs.map((diffID) => {
    if (below === null || diffID === null) below = null;
    else if (below === '') below = diffID;
    else below = `sha256:${createHash('sha256').update(`${below} ${diffID}`).digest('hex')}`;
    return below;
  });
}
