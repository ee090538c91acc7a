import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/usher.ts';
import { silent, systemClock } from '../../kernel/index.ts';
import { type EntityType, entities } from '../../model/index.ts';
import { inspectDatabase, openDatabase } from '../open.ts';
import { steps } from './steps.ts';

const all: readonly EntityType[] = Object.values(entities);
const newUrl = (): string => `sqlite:${join(temporaryFolder(), 'usher.db')}`;
const fileOf = (url: string): string => url.slice('sqlite:'.length);

async function made(types: readonly EntityType[]): Promise<string> {
  const url = newUrl();
  const database = await openDatabase(url, { clock: systemClock, observe: silent, types });
  await database.close();
  return url;
}

function change(url: string, text: string): void {
  const database = new DatabaseSync(fileOf(url));
  database.exec(text);
  database.close();
}

const stateOf = async (url: string) => (await inspectDatabase(url, all))?.state;
const wordsOf = async (url: string) => (await inspectDatabase(url, all))?.defects.map(({ words }) => words);

test('a file that is not there, or that nothing is in, waits for its first start', async () => {
  const url = newUrl();
  assert.equal(await stateOf(url), undefined);
  writeFileSync(fileOf(url), '');
  assert.deepEqual(await inspectDatabase(url, all), { about: 'SQLite', state: 'empty', defects: [] });
});

test('what a start would change is told, also beside the process that has the file open', async (context) => {
  const url = await made([entities.user]);
  assert.equal(await stateOf(url), 'other');
  const database = await openDatabase(url, { clock: systemClock, observe: silent, types: all });
  context.after(() => database.close());
  assert.deepEqual(await inspectDatabase(url, all), { about: 'SQLite', state: 'current', defects: [] });
});

test('a file that a start would refuse is told, with why', async () => {
  const newer = await made(all);
  change(newer, 'INSERT INTO migration (version, at) VALUES (999, 0)');
  assert.deepEqual(await wordsOf(newer), [
    `it was written by a newer version (schema 999; this version knows up to ${steps.length}).`,
  ]);
  const foreign = newUrl();
  change(foreign, 'CREATE TABLE notes (text)');
  assert.deepEqual(await wordsOf(foreign), ['it belongs to another program.']);
});
