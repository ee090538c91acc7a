import type { Catalogue } from '../catalogue.ts';
import type { Inspection } from '../inspection.ts';
import { type Fragment, sql } from '../sql/fragment.ts';
import { reconcile } from '../sql/reconcile.ts';
import { sqliteDefinitions } from './definitions.ts';
import { steps } from './steps.ts';

export type Ask = (statement: Fragment) => readonly Readonly<Record<string, unknown>>[];

export const tablesIn = (ask: Ask): readonly unknown[] =>
  ask(sql("SELECT name FROM sqlite_schema WHERE type = 'table'")).map((row) => row['name']);

/** The numbered steps that were taken; undefined where nobody has counted any. */
export function versionOf(ask: Ask): number | undefined {
  if (!tablesIn(ask).includes('migration')) return undefined;
  return Number(ask(sql('SELECT max(version) AS version FROM migration'))[0]?.['version'] ?? 0);
}

/** Whether the tables in the file are those that a migration would make. */
export function stateOf(ask: Ask, catalogue: Catalogue): Inspection['state'] {
  if (tablesIn(ask).length === 0) return 'empty';
  return versionOf(ask) === steps.length && isReconciled(ask, catalogue) ? 'current' : 'other';
}

/** The script looks first; the first definition it wants would be a change. */
function isReconciled(ask: Ask, catalogue: Catalogue): boolean {
  const script = reconcile(catalogue, sqliteDefinitions);
  let step = script.next();
  while (!step.done) {
    const wish = step.value;
    if (wish.wanted !== 'rows') return false;
    step = script.next(ask(wish.statement));
  }
  return true;
}
