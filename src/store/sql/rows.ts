import { type EntityType, isA, type Ref } from '../../model/index.ts';
import type { Catalogue, Family } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { type PlaceTrail, placeOf, scopeOf } from '../scope.ts';
import type { Row } from '../store.ts';
import { type Fragment, quoted, sql } from './fragment.ts';
import { type EntityColumns, entityColumns, tableOf } from './layout.ts';
import { all, first, type Script } from './script.ts';
import type { View } from './view.ts';

export const etagOf = (sequence: number): string => `W/"${sequence}"`;

/** `values`: what `body` holds, where it has been read already. */
export function toRow(
  { id, type, etag, place, body }: Omit<EntityColumns, 'row' | 'key'>,
  catalogue: Catalogue,
  values: Row['values'] = JSON.parse(body) as Record<string, unknown>,
): Row {
  const within = place === null ? undefined : placeOf(JSON.parse(place) as PlaceTrail, catalogue.type);
  return { id, type, etag: etagOf(etag), ...(within ? { within } : {}), values };
}

export function* rowOf(view: View, ref: Ref): Script<Row | undefined> {
  const family = view.catalogue.family(ref.type);
  const found = yield* first<EntityColumns>(getStatement(family, view.tenantId, ref));
  return found && isNamed(family, found.type, ref.type) ? toRow(found, view.catalogue) : undefined;
}

const gets = new WeakMap<Family, string>();

export function getStatement(family: Family, tenantId: string, ref: Ref): Fragment {
  const text =
    gets.get(family) ??
    `SELECT ${entityColumns} FROM ${quoted(tableOf(family))} AS r WHERE r.tenant = ? AND r.scope = ? AND r.key = ?`;
  gets.set(family, text);
  return sql(text, tenantId, scopeOf(ref.within), foldText(ref.id));
}

/** Whether a stored type name is the type asked for or derived from it. */
export const isNamed = (family: Family, name: string, asked: EntityType): boolean =>
  asked.name === family.name || family.types.some((type) => type.name === name && isA(type, asked));

type LinkedColumns = EntityColumns & { readonly source_key: string; readonly source_type: string };

/** The sources of one type in one place, and the query for all their targets. */
interface LinkedGroup {
  readonly statement: Fragment;
  /** The targets among the rows found, per source id, in the order of linking. */
  targetsOf(found: readonly LinkedColumns[]): readonly (readonly [id: string, rows: readonly Row[]])[];
}

/** Targets of a reference navigation, the first `most` per source id; one query for the sources of one type in one place. Throws `store.undeclared`. */
export function* linkedRows(
  view: View,
  sources: readonly Ref[],
  navigation: string,
  most?: number,
): Script<ReadonlyMap<string, readonly Row[]>> {
  const found = new Map<string, readonly Row[]>();
  const groups = Map.groupBy(sources, ({ type, within }) => `${type.name}\n${scopeOf(within)}`);
  for (const group of groups.values()) {
    const [any] = group;
    if (!any) continue;
    const { statement, targetsOf } = linkedGroup(view, any, { sources: group, navigation, most });
    for (const [id, rows] of targetsOf(yield* all<LinkedColumns>(statement))) found.set(id, rows);
  }
  return found;
}

interface LinkedQuestion {
  readonly sources: readonly Ref[];
  readonly navigation: string;
  readonly most: number | undefined;
}

function linkedGroup(view: View, { type, within }: Ref, question: LinkedQuestion): LinkedGroup {
  const { sources, navigation, most } = question;
  const { tenantId, catalogue, dialect } = view;
  const family = catalogue.family(type);
  const { name, target } = catalogue.reference(type, navigation);
  const asked = dialect.among(
    { ...sql('s.key'), kind: 'text' },
    sources.map(({ id }) => foldText(id)),
  );
  // Links are counted before their targets are read: of those beyond the count nothing is.
  const nth = most === undefined ? '' : ', ROW_NUMBER() OVER (PARTITION BY l.source ORDER BY l.sequence) AS nth';
  const cut = most === undefined ? sql('') : sql('WHERE k.nth <= ?', most);
  return {
    statement: sql(
      `SELECT k.source_key, k.source_type, ${entityColumns} FROM (
         SELECT s.key AS source_key, s.type AS source_type, l.target, l.sequence${nth} FROM ${quoted(tableOf(family))} AS s
         JOIN link AS l ON l.tenant = s.tenant AND l.source = s.row AND l.navigation = ?
         WHERE s.tenant = ? AND s.scope = ? AND ${asked.sql}) AS k
       JOIN ${quoted(tableOf(target))} AS r ON r.tenant = ? AND r.row = k.target ${cut.sql} ORDER BY k.sequence`,
      ...[name, tenantId, scopeOf(within), ...asked.values, tenantId, ...cut.values],
    ),
    targetsOf(found) {
      const fitting = found.filter((row) => isNamed(family, row.source_type, type));
      const targets = Map.groupBy(fitting, (row) => row.source_key);
      return sources.map(({ id }) => [id, (targets.get(foldText(id)) ?? []).map((row) => toRow(row, catalogue))]);
    },
  };
}
