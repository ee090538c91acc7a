/**
 * What a server costs that does nothing but read: Fastify, one SQLite statement, columns as JSON. No caller is verified, no rule of the API is kept,
 * nothing is planned, logged or told. `/users/{id}` reads one row, `/users?from=&to=` 25 of an index.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { personOf } from '../scale/people.ts';
import { newFastify } from './fastify.ts';
import { serving } from './serving.ts';

const size = Number(process.argv[2] ?? 10_000);

const folder = mkdtempSync(join(tmpdir(), 'usher-floor-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const database = new DatabaseSync(join(folder, 'people.db'));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;
  CREATE TABLE people (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, displayName TEXT, givenName TEXT, surname TEXT,
    mail TEXT, userPrincipalName TEXT, jobTitle TEXT, mobilePhone TEXT, officeLocation TEXT, preferredLanguage TEXT);
  CREATE INDEX people_name ON people (displayName COLLATE NOCASE);
  BEGIN`);
const insert = database.prepare('INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)');
for (let number = 0; number < size; number += 1) {
  const { id, givenName, surname, mail, userPrincipalName } = personOf(number);
  insert.run(number, id, `${givenName} ${surname}`, givenName, surname, mail, userPrincipalName, 'Engineer');
}
database.exec('COMMIT');

const one =
  database.prepare(`SELECT displayName, givenName, surname, mail, userPrincipalName, jobTitle, mobilePhone, officeLocation,
  preferredLanguage, id FROM people WHERE id = ?`);
const page = database.prepare(`SELECT id, displayName, mail, userPrincipalName FROM people
  WHERE displayName COLLATE NOCASE >= ? AND displayName COLLATE NOCASE < ? ORDER BY displayName COLLATE NOCASE LIMIT 25`);

await serving(async () => {
  const app = await newFastify();
  app.get('/users/:id', async ({ params }) => one.get(params['id'] ?? ''));
  app.get('/users', async ({ query }) => ({ value: page.all(query['from'] ?? '', query['to'] ?? '') }));
  await app.ready();
  return app.routing;
});
