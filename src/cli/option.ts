/**
 * One option, one record: parsing, help, completion, the environment and the docs come from it.
 *
 * `value` is the placeholder of its argument, null for a flag; `optionalValue` allows `--x` beside `--x=V`.
 * Each option can also be given as `TROWEL_NAME` in the environment (a repeatable one: separated by commas, unless `whole`).
 */
export interface Option {
  readonly name: string;
  readonly short?: string;
  readonly value: string | null;
  readonly optionalValue?: boolean;
  /** With `optionalValue`: the next word is its argument too, where it has this shape. */
  readonly word?: RegExp;
  readonly repeat?: boolean;
  /** In the environment the value is one: commas mean something else in it (`a={x,y}`). */
  readonly whole?: boolean;
  /** Known by name and refused: why this version cannot do it, and what to do instead. Not in help or completion. */
  readonly refused?: string;
  readonly help: string;
}

/** Options that stand together in the help. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly Option[];
}

export const commonOptions: OptionGroup = {
  title: 'Everywhere',
  options: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT[=FILE]',
      repeat: true,
      help: 'what to write, and where; may be given several times',
    },
    { name: 'offline', value: null, help: 'ask nobody: no registry, no database update' },
    { name: 'db', value: 'PATH', help: 'the advisory database' },
    { name: 'store', value: 'PATH', help: 'the store of results kept by content' },
    { name: 'no-store', value: null, help: 'keep nothing' },
    { name: 'jobs', value: 'N', help: 'how many layers to read at once (default: the processors, at most 4)' },
    { name: 'timeout', value: 'DURATION', help: 'give up on one request after this long: 30s, 5m (default 2m)' },
    { name: 'quiet', value: null, help: 'no progress and no warnings' },
    { name: 'verbose', value: null, help: 'say each step on standard error' },
    { name: 'debug', value: null, help: 'causes and stack traces of errors' },
    { name: 'no-color', value: null, help: 'no colour (also NO_COLOR)' },
    { name: 'no-progress', value: null, help: 'no progress' },
    { name: 'help', short: 'h', value: null, help: 'this help' },
  ],
};

/** As `helm template` spells them. */
export const chartOptions: OptionGroup = {
  title: 'Chart (as Helm spells them)',
  options: [
    { name: 'values', short: 'f', value: 'FILE', repeat: true, help: 'values from a YAML file; - is standard input' },
    { name: 'set', value: 'KEY=VALUE', repeat: true, whole: true, help: 'set values' },
    { name: 'set-string', value: 'KEY=VALUE', repeat: true, whole: true, help: 'set values as strings' },
    { name: 'set-file', value: 'KEY=FILE', repeat: true, whole: true, help: 'set values from files' },
    { name: 'set-json', value: 'KEY=JSON', repeat: true, whole: true, help: 'set values as JSON' },
    {
      name: 'set-literal',
      value: 'KEY=TEXT',
      repeat: true,
      whole: true,
      help: 'set a value to this text as it stands',
    },
    { name: 'namespace', short: 'n', value: 'NAME', help: 'the namespace (default: default)' },
    { name: 'name', value: 'NAME', help: 'the release name (default: release-name)' },
    { name: 'kube-version', value: 'VERSION', help: 'the Kubernetes version (default: v1.37.0)' },
    { name: 'api-versions', short: 'a', value: 'API', repeat: true, help: 'API versions the cluster has' },
    { name: 'include-crds', value: null, help: 'with the CRDs of crds/' },
    { name: 'no-hooks', value: null, help: 'without hooks' },
    { name: 'skip-tests', value: null, help: 'without tests' },
    { name: 'show-only', short: 's', value: 'TEMPLATE', repeat: true, help: 'only what these templates make' },
    { name: 'is-upgrade', value: null, help: 'as for an upgrade' },
    { name: 'skip-schema-validation', value: null, help: 'do not check values.schema.json' },
    { name: 'helm', value: '3|4', help: 'which Helm to render like (default: 3)' },
    ...['post-renderer', 'post-renderer-args'].map((name) =>
      refused(name, 'TEXT', 'nothing is executed', 'run it yourself and dig what it prints with manifests:-'),
    ),
  ],
};

function refused(name: string, value: string | null, what: string, todo: string): Option {
  return { name, value, refused: `${what}; ${todo}`, help: what };
}

/** As Helm spells them: where a chart is fetched from, and what it is held to. */
export const accessOptions: OptionGroup = {
  title: 'Where the chart is (as Helm spells them)',
  options: [
    { name: 'version', value: 'RANGE', help: 'the version, or a range of them (default: the newest stable one)' },
    { name: 'devel', value: null, help: "development versions too: '>0.0.0-0' where --version is not given" },
    { name: 'repo', value: 'URL', help: 'the chart is a name in this repository' },
    { name: 'username', value: 'NAME', help: 'user of the repository or registry' },
    { name: 'password', value: 'TEXT', help: 'password of the repository or registry' },
    { name: 'ca-file', value: 'FILE', help: 'certificates to trust for the chart, PEM' },
    { name: 'cert-file', value: 'FILE', help: 'certificate to show to the server, PEM' },
    { name: 'key-file', value: 'FILE', help: 'key of that certificate, PEM' },
    { name: 'insecure-skip-tls-verify', value: null, help: 'trust any certificate for the chart' },
    { name: 'pass-credentials', value: null, help: 'send user and password to other hosts too, where they are named' },
    {
      name: 'plain-http',
      value: 'HOST',
      optionalValue: true,
      // No release and hardly a chart is named like a host with its port.
      word: /^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d+$/,
      repeat: true,
      help: 'fetch the chart from a registry without TLS (from this one only)',
    },
    { name: 'verify', value: null, help: 'hold the chart to its provenance file (.prov)' },
    { name: 'keyring', value: 'FILE', help: 'public keys for --verify (default: ~/.gnupg/pubring.gpg)' },
    { name: 'dependency-update', value: null, help: 'fetch dependencies that charts/ lacks' },
  ],
};

/** For `dig`, which has an option of that name for its images. */
export const digAccessOptions: OptionGroup = {
  ...accessOptions,
  options: accessOptions.options.filter((option) => option.name !== 'plain-http'),
};

export const imageOptions: OptionGroup = {
  title: 'Images',
  options: [
    {
      name: 'platform',
      value: 'OS/ARCH[/VARIANT]',
      repeat: true,
      help: "platforms to dig, or all (default: this machine's)",
    },
    {
      name: 'image-store',
      value: 'PATH',
      repeat: true,
      help: 'an OCI layout with images by name, asked before any registry',
    },
    {
      name: 'plain-http',
      value: 'HOST',
      optionalValue: true,
      // A name without dot or port would be a chart's just as well.
      word: /^(?:localhost|[\w-]+(?:\.[\w-]+)+|(?:[\w.-]+|\[[\da-fA-F:]+\]):\d+)$/,
      repeat: true,
      help: "talk to this registry without TLS; without HOST, to the chart's",
    },
    { name: 'registry-config', value: 'PATH', help: "the Docker client's config.json with credentials" },
    { name: 'ca', value: 'FILE', help: 'certificates of authorities to trust, PEM' },
    { name: 'allow-bad-digest', value: null, help: 'read bytes that are not their digest; their grade stays inferred' },
  ],
};

/** For every command that tells what was not assessed. */
export const usesOptions: OptionGroup = {
  title: 'Images of the chart',
  options: [
    { name: 'why', value: 'IMAGE', help: 'the whole chain of one image, or what a values path moves' },
    { name: 'conditional', value: null, help: 'also what would run with each switch of the values turned' },
  ],
};

export const allowIncomplete: Option = {
  name: 'allow-incomplete',
  value: 'KIND,…',
  optionalValue: true,
  help: 'do not exit 3 for what was not assessed (of these kinds)',
};

/** For a dig that was made just now and for a stored one alike. */
export const showOptions: OptionGroup = {
  title: 'What counts, what is listed',
  options: [
    {
      name: 'fail-on',
      value: 'LEVEL',
      help: 'exit 1 with findings at or above critical, high, medium, low or none',
    },
    allowIncomplete,
    { name: 'severity', value: 'LEVEL,…', repeat: true, help: 'list only findings of these levels (counts stay)' },
    { name: 'ignore-unfixed', value: null, help: 'do not list findings without a fixed version (counts stay)' },
  ],
};

export const digOptions: OptionGroup = {
  title: showOptions.title,
  options: [
    ...showOptions.options,
    { name: 'files', value: null, help: 'with every file in the JSON' },
    refused('prove', null, 'this version compares nothing with package archives', 'leave it out'),
    refused('archive', 'NAME=URL', 'this version compares nothing with package archives', 'leave it out'),
  ],
};

/** What a command offers: all but what it only knows to refuse. */
export function offered(options: readonly Option[]): readonly Option[] {
  return options.filter((option) => option.refused === undefined);
}
