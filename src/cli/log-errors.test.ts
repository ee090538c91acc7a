import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/postgres.ts';
import { startMailServer } from '../../test/support/smtp.ts';
import { lookInto } from '../../test/support/sqlite.ts';
import { temporaryFolder } from '../../test/support/usher.ts';
import { createSmtpMailer } from '../connectors/index.ts';
import { silent, systemClock } from '../kernel/index.ts';
import { openDatabase } from '../store/index.ts';
import { logLine } from './log-line.ts';

const marker = 'ada-marker';

/** What the log says of an error, which itself holds the marker, as its own words or those of its cause. */
function lineOf(error: unknown): string {
  assert.ok(error instanceof Error);
  const words = [error, error.cause].map((one) => (one instanceof Error ? `${one.stack} ${JSON.stringify(one)}` : one));
  assert.ok(words.join().includes(marker), 'the error tells a value');
  return logLine({ kind: 'warning', message: 'It failed.', error }, new Date());
}

const failureOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return assert.fail('it did not fail');
};

test('PostgreSQL repeats values in its errors, and the log does not', async (t) => {
  const database = await testDatabase();
  t.after(database.drop);
  await database.query('CREATE TABLE people (mail text PRIMARY KEY)');
  const add = () => database.query('INSERT INTO people VALUES ($1)', [marker]);
  await add();
  const failures = [await failureOf(add), await failureOf(() => database.query('SELECT $1::int', [marker]))];
  for (const line of failures.map(lineOf)) {
    assert.ok(!line.includes(marker), line);
    assert.match(line, /"code":"(?:23505|22P02)"/);
  }
});

test('SQLite repeats names and words of a question in its errors, and the log does not', async () => {
  const file = join(temporaryFolder(), 'usher.db');
  await (await openDatabase(`sqlite:${file}`, { clock: systemClock, observe: silent, types: [] })).close();
  const error = await failureOf(() => lookInto(file, (query) => query(`SELECT [${marker}] FROM sqlite_schema`)));
  const line = lineOf(error);
  assert.ok(!line.includes(marker), line);
  assert.match(line, /"code":"ERR_SQLITE_ERROR"/);
});

test('a mail server repeats addresses in its refusals, and neither our fault nor the log does', async (t) => {
  const server = await startMailServer(t, {
    onRcptTo: ({ address }, _, done) => done(Object.assign(new Error(`no ${address} here`), { responseCode: 550 })),
  });
  const mailer = createSmtpMailer({ url: `smtp://localhost:${server.port}`, from: 'usher@contoso.example' });
  t.after(mailer.close);
  const letter = { to: `${marker}@contoso.example`, subject: marker, text: marker, html: marker, purpose: 'test' };
  const error = await failureOf(() => mailer.send(letter));
  const line = logLine({ kind: 'warning', message: 'It failed.', error }, new Date());
  assert.ok(!line.includes(marker), line);
  assert.match(line, /"code":"connectors\.mailNotSent","message":".*550/);
});

test('a server that is not there is named in the error of a call, and not in the log', async () => {
  const line = lineOf(await failureOf(() => fetch(`http://${marker}.invalid/`)));
  assert.ok(!line.includes(marker), line);
  assert.match(line, /"code":"(?:ENOTFOUND|EAI_AGAIN)"/);
});
