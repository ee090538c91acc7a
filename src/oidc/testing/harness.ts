import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOutside } from '../../connectors/index.ts';
import { createDirectory, createSecretBox } from '../../directory/index.ts';
import { type Flows, type Glide, type Host, type Start, tenantSignIn, type Wanted } from '../../flows/index.ts';
import type { Exchange, Face, Reply } from '../../http/index.ts';
import {
  bootstrapTenant,
  createHasher,
  createIdentity,
  type Hasher,
  type Identity,
  identityBehaviours,
  type SignInEvent,
  type User,
} from '../../identity/index.ts';
import {
  type AdjustableClock,
  type Admission,
  adjustableClock,
  newId,
  type Observation,
  silent,
  system,
  systemClock,
  unlimited,
} from '../../kernel/index.ts';
import { allTypes, entities, graphAppId, graphPermissions } from '../../model/index.ts';
import { type Database, openDatabase, type Store, type Tenant } from '../../store/index.ts';
import { type ErrorInfo, oidcFace } from '../face.ts';
import type { DevicePage } from '../standards/device-view.ts';
import { createTenantOidc, type TenantOidc } from '../tenant.ts';

/** The public origin of the server under test; `house.fetch` leads there. */
export const origin = 'https://login.usher.test';

export const ids = {
  spa: '11111111-1111-4111-8111-111111111111',
  web: '22222222-2222-4222-8222-222222222222',
  api: '33333333-3333-4333-8333-333333333333',
  daemon: '44444444-4444-4444-8444-444444444444',
  otherApi: '55555555-5555-4555-8555-555555555555',
  native: '66666666-6666-4666-8666-666666666666',
} as const;

export const secret = 'usher-dev-secret~._-';
export const apiUri = 'https://contoso.onmicrosoft.com/tasks-api';

const scopeIds = { read: newId(), write: newId(), admin: newId(), other: newId() };

const access = (resourceAppId: string, type: 'Scope' | 'Role', accessIds: readonly string[]) => ({
  resourceAppId,
  resourceAccess: accessIds.map((id) => ({ id, type })),
});

const permission = (id: string, value: string) => ({ id, value, type: 'Admin', isEnabled: true });

const applications = [
  {
    appId: ids.spa,
    displayName: 'Single page',
    spa: { redirectUris: ['http://localhost:3000/', 'https://spa.example/cb'] },
    requiredResourceAccess: [
      access(ids.api, 'Scope', [scopeIds.read, scopeIds.write]),
      access(ids.otherApi, 'Scope', [scopeIds.other]),
    ],
  },
  {
    appId: ids.web,
    displayName: 'Web app',
    web: {
      redirectUris: ['http://localhost:3001/cb', 'https://web.example/cb?fixed=1'],
      implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: true },
    },
    passwordCredentials: [{ secretText: 'another-one-in-rollover' }, { secretText: secret }],
    requiredResourceAccess: [access(ids.api, 'Scope', [scopeIds.read])],
  },
  {
    appId: ids.api,
    displayName: 'Tasks API',
    identifierUris: [apiUri],
    api: {
      oauth2PermissionScopes: [
        permission(scopeIds.read, 'tasks.read'),
        permission(scopeIds.write, 'tasks.write'),
        permission(scopeIds.admin, 'tasks.admin'),
      ],
    },
    appRoles: [
      { id: '77777777-7777-4777-8777-777777777777', value: 'Tasks.Sync', displayName: 'Sync', isEnabled: true },
    ],
  },
  {
    appId: ids.otherApi,
    displayName: 'Other API',
    api: { oauth2PermissionScopes: [permission(scopeIds.other, 'other.use')] },
  },
  {
    appId: ids.daemon,
    displayName: 'Daemon',
    passwordCredentials: [{ secretText: secret }],
    requiredResourceAccess: [
      access(graphAppId, 'Role', [
        graphPermissions['User.Read.All'],
        graphPermissions['IdentityUserFlow.ReadWrite.All'],
      ]),
      access(ids.api, 'Role', ['77777777-7777-4777-8777-777777777777']),
    ],
  },
  { appId: ids.native, displayName: 'Native', publicClient: { redirectUris: ['http://localhost/', 'myapp://auth'] } },
];

const flows = [
  { id: 'B2C_1_susi', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 },
  { id: 'B2C_1_edit', userFlowType: 'profileUpdate', userFlowTypeVersion: 3 },
  { id: 'B2C_1_signin', userFlowType: 'signIn', userFlowTypeVersion: 3 },
  {
    id: 'B2C_1_strict',
    userFlowType: 'signUpOrSignIn',
    userFlowTypeVersion: 3,
    tokenClaimsConfiguration: { isIssuerEntityUserFlow: true },
  },
];

const by = system('test');

const createUser = (identity: Identity, email: string): Promise<User> =>
  identity.register(by, {
    email,
    passwordHash: '$argon2id$unused',
    attributes: { displayName: 'Adele Vance', givenName: 'Adele' },
  });

interface Shared {
  readonly admission: Admission;
  readonly clock: AdjustableClock;
  readonly observed: Observation[];
  readonly hasher: Hasher;
}

/** Journeys without pages: a test ends each as it likes. */
export interface Journeys extends Flows {
  readonly started: readonly (Start & { readonly journeyId: string })[];
  /** How often single sign-on asked whether there is more to do. */
  readonly glided: readonly Parameters<Flows['glide']>[0][];
  /** Which flow applications get at the tenant's own authority; at first `tenantSignIn`. */
  chooses(flowId: string): void;
  /** What the flows come to for a person whom the session knows; undefined: they have nothing to show. */
  glideEnds(as: Exclude<Glide, { kind: 'arrive' }> | undefined): void;
}

function createJourneys(store: Store): Journeys {
  const started: (Start & { readonly journeyId: string })[] = [];
  const glided: Parameters<Flows['glide']>[0][] = [];
  let end: Glide | undefined;
  let chosen: string = tenantSignIn;
  const unused = (): never => {
    throw new TypeError('no pages here');
  };
  return {
    started,
    glided,
    glideEnds(as) {
      end = as;
    },
    async start(start, beside = []) {
      const journeyId = newId();
      await store.ephemeral.together(beside);
      started.push({ ...start, journeyId });
      return { journeyId, browserSecret: `browser-of-${journeyId}` };
    },
    obstacle: unused,
    choose: async () => ({ flowId: chosen }),
    chooses(flowId) {
      chosen = flowId;
    },
    explainFor: unused,
    redeem: async () => undefined,
    async glide(start) {
      glided.push(start);
      const { flowId, session } = start;
      return end ?? { kind: 'arrive', arrival: { ...session, newUser: false, flowId } };
    },
    languages: { ofFlow: async () => ['en'] },
    about: unused,
    unshown: unused,
    presentation: unused,
    look: unused,
    bringBack: unused,
    samlMetadata: unused,
    answer: unused,
  };
}

async function createTenant(database: Database, tenant: Tenant, { admission, clock, observed, hasher }: Shared) {
  const store = database.tenant(tenant.id);
  const observe = (observation: Observation): void => void observed.push(observation);
  const box = createSecretBox(randomBytes(32));
  const rules = 'b2c-strong';
  const behaviours = identityBehaviours({ hasher, rules });
  const directory = createDirectory({ tenant, store, clock, observe, box, behaviours });
  await bootstrapTenant(directory);
  const journeys = createJourneys(store);
  const identity = createIdentity({ directory, ephemeral: store.ephemeral, hasher, clock, observe, rules });
  const signIns: SignInEvent[] = [];
  const oidc = createTenantOidc({
    tenant,
    directory,
    identity,
    signIns: { record: (event) => void signIns.push(event) },
    store,
    admission,
    clock,
    observe,
    outside: createOutside({ allowLoopback: true }),
    flows: () => journeys,
    devicePage,
    signedOutPage,
  });
  for (const application of applications) await directory.create(by, entities.application, application);
  for (const flow of flows) await directory.create(by, entities.b2cIdentityUserFlow, flow);
  return { tenant, store, directory, identity, journeys, oidc, signIns, host: oidc.host as Host };
}

export type House = Awaited<ReturnType<typeof openHouse>>;

/** Two tenants with the same applications and flows, behind the face, on a real listener. */
export async function openHouse({ admission = unlimited }: { readonly admission?: Admission } = {}) {
  // Stands still, so that lifetimes can be told to the second however long a test takes.
  const opened = systemClock.now();
  const clock = adjustableClock({ now: () => opened });
  const observed: Observation[] = [];
  const hasher = createHasher({ memoryKib: 64, passes: 1, queueLimit: 10 });
  const database = await openDatabase('memory:', { clock, observe: silent, types: allTypes() });
  const made = async (id: string, domain: string) => {
    const tenant = await database.tenants.create({ id, domains: [domain], displayName: domain });
    return createTenant(database, tenant, { admission, clock, observed, hasher });
  };
  const contoso = await made('775527ff-9a37-4307-8b3d-cc311f58d925', 'contoso.onmicrosoft.com');
  const fabrikam = await made('8b0c1c3e-1f5e-4a55-9f0f-3f8f5b7f5f10', 'fabrikam.onmicrosoft.com');
  const tenantOf = async (name: string): Promise<TenantOidc | undefined> =>
    [contoso, fabrikam].find(({ tenant }) => tenant.id === name || tenant.domains.includes(name))?.oidc;
  const observe = (observation: Observation): void => void observed.push(observation);
  const face = oidcFace({ tenantOf, admission, clock, observe, errorPage });
  const { port, close } = await listen(face);
  const adele = await createUser(contoso.identity, 'adele@contoso.example');
  const lee = await createUser(contoso.identity, 'lee@contoso.example');
  return {
    clock,
    observed,
    contoso,
    fabrikam,
    tenantOf,
    face,
    adele,
    lee,
    /** `fetch` for a browser or client that believes the server to be at `origin`. */
    fetch: (url: string | URL, init: RequestInit = {}): Promise<Response> => {
      const { pathname, search } = new URL(url, origin);
      return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { redirect: 'manual', ...init });
    },
    async close() {
      await close();
      await hasher.close();
      await database.close();
    },
  };
}

const namesOf = ({ uiLocales, acceptLanguages }: Wanted): string => [...uiLocales, ...acceptLanguages].join();

/** The view as it is, for tests to read. */
const devicePage: DevicePage = async (view, wanted) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ ...view, wanted: namesOf(wanted) }),
});

const signedOutPage = async (wanted: Wanted): Promise<Reply> => ({
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: `<h1>Signed out page</h1><p>${namesOf(wanted)}</p>`,
});

const errorPage = ({ status, code, message, correlationId, timestamp }: ErrorInfo, wanted: Wanted): Reply => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<h1>Error page</h1><p>${code}: ${message.replaceAll('<', '&lt;')}</p><p>${correlationId} ${timestamp}</p><p>${namesOf(wanted)}</p>`,
});

async function listen(face: Face): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', origin);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const exchange: Exchange = {
      method: request.method ?? 'GET',
      url,
      headers: request.headers,
      body: async () => Buffer.concat(chunks),
      remoteAddress: '127.0.0.1',
      correlationId: newId(),
      route: face.routeOf?.(url) ?? '',
    };
    try {
      const reply = face.answers(url)
        ? await face.handle(exchange)
        : { status: 404, headers: {}, body: 'nothing here' };
      for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
      response.writeHead(reply.status).end(reply.body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
