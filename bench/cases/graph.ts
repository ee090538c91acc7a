import { seeded } from '../../test/support/usher.ts';
import { type Bench, closeAll } from '../bench.ts';
import { type Asked, openConnection } from '../client/connection.ts';
import { servingFloor } from '../floors/start.ts';
import { lanes, type Subject } from '../measure.ts';
import { share } from '../report.ts';
import { startTarget, type Target } from '../target.ts';

const atOnce = 8;
export const people = 10_000;

/** Somebody's first letters, which hundreds share. */
const letters = (target: Pick<Target, 'anybody'>): string => target.anybody().givenName.slice(0, 2);

/** Asks Graph with a token; what comes back must be `status`. */
export function graphLane(target: Target, status: number, next: () => Asked) {
  return async () => {
    const Authorization = `Bearer ${await target.graphToken()}`;
    const connection = target.connect();
    return async () => {
      const { headers, ...asked } = next();
      const answer = await connection.ask({ ...asked, headers: { Authorization, ...headers } });
      if (answer.status !== status) throw new Error(`${answer.status} ${answer.body.toString()}`);
    };
  };
}

let made = 0;

export const questions = {
  get: (target: Target): Asked => ({ path: `/v1.0/users/${target.anybody(false).id}` }),
  filter: (target: Target): Asked => ({
    path: `/v1.0/users?$filter=identities/any(c:c/issuerAssignedId%20eq%20'${target.anybody().mail}'%20and%20c/issuer%20eq%20'${seeded.tenant}')`,
  }),
  list: (target: Target): Asked => ({
    path: `/v1.0/users?$filter=startswith(displayName,'${letters(target)}')&$select=id,displayName,mail,userPrincipalName&$top=25`,
  }),
  flow: (): Asked => ({ path: `/beta/identity/b2cUserFlows/${seeded.flow}` }),
  create: (): Asked => {
    made += 1;
    const identity = { signInType: 'federated', issuer: 'google.com', issuerAssignedId: `made-${process.pid}-${made}` };
    return {
      method: 'POST',
      path: '/v1.0/users',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ displayName: `Made ${made}`, givenName: 'Made', identities: [identity] }),
    };
  },
} as const;

/** The management API, 10,000 users. */
export async function graph(): Promise<Bench> {
  const target = await startTarget(people);
  const floor = await servingFloor('people', [String(people)]);
  const asking = (key: string, name: string, next: () => Asked, status = 200): Subject => ({
    key,
    name,
    pid: target.pid,
    run: lanes(atOnce, graphLane(target, status, next)),
  });
  const bare = (key: string, name: string, origin: string, next: () => string): Subject => ({
    key,
    name: `floor: Fastify, ${name}`,
    pid: floor.pid,
    run: lanes(atOnce, () => {
      const connection = openConnection(origin, floor.ca);
      return async () => {
        const { status } = await connection.ask({ path: next() });
        if (status !== 200) throw new Error(`The floor answers ${status}.`);
      };
    }),
  });
  const one = () => `/users/${target.anybody(false).id}`;
  const page = () => {
    const from = letters(target);
    return `/users?from=${from}&to=${from}~`;
  };
  return {
    subjects: [
      asking('get', 'get a user', () => questions.get(target)),
      bare('row', 'TLS, one row', floor.https, one),
      bare('plain row', 'plain HTTP, one row', floor.http, one),
      asking('list', 'list of 25 users, $filter, $select', () => questions.list(target)),
      bare('rows', 'TLS, 25 rows', floor.https, page),
      bare('plain rows', 'plain HTTP, 25 rows', floor.http, page),
      asking('filter', 'filter on a sign-in name', () => questions.filter(target)),
      asking('flow', 'get a user flow', questions.flow),
      asking('create', 'create a user, without a password', questions.create, 201),
    ],
    goals: [
      { goal: 'Graph get ÷ Fastify and one read', better: 'more', must: 0.4, aim: 0.6, by: share('get', 'row') },
      {
        goal: 'Graph list of 25, $filter and $select ÷ column list of 25',
        better: 'more',
        must: 0.35,
        aim: 0.6,
        by: share('list', 'rows'),
      },
    ],
    close: () => closeAll(floor, target),
  };
}
