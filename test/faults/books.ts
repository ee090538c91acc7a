import assert from 'node:assert/strict';
import { type Attempt, redeem, refresh, type token } from '../support/sign-in.ts';
import type { Usher } from '../support/usher.ts';

/** A code and the refresh tokens that came of it, one after the other. */
export interface Family {
  readonly attempt: Attempt;
  readonly code: string;
  /** The code was answered with tokens. */
  redeemed: boolean;
  /** Tokens that were answered with the next one. */
  readonly spent: string[];
  live: string | undefined;
  /** The code or the live token was sent, and no answer came: it may be spent or not. */
  inDoubt: boolean;
}

/** What a server has acknowledged, to be found after it was struck. */
export interface Books {
  /** By id, the names a user may have: two while a change was sent and not answered. */
  readonly users: Map<string, readonly string[]>;
  /** Addresses of people who signed up. */
  readonly people: Set<string>;
  families: Family[];
  acknowledged: number;
  lost: number;
  doubleSpent: number;
}

export const newBooks = (): Books => ({
  users: new Map(),
  people: new Set(),
  families: [],
  acknowledged: 0,
  lost: 0,
  doubleSpent: 0,
});

/** How many of two presentations at once were answered with tokens. */
async function successes(present: () => ReturnType<typeof token>): Promise<number> {
  const answers = await Promise.all([present(), present()]);
  for (const { status, answer } of answers) assert.ok(status === 200 || status === 400, JSON.stringify(answer));
  return answers.filter(({ status }) => status === 200).length;
}

async function checkFamily(usher: Usher, family: Family, books: Books): Promise<void> {
  const { attempt, code, live, spent } = family;
  const again = live === undefined ? () => redeem(usher, attempt, code) : () => refresh(usher, live);
  const good = await successes(again);
  if (good > 1) books.doubleSpent += 1;
  if (good === 0 && !family.inDoubt) books.lost += 1;
  // Whoever presents what is spent loses the family, so these come last.
  for (const one of spent) if ((await refresh(usher, one)).status === 200) books.doubleSpent += 1;
  if (family.redeemed && (await redeem(usher, attempt, code)).status === 200) books.doubleSpent += 1;
}

interface User {
  readonly id: string;
  readonly displayName: string;
  readonly identities: readonly { readonly issuerAssignedId: string }[];
}

async function* usersOf(usher: Usher): AsyncGenerator<User> {
  let path = '/v1.0/users?$select=id,displayName,identities&$top=999';
  while (path !== '') {
    const response = await usher.graph('GET', path);
    const page = (await response.json()) as { readonly value: readonly User[]; '@odata.nextLink'?: string };
    assert.equal(response.status, 200, JSON.stringify(page));
    yield* page.value;
    path = page['@odata.nextLink']?.slice(usher.url.length) ?? '';
  }
}

async function checkUsers(usher: Usher, books: Books): Promise<void> {
  const names = new Map<string, string>();
  const addresses = new Set<string>();
  for await (const { id, displayName, identities } of usersOf(usher)) {
    names.set(id, displayName);
    for (const { issuerAssignedId } of identities) addresses.add(issuerAssignedId);
  }
  for (const [id, may] of books.users) if (!may.includes(names.get(id) ?? '')) books.lost += 1;
  for (const address of books.people) if (!addresses.has(address)) books.lost += 1;
}

/** Compares what a server has with what was acknowledged: counts what is lost, and what could be spent again. Each family is looked at once. */
export async function check(usher: Usher, books: Books): Promise<void> {
  await checkUsers(usher, books);
  const families = books.families.splice(0);
  for (const family of families) await checkFamily(usher, family, books);
}
