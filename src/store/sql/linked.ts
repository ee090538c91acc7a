import { madeOnce } from '../../kernel/index.ts';
import type { EntityType, Ref } from '../../model/index.ts';
import { foldText } from '../comparable.ts';
import { scopeOf } from '../scope.ts';
import type { Row } from '../store.ts';
import type { Pair } from './dialect.ts';
import { type Fragment, quoted, sql } from './fragment.ts';
import { type EntityColumns, entityColumns, tableOf } from './layout.ts';
import { isNamed, rowReader } from './rows.ts';
import { all, type Script } from './script.ts';
import type { View } from './view.ts';

type LinkedColumns = EntityColumns &
  Readonly<Record<'source_scope' | 'source_key' | 'source_type', string>> & { readonly row: number };

const none: readonly Row[] = [];

/**
 * Targets of a reference navigation, the first `most` of each source, in the order of the sources; one query for all sources of one type,
 * wherever they are. A target of several sources is one and the same row. Throws `store.undeclared`.
 */
export function* linkedRows(
  view: View,
  sources: readonly Ref[],
  navigation: string,
  most?: number,
): Script<readonly (readonly Row[])[]> {
  const rows = rowReader(view);
  const found = new Map<Ref, readonly Row[]>();
  for (const group of Map.groupBy(sources, ({ type }) => type).values()) {
    const [any] = group;
    if (!any) continue;
    const family = view.catalogue.family(any.type);
    const places = group.map(pairOf);
    const linked = yield* all<LinkedColumns>(linkedStatement(view, any, { places, navigation, most }));
    const targets = targetsIn(linked, any.type, (of) => {
      const fitting = of.filter((row) => isNamed(family, row.source_type, any.type));
      const own = Map.groupBy(fitting, (row) => `${row.source_scope}\n${row.source_key}`);
      return new Map([...own].map(([source, columns]) => [source, columns.map(rows)]));
    });
    for (const [at, source] of group.entries()) {
      const own = targets.get(keyOf(places[at] ?? nowhere));
      if (own) found.set(source, own);
    }
  }
  return sources.map((source) => found.get(source) ?? none);
}

type Targets = ReadonlyMap<string, readonly Row[]>;

/** Targets by their sources, of answers that an engine keeps; for sources of one type. */
const targetsOfKept = new WeakMap<readonly LinkedColumns[], { readonly type: EntityType; readonly targets: Targets }>();

/** What `read` makes of an answer, made once where that is kept. */
function targetsIn(
  linked: readonly LinkedColumns[],
  type: EntityType,
  read: (linked: readonly LinkedColumns[]) => Targets,
): Targets {
  const known = targetsOfKept.get(linked);
  if (known?.type === type) return known.targets;
  const targets = read(linked);
  if (Object.isFrozen(linked)) targetsOfKept.set(linked, { type, targets });
  return targets;
}

const nowhere: Pair = ['', ''];
/** Scope and key. */
const pairOf = madeOnce(({ id, within }: Ref): Pair => [scopeOf(within), foldText(id)]);
const keyOf = ([scope, key]: Pair): string => `${scope}\n${key}`;

interface LinkedQuestion {
  readonly places: readonly Pair[];
  readonly navigation: string;
  readonly most: number | undefined;
}

function linkedStatement(view: View, { type }: Ref, { places, navigation, most }: LinkedQuestion): Fragment {
  const { tenantId, catalogue, dialect } = view;
  const { name, target } = catalogue.reference(type, navigation);
  const distinct = new Map(places.map((pair) => [keyOf(pair), pair]));
  const asked = dialect.pairs(['a', 'scope', 'key'], [...distinct.values()]);
  // Links are counted before their targets are read: of those beyond the count nothing is.
  const nth = most === undefined ? '' : ', ROW_NUMBER() OVER (PARTITION BY l.source ORDER BY l.sequence) AS nth';
  const cut = most === undefined ? sql('') : sql('WHERE k.nth <= ?', most);
  return sql(
    `SELECT k.source_scope, k.source_key, k.source_type, ${entityColumns} FROM (
       SELECT s.scope AS source_scope, s.key AS source_key, s.type AS source_type, l.target, l.sequence${nth}
       FROM ${asked.sql} CROSS JOIN ${quoted(tableOf(catalogue.family(type)))} AS s
       CROSS JOIN link AS l
       WHERE s.tenant = ? AND s.scope = a.scope AND s.key = a.key
         AND l.tenant = s.tenant AND l.source = s.row AND l.navigation = ?) AS k
     JOIN ${quoted(tableOf(target))} AS r ON r.tenant = ? AND r.row = k.target ${cut.sql} ORDER BY k.sequence`,
    ...[...asked.values, tenantId, name, tenantId, ...cut.values],
  );
}
