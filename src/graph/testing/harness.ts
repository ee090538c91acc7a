import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Behaviour, behaviour, createDirectory, createSecretBox, type Directory } from '../../directory/index.ts';
import { type Exchange, type Face, httpFaults } from '../../http/index.ts';
import {
  type Caller,
  type Clock,
  defineFaults,
  isoDateTime,
  isUuid,
  newId,
  type Observation,
  silent,
  system,
} from '../../kernel/index.ts';
import { allTypes, entities } from '../../model/index.ts';
import { openDatabase, sweepAll } from '../../store/index.ts';
import type { GraphServices } from '../answer.ts';
import { graphFace } from '../face.ts';
import { routeTemplate } from '../route-template.ts';

export const origin = 'https://localhost:8443';

/** Asks for what directory objects answer only to those who know of it (`ConsistencyLevel`). */
export const eventual = { headers: { consistencylevel: 'eventual' } } as const;

export interface Sent {
  readonly headers?: IncomingHttpHeaders;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
}

/** Bytes a body may have in these tests, as the listener would refuse it. */
const bodyLimit = 100_000;

/** A request as the listener would hand it over, without a socket. */
export function exchangeOf(method: string, path: string, { headers = {}, body }: Sent = {}): Exchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(text);
  const given = headers['client-request-id'];
  return {
    method,
    url: new URL(path, origin),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    async body() {
      if (bytes.length > bodyLimit) throw httpFaults.tooLarge({ limit: bodyLimit });
      return bytes;
    },
    remoteAddress: '127.0.0.1',
    route: routeTemplate(path),
    correlationId: typeof given === 'string' && isUuid(given) ? given : newId(),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into by member name at any depth; what is absent fails the assertion.
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, else text. */
  readonly body: Body;
}

export interface World {
  readonly face: Face;
  readonly observed: Observation[];
  readonly clock: Clock;
  /** Sends as an application of the first tenant with every permission, unless `as` says otherwise. */
  send(method: string, path: string, sent?: Sent & { readonly as?: string | null }): Promise<Answer>;
  get(path: string, sent?: Sent & { readonly as?: string | null }): Promise<Answer>;
  /** Lets a bearer token stand for a caller of a tenant. */
  admit(token: string, tenantId: string, caller: Caller): void;
  /** How often the face has asked who is calling. */
  identified(): number;
  directory(tenantId: string): Directory;
  /** Lets days pass, and the store remove what it need not keep any longer. */
  wait(days: number): Promise<void>;
  close(): Promise<void>;
}

export const tenants = ['775527ff-9a37-4307-8b3d-cc311f58d925', '9b1c1e3e-0d6c-4a53-8f0e-1f1f0f5e7a11'] as const;

const tokenFaults = defineFaults('oidc', {
  noToken: { status: 401, message: 'Access token is empty.' },
  badToken: { status: 401, message: 'Access token has expired or is not yet valid.' },
});

export const everyPermission: readonly string[] = allTypes().flatMap(({ permissions }) => [
  ...permissions.read,
  ...permissions.write,
]);

/** The kinds of provider that a B2C tenant can configure (Graph contract c.5). */
const providerTypes: readonly string[] = [
  'Microsoft',
  'Google',
  'Facebook',
  'Amazon',
  'LinkedIn',
  'Weibo',
  'QQ',
  'WeChat',
  'Twitter',
  'GitHub',
  'AppleManaged',
  'OpenIdConnect',
];

/** The rules of identifiers as the product has them, in their smallest form; the real ones live in other rooms. */
const behaviours: readonly Behaviour[] = [
  behaviour({
    type: entities.b2cIdentityUserFlow,
    async prepare(draft, { verb, caller }) {
      const bare = verb === 'create' && caller.kind !== 'system' && draft.id && !/^b2c_1_/i.test(draft.id);
      return bare ? { ...draft, id: `B2C_1_${draft.id}` } : draft;
    },
  }),
  behaviour({
    type: entities.identityUserFlowAttributeAssignment,
    async prepare(draft, { verb, links }) {
      return verb === 'create' ? { ...draft, id: links['userAttribute']?.[0] ?? newId() } : draft;
    },
    operations: {
      async getOrder({ directory, within }) {
        const type = entities.identityUserFlowAttributeAssignment;
        const { items } = await directory.find({ type, ...(within ? { within: [within] } : {}), limit: 999 });
        return { order: items.map(({ entity }) => entity.id) };
      },
      async setOrder({ parameters }) {
        const { order } = parameters['newAssignmentOrder'] as { readonly order: readonly string[] };
        if (order.length === 0) throw tokenFaults.badToken();
      },
    },
  }),
  behaviour({
    type: entities.identityApiConnector,
    operations: {
      async uploadClientCertificate({ directory, trusted, target }) {
        assert.ok(target);
        return directory.update(trusted, { type: target.type, id: target.entity.id }, { displayName: 'Renewed' });
      },
    },
  }),
  behaviour({
    type: entities.userFlowLanguagePage,
    async builtIn({ within }) {
      return within ? [{ id: 'selfasserted', values: { content: '{"LocalizedStrings":[]}' } }] : [];
    },
  }),
  behaviour({
    type: entities.authenticationEventsPolicy,
    async builtIn() {
      return [{ id: 'authenticationEventsPolicy', values: {} }];
    },
  }),
  behaviour({
    type: entities.b2cAuthenticationMethodsPolicy,
    async builtIn() {
      return [{ id: 'b2cAuthenticationMethodsPolicy', values: {} }];
    },
  }),
  behaviour({
    type: entities.identityProviderBase,
    operations: { availableProviderTypes: async () => providerTypes },
  }),
  behaviour({
    type: entities.socialIdentityProvider,
    async prepare(draft, { verb }) {
      return verb === 'create' ? { id: `${draft.identityProviderType}-OAUTH`, ...draft } : draft;
    },
  }),
  behaviour({
    type: entities.identityUserFlowAttribute,
    async prepare(draft, { verb, caller }) {
      if (verb !== 'create' || caller.kind === 'system') return draft;
      return { ...draft, id: `extension_d09380e2b4c6429a203fb816a04a7ad0_${draft.displayName?.replaceAll(' ', '')}` };
    },
  }),
  behaviour({
    type: entities.invitation,
    async create({ directory, draft, trusted, proceed }) {
      const mail = String(draft['invitedUserEmailAddress']);
      const filter = { op: 'eq', path: ['mail'], value: mail } as const;
      const [known] = (await directory.find({ type: entities.user, filter, limit: 1 })).items;
      const guest = { userPrincipalName: `guest@x.example`, displayName: mail, mail };
      const { entity } = known ?? (await directory.create(trusted, entities.user, guest));
      return proceed(trusted, draft, { links: { invitedUser: [entity.id] } });
    },
  }),
  behaviour({
    type: entities.application,
    async prepare(draft, { verb, clock }) {
      return verb === 'create' ? { appId: newId(), createdDateTime: isoDateTime(clock.now()), ...draft } : draft;
    },
  }),
];

/** The face over a real directory and a real store, with two tenants. */
export async function openWorld(
  engine: 'memory' | 'sqlite',
  limits: Pick<GraphServices, 'throttling' | 'now'> = { throttling: 'generous' },
): Promise<World> {
  const folder = engine === 'sqlite' ? await mkdtemp(join(tmpdir(), 'usher-graph-')) : undefined;
  let now = 1_795_255_200;
  const clock: Clock = { now: () => now };
  const url = folder ? `sqlite:${join(folder, 'usher.db')}` : 'memory:';
  const database = await openDatabase(url, { clock, observe: silent, types: allTypes() });
  const box = createSecretBox(randomBytes(32));
  const directories = new Map<string, Directory>();
  for (const id of tenants) {
    const tenant = await database.tenants.create({ id, domains: [`${id}.example`], displayName: id });
    directories.set(
      id,
      createDirectory({ tenant, store: database.tenant(id), behaviours, clock, observe: silent, box }),
    );
  }
  const callers = new Map<string, { readonly tenantId: string; readonly caller: Caller }>();
  const observed: Observation[] = [];
  let identified = 0;
  const face = graphFace({
    async callerOf({ headers }) {
      identified += 1;
      const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) throw tokenFaults.noToken();
      const found = callers.get(token);
      if (!found) throw tokenFaults.badToken();
      return found;
    },
    async directoryOf(tenantId) {
      const directory = directories.get(tenantId);
      assert.ok(directory, 'the tenant of a verified token is known');
      return directory;
    },
    clock,
    observe: (observation) => observed.push(observation),
    pageKey: randomBytes(32),
    ...limits,
  });
  callers.set('all', { tenantId: tenants[0], caller: { kind: 'app', appId: 'test', roles: everyPermission } });
  callers.set('other', { tenantId: tenants[1], caller: { kind: 'app', appId: 'test', roles: everyPermission } });
  const send: World['send'] = async (method, path, { as = 'all', headers = {}, ...sent } = {}) => {
    const authorized = as === null ? headers : { authorization: `Bearer ${as}`, ...headers };
    const exchange = exchangeOf(method, path, { ...sent, headers: authorized });
    assert.ok(face.answers(exchange.url), `the face answers ${path}`);
    const reply = await face.handle(exchange);
    const replied = Object.fromEntries(
      Object.entries(reply.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const text = String(reply.body ?? '');
    const isJson = replied['content-type']?.startsWith('application/json');
    return { status: reply.status, headers: replied, body: isJson ? JSON.parse(text) : text };
  };
  return {
    face,
    observed,
    clock,
    send,
    get: (path, sent) => send('GET', path, sent),
    identified: () => identified,
    admit: (token, tenantId, caller) => callers.set(token, { tenantId, caller }),
    directory(tenantId) {
      const directory = directories.get(tenantId);
      assert.ok(directory);
      return directory;
    },
    async wait(days) {
      now += days * 86_400;
      await sweepAll(database, new AbortController().signal);
    },
    async close() {
      await database.close();
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A tenant with something of everything, made through the directory as a seed would make it. */
export async function seed(world: World, tenantId: string = tenants[0]): Promise<void> {
  const directory = world.directory(tenantId);
  const seeding = system('test seed');
  await directory.create(seeding, entities.identityUserFlowAttribute, {
    id: 'City',
    displayName: 'City',
    description: 'Your city',
    userFlowAttributeType: 'builtIn',
    dataType: 'string',
  });
  for (const identityProviderType of ['Google', 'Facebook']) {
    await directory.create(seeding, entities.socialIdentityProvider, {
      displayName: identityProviderType,
      identityProviderType,
      clientId: 'client',
      clientSecret: 'not-for-eyes',
    });
  }
  await directory.create(seeding, entities.builtInIdentityProvider, {
    id: 'EmailPassword-OAUTH',
    displayName: 'Email with password',
    identityProviderType: 'EmailPassword',
  });
  await directory.create(
    seeding,
    entities.b2cIdentityUserFlow,
    { id: 'B2C_1_susi', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 },
    {
      links: { userFlowIdentityProviders: ['Google-OAUTH', 'EmailPassword-OAUTH'] },
      contained: {
        userAttributeAssignments: [
          {
            draft: { displayName: 'City', isOptional: true, requiresVerification: false, userInputType: 'textBox' },
            links: { userAttribute: ['City'] },
          },
        ],
      },
    },
  );
}
