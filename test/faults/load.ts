import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { authorize, codeIn, redeem, refresh } from '../support/sign-in.ts';
import { seeded, type Usher } from '../support/usher.ts';
import { newVisitor, type Visit, type Visitor } from '../support/visitor.ts';
import type { Books, Family } from './books.ts';

/** What a request of the load is for; a strike is timed by it. */
export const phases = [
  ...(['create', 'change', 'page', 'password', 'code', 'refresh'] as const),
  ...(['signUpPage', 'sendCode', 'proveCode', 'signUp'] as const),
];
export type Phase = (typeof phases)[number];

interface Load {
  readonly usher: Usher;
  readonly books: Books;
  /** Passes on what a request resolves to; tells that one of this phase is on its way. */
  sent<T>(phase: Phase, request: Promise<T>): Promise<T>;
}

const password = 'Correct-horse-9-battery';

/** What somebody does over and over. */
export type Lane = (load: Load) => Promise<void>;

/** Makes a user and renames it. */
export async function manage({ usher, books, sent }: Load): Promise<void> {
  const name = randomUUID();
  const draft = {
    displayName: name,
    identities: [{ signInType: 'userName', issuer: seeded.tenant, issuerAssignedId: name.slice(0, 20) }],
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
  };
  const created = await sent('create', usher.graph('POST', '/v1.0/users', draft));
  const { id } = (await created.json()) as { readonly id: string };
  assert.equal(created.status, 201);
  books.users.set(id, [name]);
  books.acknowledged += 1;
  for (const displayName of [`${name} 1`, `${name} 2`]) {
    const before = books.users.get(id) ?? [];
    books.users.set(id, [...before, displayName]);
    const changed = await sent('change', usher.graph('PATCH', `/v1.0/users/${id}`, { displayName }));
    assert.equal(changed.status, 204);
    books.users.set(id, [displayName]);
    books.acknowledged += 1;
  }
}

/** Redeems the code and rotates three times; what was answered stands in the books. */
async function spend({ usher, books, sent }: Load, family: Family): Promise<void> {
  books.families.push(family);
  family.inDoubt = true;
  const first = await sent('code', redeem(usher, family.attempt, family.code));
  assert.equal(first.status, 200, JSON.stringify(first.answer));
  family.live = first.answer.refresh_token;
  Object.assign(family, { redeemed: true, inDoubt: false });
  books.acknowledged += 1;
  for (let count = 0; count < 3; count += 1) {
    const presented = family.live ?? '';
    family.inDoubt = true;
    const next = await sent('refresh', refresh(usher, presented));
    assert.equal(next.status, 200, JSON.stringify(next.answer));
    family.spent.push(presented);
    family.live = next.answer.refresh_token;
    family.inDoubt = false;
    books.acknowledged += 1;
  }
}

/** Sends the form of a page to a server. A page that says to try again has none: whoever was shown it has failed. */
const presser =
  ({ sent }: Load, visitor: Visitor) =>
  async (phase: Phase, page: Visit, action: string, values: Readonly<Record<string, string>> = {}): Promise<Visit> => {
    assert.equal(page.status, 200, page.html);
    return sent(phase, visitor.submit(page, action, values));
  };

export async function signIn(load: Load): Promise<void> {
  const { usher, sent } = load;
  const attempt = authorize(usher);
  const visitor = newVisitor(usher);
  const shown = await sent('page', visitor.open(attempt.url));
  const values = { email: seeded.user, password: seeded.password };
  const code = codeIn(await presser(load, visitor)('password', shown, 'next', values));
  await spend(load, { attempt, code, redeemed: false, spent: [], live: undefined, inDoubt: false });
}

async function signUp(load: Load): Promise<void> {
  const { usher, books } = load;
  const email = `p${randomUUID()}@contoso.example`;
  const attempt = authorize(usher);
  const visitor = newVisitor(usher);
  const press = presser(load, visitor);
  const form = await press('signUpPage', await visitor.open(attempt.url), 'createAccount');
  const asked = await press('sendCode', form, 'email_ver_but_send', { email });
  const proof = { email, email_ver_input: await usher.code(email) };
  const proved = await press('proveCode', asked, 'email_ver_but_verify', proof);
  const wishes = { newPassword: password, reenterPassword: password, displayName: 'Ada', givenName: 'A', surname: 'E' };
  const code = codeIn(await press('signUp', proved, 'continue', wishes));
  books.people.add(email);
  books.acknowledged += 1;
  await spend(load, { attempt, code, redeemed: false, spent: [], live: undefined, inDoubt: false });
}

/** People and administrators at work. */
export interface Work {
  /** Does what may fail everybody, and resolves when nobody works any more. Rejects with what failed somebody before. */
  end(act: () => Promise<unknown>): Promise<void>;
  /** Resolves when so many more writes have been acknowledged. Rejects when that takes half a minute. */
  more(count: number): Promise<void>;
  /** Lets everybody finish what they do, and resolves when nobody works any more. */
  stop(): Promise<void>;
}

export interface WorkOptions {
  /** Absent: everything that people and administrators do. */
  readonly lanes?: readonly Lane[];
  /** Milliseconds that everybody rests before they begin anew. Absent: hardly any. */
  readonly rest?: number;
  /** Whether whoever met a failure begins anew. Absent: they never do. */
  readonly goesOn?: (error: unknown) => boolean;
}

/** `onSent` is told of every request. */
export async function startWork(
  usher: Usher,
  books: Books,
  onSent: (phase: Phase) => void = () => {},
  { lanes: acts = [manage, manage, signIn, signIn, signUp], rest = 0, goesOn = () => false }: WorkOptions = {},
): Promise<Work> {
  let isEnding = false;
  let isOver = false;
  const sent = <T>(phase: Phase, request: Promise<T>): Promise<T> => {
    onSent(phase);
    return request;
  };
  const lane = async (act: Lane): Promise<void> => {
    for (; !isOver; await wait(rest)) {
      try {
        await act({ usher, books, sent });
      } catch (error) {
        if (isEnding) return;
        if (!goesOn(error)) throw error;
      }
    }
  };
  await usher.graphToken();
  const lanes = Promise.all(acts.map(lane));
  // Whoever ends the work hears of it.
  lanes.catch(() => undefined);
  return {
    async end(act) {
      isEnding = true;
      await act();
      await lanes;
    },
    async more(count) {
      const [wanted, late] = [books.acknowledged + count, performance.now() + 30_000];
      while (books.acknowledged < wanted) {
        assert.ok(performance.now() < late, `${count} more writes are not acknowledged`);
        await wait(50);
      }
    },
    async stop() {
      isOver = true;
      await lanes;
    },
  };
}

/** When and how a load ends. */
export interface Strike {
  readonly phase: Phase;
  /** Which request of the phase brings it, once something has been acknowledged. */
  readonly count: number;
  /** Milliseconds after that request was sent. */
  readonly delay: number;
  readonly act: () => Promise<unknown>;
}

/** Writes that there are to lose before a strike. */
const acknowledgedBefore = 2;

/** Work until the strike, in the middle of everything. Rejects when something fails before. */
export async function workUntil(strike: Strike, usher: Usher, books: Books): Promise<void> {
  let left = strike.count;
  const before = books.acknowledged + acknowledgedBefore;
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = await startWork(usher, books, (phase) => {
    if (phase === strike.phase && books.acknowledged >= before) left -= 1;
    if (left === 0) setTimeout(resolve, strike.delay);
  });
  await promise;
  await work.end(strike.act);
}
