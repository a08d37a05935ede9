import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inRoot } from '../../../test/paths.js';
import { isTrowelError, type JsonValue } from '../../model/index.js';
import { prepare, render } from '../engine.js';
import { GoMap, type GoValue } from '../value.js';
import { fromJsonValue } from '../yaml/index.js';
import { helmFunctions } from './index.js';

interface Recorded {
  readonly T: string;
  readonly V?: JsonValue;
  readonly out?: string;
  readonly err?: string;
}

const folder = inRoot('src', 'template', 'functions', 'testdata');
const functions = helmFunctions({ now: () => new Date(0), random: (bytes) => randomBytes(bytes), timeZone: 'UTC' });

for (const file of readdirSync(folder).filter((name) => /^helm-.*\.jsonl$/.test(name))) {
  test(`${file}: templates give what Helm's engine gives`, () => {
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
    const wrong = lines.flatMap((line) => {
      const { T, V, ...helm }: Recorded = JSON.parse(line);
      const own = run(T, V ?? null);
      return own.out === helm.out && own.err === helm.err ? [] : [{ T, own, helm }];
    });
    assert.deepEqual(wrong, []);
  });
}

function run(text: string, values: JsonValue): { readonly out?: string; readonly err?: string } {
  const path = 'c/templates/t.yaml';
  const dot = new GoMap(new Map<string, GoValue>([['Values', fromJsonValue(values)]]), 'chartutil.Values');
  try {
    const program = prepare([{ path, text, basePath: 'c/templates', chartPath: 'c' }], functions);
    return { out: render(program, { data: () => dot }).get(path)?.text ?? '' };
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return { err: error.what };
  }
}
