/** How a use of an image was found. */
export type How =
  | 'workload'
  | 'argument'
  | 'environment'
  | 'custom-resource'
  | 'config'
  | 'annotation'
  | 'operator-default';

/** In which role the image runs, `none` where the manifest does not say (an argument, a custom resource). */
export type Role = 'container' | 'init' | 'ephemeral' | 'volume' | 'none';

/** What decides one part of a reference, as tried by rendering again. */
export interface Cause {
  readonly from: 'value' | 'appVersion' | 'dependency' | 'template';
  readonly part: 'registry' | 'repository' | 'tag' | 'digest' | 'whole';
  /** As `--set` takes it, or null when nothing can be set; of an appVersion the value that would take its place. */
  readonly path: string | null;
  readonly value: string | null;
  /** Whether the value is the chart's default (not given by the user). */
  readonly default: boolean;
  readonly verified: boolean;
  readonly alsoMoves: readonly string[];
  readonly file: string | null;
  readonly line: number | null;
  /** What Helm is to be given to change the part, as it was tried; null where nothing was. */
  readonly override: Override | null;
}

/** An option of Helm with its argument, and the image that the use then names. */
export interface Override {
  readonly option: '--set' | '--set-string' | '--set-literal' | '--set-json';
  readonly argument: string;
  /** The same as the text of a values file; null where that would have to hold more (all elements of a list). */
  readonly values: string | null;
  readonly gives: string;
}

/** The place in a manifest in which an image stands. `field` is a JSON pointer (RFC 6901). */
export interface UsePlace {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly container: string | null;
  readonly field: string;
  readonly template: string;
  readonly line: number | null;
  readonly document: number;
  readonly chart: string | null;
}

/** One place that names one image. Fields and words are CONTRACT.md's. */
export interface ImageUse {
  /** Normalised reference: registry, `docker.io/library/`, tag or `latest`, digest. */
  readonly image: string;
  readonly written: string;
  readonly how: How;
  readonly role: Role;
  readonly hooks: readonly string[];
  readonly test: boolean;
  readonly conditional: { readonly path: string; readonly value: unknown } | null;
  readonly certainty: 'certain' | 'likely';
  /** Why it may be no image after all; empty when nothing speaks against it. */
  readonly against: readonly string[];
  readonly in: UsePlace;
  readonly causes: readonly Cause[];
}
