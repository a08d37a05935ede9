import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distance, nearest } from './near.js';

test('distance counts the steps from one word to another', () => {
  assert.equal(distance('kitten', 'sitting'), 3);
  assert.equal(distance('', 'ab'), 2);
});

test('nearest names are those of few steps or that hold the word, the nearest first', () => {
  assert.deepEqual(nearest('ngnix', ['redis', 'nginx', 'nginx-ingress', 'ngix'], 3), ['ngix', 'nginx']);
  assert.deepEqual(nearest('prometheus', ['kube-prometheus-stack', 'grafana'], 3), ['kube-prometheus-stack']);
  assert.deepEqual(nearest('x'.repeat(300), ['a'], 3), []);
});
