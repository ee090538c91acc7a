import { settled } from '../../kernel/index.ts';
import { type EntityType, isA, type Place, type Ref } from '../../model/index.ts';
import type { Catalogue, Family } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { type PlaceTrail, placeOf, scopeOf } from '../scope.ts';
import type { Row } from '../store.ts';
import { type Fragment, quoted, sql } from './fragment.ts';
import { type EntityColumns, entityColumns, tableOf } from './layout.ts';
import { membersApart, membersOf } from './members.ts';
import { first, type Script } from './script.ts';
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

/** Rows of columns that an engine keeps. They are settled, as the columns are, and one and the same for all who read them. */
const rowsOfKept = new WeakMap<EntityColumns, Row>();

/** Undefined: the columns are not kept. */
function keptRow(columns: EntityColumns, catalogue: Catalogue): Row | undefined {
  if (!Object.isFrozen(columns)) return undefined;
  const known = rowsOfKept.get(columns);
  if (known) return known;
  const row = toRow(columns, catalogue);
  freezePlace(row.within);
  const kept = Object.freeze({ ...row, values: settled(row.values) });
  rowsOfKept.set(columns, kept);
  return kept;
}

/** Its types are declarations, which are everybody's. */
function freezePlace(place: Place | undefined): void {
  if (!place) return;
  freezePlace(place.parent.within);
  Object.freeze(place.parent);
  Object.freeze(place);
}

/** Reads the rows of one answer: a row that comes twice, and a place that several are in, are read once. `only`: see `Query.only`. */
export function rowReader({ catalogue, known }: View, only?: readonly string[]): (columns: EntityColumns) => Row {
  const rows = new Map<number, Row>();
  const places = new Map<string, Pick<Row, 'within'>>();
  const names = only?.filter((name) => name !== 'id');
  const placed = (place: string): Pick<Row, 'within'> => {
    const within = placeOf(JSON.parse(place) as PlaceTrail, catalogue.type);
    return within ? { within } : {};
  };
  const read = ({ id, type, etag, place, body }: EntityColumns): Row => {
    const where = place === null ? undefined : (places.get(place) ?? placed(place));
    if (place !== null && where) places.set(place, where);
    const told = { id, type, etag: etagOf(etag), ...where };
    if (!only || !names) return { ...told, values: JSON.parse(body) as Row['values'] };
    if (!known?.isWorth(only, etag, body.length)) return { ...told, values: membersOf(body, names), only };
    return known.keep(only, etag, { ...told, values: membersApart(body, names), only });
  };
  return (columns) => {
    const row =
      rows.get(columns.row) ??
      keptRow(columns, catalogue) ??
      (only && known?.find(only, columns.etag)) ??
      read(columns);
    rows.set(columns.row, row);
    return row;
  };
}

export function* rowOf(view: View, ref: Ref): Script<Row | undefined> {
  const family = view.catalogue.family(ref.type);
  const found = yield* first<EntityColumns>(getStatement(family, view.tenantId, ref));
  return found && isNamed(family, found.type, ref.type)
    ? (keptRow(found, view.catalogue) ?? toRow(found, view.catalogue))
    : undefined;
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
