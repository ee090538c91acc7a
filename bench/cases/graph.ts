import { newFlow } from '../../test/support/flow-settings.ts';
import { seeded } from '../../test/support/usher.ts';
import { type Bench, closeAll, type Wish } from '../bench.ts';
import { type Asked, openConnection } from '../client/connection.ts';
import { foreignFloor, type ServingFloor, unmeasured } from '../floors/start.ts';
import { lanes, type Subject } from '../measure.ts';
import { type Peer, startPeer } from '../peer/peer.ts';
import { multiple, share } from '../report.ts';
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

const flows = 25;
const expanded = '/beta/identity/b2cUserFlows?$top=25&$expand=userAttributeAssignments($expand=userAttribute)';

/** Flows that ask for four attributes each. */
async function furnish(target: Target): Promise<void> {
  for (let at = 0; at < flows; at += 1) {
    const flow = await newFlow(target);
    for (const id of ['city', 'country', 'jobTitle', 'postalCode']) {
      const draft = { isOptional: true, requiresVerification: false, userAttribute: { id }, displayName: id };
      const path = `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`;
      const { status } = await target.graph('POST', path, { ...draft, userInputType: 'textBox' });
      if (status !== 201) throw new Error(`An attribute was not assigned: ${status}`);
    }
  }
  const { value } = (await (await target.graph('GET', expanded)).json()) as { readonly value: readonly unknown[] };
  if (value.length !== flows) throw new Error(`A page of two levels has ${value.length} flows in place of ${flows}.`);
}

/** The same questions to another OData server. */
function peerSubjects({ pid, origin }: Peer): readonly Subject[] {
  const asking = (key: string, name: string, status: number, next: () => Asked): Subject => ({
    key: `peer ${key}`,
    name: `peer, plain HTTP: ${name}`,
    pid,
    run: lanes(atOnce, () => {
      const connection = openConnection(origin, '');
      return async () => {
        const answer = await connection.ask(next());
        if (answer.status !== status) throw new Error(`The peer answers ${answer.status} ${answer.body.toString()}`);
      };
    }),
  });
  const path = '/odata/v4/bench/Flows?$top=25&$expand=assignments($expand=attribute)';
  return [
    asking('expand', '25 flows, $expand of two levels', 200, () => ({ path })),
    asking('create', 'create a user', 201, () => {
      const { identities, ...draft } = JSON.parse(questions.create().body ?? '{}');
      const body = JSON.stringify({ ...draft, issuer: 'google.com', issuerAssignedId: identities[0].issuerAssignedId });
      return { method: 'POST', path: '/odata/v4/bench/Users', headers: { 'Content-Type': 'application/json' }, body };
    }),
  ];
}

const why = 'Another server is measured beside it only when asked for: --peer.';

/** Rows of one table, read and sent by Fastify. */
function floorSubjects(floor: ServingFloor, target: Target): readonly Subject[] {
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
  return [
    bare('row', 'TLS, one row', floor.https, one),
    bare('plain row', 'plain HTTP, one row', floor.http, one),
    bare('rows', 'TLS, 25 rows', floor.https, page),
    bare('plain rows', 'plain HTTP, 25 rows', floor.http, page),
  ];
}

/** The management API, 10,000 users. */
export async function graph({ isPeerWanted }: Wish): Promise<Bench> {
  const target = await startTarget(people);
  await furnish(target);
  const peer = isPeerWanted ? await startPeer(flows) : undefined;
  const floor = await foreignFloor('people', [String(people)]);
  const asking = (key: string, name: string, next: () => Asked, status = 200): Subject => ({
    key,
    name,
    pid: target.pid,
    run: lanes(atOnce, graphLane(target, status, next)),
  });
  return {
    subjects: [
      asking('get', 'get a user', () => questions.get(target)),
      asking('list', 'list of 25 users, $filter, $select', () => questions.list(target)),
      ...(floor ? floorSubjects(floor, target) : []),
      asking('filter', 'filter on a sign-in name', () => questions.filter(target)),
      asking('flow', 'get a user flow', questions.flow),
      asking('create', 'create a user, without a password', questions.create, 201),
      asking('expand', '25 flows, $expand of two levels', () => ({ path: expanded })),
      ...(peer ? peerSubjects(peer) : []),
    ],
    goals: [
      {
        goal: 'Graph get ÷ Fastify and one read',
        better: 'more',
        must: 0.4,
        aim: 0.6,
        by: share('get', 'row'),
        ...unmeasured(floor),
      },
      {
        goal: 'Graph list of 25, $filter and $select ÷ column list of 25',
        better: 'more',
        must: 0.35,
        aim: 0.6,
        by: share('list', 'rows'),
        ...unmeasured(floor),
      },
      {
        goal: '$expand of 25, two levels, × an OData server on SQLite',
        better: 'more',
        must: 3,
        aim: 6,
        by: multiple('expand', 'peer expand'),
        why,
      },
      {
        goal: 'create a user, × an OData server on SQLite',
        better: 'more',
        must: 5,
        aim: 8,
        by: multiple('create', 'peer create'),
        why,
      },
    ],
    close: () => closeAll(floor, target, ...(peer ? [peer] : [])),
  };
}
