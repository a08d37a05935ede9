import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GoMap, type GoValue, toJsonValue } from '../template/index.js';
import type { Chart } from './chart.js';
import { coalesceValues, lookAtValues } from './coalesce.js';
import type { ChartNode } from './tree.js';

type Tables = { readonly [key: string]: Tables | number | null };

function table(values: Tables): GoMap {
  const entries = new Map<string, GoValue>();
  for (const [key, value] of Object.entries(values)) {
    entries.set(key, typeof value === 'object' && value !== null ? table(value) : value);
  }
  return new GoMap(entries);
}

/** A chart of a tree as far as coalescing looks at it. */
function node(name: string, values: Tables | null, children: ChartNode[] = []): ChartNode {
  const chart: Chart = {
    ...{ id: name, digest: null, lock: null, values: null, valuesText: null, schema: null },
    ...{ templates: [], files: [], crds: [], dependencies: [], warnings: [] },
    metadata: {
      ...{ name, home: '', sources: [], version: '1.0.0', description: '', keywords: [], maintainers: [], icon: '' },
      ...{ apiVersion: 'v2', condition: '', tags: '', appVersion: '', deprecated: false, annotations: new Map() },
      ...{ kubeVersion: '', dependencies: null, type: '' },
    },
  };
  const own = values === null ? null : table(values);
  return { chart, name, alias: null, dependencies: null, values: own, children, parent: null, outcomes: [] };
}

/** Few keys, so that tables of charts, their parents and the user meet; some are names of charts. */
const keys = fc.constantFrom('a', 'b', 'global', 'sub', 'deep', 'other');
const { tables } = fc.letrec<{ tables: Tables; value: Tables | number | null }>((tie) => ({
  tables: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  value: fc.oneof({ depthSize: 'small' }, fc.nat({ max: 2 }), fc.constant(null), tie('tables')),
}));

test('values that are only looked at are those that are made for templates, and leave alone what they are made of', () => {
  const own = fc.option(tables, { freq: 6 });
  const trees = fc.tuple(own, own, own, own).map(([root, sub, deep, other]) => {
    return node('root', root, [node('sub', sub, [node('deep', deep)]), node('other', other)]);
  });
  const allOf = (root: ChartNode): unknown => [
    root.values === null ? null : toJsonValue(root.values),
    ...root.children.map(allOf),
  ];
  const outcome = (work: (warn: (text: string) => void) => GoMap): unknown => {
    const said: string[] = [];
    try {
      return [toJsonValue(work((text) => said.push(text))), said];
    } catch (error) {
      return [String(error), said];
    }
  };
  fc.assert(
    fc.property(trees, tables, fc.constantFrom(3 as const, 4 as const), fc.boolean(), (root, user, helm, merge) => {
      const given = table(user);
      const before = allOf(root);
      const wanted = outcome((warn) => coalesceValues(root, given, { merge, helm, warn }));
      const found = outcome((warn) => lookAtValues(root, given, { merge, helm, warn }));
      assert.deepEqual(found, wanted);
      assert.deepEqual(allOf(root), before);
      assert.deepEqual(toJsonValue(given), toJsonValue(table(user)));
    }),
    { numRuns: 20_000 },
  );
});
