import type { Reason } from './error.js';

/** What kind of thing was not assessed; the kinds are CONTRACT's and `--allow-incomplete=KIND` names them. */
export const gapKinds = ['image', 'layer', 'component', 'file', 'advisories', 'use', 'severity'] as const;

export type GapKind = (typeof gapKinds)[number];

/**
 * Something that could not be assessed: a result of its own, never an empty list.
 *
 * One row a reason and image: `count` things (with `bytes` bytes in all, where bytes make sense) share it, `subject`
 * names them as a person would ("Debian 12", "usr/bin/app", a layer's digest) and `detail` says the rest.
 */
export interface Gap {
  readonly kind: GapKind;
  readonly reason: Reason;
  /** id of the image it belongs to, or null where it belongs to none (a use, the database). */
  readonly image: string | null;
  readonly subject: string;
  readonly detail: string;
  readonly count: number;
  readonly bytes: number;
}
