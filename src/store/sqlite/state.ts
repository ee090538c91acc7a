import type { Catalogue } from '../catalogue.ts';
import type { State } from '../inspection.ts';
import { type Fragment, sql } from '../sql/fragment.ts';
import { type Outline, outlineOf, readOutline, stateFor } from '../sql/outline.ts';
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

export const ownOutline = (catalogue: Catalogue): Outline => outlineOf(catalogue, sqliteDefinitions, steps);

/** What the tables in the file are to a program. Those of its own version have to be whole. */
export function stateOf(ask: Ask, catalogue: Catalogue): State {
  const tables = tablesIn(ask);
  if (tables.length === 0) return 'empty';
  const [kept] = tables.includes('program') ? ask(sql('SELECT outline FROM program')) : [];
  const outline = kept && readOutline(String(kept['outline']));
  // Steps that the outline does not tell of were taken by a program that tells nothing.
  if (outline === undefined || outline.version !== versionOf(ask)) return 'other';
  const state = stateFor(ownOutline(catalogue), outline);
  return state === 'current' && !isReconciled(ask, catalogue) ? 'other' : state;
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
