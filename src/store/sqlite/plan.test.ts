import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { silent, system, systemClock } from '../../kernel/index.ts';
import { entities, type Filter, type Query } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import { encodeCursor, sortKeysOf } from '../cursor.ts';
import { afterPrefix } from '../sql/after-prefix.ts';
import { findStatements } from '../sql/find.ts';
import type { Fragment } from '../sql/fragment.ts';
import { getStatement } from '../sql/rows.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteDatabase } from './sqlite.ts';

const { user } = entities;
const types = Object.values(entities);
const catalogue = createCatalogue(types);
const folder = mkdtempSync(join(tmpdir(), 'usher-plan-'));
const path = join(folder, 'plan.db');
let outside: DatabaseSync;

before(async () => {
  const database = await sqliteDatabase(`sqlite:${path}`, { clock: systemClock, observe: silent, types });
  const ref = { type: user, id: 'u' };
  await database.tenant('t').write((t) => t.insert({ ref, values: {} }, system('test')));
  await database.close();
  outside = new DatabaseSync(path, { readOnly: true });
  outside.function('usher_matches', { deterministic: true, varargs: true }, () => 1);
});
after(() => {
  outside.close();
  rmSync(folder, { recursive: true });
});

/** Reading a list handed in as a value is no scan of a table. */
const steps = ({ sql, values }: Fragment): readonly string[] =>
  outside
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .map(({ detail }) => String(detail))
    .filter((detail) => !detail.includes('json_each'));

const page = (query: Partial<Query>) =>
  findStatements({ catalogue, tenantId: 't', dialect: sqliteDialect }, { type: user, limit: 25, ...query }).page;
const eq = (name: string, value: string): Filter => ({ op: 'eq', path: [name], value });

const tuple: Filter = {
  op: 'any',
  path: ['identities'],
  where: { op: 'and', terms: [eq('issuer', 'i'), eq('issuerAssignedId', 'x')] },
};
const refined: Filter = {
  op: 'any',
  path: ['identities'],
  where: { op: 'and', terms: [eq('signInType', 's'), eq('issuerAssignedId', 'x'), eq('issuer', 'i')] },
};
const byName = [{ path: ['displayName'], descending: false }];
const newest = [{ path: ['createdDateTime'], descending: true }];
const place = { parent: { type: entities.b2cIdentityUserFlow, id: 'f' }, navigation: 'userAttributeAssignments' };

const lookups: readonly (readonly [sentence: string, statement: Fragment, expected: RegExp])[] = [
  ['an id', getStatement(catalogue.family(user), 't', { type: user, id: 'u' }), /INDEX k_e_user .*scope=\? AND key=\?/],
  ['an id in a filter', page({ filter: eq('id', 'u') }), /INDEX k_e_user .*key=\?/],
  [
    'a unique value',
    page({ filter: eq('userPrincipalName', 'u') }),
    /INDEX u_e_user_text_userPrincipalName .*text_userPrincipalName=\?/,
  ],
  [
    'a unique tuple',
    page({ filter: tuple }),
    /INDEX u_t_user_identities\S* .*text_issuer=\? AND text_issuerAssignedId=\?/,
  ],
  ['a unique tuple and more', page({ filter: refined }), /text_issuer=\? AND text_issuerAssignedId=\?/],
  [
    'an indexed value',
    page({ filter: eq('mail', 'm'), order: [{ path: ['mail'], descending: false }] }),
    /INDEX o_e_user_text_mail .*text_mail=\?/,
  ],
  [
    'a value that few have',
    page({ filter: eq('city', 'c'), order: [{ path: ['city'], descending: false }] }),
    /INDEX v_e_user_text_city .*text_city=\?/,
  ],
  ['several indexed values', page({ filter: { op: 'in', path: ['mail'], values: ['m', 'n'] } }), /text_mail=\?/],
  [
    'an indexed prefix',
    page({ filter: { op: 'startsWith', path: ['mail'], value: 'm' } }),
    /text_mail>\? AND text_mail<\?/,
  ],
  ['a page by id', page({}), /INDEX k_e_user/],
  ['a page in an indexed order', page({ order: byName }), /INDEX o_e_user_text_displayName/],
  ['a page in an indexed order, descending', page({ order: newest }), /INDEX o_e_user_text_createdDateTime/],
  [
    'a page of contained entities',
    page({ type: entities.identityUserFlowAttributeAssignment, within: [place] }),
    /INDEX k_e_identityUserFlowAttributeAssignment \(tenant=\? AND scope=\?/,
  ],
];

for (const [sentence, statement, expected] of lookups) {
  test(`plan: ${sentence} is found by index`, () => {
    const found = steps(statement);
    assert.ok(
      found.some((step) => expected.test(step)),
      found.join('\n'),
    );
    assert.ok(!found.some((step) => step.startsWith('SCAN')), found.join('\n'));
  });
}

test('plan: a unique tuple leads to its row, whatever the order', () => {
  for (const filter of [tuple, refined]) {
    for (const order of [[], byName]) {
      const found = steps(page({ filter, order }));
      assert.ok(found.includes('SEARCH r USING INTEGER PRIMARY KEY (rowid=?)'), found.join('\n'));
    }
  }
});

test('plan: pages are read in order, without sorting, and begin where the last one ended, whatever stood there', () => {
  const oldest = [{ path: ['createdDateTime'], descending: false }];
  const entered = {
    value: [/text_createdDateTime=\? AND row[<>]\?/, /text_createdDateTime[<>]\?/],
    null: [/text_createdDateTime=\? AND row[<>]\?/],
  } as const;
  for (const order of [oldest, newest]) {
    const query = { type: user, limit: 25, order };
    for (const [kind, start] of [
      ['value', '2026-01-01'],
      ['null', null],
    ] as const) {
      const found = steps(page({ ...query, after: encodeCursor(sortKeysOf(query), [start, 7]) })).join('\n');
      for (const stretch of entered[kind]) assert.match(found, stretch);
      assert.ok(!found.includes('TEMP B-TREE'), found);
    }
  }
  const byId = { type: user, limit: 25 };
  assert.match(steps(page({ ...byId, after: encodeCursor(sortKeysOf(byId), ['x']) })).join('\n'), /key>\?/);
  for (const order of [undefined, byName, newest]) {
    const found = steps(page(order ? { order } : {})).join('\n');
    assert.ok(!found.includes('TEMP B-TREE'), found);
  }
});

test('afterPrefix: is greater than every text with the prefix and no more', () => {
  assert.equal(afterPrefix('ab'), 'ac');
  assert.equal(afterPrefix('a\u{10FFFF}'), 'b');
  assert.equal(afterPrefix('\u{10FFFF}'), undefined);
  assert.equal(afterPrefix('\uD7FF'), '\uE000');
});
