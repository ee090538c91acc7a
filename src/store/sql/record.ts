import type { Caller, Clock } from '../../kernel/index.ts';
import { typeByName } from '../../model/index.ts';
import type { PlaceTrail } from '../scope.ts';
import type { Change } from '../store.ts';
import { sql } from './fragment.ts';
import type { EntityColumns } from './layout.ts';
import { nextNumber, run, type Script } from './script.ts';
import type { View } from './view.ts';

export interface TransactionParts extends View {
  readonly clock: Clock;
  /** Where several processes share a database: which one this is. */
  readonly process?: string;
  /** Receives what the transaction did, in order. */
  readonly changes: Change[];
}

/** A stored entity as the change log names it. */
export type Named = Pick<EntityColumns, 'id' | 'type' | 'place'>;

/** Who it was, without the rights that they had: most of a caller, and nobody who follows the log asks for them. */
function withoutRights(by: Caller): Caller {
  switch (by.kind) {
    case 'app':
      return { ...by, roles: [] };
    case 'user':
      return { ...by, scopes: [] };
    case 'system':
      return by.onBehalfOf ? { ...by, onBehalfOf: withoutRights(by.onBehalfOf) } : by;
    default:
      return by satisfies never;
  }
}

/** Writes the change into the log and returns its sequence number. */
export function* record(
  parts: TransactionParts,
  named: Named,
  verb: Change['verb'],
  properties: readonly string[],
  by: Caller,
): Script<number> {
  const sequence = yield* nextNumber();
  yield* recordAs(sequence, parts, named, verb, properties, by);
  return sequence;
}

/** The same under a number drawn before. */
export function* recordAs(
  sequence: number,
  { tenantId, changes, clock, process }: TransactionParts,
  { id, type, place }: Named,
  verb: Change['verb'],
  properties: readonly string[],
  by: Caller,
): Script<void> {
  if (typeByName(type)?.log) return;
  const at = clock.now();
  const [top] = place === null ? [] : (JSON.parse(place) as PlaceTrail);
  const [column, mark, values] = process === undefined ? ['', '', []] : [', process', ', ?', [process]];
  yield* run(
    sql(
      `INSERT INTO change (sequence, tenant, type, key, root_type, root_key, verb, properties, caller, at${column})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?${mark})`,
      ...[sequence, tenantId, type, id, top?.[0] ?? null, top?.[1] ?? null, verb],
      ...[JSON.stringify(properties), JSON.stringify(withoutRights(by)), at, ...values],
    ),
  );
  const root = top ? { root: { type: top[0], key: top[1] } } : {};
  changes.push({ sequence, tenantId, type, key: id, ...root, verb, properties, by, at });
}
