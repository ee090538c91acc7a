import type { EpochSeconds } from '../../kernel/index.ts';
import { comparable, compareText, valueAt } from '../comparable.ts';
import { faults } from '../faults.ts';
import { daysBefore, type Log, oldestKept } from '../retention.ts';
import type { Change, Logged, LogQuery } from '../store.ts';
import { mostSweptAtOnce } from '../sweep.ts';
import type { StoredRow, TenantState } from './state.ts';

/** Where the change log of the database ends, and up to where it has been forgotten. */
export interface LogBounds {
  readonly end: number;
  readonly forgotten: number;
}

/** The part of a tenant's log behind a position. Throws `store.forgotten`. */
export function changesAfter(
  log: readonly Change[],
  { after, types, limit }: LogQuery,
  { end, forgotten }: LogBounds,
): Logged {
  if (after < forgotten) throw faults.forgotten();
  const found = log.filter(({ sequence, type }) => sequence > after && (types?.includes(type) ?? true));
  const changes = found.slice(0, limit);
  const last = found.length > limit ? changes.at(-1) : undefined;
  return { changes, next: last?.sequence ?? Math.max(after, end), complete: last === undefined };
}

/** Removes changes older than so many days; gives how many, and the greatest number among them. */
export function sweepChanges(states: Iterable<TenantState>, now: EpochSeconds, days: number) {
  let [swept, last] = [0, 0];
  for (const { log } of states) {
    const kept = log.findIndex(({ at }) => at >= daysBefore(now, days));
    const gone = log.splice(0, Math.min(kept === -1 ? log.length : kept, mostSweptAtOnce - swept));
    swept += gone.length;
    last = Math.max(last, gone.at(-1)?.sequence ?? 0);
  }
  return { swept, last };
}

/** Removes entries of logs that have been kept long enough; gives how many. */
export function sweepEntries(states: Iterable<TenantState>, logs: readonly Log[], now: EpochSeconds): number {
  let swept = 0;
  for (const { rows, claims } of states) {
    const oldest = new Map(
      logs.map((log) => [log.type, oldestKept({ retentionDays: daysOf(log, rows.values()) }, now)]),
    );
    const over = new Set([...rows.values()].filter((row) => isOver(row, oldest.get(row.type))).map(({ at }) => at));
    const gone = [...over].slice(0, mostSweptAtOnce - swept);
    for (const at of gone) rows.delete(at);
    for (const [claim, holder] of claims) if (gone.includes(holder)) claims.delete(claim);
    swept += gone.length;
  }
  return swept;
}

/** As the tenant has chosen. */
function daysOf({ retentionDays, chosen }: Log, rows: Iterable<StoredRow>): number {
  if (!chosen) return retentionDays;
  for (const { family, values } of rows) {
    const days = family === chosen.family.name ? valueAt(values, chosen.property.name.split('/')) : undefined;
    if (typeof days === 'number') return days;
  }
  return retentionDays;
}

function isOver({ type: { log }, values }: StoredRow, oldest: string | undefined): boolean {
  const time = log && comparable(valueAt(values, log.time.split('/')));
  return typeof time === 'string' && oldest !== undefined && compareText(time, oldest) < 0;
}
