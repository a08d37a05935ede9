import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildElf, goProgram } from '../binary/elf-builder.test.support.js';
import { elf, withProgramFacts } from './elf.js';
import { catalogued, readWith } from './image.test.support.js';

const elfWith = (words: string): Uint8Array =>
  buildElf({ bits: 64, littleEndian: true, data: Buffer.from(words, 'latin1'), address: 0 });

test('a packed program is a gap, never nothing', () => {
  const packed = elfWith(`\x01\x02\x03\x04UPX!${'\xaa'.repeat(9000)}$Id: UPX 4.02 Copyright\n\0UPX!`);
  const { gaps } = catalogued({ 'bin/agent': packed });
  assert.deepEqual(gaps, [
    {
      by: 'elf',
      path: 'bin/agent',
      reason: 'unsupported',
      detail: 'packed with UPX 4.02: what is inside cannot be read',
    },
  ]);
});

test('a broken program is told once', () => {
  const whole = goProgram('go1.21', 'path\tx\n');
  const { gaps } = catalogued({ 'bin/x': whole.subarray(0, whole.length - 20) });
  assert.deepEqual(
    gaps.map(({ by }) => by),
    ['go'],
  );
  assert.equal(readWith(elf, 'bin/x', '#!/bin/sh\n'), null);
  assert.deepEqual(readWith(elf, 'x.exe', 'MZ is how this text begins'), { records: [], gaps: [] });
});

const shell = ['/bin/bash', '/bin/dash'].find(existsSync);

test('what a real program loads stands at the component that is it', {
  skip: shell === undefined ? 'no shell' : false,
}, () => {
  const bytes = readFileSync(shell ?? '');
  const result = readWith(elf, 'bin/bash', bytes);
  const [record] = result?.records ?? [];
  assert.ok(record !== undefined && typeof record === 'object' && record !== null && 'needed' in record);
  const { components } = catalogued({ 'bin/bash': bytes });
  for (const one of components.filter((component) => component.owns.length > 0)) {
    assert.ok(one.links?.includes('libc.so.6'), one.purl);
    assert.ok(one.evidence.some(({ what, value }) => what === 'GNU build id' && /^[0-9a-f]{40}$/.test(value)));
    assert.ok(one.evidence.some(({ what, value }) => what === 'program interpreter' && value.includes('/ld-')));
  }
});

test('the facts of a file that a component does not own are not its own', () => {
  const [component] = catalogued({ 'opt/x': elfWith('\0libpng version 1.6.37\n\0') }).components;
  assert.ok(component !== undefined);
  const facts = {
    format: 'elf',
    buildId: 'ab',
    interpreter: null,
    soname: null,
    needed: ['libz.so.1'],
    compilers: [],
    note: null,
  };
  assert.equal(withProgramFacts(component, new Map([['opt/x', facts]])), component);
});

test('a package note is a component that owns its programs, unless its package is there', () => {
  const note = {
    type: 'rpm',
    name: 'app',
    version: '1.2-3',
    architecture: 'x86_64',
    os: 'fedora',
    osVersion: '40',
    osCpe: 'cpe:/o:fedoraproject:fedora:40',
  };
  const record = { format: 'elf', buildId: null, interpreter: null, soname: null, needed: [], compilers: [], note };
  const input = {
    records: ['bin/a', 'bin/b'].map((path) => ({ by: 'elf', path, layer: 0, data: record })),
    files: new Map(),
    resolve: () => null,
    distro: null,
  };
  const { components } = elf.join(input);
  assert.deepEqual(
    components.map((one) => [one.purl, one.grade, one.owns.map(({ path }) => path), one.cpes]),
    // The CPE in the note is the distribution's.
    [['pkg:rpm/fedora/app@1.2-3?arch=x86_64&distro=fedora-40', 'claimed', ['bin/a', 'bin/b'], undefined]],
  );
  const strange = { ...record, note: { ...note, name: '../../x y' } };
  assert.deepEqual(
    elf.join({ ...input, records: [{ by: 'elf', path: 'bin/a', layer: 0, data: strange }] }).components,
    [],
  );
});
