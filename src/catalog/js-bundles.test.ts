import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { jsBundles } from './js-bundles.js';
import { survivesMutations } from './mutation.test.support.js';

/** Beginnings of files as the projects publish them. */
const banners: readonly (readonly [string, string | null])[] = [
  ['/*! jQuery v3.7.1 | (c) OpenJS Foundation and other contributors | jquery.org/license */', 'pkg:npm/jquery@3.7.1'],
  ['/*!\n  * Bootstrap v5.3.3 (https://getbootstrap.com/)\n  * Copyright 2011-2024', 'pkg:npm/bootstrap@5.3.3'],
  ['/**\n* vue v3.4.31\n* (c) 2018-present Yuxi (Evan) You and Vue contributors\n', 'pkg:npm/vue@3.4.31'],
  ['/** @license React v16.13.1\n * react.production.min.js\n', 'pkg:npm/react@16.13.1'],
  ['/*! jQuery UI - v1.13.2 - 2022-07-14', 'pkg:npm/jquery-ui@1.13.2'],
  ['/*! Select2 4.0.13 | https://github.com/select2', 'pkg:npm/select2@4.0.13'],
  ['/*! normalize.css v8.0.1 | MIT License | github.com/necolas/normalize.css */', 'pkg:npm/normalize.css@8.0.1'],
  ['/*!\n * jQuery JavaScript Library v1.12.4\n * http://jquery.com/', 'pkg:npm/jquery@1.12.4'],
  ['/** Since version 1.2.3 this is different. */', null],
  ['/*! copyright 2020.01.02 */', null],
  ['var a = "jQuery v3.7.1";', null],
];

test('banners of libraries', () => {
  for (const [text, purl] of banners) {
    const result = readWith(jsBundles, 'srv/www/x.min.js', `${text}\n!function(){}();`);
    const found = catalogued({ 'srv/www/x.min.js': text }).components[0];
    assert.equal(found?.purl ?? null, purl, text);
    assert.deepEqual(result?.gaps, []);
    if (purl !== null) assert.deepEqual([found?.grade, found?.owns.length], ['inferred', 1]);
  }
});

test('a bundle of several belongs to none of them, what npm installed is not looked into', () => {
  const bundle = '"use strict";/*! A v1.0.0 | MIT */x();/*! B v2.0.0 | MIT */y();/*! B v2.0.0 | MIT */';
  assert.deepEqual(
    catalogued({ 'srv/app.js': bundle }).components.map((one) => [one.purl, one.owns.length]),
    [
      ['pkg:npm/a@1.0.0', 0],
      ['pkg:npm/b@2.0.0', 0],
    ],
  );
  assert.equal(readWith(jsBundles, 'app/node_modules/a/a.js', bundle), null);
});

test('source maps name versions where pnpm installed', () => {
  const map = JSON.stringify({
    version: 3,
    sources: [
      'webpack://app/./node_modules/.pnpm/react@18.2.0/node_modules/react/index.js',
      '../../node_modules/.pnpm/@babel+runtime@7.23.2/node_modules/@babel/runtime/x.js',
      '../../node_modules/.pnpm/a@1.0.0_b@2.0.0/node_modules/a/x.js',
      '../node_modules/react-dom/index.js',
      null,
    ],
  });
  assert.deepEqual(
    catalogued({ 'srv/app.js.map': map }).components.map((one) => one.purl),
    ['pkg:npm/%40babel/runtime@7.23.2', 'pkg:npm/a@1.0.0', 'pkg:npm/react@18.2.0'],
  );
  assert.equal(readWith(jsBundles, 'a.js.map', '{')?.gaps[0]?.reason, 'bad-database');
});

test('broken scripts and maps', () => {
  survivesMutations('srv/x.js', `${'/*! jQuery v3.7.1 */'.repeat(5)}${'/**'.repeat(100)}`);
  survivesMutations('srv/x.js.map', '{"sources":["a/.pnpm/react@18.2.0/node_modules/react/index.js"]}');
});
