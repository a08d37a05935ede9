import type { Manifest } from '../model/index.js';

/**
 * A name that says image or repository with something behind it, as a key or as a flag: a query for metrics
 * (`{image!=""}`) or a sentence is none. Or `host/path:tag`: without either nothing in a text is taken for an image. Repetitions are bounded, so that no text takes more than linear time.
 */
const sign =
  /(?:im(?:age|g)[\w./-]{0,128}|repo(?:sitory)?)(?:\\*["']?\s*(?::|=(?!~|\\*""))|["']?\s*\]|\s+[^\s!=~,)}])/i;
const reference = /[\w-][.:][\w.:-]{0,255}\/[\w./-]{1,512}[:@]/;

// Kinds that run no pods themselves and whose operators choose no image: without such a sign they hold none, and nothing
// is left open. Secrets are none of them: their data is encoded.
const quietKinds =
  /^kind: *["']?(?:ConfigMap|PrometheusRule|ServiceMonitor|PodMonitor|Service|ServiceAccount|(?:Cluster)?Role(?:Binding)?|NetworkPolicy|Ingress|CustomResourceDefinition|PodSecurityPolicy|PodDisruptionBudget|GrafanaDashboard)["']? *$/m;

/**
 * Whether a manifest may name an image at all. Dashboards and rules are most of the text of many charts, and reading them
 * took longer than all else.
 */
export function mayNameImage({ text }: Manifest): boolean {
  return !quietKinds.test(text) || sign.test(text) || reference.test(text);
}
