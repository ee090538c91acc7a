import { after } from 'node:test';
import { testDatabase } from '../../../test/support/postgres.ts';
import { conformance } from '../testing/conformance.ts';
import { postgresDatabase } from './postgres.ts';

const database = await testDatabase();
after(() => database.drop());

conformance('postgres:', (options) => postgresDatabase(database.url, options));
