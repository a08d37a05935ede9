import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadChart } from './load.js';
import { withAppVersion } from './with-app-version.js';

test('only the chart that is named states another appVersion', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-test-'));
  try {
    mkdirSync(join(dir, 'charts', 'sub'), { recursive: true });
    writeFileSync(join(dir, 'Chart.yaml'), 'apiVersion: v2\nname: top\nversion: 1.0.0\nappVersion: "1"\n');
    writeFileSync(
      join(dir, 'charts', 'sub', 'Chart.yaml'),
      'apiVersion: v2\nname: sub\nversion: 1.0.0\nappVersion: "2"\n',
    );
    const chart = await loadChart(dir);
    const versions = (id: string): string[] => {
      const changed = withAppVersion(chart, id, '9');
      return [changed.metadata.appVersion, ...changed.dependencies.map((one) => one.metadata.appVersion)];
    };
    assert.deepEqual(versions('top'), ['9', '2']);
    assert.deepEqual(versions('top/sub'), ['1', '9']);
    assert.deepEqual(versions('other'), ['1', '2']);
    assert.equal(chart.metadata.appVersion, '1');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
