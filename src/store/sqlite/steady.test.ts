import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allTypes, entities } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import { sql } from '../sql/fragment.ts';
import { tableOf } from '../sql/layout.ts';
import { createSteady } from './steady.ts';

const catalogue = createCatalogue(allTypes());
const [flow, user] = [entities.b2cIdentityUserFlow, entities.user].map((type) => tableOf(catalogue.family(type)));
const flows = sql(`SELECT r.id FROM "${flow}" AS r WHERE r.tenant = ?`, 'a');
const read = () => [{ id: 'x' }];

test('what reads small families alone is kept, and handed out as it was read', () => {
  const steady = createSteady(catalogue);
  assert.ok(steady.reads(flows.sql));
  const first = steady.answer(flows, read);
  assert.equal(steady.answer(flows, read), first);
  assert.ok(Object.isFrozen(first) && Object.isFrozen(first[0]));
});

test('values are told apart however they are put together', () => {
  const steady = createSteady(catalogue);
  const one = steady.answer(sql('SELECT', 'a\nb', 'c'), read);
  assert.notEqual(steady.answer(sql('SELECT', 'a', 'b\nc'), read), one);
  assert.notEqual(steady.answer(sql('SELECT', 'a","b', 'c'), read), one);
});

test('a statement that reads a large family, a log or what no model declares is not kept', () => {
  const steady = createSteady(catalogue);
  for (const text of [
    `SELECT * FROM "${user}" AS r`,
    `SELECT * FROM "${flow}" AS r WHERE r.row IN (SELECT l.source FROM link AS l JOIN "${user}" AS r ON r.row = l.target)`,
    'SELECT max(sequence) FROM change',
    'SELECT * FROM ephemeral WHERE id = ?',
    'SELECT 1',
  ])
    assert.equal(steady.reads(text), false, text);
});

test('every way to write to a small family or to a link is known as one', () => {
  const steady = createSteady(catalogue);
  for (const text of [
    `INSERT INTO "${flow}" (row) VALUES (?)`,
    `UPDATE "${flow}" SET body = ? WHERE row = ?`,
    `DELETE FROM "${flow}" WHERE row = ? RETURNING id`,
    'DELETE FROM link WHERE tenant = ?',
    'INSERT INTO link (tenant, source) VALUES (?, ?)',
  ])
    assert.ok(steady.writes(text), text);
  assert.equal(steady.writes(`UPDATE "${user}" SET body = ?`), false);
  assert.equal(steady.writes('INSERT INTO ephemeral (id) VALUES (?)'), false);
});

test('what is kept lasts until a write can be read, and not longer', () => {
  const steady = createSteady(catalogue);
  const first = steady.answer(flows, read);
  steady.shown();
  assert.equal(steady.answer(flows, read), first);
  steady.wrote();
  assert.equal(steady.answer(flows, read), first);
  steady.shown();
  assert.notEqual(steady.answer(flows, read), first);
});

test('neither many answers nor large ones fill the memory', () => {
  const steady = createSteady(catalogue);
  const large = [{ body: 'x'.repeat(300_000) }];
  assert.notEqual(Object.isFrozen(steady.answer(flows, () => large)), true);
  const [first] = Array.from({ length: 1_001 }, (_, at) => steady.answer(sql(flows.sql, at), read));
  assert.notEqual(steady.answer(sql(flows.sql, 0), read), first);
  const big = () => [{ body: 'x'.repeat(200_000) }];
  const [early] = Array.from({ length: 21 }, (_, at) => steady.answer(sql(flows.sql, `big ${at}`), big));
  assert.notEqual(steady.answer(sql(flows.sql, 'big 0'), big), early);
});

test('an answer that made room for another one takes no room any more, nor does its question', () => {
  const steady = createSteady(catalogue);
  const asked = (at: number) => sql(flows.sql, `${at}`.padStart(1_000, '0'));
  const first = steady.answer(asked(0), read);
  for (let at = 1; at < 6_000; at += 1) {
    steady.answer(asked(at), read);
    assert.equal(steady.answer(asked(0), read), first, `forgotten after ${at}`);
  }
});
