import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testDatabase } from '../../../test/support/postgres.ts';
import { silent, system, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type Fragment, sql } from '../sql/fragment.ts';
import { logPlanCases, logPlanRows } from '../testing/log-plan-cases.ts';
import { planCases, planLimits, planRows, statementsOf } from '../testing/plan-cases.ts';
import { postgresDialect } from './dialect.ts';
import { openPools } from './pools.ts';
import { postgresDatabase } from './postgres.ts';
import { Primary } from './primary.ts';
import { settingsOf } from './settings.ts';
import { named } from './statements.ts';

/** What EXPLAIN says of one step. */
interface Step {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Step[];
}

interface Told {
  readonly 'QUERY PLAN': readonly { readonly Plan: Step }[];
}

const database = await testDatabase();
const pools = openPools(new Primary(settingsOf(database.url), silent), silent);
/** As many as statistics say; what the tables really hold is little. */
const pretended = 1_000_000;

before(async () => {
  const types = Object.values(entities);
  const opened = await postgresDatabase(database.url, { clock: systemClock, observe: silent, types });
  for (const tenant of ['t', 'other']) {
    await opened.tenant(tenant).write(async (t) => {
      for (const row of [...planRows, ...logPlanRows]) await t.insert(row, system('test'));
    });
  }
  await opened.close();
  await pools.with('writer', async (session) => {
    await session.exec('ANALYZE');
    await session.exec(
      `UPDATE pg_class SET reltuples = ${pretended} WHERE relnamespace = current_schema()::regnamespace AND relname ~ '^[etpkuilsov]_'`,
    );
  });
});
after(async () => {
  await pools.end();
  await database.drop();
});

const ask = (statement: Fragment) => pools.with('reader', (session) => session.all(statement));

/** The steps of the plan for these values, or, `generic`, for any. */
async function planOf(statement: Fragment, generic: boolean): Promise<readonly Step[]> {
  const [told] = await pools.with('reader', async (session): Promise<readonly Told[]> => {
    if (!generic) return session.all(sql(`EXPLAIN (FORMAT JSON) ${statement.sql}`, ...statement.values));
    const [result] = await session.exec(`EXPLAIN (FORMAT JSON, GENERIC_PLAN) ${named(statement.sql).text}`);
    return (result?.rows ?? []) as Told[];
  });
  const steps = (step: Step): readonly Step[] => [step, ...(step.Plans ?? []).flatMap(steps)];
  return (told?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => steps(Plan));
}

/** Reads through a table, a whole index of it, or the part of a tenant to ask each row. */
const scans = (plan: readonly Step[]): readonly Step[] =>
  plan.filter((step) => {
    const { 'Node Type': node, 'Index Cond': condition = '', Filter: filter } = step;
    if (!/Index (?:Only )?Scan/.test(node)) return node === 'Seq Scan';
    // Every entry of a log has a time, so the stretch of those without one is empty, whosever they are.
    if (/^l_/.test(step['Index Name'] ?? '') && /^\(\w*"?\w+"? IS NULL\)$/.test(condition)) return false;
    const columns = [...condition.matchAll(/[("]([a-zA-Z_]\w*)[")]* (?:[<>=]|IS |~)/g)].map(([, name]) => name);
    const others = columns.filter((name) => name !== 'tenant' && name !== 'scope');
    return !columns.includes('tenant') || (filter !== undefined && others.length === 0);
  });

/** Rows sorted that are not a list of limited length. */
const sorts = (plan: readonly Step[]): readonly Step[] =>
  plan.filter((step) => /Sort/.test(step['Node Type']) && most(step) > pretended / 100);

/** Rows that come into a step. */
const most = ({ Plans = [] }: Step): number => Math.max(0, ...Plans.map((step) => step['Plan Rows']));

test('a scan and a sort are recognised', async () => {
  const plan = await planOf(sql('SELECT r.id FROM e_user AS r ORDER BY r.body'), false);
  assert.deepEqual([scans(plan).length, sorts(plan).length], [1, 1], JSON.stringify(plan));
});

for (const [kind, limits] of Object.entries(planLimits)) {
  describe(`PostgreSQL finds by index, with ${kind}`, () => {
    for (const one of [...planCases, ...logPlanCases]) {
      test(one.asked, async () => {
        const statements = await statementsOf(one, limits, { tenantId: 't', dialect: postgresDialect, ask });
        const plans: (readonly Step[])[] = [];
        for (const statement of statements) {
          for (const generic of [false, true]) {
            const plan = await planOf(statement, generic);
            plans.push(plan);
            const told = `${generic} ${statement.sql}\n${JSON.stringify(plan[0], null, 1)}`;
            assert.deepEqual([...scans(plan), ...sorts(plan)], [], told);
          }
        }
        const [name, column] = one.by;
        const entered = plans
          .flat()
          .some((step) => name.test(step['Index Name'] ?? '') && step['Index Cond']?.includes(column));
        assert.ok(entered, JSON.stringify(plans, null, 1));
      });
    }
  });
}
