import { Random } from '../../../test/fuzz/random.js';

/** A small tree of charts and what a user gives it; `files` are paths below the chart. */
export interface ValuesCase {
  readonly files: Readonly<Record<string, string>>;
  /** Texts of `-f`. */
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setJson: readonly string[];
  readonly setLiteral: readonly string[];
}

const keys = ['a', 'b', 'x', 't', 'u', 'n', 'data', 'p', 'on', 'enabled', 'global', 'tags', 'exports', 'sub', 'leaf'];
const names = ['sub', 'leaf', 'a', 'x'];
const paths = [
  'enabled',
  'on',
  'sub.enabled',
  'leaf.enabled',
  'a.enabled',
  'x.on',
  'global.on',
  'sub.leaf.on',
  't',
  ' a.on',
];

/** The case of a number: the same each time. */
export function valuesCase(seed: number, index: number): ValuesCase {
  return new Maker(new Random(seed, index)).make();
}

class Maker {
  readonly #random: Random;
  readonly #files: Record<string, string> = {};

  constructor(random: Random) {
    this.#random = random;
  }

  make(): ValuesCase {
    const random = this.#random;
    this.#chart('', 'root', 2);
    return {
      files: this.#files,
      values: this.#some(2, 0.5, () => this.#valuesFile()),
      set: this.#some(3, 0.4, () => this.#some(3, 0.5, () => `${this.#path()}=${this.#setValue()}`).join(',')),
      setString: this.#some(1, 0.1, () => `${this.#path()}=${this.#setValue()}`),
      setJson: this.#some(2, 0.1, () =>
        random.chance(0.3)
          ? JSON.stringify(this.#table(2))
          : `${this.#path()}=${JSON.stringify(this.#value(2)) ?? 'null'}`,
      ),
      setLiteral: this.#some(1, 0.05, () => `${this.#path()}=${this.#setValue()}`),
    };
  }

  #chart(folder: string, name: string, depth: number): void {
    const random = this.#random;
    const version = random.pick(['1.0.0', '1.2.3', '2.0.0-rc.1']);
    const children = depth === 0 ? [] : random.shuffled(names).slice(0, random.below(depth === 2 ? 4 : 3));
    const lines = ['apiVersion: v2', `name: ${name}`, `version: ${version}`];
    const stated = this.#dependencies(children);
    if (stated.length > 0 || random.chance(0.1)) lines.push(`dependencies: ${JSON.stringify(stated)}`);
    if (random.chance(0.03)) lines.push('type: library');
    this.#files[`${folder}Chart.yaml`] = `${lines.join('\n')}\n`;
    if (random.chance(0.9)) this.#files[`${folder}values.yaml`] = this.#valuesFile();
    this.#files[`${folder}templates/v.yaml`] =
      '{{ .Chart.Name }} {{ .Chart.IsRoot }} {{ toJson .Values }} {{ keys .Subcharts | sortAlpha }} ' +
      '{{ range .Chart.Dependencies }}{{ .Name }} {{ toJson .ImportValues }} {{ .Enabled }} {{ .Alias }};{{ end }}';
    for (const child of children) this.#chart(`${folder}charts/${child}/`, child, depth - 1);
  }

  /** Names and aliases are all different: Helm refuses others. */
  #dependencies(children: readonly string[]): readonly Record<string, unknown>[] {
    const random = this.#random;
    const taken = new Set<string>();
    const stated: Record<string, unknown>[] = [];
    for (const name of children.flatMap((child) => [child, ...(random.chance(0.3) ? [child] : [])])) {
      if (random.chance(0.15)) continue;
      const alias = random.chance(0.35) ? random.pick(['y', 'z', 't', ...names]) : undefined;
      if (taken.has(alias ?? name)) continue;
      taken.add(alias ?? name);
      const version = random.pick(['1.x.x', '>=1.0.0', '*', '>0-0', '2.x.x', '', 'bad range']);
      stated.push({
        name,
        version,
        ...(alias === undefined ? {} : { alias }),
        ...(random.chance(0.4) ? { condition: this.#some(2, 1, () => random.pick(paths)).join(',') } : {}),
        ...(random.chance(0.3) ? { tags: this.#some(2, 0.7, () => random.pick(['front', 'back', 'a'])) } : {}),
        ...(random.chance(0.4) ? { 'import-values': this.#some(3, 0.7, () => this.#import()) } : {}),
      });
    }
    return stated;
  }

  #import(): unknown {
    const random = this.#random;
    if (random.chance(0.4)) return random.pick(['data', 'a', 'nope']);
    const child = random.pick(['t', 'a', 'x.t', 'global', 'exports.data', 'leaf', 'nope', 'b.u']);
    return { child, parent: random.pick(['.', 'a', 'p.t', 'sub', 'global', 'leaf.x', 'u']) };
  }

  #valuesFile(): string {
    const table = this.#table(3);
    const random = this.#random;
    if (random.chance(0.2)) table.tags = { front: random.chance(0.5), back: random.pick([true, false, 'yes', null]) };
    if (random.chance(0.3)) table.exports = { data: this.#value(2), a: this.#table(1) };
    if (random.chance(0.3)) table.global = this.#value(2);
    const text = `${JSON.stringify(table)}\n`;
    return random.chance(0.1) ? `${text}---\n${JSON.stringify(this.#table(2))}\n` : text;
  }

  #table(depth: number): Record<string, unknown> {
    const table: Record<string, unknown> = {};
    for (let count = this.#random.below(6); count > 0; count--) {
      const key = this.#random.pick(keys);
      // Values of a subchart that are no table end in one message.
      const isTable = names.includes(key) && this.#random.chance(0.95);
      table[key] = isTable ? this.#table(Math.max(1, depth - 1)) : this.#value(depth - 1);
    }
    return table;
  }

  #value(depth: number): unknown {
    const random = this.#random;
    if (depth > 0 && random.chance(0.55)) return this.#table(depth);
    return random.pick([null, null, 1, 0, 1.5, 's', '', true, false, true, false, [], [1, null, { a: null }], {}]);
  }

  #path(): string {
    const random = this.#random;
    const parts = Array.from({ length: random.between(1, 3) }, () => random.pick(keys));
    const last = parts.at(-1) ?? '';
    if (names.includes(last) && random.chance(0.8)) parts.push('on');
    return parts.map((part) => (random.chance(0.03) ? `${part}[${random.below(3)}]` : part)).join('.');
  }

  #setValue(): string {
    return this.#random.pick(['null', 'null', 'true', 'false', '1', '007', 's', '', '{}', '{a,b}', '{null}', '1e3']);
  }

  /** Up to `most`, each with the probability of the ones before it. */
  #some<T>(most: number, probability: number, make: () => T): T[] {
    const list: T[] = [];
    while (list.length < most && this.#random.chance(probability)) list.push(make());
    return list;
  }
}
