import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from './mailbox.js';

test('what arrives is taken in its order, before or after it is asked for', async () => {
  const box = new Mailbox<number>();
  box.put(1);
  box.put(2);
  assert.equal(await box.next(), 1);
  assert.equal(await box.next(), 2);
  const later = box.next();
  box.put(3);
  assert.equal(await later, 3);
});

test('a failure comes after what arrived before it, and to who waits', async () => {
  const box = new Mailbox<number>();
  box.put(1);
  box.fail(new RangeError('over'));
  assert.equal(await box.next(), 1);
  await assert.rejects(box.next(), RangeError);
  const other = new Mailbox<number>();
  const waiting = other.next();
  other.fail(new RangeError('over'));
  await assert.rejects(waiting, RangeError);
});
