import { actions, besideActions } from './actions.js';
import { call, shown } from './calls.js';
import type { Case } from './case.js';
import { Maker } from './maker.js';
import { Random } from './random.js';
import { randomFunctions } from './random-functions.js';
import { signatures } from './signatures.js';

const path = 'templates/t.yaml';

/** The names of all actions and of these functions; `unknown` are those that no case is made of. */
export function targetsOf(functions: Iterable<string>): {
  readonly targets: readonly string[];
  readonly unknown: readonly string[];
} {
  const names = [...new Set([...functions, ...engineNames])].sort();
  const known = (name: string): boolean => signatures.has(name) || randomFunctions.has(name) || actions.has(name);
  return {
    targets: [...names.filter((name) => known(name) && !actions.has(name)), ...actions.keys()],
    unknown: names.filter((name) => !known(name)),
  };
}

/** Functions of text/template and of Helm's engine, which are no part of the registry. */
const engineNames =
  'and or not len index slice call print printf println html js urlquery eq ne lt le gt ge include tpl required fail lookup getHostByName'.split(
    ' ',
  );

/** The case of a number under a seed, the same each time. */
export function makeCase(seed: number, number: number, target: string): Case {
  const maker = new Maker(new Random(seed, number));
  const action = actions.get(target);
  if (action !== undefined) {
    const text = action(maker);
    return { target, files: [{ path, text }, besideActions], values: maker.values };
  }
  const chancy = randomFunctions.get(target);
  if (chancy !== undefined) {
    const { text, normaliser } = chancy(maker);
    return {
      target,
      files: [{ path, text }],
      values: maker.values,
      ...(normaliser === undefined ? {} : { normaliser }),
    };
  }
  return { target, files: [{ path, text: shown(maker, call(maker, target)) }], values: maker.values };
}
