import assert from 'node:assert/strict';
import { Fault, system } from '../../kernel/index.ts';
import { type EntityType, entities, type Filter, type Query, type Ref } from '../../model/index.ts';
import type { Row, Store } from '../store.ts';

/** Who writes in the tests of the contract. */
export const by = system('conformance');
export const types: readonly EntityType[] = Object.values(entities);
export const { user, b2cIdentityUserFlow, identityUserFlow, identityProviderBase, builtInIdentityProvider } = entities;
export const { socialIdentityProvider, identityUserFlowAttribute, identityUserFlowAttributeAssignment } = entities;

export type Values = Readonly<Record<string, unknown>>;

export const userRef = (id: string): Ref => ({ type: user, id });
export const flowRef = (id: string): Ref => ({ type: b2cIdentityUserFlow, id });
export const providerRef = (id: string): Ref => ({ type: builtInIdentityProvider, id });
export const assignmentRef = (flow: string, id: string): Ref => ({
  type: identityUserFlowAttributeAssignment,
  id,
  within: { parent: flowRef(flow), navigation: 'userAttributeAssignments' },
});

/** For `assert.rejects`: the fault of this code, with exactly these data where they are given. */
export const isFault = (code: string, data?: Values) => (error: unknown) => {
  assert.ok(error instanceof Fault, String(error));
  assert.equal(error.code, code);
  if (data) assert.deepEqual({ ...error.data }, data);
  return true;
};

export const insert = (store: Store, ref: Ref, values: Values = {}) =>
  store.write((t) => t.insert({ ref, values }, by));
export const idsOf = (rows: readonly Row[] | undefined) => rows?.map(({ id }) => id);

/** Filters in one word; a path is written with slashes. */
export const eq = (path: string, value: string | number | boolean | null): Filter => ({
  op: 'eq',
  path: path.split('/'),
  value,
});
export const where = (
  op: 'gt' | 'ge' | 'lt' | 'le' | 'ne',
  path: string,
  value: string | number | boolean | null,
): Filter => ({
  op,
  path: path.split('/'),
  value,
});
export const part = (op: 'startsWith' | 'endsWith' | 'contains', path: string, value: string): Filter => ({
  op,
  path: path.split('/'),
  value,
});
export const not = (term: Filter): Filter => ({ op: 'not', term });
export const and = (...terms: readonly Filter[]): Filter => ({ op: 'and', terms });
export const or = (...terms: readonly Filter[]): Filter => ({ op: 'or', terms });
export const any = (path: string, inside?: Filter): Filter => ({
  op: 'any',
  path: [path],
  ...(inside ? { where: inside } : {}),
});
export const all = (path: string, inside?: Filter): Filter => ({
  op: 'all',
  path: [path],
  ...(inside ? { where: inside } : {}),
});
/** Asks an element of a collection of plain values. */
export const itself = { op: 'eq', path: [], value: 'x' } as const satisfies Filter;

/** Texts that mean something to SQL, to a driver or to UTF-8. */
export const hostile = [
  "' OR 1=1 --",
  '"',
  '\\',
  "'); DROP TABLE link; --",
  '?',
  ':x',
  '$x',
  '%',
  '*',
  '\u{1F600}',
  '\ud800',
];

/** Reads page after page; `between` runs after each. */
export async function pages(
  store: Store,
  query: Query,
  between: (page: number) => Promise<unknown> = async () => undefined,
) {
  const found: string[][] = [];
  let next: string | undefined;
  do {
    const page = await store.read((r) => r.find({ ...query, ...(next === undefined ? {} : { after: next }) }));
    found.push(page.items.map(({ id }) => id));
    next = page.next;
    await between(found.length);
    assert.ok(found.length < 100, 'paging does not end');
  } while (next !== undefined);
  return found;
}
