import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../fuzz/random.js';
import { inRoot, programMissing } from '../paths.js';
import { rawMade } from './from-raw.js';
import { bsdMade, gnuMade, pythonMade } from './from-tools.js';
import { gnuMissing } from './gnu.js';
import type { Made } from './made.js';
import { mutated } from './mutate.js';
import { packed } from './packed.js';
import { makeTree } from './tree.js';

const trees = 8;

/** Makes the archive of each number from a seed: the same number and seed give the same archive with the same tools. */
export class Cases {
  readonly #dir: string;
  readonly #seed: number;
  readonly #trees: (readonly string[])[] = [];
  /** Why some makers are left out. */
  readonly missing: readonly string[];
  readonly #makers: readonly ('gnu' | 'bsd' | 'raw')[];

  constructor(dir: string, seed: number) {
    this.#dir = dir;
    this.#seed = seed;
    const bsdMissing = programMissing('bsdtar');
    this.missing = [gnuMissing, bsdMissing, programMissing('python3')].filter((why) => why !== false);
    const bsd = bsdMissing === false ? (['bsd'] as const) : [];
    const gnu = gnuMissing === false ? (['gnu', 'gnu', 'gnu'] as const) : [];
    this.#makers = [...gnu, ...bsd, 'raw', 'raw', 'raw', 'raw'];
    for (let i = 0; i < trees && gnu.length > 0; i++)
      this.#trees.push(makeTree(this.#tree(i), new Random(seed, 1_000_000 + i)));
  }

  #tree(index: number): string {
    return join(this.#dir, 'trees', String(index));
  }

  /** The archives of these numbers, in their order. A third of them are broken, an eighth compressed. */
  make(numbers: readonly number[]): Made[] {
    mkdirSync(this.#dir, { recursive: true });
    const python = this.#python(numbers);
    return numbers.map((number) => {
      const random = new Random(this.#seed, number);
      const made = python.get(number) ?? this.#made(random, number);
      const broken = random.chance(1 / 3) ? mutated(made, random) : made;
      return random.chance(1 / 8) ? packed(broken, random) : broken;
    });
  }

  #python(numbers: readonly number[]): ReadonlyMap<number, Made> {
    const some = numbers.filter((number) => number % 10 === 9);
    if (programMissing('python3') !== false || some.length === 0) return new Map();
    return pythonMade(inRoot('test', 'tar', 'make.py'), this.#dir, this.#seed, some);
  }

  #made(random: Random, number: number): Made {
    const maker = random.pick(this.#makers);
    const index = random.below(Math.max(1, this.#trees.length));
    const members = this.#trees[index] ?? [];
    const out = join(this.#dir, `made-${number}.tar`);
    const make = maker === 'gnu' ? gnuMade : bsdMade;
    const tool = maker === 'raw' ? null : make(this.#tree(index), members, out, random);
    return tool ?? rawMade(random);
  }
}
