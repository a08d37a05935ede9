import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainUse } from '../../test/plain-use.js';
import type { ImageUse } from '../model/index.js';
import { type Experiments, tryAll } from './experiment.js';
import { foreseenFor } from './foreseen.js';
import { probeOf } from './probe.js';
import type { Suspect, Trial } from './suspect.js';
import { Unlocks } from './unlocks.js';

type Values = Readonly<Record<string, string>>;

/** A chart of one function: values to images by the name of their pod. */
function fake(
  values: Values,
  images: (values: Values) => Values,
): {
  readonly rounds: string[];
  readonly run: (paths: readonly string[], budget?: number) => Promise<readonly string[]>;
} {
  const rounds: string[] = [];
  const usesOf = (of: Values): readonly ImageUse[] => Object.entries(of).map(([name, image]) => plainUse(image, name));
  const before = usesOf(images(values));
  const suspects = (paths: readonly string[]): readonly Suspect[] =>
    paths.map((path, variant) => {
      const text = values[path] ?? '';
      const probe = probeOf(text, variant);
      const trial: Trial = { kind: 'value', path, value: probe, option: '--set', argument: `${path}=${probe}` };
      const reached = before.flatMap((one, index) =>
        one.image.includes(text) ? [[index, foreseenFor(one.image, text, probe)] as const] : [],
      );
      return { trial, text, probe, uses: new Map(reached), holdsMore: false, list: null, otherwise: [] };
    });
  const render = (trials: readonly Trial[]): readonly ImageUse[] => {
    const given = trials.flatMap((trial) =>
      trial.kind === 'value' ? [[trial.path, String(trial.value)] as const] : [],
    );
    rounds.push(given.map(([path]) => path).join(' '));
    return usesOf(images({ ...values, ...Object.fromEntries(given) }));
  };
  const unlockIn = (refusal: string): string | null => (refusal.includes('set unlock') ? 'unlock' : null);
  return {
    rounds,
    run: async (paths, budget = 60) => {
      const wanted = suspects(paths);
      const result = await tryAll(wanted, before, render, new Unlocks(unlockIn), {
        renders: budget,
        isOver: () => false,
      });
      return brief(result, before);
    },
  };
}

function brief({ outcomes }: Experiments, before: readonly ImageUse[]): readonly string[] {
  return [...outcomes].map(([suspect, outcome]) => {
    const path = suspect.trial.kind === 'value' ? suspect.trial.path : '';
    if (outcome.kind !== 'moved') return `${path} ${outcome.kind}`;
    const names = [...outcome.moved].map(([index, image]) => `${before[index]?.in.name}${image === null ? '-' : ''}`);
    return `${path} moves ${names.join(',')}${outcome.unlock === null ? '' : ` with ${outcome.unlock}`}`;
  });
}

test('suspects of different parts and uses share one render', async () => {
  const chart = fake({ a: 'x/a', t: '1.0', b: 'x/b', u: '2.0' }, (v) => ({
    p: `q.io/${v.a}:${v.t}`,
    q: `q.io/${v.b}:${v.u}`,
  }));
  assert.deepEqual(await chart.run(['a', 't', 'b', 'u']), ['a moves p', 't moves p', 'b moves q', 'u moves q']);
  assert.equal(chart.rounds.length, 1);
});

test('values with one text are changed to different ones, so that the mover is known', async () => {
  const chart = fake({ t: '1.0', other: '1.0' }, (v) => ({ p: `q.io/a:${v.other}` }));
  assert.deepEqual((await chart.run(['t', 'other'])).toSorted(), ['other moves p', 't moves ']);
  assert.equal(chart.rounds.length, 1);
});

test('a move that was not foreseen has the round taken apart', async () => {
  // The tag of one decides the repository of the other.
  const chart = fake({ t: '1.0', u: '2.0' }, (v) => ({
    p: `q.io/a:${v.t}`,
    q: `q.io/${v.t === '1.0' ? 'b' : 'c'}:${v.u}`,
  }));
  assert.deepEqual((await chart.run(['t', 'u'])).toSorted(), ['t moves p,q', 'u moves q']);
  assert.deepEqual(chart.rounds, ['t u', 'u', 't']);
});

test('an image that goes is seen', async () => {
  const chart = fake({ t: '1.0' }, (v) =>
    v.t === '1.0' ? { p: `q.io/a:${v.t}`, q: 'q.io/b:7' } : { p: `q.io/a:${v.t}` },
  );
  assert.deepEqual(await chart.run(['t']), ['t moves p,q-']);
});

test('what is refused is refused alone, and with a switch where the refusal names one', async () => {
  const chart = fake({ r: 'x/a', t: '1.0', u: '2.0', unlock: 'no' }, (v) => {
    if (v.u !== '2.0') throw new Error('unsupported');
    if (v.r !== 'x/a' && v.unlock !== 'true') throw new Error('set unlock');
    return { p: `q.io/${v.r}:${v.t}`, q: `q.io/b:${v.u}` };
  });
  assert.deepEqual((await chart.run(['r', 't', 'u'])).toSorted(), ['r moves p with unlock', 't moves p', 'u refused']);
});

test('a chart that always refuses is not asked for each', async () => {
  const names = Array.from({ length: 32 }, (_, index) => `v${index}`);
  const values = Object.fromEntries(names.map((name, index) => [name, `${index}.${index}`]));
  const chart = fake(values, (v) => {
    if (names.some((name) => v[name] !== values[name])) throw new Error('no');
    return Object.fromEntries(names.map((name) => [name, `q.io/${name}:${v[name]}`]));
  });
  assert.equal(
    (await chart.run(names)).every((text) => text.endsWith(' refused')),
    true,
  );
  assert.ok(chart.rounds.length < 20, String(chart.rounds.length));
});

test('the budget is kept, and what it left out is told', async () => {
  const chart = fake({ t: '1.0', u: '2.0' }, (v) => ({ p: `q.io/a:${v.t}-${v.u}` }));
  assert.deepEqual(await chart.run(['t', 'u'], 1), ['t moves p', 'u untried']);
});

test('names that a chart refuses without a switch are tried with it at once the next time', async () => {
  const chart = fake({ r: 'x/a', s: 'x/a', t: '1.0', unlock: 'no' }, (v) => {
    if ((v.r !== 'x/a' || v.s !== 'x/a') && v.unlock !== 'true') throw new Error('set unlock');
    return { p: `q.io/${v.r}/${v.s}:${v.t}` };
  });
  assert.deepEqual((await chart.run(['r', 't', 's'])).toSorted(), [
    'r moves p with unlock',
    's moves p with unlock',
    't moves p',
  ]);
  assert.equal(chart.rounds.filter((round) => !round.includes('unlock')).length, 2);
});

test('what no change of a suspect alone would do has the others tried again', async () => {
  // Both together bring a third image.
  const chart = fake({ t: '1.0', u: '2.0', x: '3.0' }, (v) => ({
    p: `q.io/a:${v.t}`,
    q: `q.io/b:${v.u}`,
    r: `q.io/c:${v.x}`,
    ...(v.t !== '1.0' && v.u !== '2.0' ? { s: 'q.io/d:7' } : {}),
  }));
  assert.deepEqual((await chart.run(['t', 'u', 'x'])).toSorted(), ['t moves p', 'u moves q', 'x moves r']);
});

test('one suspect that does more than it should leaves what the others did', async () => {
  // The tag of one decides the repository of its own image.
  const chart = fake({ t: '1.0', u: '2.0', x: '3.0' }, (v) => ({
    p: `q.io/${v.t === '1.0' ? 'a' : 'z'}:${v.t}`,
    q: `q.io/b:${v.u}`,
    r: `q.io/c:${v.x}`,
  }));
  assert.deepEqual((await chart.run(['t', 'u', 'x'])).toSorted(), ['t moves p', 'u moves q', 'x moves r']);
  assert.deepEqual(chart.rounds, ['t u x', 't']);
});
