import type { Caller } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import type { Change, Logged, LogQuery } from '../store.ts';
import type { Dialect } from './dialect.ts';
import { type Fragment, limited, sql } from './fragment.ts';
import { all, first, type Script } from './script.ts';

/** A row of the change log. */
export interface ChangeColumns {
  readonly sequence: number;
  readonly tenant: string;
  readonly type: string;
  readonly key: string;
  readonly root_type: string | null;
  readonly root_key: string | null;
  readonly verb: Change['verb'];
  readonly properties: string;
  readonly caller: string;
  readonly at: number;
}

export const changeColumns = 'sequence, tenant, type, key, root_type, root_key, verb, properties, caller, at';

export function toChange(found: ChangeColumns): Change {
  const { sequence, tenant, type, key, root_type: rootType, root_key: rootKey, verb, at } = found;
  return {
    sequence,
    tenantId: tenant,
    type,
    key,
    ...(rootType === null || rootKey === null ? {} : { root: { type: rootType, key: rootKey } }),
    verb,
    properties: JSON.parse(found.properties) as readonly string[],
    by: JSON.parse(found.caller) as Caller,
    at,
  };
}

/** The greatest number whose change has been removed because of its age. */
export const forgottenStatement = sql("SELECT value FROM counter WHERE name = 'forgotten'");

/** The part of a tenant's log behind a position. `settled`: nothing can appear up to there any more. Throws `store.forgotten`. */
export function* changesAfter(
  tenantId: string,
  { after, types, limit }: LogQuery,
  settled: number,
  dialect: Dialect,
): Script<Logged> {
  const forgotten = yield* first<{ value: number }>(forgottenStatement);
  if (forgotten && after < forgotten.value) throw faults.forgotten();
  const found = yield* all<ChangeColumns>(statement(tenantId, after, types, settled, limit + 1, dialect));
  const changes = found.slice(0, limit).map(toChange);
  const last = found.length > limit ? changes.at(-1) : undefined;
  return { changes, next: last?.sequence ?? Math.max(after, settled), complete: last === undefined };
}

function statement(
  tenantId: string,
  after: number,
  types: readonly string[] | undefined,
  settled: number,
  most: number,
  dialect: Dialect,
): Fragment {
  const ofType = types ? dialect.among({ ...sql('type'), kind: 'text' }, types) : undefined;
  return sql(
    `SELECT ${changeColumns} FROM change WHERE tenant = ? AND sequence > ? AND sequence <= ?
     ${ofType ? `AND ${ofType.sql} ` : ''}ORDER BY sequence ${limited}`,
    ...[tenantId, after, settled, ...(ofType?.values ?? []), most],
  );
}
