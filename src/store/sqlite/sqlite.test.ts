import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { conformance } from '../testing/conformance.ts';
import { queryConformance } from '../testing/query-conformance.ts';
import { sqliteDatabase } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-store-'));
after(() => rmSync(folder, { recursive: true }));

conformance('sqlite:', (options) => sqliteDatabase(`sqlite:${join(folder, 'conformance.db')}`, options));
queryConformance('sqlite:', (options) => sqliteDatabase(`sqlite:${join(folder, 'queries.db')}`, options));
