import type { Caller } from '../../kernel/index.ts';
import type { Ref } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { demand, lookUp } from './entity.ts';
import { sql, type Value } from './fragment.ts';
import type { EntityColumns } from './layout.ts';
import { record, type TransactionParts } from './record.ts';
import { first, run, type Script } from './script.ts';

interface Ends {
  readonly from: EntityColumns;
  readonly to: EntityColumns;
  readonly name: string;
}

/** False when the link was there. Throws `store.absent`, `store.undeclared`. */
export function* link(
  parts: TransactionParts,
  source: Ref,
  navigation: string,
  target: Ref,
  by: Caller,
): Script<boolean> {
  const ends = yield* linkBetween(parts, source, navigation, target);
  if (yield* isLinked(parts, ends)) return false;
  const sequence = yield* record(parts, ends.from, 'updated', [ends.name], by);
  yield* run(
    sql(
      'INSERT INTO link (tenant, source, navigation, target, source_family, sequence) VALUES (?, ?, ?, ?, ?, ?)',
      ...[...keyOf(parts, ends), parts.catalogue.family(source.type).name, sequence],
    ),
  );
  return true;
}

/** False when there was no such link. */
export function* unlink(
  parts: TransactionParts,
  source: Ref,
  navigation: string,
  target: Ref,
  by: Caller,
): Script<boolean> {
  if (!(yield* lookUp(parts, source)) || !(yield* lookUp(parts, target))) return false;
  const ends = yield* linkBetween(parts, source, navigation, target);
  const removed = yield* run(
    sql('DELETE FROM link WHERE tenant = ? AND source = ? AND navigation = ? AND target = ?', ...keyOf(parts, ends)),
  );
  if (removed === 0) return false;
  yield* record(parts, ends.from, 'updated', [ends.name], by);
  return true;
}

function* linkBetween(parts: TransactionParts, source: Ref, navigation: string, target: Ref): Script<Ends> {
  const from = yield* demand(parts, source);
  const to = yield* demand(parts, target);
  const { name, target: family } = parts.catalogue.reference(parts.catalogue.type(from.type), navigation);
  if (family.name !== parts.catalogue.family(target.type).name) throw faults.absent({ id: target.id });
  return { from, to, name };
}

const keyOf = ({ tenantId }: TransactionParts, { from, to, name }: Ends): readonly Value[] => [
  tenantId,
  from.row,
  name,
  to.row,
];

function* isLinked(parts: TransactionParts, ends: Ends): Script<boolean> {
  const found = yield* first(
    sql('SELECT 1 FROM link WHERE tenant = ? AND source = ? AND navigation = ? AND target = ?', ...keyOf(parts, ends)),
  );
  return found !== undefined;
}
