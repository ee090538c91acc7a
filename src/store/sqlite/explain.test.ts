import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { silent, system, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type Fragment, sql } from '../sql/fragment.ts';
import { logPlanCases, logPlanRows } from '../testing/log-plan-cases.ts';
import { planCases, planLimits, planRows, statementsOf } from '../testing/plan-cases.ts';
import { Connection } from './connection.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteDatabase } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-explain-'));
const path = join(folder, 'explain.db');
let connection: Connection;

before(async () => {
  const types = Object.values(entities);
  const database = await sqliteDatabase(`sqlite:${path}`, { clock: systemClock, observe: silent, types });
  await database.tenant('t').write(async (t) => {
    for (const row of [...planRows, ...logPlanRows]) await t.insert(row, system('test'));
  });
  await database.close();
  connection = new Connection(path, 'reader');
});
after(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

const planOf = (statement: Fragment): readonly string[] =>
  connection
    .all<{ readonly detail: string }>(sql(`EXPLAIN QUERY PLAN ${statement.sql}`, ...statement.values))
    .map(({ detail }) => detail);

/** Reads through a table or a whole index of it; what was computed before, and a list handed in as a value, are not tables. */
function scans(plan: readonly string[]): readonly string[] {
  const computed = new Set(plan.flatMap((step) => /^(?:CO-ROUTINE|MATERIALIZE) (\w+)/.exec(step)?.[1] ?? []));
  return plan.filter((step) => {
    const [, name = '', rest = ''] = /^SCAN (\S+)(.*)/.exec(step) ?? [];
    return name !== '' && name !== 'json_each' && !(computed.has(name) && rest === '');
  });
}

/** Rows sorted that are neither a list of limited length, nor told apart from their like in one, nor what one key leads to. */
const sorts = (plan: readonly string[]): readonly string[] =>
  plan.some((step) => step.includes('INTEGER PRIMARY KEY (rowid=?)') || step.includes('UNION'))
    ? []
    : plan.filter((step) => step.includes('TEMP B-TREE') && !(limited(plan) && step.includes('count(DISTINCT)')));

const limited = (plan: readonly string[]): boolean => plan.some((step) => step.startsWith('CO-ROUTINE'));

test('a scan and a sort are recognised', () => {
  const steps = planOf(sql('SELECT r.id FROM e_user AS r ORDER BY r.body'));
  assert.equal(scans(steps).length, 1, steps.join('\n'));
  assert.equal(sorts(steps).length, 1, steps.join('\n'));
  assert.equal(scans(planOf(sql('SELECT r.key FROM e_user AS r ORDER BY r.tenant, r.scope, r.key'))).length, 1);
});

for (const [kind, limits] of Object.entries(planLimits)) {
  describe(`SQLite finds by index, with ${kind}`, () => {
    for (const one of [...planCases, ...logPlanCases]) {
      test(one.asked, async () => {
        const ask = (statement: Fragment) => connection.all(statement);
        const statements = await statementsOf(one, limits, { tenantId: 't', dialect: sqliteDialect, ask });
        const plans = statements.map(planOf);
        for (const [index, plan] of plans.entries()) {
          assert.deepEqual([...scans(plan), ...sorts(plan)], [], `${statements[index]?.sql}\n${plan.join('\n')}`);
        }
        const [name, column] = one.by;
        const entered = plans.flat().some((step) => {
          const [, used = '', by = ''] = /^SEARCH .* USING (?:COVERING )?(?:INDEX )?(.+?) \((.*)\)$/.exec(step) ?? [];
          return name.test(used) && by.includes(column);
        });
        assert.ok(entered, plans.flat().join('\n'));
      });
    }
  });
}
