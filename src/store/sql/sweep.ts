import type { EpochSeconds } from '../../kernel/index.ts';
import { daysBefore, type Log, oldestKept } from '../retention.ts';
import { mostSweptAtOnce } from '../sweep.ts';
import type { Operand } from './dialect.ts';
import { deleteRow } from './entity.ts';
import { type Fragment, quoted, sql } from './fragment.ts';
import { columnOf, tableOf } from './layout.ts';
import { all, run, type Script } from './script.ts';
import type { View } from './view.ts';

export interface Keeping {
  readonly now: EpochSeconds;
  readonly changeRetentionDays: number;
  readonly logs: readonly Log[];
}

/** Removes changes and entries of logs that have been kept long enough, of every tenant; gives how many. */
export function* sweepLogs(view: Omit<View, 'tenantId'>, keeping: Keeping): Script<number> {
  let swept = yield* sweepChanges(keeping);
  for (const log of keeping.logs) swept += yield* sweepLog(view, log, keeping.now);
  return swept;
}

/** From the beginning of the log on, so that what is left is whole behind the number that is remembered. */
function* sweepChanges({ now, changeRetentionDays }: Keeping): Script<number> {
  const first = yield* all<{ sequence: number; at: EpochSeconds }>(
    sql(`SELECT sequence, at FROM change ORDER BY sequence LIMIT ${mostSweptAtOnce}`),
  );
  const oldest = daysBefore(now, changeRetentionDays);
  const kept = first.findIndex(({ at }) => at >= oldest);
  const last = first.slice(0, kept === -1 ? first.length : kept).at(-1);
  if (!last) return 0;
  yield* run(
    sql(
      `INSERT INTO counter (name, value) VALUES ('forgotten', ?)
       ON CONFLICT (name) DO UPDATE SET value = CASE WHEN counter.value > excluded.value THEN counter.value
         ELSE excluded.value END`,
      last.sequence,
    ),
  );
  return yield* run(sql('DELETE FROM change WHERE sequence <= ?', last.sequence));
}

function* sweepLog(view: Omit<View, 'tenantId'>, log: Log, now: EpochSeconds): Script<number> {
  const { catalogue, dialect } = view;
  const { family, type, time } = log;
  const others = catalogue.family(type).types.length > 1;
  const ofType = others ? dialect.among(text('type'), [type.name]) : everything;
  let swept = 0;
  for (const { retentionDays, whose } of yield* keepers(view, log)) {
    const rows = yield* all<{ tenant: string; row: number }>(
      sql(
        `SELECT tenant, row FROM ${quoted(tableOf(family))} WHERE ${quoted(columnOf(time))} < ?
         AND ${whose.sql} AND ${ofType.sql} LIMIT ${mostSweptAtOnce - swept}`,
        ...[oldestKept({ retentionDays }, now), ...whose.values, ...ofType.values],
      ),
    );
    for (const { tenant, row } of rows) yield* deleteRow({ tenantId: tenant, catalogue, dialect }, family, row);
    swept += rows.length;
    if (swept >= mostSweptAtOnce) break;
  }
  return swept;
}

const text = (column: string): Operand => ({ ...sql(column), kind: 'text' });
const everything = sql('1 = 1');

/** Tenants that keep a log for the same time. */
interface Keepers {
  readonly retentionDays: number;
  readonly whose: Fragment;
}

function* keepers({ dialect }: Omit<View, 'tenantId'>, { retentionDays, chosen }: Log): Script<readonly Keepers[]> {
  const usual = { retentionDays, whose: everything };
  if (!chosen) return [usual];
  const days = quoted(columnOf(chosen.property));
  const choices = yield* all<{ tenant: string; days: number }>(
    sql(`SELECT tenant, ${days} AS days FROM ${quoted(tableOf(chosen.family))} WHERE ${days} <> ?`, retentionDays),
  );
  if (choices.length === 0) return [usual];
  // Named one by one, tenants are entered by the index: what some keep for years is not looked through for the others every time.
  const among = (tenants: readonly string[]) => {
    const named = dialect.among(text('tenant'), tenants);
    return sql(`${named.sql} AND scope = ''`, ...named.values);
  };
  const choosers = new Set(choices.map(({ tenant }) => tenant));
  const known = yield* all<{ id: string }>(sql('SELECT id FROM tenant'));
  const rest = known.flatMap(({ id }) => (choosers.has(id) ? [] : [id]));
  const groups = Map.groupBy(choices, (choice) => Number(choice.days));
  return [
    { retentionDays, whose: among(rest) },
    ...[...groups].map(([chosenDays, some]) => ({
      retentionDays: chosenDays,
      whose: among(some.map(({ tenant }) => tenant)),
    })),
  ];
}
