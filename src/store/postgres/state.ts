import { createHash } from 'node:crypto';
import type { Catalogue } from '../catalogue.ts';
import type { Inspection } from '../inspection.ts';
import { type Fragment, quoted, sql } from '../sql/fragment.ts';
import { reconcile } from '../sql/reconcile.ts';
import { postgresDefinitions } from './definitions.ts';
import { steps } from './steps.ts';

type Ask = (statement: Fragment) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/**
 * Whether the tables in the schema are those that a migration would make. `wanted`: the name of the sequence, which stands for all that the
 * model asks for and is renamed in the transaction that changes them.
 */
export async function stateOf(ask: Ask, schema: string, wanted: string): Promise<Inspection['state']> {
  const relations = 'SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace(?)';
  const found = await ask(sql(relations, schema));
  if (found.length === 0) return 'empty';
  if (!found.some(({ name }) => name === wanted)) return 'other';
  const [last] = await ask(sql(`SELECT max(version) AS version FROM ${quoted(schema)}.usher_migration`));
  return Number(last?.['version'] ?? 0) === steps.length ? 'current' : 'other';
}

/** Tells every definition that `reconcile` gives for an empty database. */
export function sequenceName(catalogue: Catalogue): string {
  const hash = createHash('sha256');
  const script = reconcile(catalogue, postgresDefinitions);
  for (let step = script.next(); !step.done; ) {
    const ask = step.value;
    if (ask.wanted === 'definition') hash.update(ask.text);
    step = script.next(ask.wanted === 'rows' ? [] : 0);
  }
  return `sequence_${hash.digest('hex').slice(0, 16)}`;
}
