import type { Filter, Ref } from '../../model/index.ts';
import { matches, type Subject } from '../evaluate.ts';
import type { Row } from '../store.ts';
import { linkedRows } from './linked.ts';
import type { Script } from './script.ts';
import type { View } from './view.ts';

/** Whether the reference evaluator says of each row that it fulfils all conditions. */
export function* judge(view: View, rows: readonly Row[], conditions: readonly Filter[]): Script<readonly boolean[]> {
  const filter: Filter = { op: 'and', terms: conditions };
  const subjects = yield* subjectsOf(view, rows, filter);
  return subjects.map((subject) => matches(filter, subject));
}

/** The rows as the reference evaluator sees them, with the entities linked to them that the filter asks about. */
function* subjectsOf(view: View, rows: readonly Row[], filter: Filter): Script<readonly Subject[]> {
  const found = new Map<string, ReadonlyMap<Row, readonly Subject[]>>();
  for (const [navigation, asked] of Map.groupBy(linkedIn(filter), (one) => one.navigation)) {
    const terms = asked.flatMap(({ where }) => where ?? []);
    found.set(navigation, yield* targetsOf(view, rows, navigation, { op: 'or', terms }));
  }
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    values: row.values,
    linked: (navigation) => found.get(navigation)?.get(row) ?? [],
  }));
}

function* targetsOf(
  view: View,
  rows: readonly Row[],
  navigation: string,
  where: Filter,
): Script<ReadonlyMap<Row, readonly Subject[]>> {
  const targets = new Map<Row, readonly Subject[]>();
  const sources = rows.map((row) => refOf(row, view));
  const linked = yield* linkedRows(view, sources, navigation);
  for (const [at, row] of rows.entries()) targets.set(row, yield* subjectsOf(view, linked[at] ?? [], where));
  return targets;
}

const refOf = ({ type, id, within }: Row, { catalogue }: View): Ref => ({
  type: catalogue.type(type),
  id,
  ...(within ? { within } : {}),
});

/** Every way from the entity itself that the filter goes. */
function linkedIn(filter: Filter): readonly Extract<Filter, { op: 'linked' }>[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(linkedIn);
    case 'not':
      return linkedIn(filter.term);
    case 'linked':
      return [filter];
    default:
      return [];
  }
}
