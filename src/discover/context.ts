import type { Manifest } from '../model/index.js';
import { type CarriedDefinitions, Definitions } from './definitions.js';
import { KnownTexts } from './known-texts.js';
import { Settings } from './settings.js';

/** What an object's images may depend on outside of it: what the rest of the render says. */
export interface Context {
  readonly settings: Settings;
  readonly definitions: Definitions;
  readonly texts: KnownTexts;
}

/** What stands around the manifests in which images are looked for. */
export interface Surroundings {
  /** The definitions that the chart carries beside its templates. */
  readonly carried?: CarriedDefinitions;
  /** The other manifests of the render, where only some are looked through: what is said in both is taken from those. */
  readonly others?: readonly Manifest[];
  /** What other renders of the chart held. */
  readonly texts?: KnownTexts;
}

export function contextOf(manifests: readonly Manifest[], { carried, others, texts }: Surroundings): Context {
  const all = others === undefined ? manifests : [...manifests, ...others];
  return {
    settings: new Settings(all),
    definitions: new Definitions(all, carried ?? (() => [])),
    texts: texts ?? new KnownTexts(),
  };
}
