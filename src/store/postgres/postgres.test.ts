import { after } from 'node:test';
import { testDatabase } from '../../../test/support/postgres.ts';
import { conformance } from '../testing/conformance.ts';
import { queryConformance } from '../testing/query-conformance.ts';
import { postgresDatabase } from './postgres.ts';

// Each with tables of its own, since they are opened with different models.
const [database, queried] = [await testDatabase(), await testDatabase()];
after(() => Promise.all([database.drop(), queried.drop()]));

conformance('postgres:', (options) => postgresDatabase(database.url, options));
queryConformance('postgres:', (options) => postgresDatabase(queried.url, options));
