/** A piece of an image's name: text, a field of the object, or a setting of its operator (a flag, variable or key). */
export type Piece =
  | { readonly text: string }
  | { readonly field: string; readonly otherwise?: string }
  | { readonly setting: readonly string[]; readonly otherwise?: string }
  /** An entry of a setting that lists `VERSION=IMAGE`; the last where the object states no version. */
  | { readonly setting: readonly string[]; readonly entry: string };

/** How an operator makes the image of one kind of object. */
export interface OperatorRule {
  /** API group, without its version. */
  readonly group: string;
  readonly kinds: readonly string[];
  /** Fields any of which names the image after all. */
  readonly given: readonly string[];
  /** The field that asks for this image, where the object need not have it. */
  readonly when?: string;
  /** The image up to its tag; a setting that has a tag already is taken as it is. Absent where nobody can say. */
  readonly base?: readonly Piece[];
  readonly tag?: readonly Piece[];
  /** Where the operator does this: a file of its project, or a page of its documentation. */
  readonly source: string;
}

const text = (value: string): Piece => ({ text: value });
const field = (path: string, otherwise?: string): Piece => ({
  field: path,
  ...(otherwise === undefined ? {} : { otherwise }),
});
const setting = (names: string | readonly string[], otherwise?: string): Piece => ({
  setting: typeof names === 'string' ? [names] : names,
  ...(otherwise === undefined ? {} : { otherwise }),
});
const entry = (name: string, version: string): Piece => ({ setting: [name], entry: version });

const version: readonly Piece[] = [field('spec.version')];

const elastic = 'elastic/cloud-on-k8s, pkg/controller/common/container/container.go';
const strimzi =
  'strimzi/strimzi-kafka-operator, cluster-operator/src/main/java/io/strimzi/operator/cluster/model/KafkaVersion.java and ClusterOperatorConfig.java';
const openTelemetry = 'open-telemetry/opentelemetry-operator, internal/config/config.go';
const victoria = 'VictoriaMetrics/operator, internal/config/config.go';

/** An object of the Prometheus operator: a base image, which a flag can replace, and a version. */
function ofPrometheus(kinds: readonly string[], name: string, repository: string, within = 'spec'): OperatorRule {
  return {
    group: 'monitoring.coreos.com',
    kinds,
    given: [`${within}.image`, `${within}.baseImage`],
    base: [setting(`${name}-default-base-image`, repository)],
    tag: [field(`${within}.version`)],
    source: 'prometheus-operator/prometheus-operator, pkg/operator/image.go and pkg/operator/defaults.go',
  };
}

/** An object of Elastic's operator: `REGISTRY/name:version`. */
function ofElastic(kind: string, group: string, name: readonly Piece[]): OperatorRule {
  const registry = setting(['container-registry', 'CONTAINER_REGISTRY'], 'docker.elastic.co');
  return {
    group: `${group}.k8s.elastic.co`,
    kinds: [kind],
    given: ['spec.image'],
    base: [registry, text('/'), ...name],
    tag: version,
    source: elastic,
  };
}

/** An object of VictoriaMetrics' operator: a repository and a version of its own in the operator's environment. */
function ofVictoria(kind: string, prefix: string, repository: string): OperatorRule {
  return {
    group: 'operator.victoriametrics.com',
    kinds: [kind],
    given: ['spec.image.repository'],
    base: [setting(`${prefix}_IMAGE`, repository)],
    tag: [{ setting: [`${prefix}_VERSION`] }],
    source: victoria,
  };
}

/** Istio's installation starts several images of one hub and tag. */
function ofIstio(name: string): OperatorRule {
  return {
    group: 'install.istio.io',
    kinds: ['IstioOperator'],
    given: [],
    base: [field('spec.hub', 'docker.io/istio'), text(`/${name}`)],
    tag: [field('spec.tag')],
    source: 'istio/istio, operator/pkg/apis/istio/v1alpha1/values_types.proto and manifests/charts/istio-control',
  };
}

/** An object whose image is, where it names none, a setting of its operator. */
function ofSetting(
  group: string,
  kind: string,
  names: string | readonly string[],
  source: string,
  more: { readonly given?: readonly string[]; readonly when?: string } = {},
): OperatorRule {
  return { group, kinds: [kind], given: ['spec.image'], base: [setting(names)], source, ...more };
}

/** An object whose image nothing in a manifest can say: its operator has a table of them. */
function ofTable(group: string, kinds: readonly string[], given: readonly string[], source: string): OperatorRule {
  return { group, kinds, given, source };
}

/**
 * Kinds whose operator chooses the image: from a version that the object states, from its own settings, or from what is
 * compiled into it. One entry an image; entries of one kind that differ in `when` are several images.
 */
export const operatorRules: readonly OperatorRule[] = [
  ofPrometheus(['Prometheus', 'PrometheusAgent'], 'prometheus', 'quay.io/prometheus/prometheus'),
  ofPrometheus(['Alertmanager'], 'alertmanager', 'quay.io/prometheus/alertmanager'),
  ofPrometheus(['ThanosRuler'], 'thanos', 'quay.io/thanos/thanos'),
  { ...ofPrometheus(['Prometheus'], 'thanos', 'quay.io/thanos/thanos', 'spec.thanos'), when: 'spec.thanos' },
  ofElastic('Elasticsearch', 'elasticsearch', [text('elasticsearch/elasticsearch')]),
  ofElastic('Kibana', 'kibana', [text('kibana/kibana')]),
  ofElastic('ApmServer', 'apm', [text('apm/apm-server')]),
  ofElastic('EnterpriseSearch', 'enterprisesearch', [text('enterprise-search/enterprise-search')]),
  ofElastic('ElasticMapsServer', 'maps', [text('elastic-maps-service/elastic-maps-server')]),
  ofElastic('Beat', 'beat', [text('beats/'), field('spec.type')]),
  ofElastic('Agent', 'agent', [text('beats/elastic-agent')]),
  ofElastic('Logstash', 'logstash', [text('logstash/logstash')]),
  {
    group: 'kafka.strimzi.io',
    kinds: ['Kafka'],
    given: ['spec.kafka.image'],
    base: [entry('STRIMZI_KAFKA_IMAGES', 'spec.kafka.version')],
    source: strimzi,
  },
  {
    group: 'kafka.strimzi.io',
    kinds: ['KafkaConnect'],
    given: ['spec.image', 'spec.build'],
    base: [entry('STRIMZI_KAFKA_CONNECT_IMAGES', 'spec.version')],
    source: strimzi,
  },
  {
    group: 'kafka.strimzi.io',
    kinds: ['KafkaMirrorMaker2'],
    given: ['spec.image'],
    base: [entry('STRIMZI_KAFKA_MIRROR_MAKER_2_IMAGES', 'spec.version')],
    source: strimzi,
  },
  ofSetting('kafka.strimzi.io', 'KafkaBridge', 'STRIMZI_DEFAULT_KAFKA_BRIDGE_IMAGE', strimzi),
  ofSetting('kafka.strimzi.io', 'Kafka', 'STRIMZI_DEFAULT_TOPIC_OPERATOR_IMAGE', strimzi, {
    given: ['spec.entityOperator.topicOperator.image'],
    when: 'spec.entityOperator.topicOperator',
  }),
  ofSetting('kafka.strimzi.io', 'Kafka', 'STRIMZI_DEFAULT_USER_OPERATOR_IMAGE', strimzi, {
    given: ['spec.entityOperator.userOperator.image'],
    when: 'spec.entityOperator.userOperator',
  }),
  ofSetting('kafka.strimzi.io', 'Kafka', 'STRIMZI_DEFAULT_KAFKA_EXPORTER_IMAGE', strimzi, {
    given: ['spec.kafkaExporter.image'],
    when: 'spec.kafkaExporter',
  }),
  ofSetting('kafka.strimzi.io', 'Kafka', 'STRIMZI_DEFAULT_CRUISE_CONTROL_IMAGE', strimzi, {
    given: ['spec.cruiseControl.image'],
    when: 'spec.cruiseControl',
  }),
  {
    group: 'postgresql.cnpg.io',
    kinds: ['Cluster'],
    given: ['spec.imageName', 'spec.imageCatalogRef'],
    base: [setting('POSTGRES_IMAGE_NAME')],
    source: 'cloudnative-pg/cloudnative-pg, internal/configuration/configuration.go',
  },
  {
    group: 'postgresql.cnpg.io',
    kinds: ['Pooler'],
    given: ['spec.template.spec.containers'],
    base: [setting('PGBOUNCER_IMAGE_NAME')],
    source: 'cloudnative-pg/cloudnative-pg, internal/configuration/configuration.go',
  },
  ofSetting(
    'rabbitmq.com',
    'RabbitmqCluster',
    'DEFAULT_RABBITMQ_IMAGE',
    'rabbitmq/cluster-operator, main.go and api/v1beta1/rabbitmqcluster_types.go',
  ),
  {
    group: 'nats.io',
    kinds: ['NatsCluster'],
    given: ['spec.serverImage'],
    base: [text('nats')],
    tag: version,
    source: 'nats-io/nats-operator, pkg/util/kubernetes/kubernetes.go and pkg/apis/nats/v1alpha2/cluster.go',
  },
  ofSetting(
    'opentelemetry.io',
    'OpenTelemetryCollector',
    ['collector-image', 'RELATED_IMAGE_COLLECTOR'],
    openTelemetry,
  ),
  ofSetting(
    'opentelemetry.io',
    'OpenTelemetryCollector',
    ['target-allocator-image', 'RELATED_IMAGE_TARGET_ALLOCATOR'],
    openTelemetry,
    { given: ['spec.targetAllocator.image'], when: 'spec.targetAllocator.enabled' },
  ),
  ofSetting(
    'opentelemetry.io',
    'OpAMPBridge',
    ['operator-opamp-bridge-image', 'RELATED_IMAGE_OPERATOR_OPAMP_BRIDGE'],
    openTelemetry,
  ),
  ofIstio('pilot'),
  ofIstio('proxyv2'),
  {
    group: 'monitoring.grafana.com',
    kinds: ['GrafanaAgent'],
    given: ['spec.image'],
    base: [text('grafana/agent')],
    tag: version,
    source: 'grafana/agent, internal/static/operator/defaults.go',
  },
  {
    group: 'grafana.integreatly.org',
    kinds: ['Grafana'],
    given: ['spec.deployment.spec.template.spec.containers', 'spec.external'],
    base: [setting('RELATED_IMAGE_GRAFANA', 'docker.io/grafana/grafana')],
    tag: version,
    source: 'grafana/grafana-operator, controllers/config/operator_constants.go',
  },
  ofVictoria('VMSingle', 'VM_VMSINGLEDEFAULT', 'victoriametrics/victoria-metrics'),
  ofVictoria('VMAgent', 'VM_VMAGENTDEFAULT', 'victoriametrics/vmagent'),
  ofVictoria('VMAlert', 'VM_VMALERTDEFAULT', 'victoriametrics/vmalert'),
  ofVictoria('VMAuth', 'VM_VMAUTHDEFAULT', 'victoriametrics/vmauth'),
  {
    group: 'postgres-operator.crunchydata.com',
    kinds: ['PostgresCluster'],
    given: ['spec.image'],
    base: [setting('RELATED_IMAGE_POSTGRES_{spec.postgresVersion}')],
    source: 'CrunchyData/postgres-operator, internal/config/config.go',
  },
  ofSetting(
    'acid.zalan.do',
    'postgresql',
    'docker_image',
    'zalando/postgres-operator, docs/reference/operator_parameters.md',
    { given: ['spec.dockerImage'] },
  ),
  ofSetting(
    'k8s.keycloak.org',
    'Keycloak',
    'RELATED_IMAGE_KEYCLOAK',
    'keycloak/keycloak, operator/src/main/resources/application.properties',
  ),
  ofSetting(
    'k8s.mariadb.com',
    'MariaDB',
    'RELATED_IMAGE_MARIADB',
    'mariadb-operator/mariadb-operator, pkg/environment/environment.go',
  ),
  ofSetting('loki.grafana.com', 'LokiStack', 'RELATED_IMAGE_LOKI', 'grafana/loki, operator/internal/manifests/var.go', {
    given: [],
  }),
  ofSetting(
    'tempo.grafana.com',
    'TempoStack',
    'RELATED_IMAGE_TEMPO',
    'grafana/tempo-operator, api/config/v1alpha1/projectconfig_types.go',
    {
      given: ['spec.images.tempo'],
    },
  ),
  ofSetting(
    'kiali.io',
    'Kiali',
    'RELATED_IMAGE_kiali_default',
    'kiali/kiali-operator, roles/default/kiali-deploy/defaults/main.yml',
    {
      given: ['spec.deployment.image_name'],
    },
  ),
  {
    group: 'argoproj.io',
    kinds: ['ArgoCD'],
    given: [],
    base: [field('spec.image', 'quay.io/argoproj/argocd')],
    tag: version,
    source: 'argoproj-labs/argocd-operator, common/defaults.go',
  },
  {
    group: 'mongodbcommunity.mongodb.com',
    kinds: ['MongoDBCommunity'],
    given: ['spec.statefulSet.spec.template.spec.containers'],
    base: [setting('MONGODB_REPO_URL'), text('/'), setting(['MONGODB_COMMUNITY_IMAGE', 'MONGODB_IMAGE'])],
    tag: [field('spec.version'), text('-'), setting('MDB_IMAGE_TYPE')],
    source: 'mongodb/mongodb-kubernetes-operator, controllers/replica_set_controller.go (getMongoDBImage)',
  },
  {
    group: 'cassandra.datastax.com',
    kinds: ['CassandraDatacenter'],
    given: ['spec.serverImage'],
    base: [text('k8ssandra/cass-management-api')],
    tag: [field('spec.serverVersion')],
    source: 'k8ssandra/cass-operator, config/manager/image_config.yaml',
  },
  {
    group: 'solr.apache.org',
    kinds: ['SolrCloud'],
    given: ['spec.solrImage.repository'],
    base: [text('library/solr')],
    tag: [field('spec.solrImage.tag')],
    source: 'apache/solr-operator, api/v1beta1/solrcloud_types.go (DefaultSolrRepo)',
  },
  {
    group: 'scylla.scylladb.com',
    kinds: ['ScyllaCluster'],
    given: ['spec.repository'],
    base: [text('docker.io/scylladb/scylla')],
    tag: version,
    source: 'scylladb/scylla-operator, pkg/api/scylla/v1/types_cluster.go',
  },
  ofTable('operator.tigera.io', ['Installation'], [], 'tigera/operator, pkg/components/calico.go'),
  ofTable('minio.min.io', ['Tenant'], ['spec.image'], 'minio/operator, pkg/apis/minio.min.io/v2/constants.go'),
  ofTable(
    'jaegertracing.io',
    ['Jaeger'],
    ['spec.allInOne.image', 'spec.collector.image', 'spec.query.image'],
    'jaegertracing/jaeger-operator, pkg/util/util.go (ImageName)',
  ),
  ofTable(
    'datadoghq.com',
    ['DatadogAgent'],
    ['spec.agent.image', 'spec.override.nodeAgent.image'],
    'DataDog/datadog-operator, pkg/images/images.go',
  ),
  ofTable('operator.knative.dev', ['KnativeServing', 'KnativeEventing'], [], 'knative/operator, cmd/operator/kodata'),
  ofTable(
    'operator.tekton.dev',
    ['TektonConfig', 'TektonPipeline'],
    [],
    'tektoncd/operator, cmd/kubernetes/operator/kodata',
  ),
  ofTable('fluxcd.controlplane.io', ['FluxInstance'], [], 'controlplaneio-fluxcd/flux-operator, config/data'),
  ofTable(
    'sailoperator.io',
    ['Istio', 'IstioCNI', 'ZTunnel'],
    [],
    'istio-ecosystem/sail-operator, pkg/istioversion/versions.yaml',
  ),
];
