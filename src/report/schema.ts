import { buckets, gapKinds, grades, reasons, severityLevels, targetKinds } from '../model/index.js';

/** A JSON Schema (2020-12), as far as this one is written. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
}

export interface RootSchema extends Schema {
  readonly $schema: string;
  readonly $id: string;
  readonly title: string;
  readonly $defs: Readonly<Record<string, Schema>>;
}

const text: Schema = { type: 'string' };
const texts: Schema = list(text);
const maybeText: Schema = { type: ['string', 'null'] };
const yesNo: Schema = { type: 'boolean' };
const whole: Schema = { type: 'integer', minimum: 0 };
const maybeWhole: Schema = { type: ['integer', 'null'], minimum: 0 };
const maybeNumber: Schema = { type: ['number', 'null'] };
const textMap: Schema = { type: 'object', additionalProperties: text };
// A digest of OCI: `algorithm:encoded` (image-spec, descriptor.md, "Digests").
const digest: Schema = { type: 'string', pattern: '^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$' };
const maybeDigest: Schema = { anyOf: [digest, { type: 'null' }] };
const maybeSha256: Schema = { anyOf: [{ type: 'string', pattern: '^[0-9a-f]{64}$' }, { type: 'null' }] };
const time: Schema = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
};

/** An object with exactly these members; those named in `optional` may be missing. */
function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

function words(values: readonly string[]): Schema {
  return { enum: values };
}

function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

/** An object that has a member for each of the keys and no other. */
function each(keys: readonly string[], of: Schema): Schema {
  return object(Object.fromEntries(keys.map((key) => [key, of])));
}

const counted = { files: whole, bytes: whole };

const definitions: Readonly<Record<string, Schema>> = {
  target: object({
    kind: words(targetKinds),
    given: text,
    name: maybeText,
    version: maybeText,
    digest: maybeText,
    from: maybeText,
  }),
  chart: object(
    {
      id: text,
      name: text,
      alias: maybeText,
      version: text,
      appVersion: maybeText,
      digest: maybeDigest,
      dependencies: list(
        object({
          name: text,
          alias: maybeText,
          range: text,
          repository: text,
          condition: maybeText,
          tags: texts,
          version: maybeText,
          enabled: yesNo,
          chart: maybeText,
        }),
      ),
      imageClaims: list(object({ annotation: text, claimed: texts, notFound: texts, notClaimed: texts })),
    },
    ['imageClaims'],
  ),
  use: object({
    image: text,
    written: text,
    how: words(['workload', 'argument', 'environment', 'custom-resource', 'config', 'annotation', 'operator-default']),
    role: words(['container', 'init', 'ephemeral', 'volume', 'none']),
    hooks: texts,
    test: yesNo,
    conditional: { anyOf: [object({ path: text, value: {} }), { type: 'null' }] },
    certainty: words(['certain', 'likely']),
    against: texts,
    in: object({
      kind: text,
      name: text,
      namespace: maybeText,
      container: maybeText,
      field: { type: 'string', pattern: '^(/|$)' },
      template: text,
      line: maybeWhole,
      document: whole,
      chart: maybeText,
    }),
    causes: list(
      object({
        from: words(['value', 'appVersion', 'dependency', 'template']),
        part: words(['registry', 'repository', 'tag', 'digest', 'whole']),
        path: maybeText,
        value: maybeText,
        default: yesNo,
        verified: yesNo,
        alsoMoves: texts,
        file: maybeText,
        line: maybeWhole,
        override: {
          anyOf: [
            object({
              option: words(['--set', '--set-string', '--set-literal', '--set-json']),
              argument: text,
              values: maybeText,
              gives: text,
            }),
            { type: 'null' },
          ],
        },
      }),
    ),
  }),
  image: object(
    {
      id: text,
      reference: text,
      source: words(['registry', 'store', 'archive', 'directory']),
      indexDigest: maybeDigest,
      digest: maybeDigest,
      platform: text,
      created: maybeText,
      config: object({
        digest: maybeDigest,
        labels: textMap,
        user: maybeText,
        entrypoint: texts,
        cmd: texts,
        env: texts,
      }),
      annotations: textMap,
      layers: list(
        object({
          digest: maybeDigest,
          diffID: maybeDigest,
          chainID: maybeDigest,
          sizeBytes: maybeWhole,
          mediaType: text,
        }),
      ),
      history: list(object({ createdBy: text, created: maybeText, comment: text, layer: maybeWhole })),
      distro: { anyOf: [object({ id: text, versionId: maybeText, prettyName: maybeText }), { type: 'null' }] },
      base: list(object({ reference: text, digest: maybeDigest, grade: words(grades), because: text })),
      coverage: object({
        ...counted,
        byGrade: each(grades, object(counted)),
        byBucket: each(buckets, object(counted)),
      }),
      unknownFiles: list(
        object({ path: text, sizeBytes: whole, sha256: maybeSha256, type: ref('content'), layer: whole }),
      ),
      modifiedFiles: list(object({ path: text, component: text, recorded: digest, actual: digest })),
      files: list(
        object({
          path: text,
          sizeBytes: whole,
          mode: whole,
          sha256: maybeSha256,
          layer: whole,
          component: maybeText,
          bucket: words(buckets),
          grade: words(grades),
        }),
      ),
    },
    ['files'],
  ),
  content: words(['elf', 'pe', 'mach-o', 'script', 'archive', 'text', 'data', 'empty', 'none']),
  component: object({
    id: text,
    image: text,
    purl: { type: 'string', pattern: '^pkg:' },
    name: text,
    version: maybeText,
    ecosystem: maybeText,
    source: { anyOf: [object({ name: text, version: maybeText }), { type: 'null' }] },
    locations: list(object({ path: text, layer: whole })),
    foundBy: text,
    licenses: texts,
    licenseExpression: maybeText,
    supplier: maybeText,
    downloadLocation: maybeText,
    cpes: list({ type: 'string', pattern: '^cpe:' }),
    links: texts,
    dependsOn: { anyOf: [texts, { type: 'null' }] },
    file: {
      anyOf: [
        object({ path: text, sizeBytes: whole, sha256: maybeSha256, type: ref('content'), executable: yesNo }),
        { type: 'null' },
      ],
    },
    owns: object(counted),
    grade: words(grades),
  }),
  claim: object({
    id: text,
    subject: text,
    predicate: text,
    value: text,
    grade: words(grades),
    by: text,
    evidence: list(object({ what: text, where: text, value: text })),
    contradicts: texts,
  }),
  finding: object({
    id: text,
    aliases: texts,
    component: text,
    image: text,
    status: words(['affected', 'not_affected', 'fixed', 'under_investigation']),
    justification: maybeText,
    severity: object({ level: words(severityLevels), score: maybeNumber, vector: maybeText, source: maybeText }),
    advisories: list(object({ id: text, source: text, severity: words(severityLevels), fixed: texts })),
    fixedVersion: maybeText,
    reachability: object({ verdict: words(['reachable', 'unreachable', 'unknown']), symbols: texts }),
    summary: text,
  }),
  gap: object({
    kind: words(gapKinds),
    reason: words(reasons),
    image: maybeText,
    subject: text,
    detail: text,
    count: whole,
    bytes: whole,
  }),
  tally: object({
    uses: whole,
    images: whole,
    components: whole,
    findings: whole,
    vulnerabilities: whole,
    bySeverity: each(severityLevels, whole),
    fixable: whole,
    notAssessed: each(gapKinds, whole),
    coverage: object({ provedBytes: whole, unknownBytes: whole, bytes: whole }),
  }),
  tool: object({ name: text, version: text }),
  database: object({
    sources: list(object({ name: text, releases: texts, records: whole, newest: maybeText, digest: text })),
  }),
};

const usesMembers = {
  schema: { const: 'trowel/dig/1' },
  target: ref('target'),
  charts: list(ref('chart')),
  uses: list(ref('use')),
  notAssessed: list(ref('gap')),
  tool: ref('tool'),
} as const satisfies Readonly<Record<string, Schema>>;

const digMembers = {
  ...usesMembers,
  images: list(ref('image')),
  components: list(ref('component')),
  claims: list(ref('claim')),
  findings: list(ref('finding')),
  remedies: { type: 'array', maxItems: 0 },
  tally: ref('tally'),
  database: ref('database'),
  created: time,
} as const satisfies Readonly<Record<string, Schema>>;

/**
 * The schema of a dig, and of what `trowel images` writes (the same document without images). The published
 * schema/dig.schema.json is this object; a test holds the two together. Closed lists are the model's own.
 */
export const digSchema: RootSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:trowel:dig:1',
  title: 'A dig of Trowel, or the uses of a chart',
  anyOf: [
    { description: 'a dig', ...object(digMembers) },
    { description: 'what trowel images writes', ...object(usesMembers) },
  ],
  $defs: definitions,
};
