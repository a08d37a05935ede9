/** `node warm.js CHART`: renders a chart, then once more with other values; prints the second's milliseconds. */
import { readFileSync } from 'node:fs';
import { prepare, render } from '../../src/engine/index.js';

const chart = prepare(readFileSync(process.argv[2] ?? ''));
const settings = { name: 'rel', kubeVersion: '1.33.0' };
const before = render(chart, {}, settings);
const started = performance.now();
const after = render(chart, { fullnameOverride: 'another', nameOverride: 'name', replicaCount: 3 }, settings);
const milliseconds = performance.now() - started;
if (before.text === '' || after.text === '') throw new Error('nothing was rendered');
process.stdout.write(milliseconds.toFixed(2));
