import type { Finder, KubeObject } from './finder.js';
import { type Place, troubleHit } from './hit.js';
import { dig, isObject, type JsonObject, step } from './json.js';

interface Known {
  /** API group, without its version. */
  readonly group: string;
  readonly kinds: readonly string[];
  /** Fields any of which names the image after all. */
  readonly given: readonly (readonly string[])[];
}

// Kinds whose operator chooses the image: from a version that the object states, or from what is compiled into it.
const known: readonly Known[] = [
  {
    group: 'monitoring.coreos.com',
    kinds: ['Prometheus', 'PrometheusAgent', 'Alertmanager', 'ThanosRuler'],
    given: [
      ['spec', 'image'],
      ['spec', 'baseImage'],
    ],
  },
  { group: 'elasticsearch.k8s.elastic.co', kinds: ['Elasticsearch'], given: [['spec', 'image']] },
  { group: 'kibana.k8s.elastic.co', kinds: ['Kibana'], given: [['spec', 'image']] },
  { group: 'apm.k8s.elastic.co', kinds: ['ApmServer'], given: [['spec', 'image']] },
  { group: 'beat.k8s.elastic.co', kinds: ['Beat'], given: [['spec', 'image']] },
  { group: 'agent.k8s.elastic.co', kinds: ['Agent'], given: [['spec', 'image']] },
  { group: 'logstash.k8s.elastic.co', kinds: ['Logstash'], given: [['spec', 'image']] },
  { group: 'nats.io', kinds: ['NatsCluster'], given: [['spec', 'serverImage']] },
  { group: 'kafka.strimzi.io', kinds: ['Kafka'], given: [['spec', 'kafka', 'image']] },
  {
    group: 'kafka.strimzi.io',
    kinds: ['KafkaConnect', 'KafkaBridge', 'KafkaMirrorMaker2'],
    given: [['spec', 'image']],
  },
  { group: 'rabbitmq.com', kinds: ['RabbitmqCluster'], given: [['spec', 'image']] },
  { group: 'operator.tigera.io', kinds: ['Installation'], given: [] },
  {
    group: 'postgresql.cnpg.io',
    kinds: ['Cluster'],
    given: [
      ['spec', 'imageName'],
      ['spec', 'imageCatalogRef'],
    ],
  },
];

const place: Place = { how: 'operator-default', role: 'none', container: null };

/**
 * Objects that run an image which no manifest names, because their operator knows it: a trouble `undecided` each, so
 * that a chart of such objects is not taken for one without images.
 */
export const operatorDefault: Finder = {
  name: 'operator-default',
  *find(object) {
    const kind = kindOf(object);
    if (kind === null || kind.given.some((path) => isGiven(object.value, path))) return;
    const version = dig(object.value, 'spec', 'version');
    const stated = typeof version === 'string' && version !== '' ? ` (the object states version ${version})` : '';
    const detail = `its operator chooses the image${stated}`;
    yield troubleHit('undecided', detail, '', step(object.pointer, 'spec'), place);
  },
};

function kindOf(object: KubeObject): Known | null {
  const group = object.apiVersion.slice(0, Math.max(object.apiVersion.indexOf('/'), 0));
  return known.find((entry) => entry.group === group && entry.kinds.includes(object.kind)) ?? null;
}

function isGiven(object: JsonObject, path: readonly string[]): boolean {
  const value = dig(object, ...path);
  return (typeof value === 'string' && value !== '') || isObject(value);
}
