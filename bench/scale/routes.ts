import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { seeded, type Usher } from '../../test/support/usher.ts';
import { openConnection } from '../client/connection.ts';
import { refreshForm, signIn, tokensIn } from '../client/sign-in.ts';
import { formHeaders, tokenPath } from '../target.ts';
import type { Answered, Asked, Client } from './client.ts';
import { personOf } from './people.ts';

/** What is asked of a store of some size, over and over. */
export interface Route {
  readonly name: string;
  /** The project promises how it grows with the number of users. */
  readonly promised?: true;
  /** Takes so long that it is asked a tenth as often. */
  readonly heavy?: true;
  /** Resolves to what each of those who ask at the same time goes on with. */
  prepare(stage: Stage): Promise<() => Going>;
}

/** How the next question is made; or what is done next, for what is more than one question. */
export type Going = (() => Question) | { readonly act: () => Promise<void> };

export interface Stage {
  /** Users in the store. */
  readonly size: number;
  readonly client: Client;
  readonly usher: Usher;
}

export interface Question extends Asked {
  check(answered: Answered): void;
}

interface Collection {
  readonly value: readonly Readonly<Record<string, unknown>>[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
  readonly '@odata.count'?: number;
}

const collectionIn = ({ status, body }: Answered): Collection => {
  assert.equal(status, 200, body);
  return JSON.parse(body) as Collection;
};

/** Anybody of them. */
const anybody = ({ size }: Stage) => personOf(Math.floor(Math.random() * size));

/** A filter that one person fulfils, or that others of that name fulfil as well. */
const filtered = (
  name: string,
  filterFor: (person: ReturnType<typeof personOf>) => string,
  more: Partial<Route> = {},
): Route => ({
  name,
  ...more,
  prepare: async (stage) => () => () => {
    const person = anybody(stage);
    return {
      path: `/v1.0/users?$filter=${encodeURIComponent(filterFor(person))}`,
      check(answered) {
        assert.ok(collectionIn(answered).value.some(({ id }) => id === person.id));
      },
    };
  },
});

/** Pages that are read one behind another, from far behind the first, where there is a place so far behind. */
const paged = (name: string, start: string, pagesBefore: number, more: Partial<Route> = {}): Route => ({
  name,
  ...more,
  async prepare({ client }) {
    const behind = (answered: Answered) => {
      const { value, '@odata.nextLink': link } = collectionIn(answered);
      assert.ok(value.length === 100 || link === undefined);
      return link ?? start;
    };
    const links = [start];
    for (let page = 0; page < pagesBefore; page += 1) {
      const next = behind(await client.ask({ path: links.at(-1) ?? start }));
      if (next === start) break;
      links.push(next);
    }
    return () => {
      // Each begins at a place of its own.
      let next = links.length > 1 ? (links.pop() ?? start) : start;
      return () => ({
        path: next,
        check(answered) {
          next = behind(answered);
        },
      });
    };
  },
});

/** A connection of somebody's own. */
const connectionTo = ({ usher }: Stage) => openConnection(usher.url, readFileSync(usher.caFile, 'utf8'));

/** Anybody who has a password. */
function anybodyLocal(stage: Stage): ReturnType<typeof personOf> {
  const person = anybody(stage);
  return person.local ? person : anybodyLocal(stage);
}

const journeys: readonly Route[] = [
  {
    name: 'password sign-in, whole',
    promised: true,
    heavy: true,
    prepare: async (stage) => () => {
      const connection = connectionTo(stage);
      return { act: async () => void (await signIn(stage.usher, connection, anybodyLocal(stage).mail)) };
    },
  },
  {
    name: 'refresh with rotation',
    promised: true,
    prepare: async (stage) => () => {
      const connection = connectionTo(stage);
      let held: string | undefined;
      return {
        async act() {
          held ??= (await signIn(stage.usher, connection, anybodyLocal(stage).mail)).refresh_token ?? '';
          const body = refreshForm(held);
          const answer = await connection.ask({ method: 'POST', path: tokenPath(), headers: formHeaders, body });
          held = tokensIn(answer).refresh_token ?? '';
        },
      };
    },
  },
];

let made = 0;

export const routes: readonly Route[] = [
  ...journeys,
  {
    name: 'GET /users/{id}',
    promised: true,
    prepare: async (stage) => () => () => {
      const { id } = anybody(stage);
      return { path: `/v1.0/users/${id}`, check: ({ status, body }) => assert.ok(status === 200 && body.includes(id)) };
    },
  },
  filtered(
    'a filter on a sign-in name',
    ({ local, mail, subject }) =>
      `identities/any(c:c/issuerAssignedId eq '${local ? mail : subject}' and c/issuer eq '${local ? seeded.tenant : 'google.com'}')`,
    { promised: true },
  ),
  paged('a page of 100, deep', '/v1.0/users', 300, { promised: true }),
  filtered('userPrincipalName eq', ({ userPrincipalName }) => `userPrincipalName eq '${userPrincipalName}'`),
  filtered('startswith, a whole name', ({ givenName, surname }) => `startswith(displayName,'${givenName} ${surname}')`),
  {
    name: 'startswith, two letters',
    prepare: async (stage) => () => () => ({
      path: `/v1.0/users?$filter=${encodeURIComponent(`startswith(displayName,'${anybody(stage).givenName.slice(0, 2)}')`)}`,
      check: (answered) => assert.ok(collectionIn(answered).value.length > 0),
    }),
  },
  {
    name: '$search by two words',
    heavy: true,
    prepare: async (stage) => () => () => {
      const { givenName, surname } = anybody(stage);
      const search = encodeURIComponent(`"displayName:${surname} ${givenName.slice(0, 3)}"`);
      return {
        path: `/v1.0/users?$search=${search}`,
        eventual: true,
        check: (answered) => void collectionIn(answered),
      };
    },
  },
  {
    name: 'a page with $count=true',
    heavy: true,
    prepare:
      async ({ size }) =>
      () =>
      () => ({
        path: '/v1.0/users?$count=true',
        eventual: true,
        check: (answered) => assert.ok((collectionIn(answered)['@odata.count'] ?? size) >= size),
      }),
  },
  {
    name: 'a query without an index',
    prepare: async () => () => () => ({
      path: `/v1.0/users?$filter=${encodeURIComponent(`contains(displayName,'${Math.random()}')`)}`,
      // Refused, not run: with a million users as fast as with a thousand.
      check: ({ status, body }) => assert.ok(status === 400 && body.includes('Request_UnsupportedQuery'), body),
    }),
  },
  {
    name: 'create',
    prepare: async () => () => () => {
      made += 1;
      const identity = {
        signInType: 'federated',
        issuer: 'google.com',
        issuerAssignedId: `made-${process.pid}-${made}`,
      };
      return {
        method: 'POST',
        path: '/v1.0/users',
        body: { displayName: `Made ${made}`, identities: [identity] },
        check: ({ status, body }) => assert.equal(status, 201, body),
      };
    },
  },
  {
    name: 'PATCH',
    prepare: async (stage) => () => () => {
      made += 1;
      return {
        method: 'PATCH',
        path: `/v1.0/users/${anybody(stage).id}`,
        body: { jobTitle: `Title ${made}` },
        check: ({ status, body }) => assert.equal(status, 204, body),
      };
    },
  },
  paged('a page of delta', '/v1.0/users/delta', 20),
];
