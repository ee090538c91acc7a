import type { EpochSeconds } from '../../kernel/index.ts';
import { daysBefore, type Log, oldestKept } from '../retention.ts';
import { mostSweptAtOnce } from '../sweep.ts';
import { deleteRow } from './entity.ts';
import { quoted, sql } from './fragment.ts';
import { columnOf, tableOf } from './layout.ts';
import type { View } from './rows.ts';
import { all, run, type Script } from './script.ts';

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

function* sweepLog({ catalogue, dialect }: Omit<View, 'tenantId'>, log: Log, now: EpochSeconds): Script<number> {
  const { family, type, time } = log;
  const others = catalogue.family(type).types.length > 1;
  const ofType = dialect.among({ ...sql('type'), kind: 'text' }, [type.name]);
  const rows = yield* all<{ tenant: string; row: number }>(
    sql(
      `SELECT tenant, row FROM ${quoted(tableOf(family))} WHERE ${quoted(columnOf(time))} < ?
       ${others ? `AND ${ofType.sql} ` : ''}LIMIT ${mostSweptAtOnce}`,
      ...[oldestKept(log, now), ...(others ? ofType.values : [])],
    ),
  );
  for (const { tenant, row } of rows) yield* deleteRow({ tenantId: tenant, catalogue, dialect }, family, row);
  return rows.length;
}
