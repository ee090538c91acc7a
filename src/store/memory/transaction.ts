import type { Caller, Clock } from '../../kernel/index.ts';
import type { Ref } from '../../model/index.ts';
import type { Catalogue, Family } from '../catalogue.ts';
import { comparable, foldText, valueAt } from '../comparable.ts';
import { ephemeralOver } from '../ephemeral-rules.ts';
import { faults } from '../faults.ts';
import { branchOf, placeOf, scopeOf, trailOf } from '../scope.ts';
import type { Change, NewRow, Row, StoreTransaction } from '../store.ts';
import { ephemeralTable } from './ephemeral.ts';
import { lookUp, memoryReader, rowKey, toRow } from './reader.ts';
import type { StoredRow, TenantTables } from './state.ts';

export interface TransactionParts {
  readonly tenantId: string;
  readonly tables: TenantTables;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** The next number of the database's one sequence: changes, etags, creation and link order. */
  readonly next: () => number;
  /** Receives what the transaction did, in order. */
  readonly changes: Change[];
}

export function memoryTransaction(parts: TransactionParts): StoreTransaction {
  const { tables, catalogue, clock, next } = parts;
  return {
    ...memoryReader(tables, catalogue),
    ephemeral: ephemeralOver(ephemeralTable(tables, next), clock),
    insert: async (row, by) => insert(parts, row, by),
    update: async (row, by, properties, ifMatch) => {
      const current = demand(parts, row.ref, ifMatch);
      const sequence = record(parts, current, 'updated', properties, by);
      const updated = { ...current, etag: etagOf(sequence), values: frozenCopy(row.values) };
      replaceClaims(parts, updated, current);
      tables.rows.set(current.at, updated);
      return toRow(updated);
    },
    remove: async (ref, by, ifMatch) => remove(parts, demand(parts, ref, ifMatch), ref, by),
    link: async (source, navigation, target, by) => {
      const { link, from, name } = linkBetween(parts, source, navigation, target);
      if (tables.links.get(link.at)) return false;
      tables.links.set(link.at, { ...link, sequence: record(parts, from, 'updated', [name], by) });
      return true;
    },
    unlink: async (source, navigation, target, by) => {
      if (!lookUp(tables, catalogue, source) || !lookUp(tables, catalogue, target)) return false;
      const { link, from, name } = linkBetween(parts, source, navigation, target);
      if (!tables.links.get(link.at)) return false;
      tables.links.delete(link.at);
      record(parts, from, 'updated', [name], by);
      return true;
    },
  };
}

const etagOf = (sequence: number): string => `W/"${sequence}"`;

function record(
  { tenantId, changes, next, clock }: TransactionParts,
  row: StoredRow,
  verb: Change['verb'],
  properties: readonly string[],
  by: Caller,
): number {
  const sequence = next();
  if (row.type.log) return sequence;
  const [top] = trailOf(row.within);
  const root = top ? { root: { type: top[0], key: top[1] } } : {};
  changes.push({
    sequence,
    tenantId,
    type: row.type.name,
    key: row.id,
    ...root,
    verb,
    properties,
    by,
    at: clock.now(),
  });
  return sequence;
}

function demand({ tables, catalogue }: TransactionParts, ref: Ref, ifMatch?: string): StoredRow {
  const found = lookUp(tables, catalogue, ref);
  if (!found) throw faults.absent({ id: ref.id });
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== found.etag) throw faults.stale();
  return found;
}

function insert(parts: TransactionParts, { ref, values }: NewRow, by: Caller): Row {
  const { tables, catalogue } = parts;
  if (ref.within) demand(parts, ref.within.parent);
  const family = catalogue.family(ref.type);
  const [scope, key] = [scopeOf(ref.within), foldText(ref.id)];
  const at = rowKey(family.name, scope, key);
  if (tables.rows.get(at)) throw faults.exists({ property: 'id' });
  const within = placeOf(parentTrail(parts, ref), catalogue.type);
  const base = { at, family: family.name, scope, key, id: ref.id, type: catalogue.type(ref.type.name) };
  const row = { ...base, etag: '', created: 0, ...(within ? { within } : {}), values: frozenCopy(values) };
  replaceClaims(parts, row, undefined);
  const created = record(parts, row, 'created', Object.keys(values), by);
  const stored = { ...row, created, etag: etagOf(created) };
  tables.rows.set(at, stored);
  return toRow(stored);
}

/** Names the parent as it is stored: its concrete type, its id as written when it was made. */
function parentTrail(parts: TransactionParts, { within }: Ref) {
  if (!within) return [];
  const { type, id, within: around } = demand(parts, within.parent);
  return trailOf({ parent: { type, id, ...(around ? { within: around } : {}) }, navigation: within.navigation });
}

function remove(parts: TransactionParts, row: StoredRow, ref: Ref, by: Caller): void {
  const { tables } = parts;
  const branch = `${branchOf(ref)}/`;
  const contained = [...tables.rows.values()].filter(({ scope }) => scope.startsWith(branch));
  const gone = [row, ...contained.sort((a, b) => a.created - b.created)];
  for (const one of gone) {
    replaceClaims(parts, undefined, one);
    tables.rows.delete(one.at);
    record(parts, one, 'deleted', [], by);
  }
  const names = new Set(gone.map(({ at }) => at));
  const cut = [...tables.links.values()].filter(({ source, target }) => names.has(source) || names.has(target));
  for (const { at, source, navigation } of cut.sort((a, b) => a.sequence - b.sequence)) {
    tables.links.delete(at);
    const from = tables.rows.get(source);
    if (from) record(parts, from, 'updated', [navigation], by);
  }
}

function linkBetween(parts: TransactionParts, source: Ref, navigation: string, target: Ref) {
  const from = demand(parts, source);
  const to = demand(parts, target);
  const { name, target: family } = parts.catalogue.reference(from.type, navigation);
  if (family.name !== to.family) throw faults.absent({ id: target.id });
  const at = `${from.at}\n\n${name}\n\n${to.at}`;
  return { from, name, link: { at, source: from.at, navigation: name, target: to.at } };
}

interface Claim {
  readonly property: string;
  readonly at: string;
}

/** Gives back the claims of the row as it was and takes those of the row as it is. Throws `store.exists` before it changes any. */
function replaceClaims(
  { tables: { claims }, catalogue }: TransactionParts,
  next: StoredRow | undefined,
  current: StoredRow | undefined,
): void {
  const wanted = next ? claimsOf(catalogue.family(next.type), next.values) : [];
  for (const { at, property } of wanted) {
    const holder = claims.get(at);
    if (holder !== undefined && holder !== current?.at) throw faults.exists({ property });
  }
  if (current) for (const { at } of claimsOf(catalogue.family(current.type), current.values)) claims.delete(at);
  if (next) for (const { at } of wanted) claims.set(at, next.at);
}

function claimsOf(family: Family, values: Readonly<Record<string, unknown>>): readonly Claim[] {
  const single = family.hot
    .filter(({ unique }) => unique)
    .map(({ name }) => ({ name, parts: [valueAt(values, [name])] }));
  const tuples = family.tuples.flatMap(({ name, members }) => {
    const items = valueAt(values, [name]);
    return (Array.isArray(items) ? items : []).map((item) => ({
      name,
      parts: members.map((member) => valueAt(item, [member.name])),
    }));
  });
  return [...single, ...tuples]
    .map(({ name, parts }) => ({ property: name, parts: parts.map(comparable) }))
    .filter(({ parts }) => !parts.includes(null))
    .map(({ property, parts }) => ({ property, at: JSON.stringify([family.name, property, ...parts]) }));
}

/** What JSON keeps of the values, so that this engine gives back what the others would. */
const frozenCopy = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  deepFreeze(JSON.parse(JSON.stringify(values)) as Record<string, unknown>);

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
