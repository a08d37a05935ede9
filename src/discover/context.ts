import type { Manifest } from '../model/index.js';
import { type CarriedDefinitions, Definitions } from './definitions.js';
import { Settings } from './settings.js';

/** What an object's images may depend on outside of it: what the rest of the render says. */
export interface Context {
  readonly settings: Settings;
  readonly definitions: Definitions;
}

export function contextOf(manifests: readonly Manifest[], carried: CarriedDefinitions): Context {
  return { settings: new Settings(manifests), definitions: new Definitions(manifests, carried) };
}
