/** The composition root: builds the rooms bottom-up and puts the faces in front. Knows all rooms. */
import { setInterval } from 'node:timers/promises';
import {
  createOutside,
  type Mailer,
  type Outbox,
  type Outside,
  type OutsideOptions,
  type Texter,
  toldMailer,
  toldTexter,
} from './connectors/index.ts';
import type { Directory } from './directory/index.ts';
import { createConnectorLog, createJourneyLog, type Wanted, type Words } from './flows/index.ts';
import { type GraphServices, graphFace, otherVersionFace, type Throttling } from './graph/index.ts';
import {
  acceptedLanguages,
  createListener,
  type Exchange,
  type Face,
  type Listener,
  type Proxies,
  type Reply,
  type Tls,
} from './http/index.ts';
import {
  createHasher,
  createSignInLog,
  type Hasher,
  type HasherOptions,
  type PasswordRules,
} from './identity/index.ts';
import {
  type AdjustableClock,
  type Admission,
  type Clock,
  createAdmission,
  defineFaults,
  type Limiting,
  type Observe,
  supportTime,
  type Trace,
  untraced,
} from './kernel/index.ts';
import { allTypes } from './model/index.ts';
import { createBearer, oidcFace } from './oidc/index.ts';
import type { Gauges } from './operations/index.ts';
import { createErrorPages, createTemplates, createWords, type ErrorInfo, pagesFace } from './pages/index.ts';
import { type Database, type Migrate, openDatabase, sweepAll, type Tenant } from './store/index.ts';
import { type AllTenants, createTenants, derivedKey, type TenantRooms } from './tenant-rooms.ts';
import { createCouriers, hasWaiting } from './webhooks/index.ts';
import { workbenchFace } from './workbench/index.ts';

/** What development mode adds: everybody may read the mails and move the clock. */
export interface Development {
  readonly outbox: Outbox;
  readonly clock: AdjustableClock;
}

/** What a seed may use. */
export interface Seeding {
  readonly database: Database;
  /** Public origin of the running server, e.g. `https://localhost:8443`. */
  readonly origin: string;
  directoryOf(tenantId: string): Promise<Directory>;
}

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Public origins besides the loopback names that `loopback` adds. */
  readonly origins: readonly string[];
  /** Given the port, the loopback origins to answer for; none in production. */
  readonly loopback: (port: number) => readonly string[];
  /** `sqlite:PATH`, `postgres://…` or `memory:`. */
  readonly databaseUrl: string;
  /** 32 bytes. */
  readonly encryptionKey: Buffer;
  /** Absent: plain HTTP, for the proxies alone. */
  readonly tls: Tls | undefined;
  /** Whose word is taken for whom a request is from. */
  readonly proxies: Proxies;
  readonly hashing: HasherOptions;
  readonly bodyLimitBytes: number;
  /** Connections at once. */
  readonly places: number;
  readonly throttling: Throttling;
  readonly limiting: Limiting;
  readonly journeyLifetimeSeconds: number;
  /** What may be called that is not public, and whose certificates are trusted besides those that Node trusts. */
  readonly outside: Pick<OutsideOptions, 'allowances' | 'authorities'>;
  /** See `FederationServices.originOf`. */
  readonly providerOriginOf?: (kind: string) => string | undefined;
  readonly passwordRulesOf: (tenant: Tenant) => PasswordRules;
  readonly mailer: Mailer;
  readonly texter: Texter;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
  /** See `OpenOptions.migrate`. */
  readonly migrate: Migrate;
  /** Puts the seed in; run at start, and in development again after a reset. */
  seed(server: Seeding): Promise<void>;
  /** Absent in production: no workbench, no outbox, no clock to move. */
  readonly development?: Development;
}

export interface RunningServer {
  /** The first public origin. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Rejects when the database does not answer, or takes no writes. */
  askDatabase(): Promise<unknown>;
  /** What it keeps at this moment, for whoever measures. */
  readonly gauges: Gauges;
  /** It is about to close: from now on every answer is the last one of its connection. */
  retire(): void;
  /** From now on a renewed certificate is shown; connections that are open keep theirs. */
  renewTls(tls: Tls): void;
  close(): Promise<void>;
}

const faults = defineFaults('server', {
  unknownTenant: { status: 404, message: "There is no tenant '{id}'." },
});

/** Expired short-lived records are removed this often, in milliseconds. */
const sweepMilliseconds = 60_000;

/** What other processes have left undelivered is looked for this often, in milliseconds. */
const rescueMilliseconds = 60_000;

/** What the faces work on. */
interface Shared {
  readonly tenants: AllTenants;
  readonly database: Database;
  readonly pages: Pages;
  readonly admission: Admission;
  readonly reset: (development: Development) => Promise<void>;
}

interface Pages {
  readonly face: Face;
  readonly error: (info: ErrorInfo, wanted: Wanted) => Promise<Reply>;
}

/** The hosted pages, and the error page that every face shows to people. */
function createPages(
  { clock, observe }: ServerOptions,
  tenants: AllTenants,
  { words, outside, admission }: { readonly words: Words; readonly outside: Outside; readonly admission: Admission },
): Pages {
  const services = {
    flowsOf: async (tenant: string) => (await tenants.roomsOf(tenant))?.flows,
    tenantIdOf: async (tenant: string) => (await tenants.roomsOf(tenant))?.tenant.id,
    tenantName: async (tenantId: string) =>
      (await (await tenants.roomsOf(tenantId))?.identity.settings())?.displayName ?? tenantId,
    admission,
    clock,
    observe,
    words,
    templates: createTemplates(outside, clock),
  };
  const error = createErrorPages(services);
  return {
    face: pagesFace(services),
    async error({ flow, ...info }, wanted) {
      const all = [...wanted.uiLocales, ...wanted.acceptLanguages];
      const rooms = flow && (await tenants.roomsOf(flow.tenant).catch(() => undefined));
      if (!rooms) return error(info, all);
      const locales = await rooms.flows.languages.ofFlow(flow.id, wanted).catch(() => all);
      return error({ ...info, flow: { ...flow, tenant: rooms.tenant.id } }, locales);
    },
  };
}

const notFoundPage =
  (pages: Pages, clock: Clock) =>
  ({ correlationId, headers }: Exchange): Promise<Reply> => {
    const timestamp = supportTime(clock.now());
    const info = { status: 404, message: 'There is nothing at this address.', correlationId, timestamp };
    return pages.error(info, { uiLocales: [], acceptLanguages: acceptedLanguages(headers['accept-language']) });
  };

/** Everybody who can reach it may read mails and take all data away, so there is none but in development mode. */
function workbench({ observe, development }: ServerOptions, { tenants, database, reset }: Shared): readonly Face[] {
  if (!development) return [];
  const face = workbenchFace({
    tenants: () => database.tenants.list(),
    directoryOf: (tenantId) => directoryIn(tenants, tenantId),
    obstacleTo: async (tenantId, flowId) => (await roomsIn(tenants, tenantId)).flows.obstacle(flowId),
    outbox: development.outbox,
    clock: development.clock,
    reset: () => reset(development),
    observe,
  });
  return [face];
}

function createFaces(options: ServerOptions, shared: Shared): readonly Face[] {
  const { clock, observe, encryptionKey } = options;
  const { tenants, pages, admission } = shared;
  const tenantOf = async (name: string) => (await tenants.roomsOf(name))?.oidc;
  const graph: GraphServices = {
    callerOf: createBearer({ tenantOf, clock }).callerOf,
    directoryOf: (tenantId) => directoryIn(tenants, tenantId),
    clock,
    observe,
    pageKey: derivedKey(encryptionKey, 'page tokens'),
    throttling: options.throttling,
  };
  return [
    graphFace(graph),
    pages.face,
    ...workbench(options, shared),
    oidcFace({ tenantOf, admission, clock, observe, errorPage: pages.error }),
    otherVersionFace(graph),
  ];
}

async function roomsIn(tenants: AllTenants, tenantId: string): Promise<TenantRooms> {
  const rooms = await tenants.roomsOf(tenantId);
  if (!rooms) throw faults.unknownTenant({ id: tenantId });
  return rooms;
}

const directoryIn = async (tenants: AllTenants, tenantId: string): Promise<Directory> =>
  (await roomsIn(tenants, tenantId)).directory;

/** Brings the changes of other processes to this one's caches, and removes what has expired, until `signal` aborts. */
function tend(database: Database, tenants: AllTenants, observe: Observe, signal: AbortSignal): void {
  const follow = async () => {
    for await (const change of database.foreignChanges(signal)) tenants.receive(change);
  };
  const warn = (message: string) => (error: unknown) => {
    if (!signal.aborted) observe({ kind: 'warning', message, error });
  };
  follow().catch(warn('Changes of other processes are no longer followed.'));
  const sweepForever = async () => {
    for await (const _ of setInterval(sweepMilliseconds, undefined, { signal, ref: false })) {
      await sweepAll(database, signal).catch(warn('Expired records were not removed.'));
    }
  };
  sweepForever().catch(warn('Expired records are no longer removed.'));
  const rescueForever = async () => {
    const rescue = () => wakeCouriers(database, tenants, signal).catch(warn('Webhook deliveries were not looked for.'));
    await rescue();
    for await (const _ of setInterval(rescueMilliseconds, undefined, { signal, ref: false })) await rescue();
  };
  rescueForever().catch(warn('Webhook deliveries that other processes left are no longer looked for.'));
}

/** Opens the tenants in which deliveries wait: left by a process that has ended, or written by a command. */
async function wakeCouriers(database: Database, tenants: AllTenants, signal: AbortSignal): Promise<void> {
  for (const { id } of await database.tenants.list()) {
    if (signal.aborted) return;
    if (await hasWaiting(database.tenant(id))) (await tenants.roomsOf(id))?.courier?.wake();
  }
}

type Logs = ReturnType<typeof createLogs>;

/** What is written of sign-ins, journeys and calls, behind the requests. */
function createLogs(services: Pick<ServerOptions, 'clock' | 'observe'>) {
  const signInLog = createSignInLog(services);
  const journeyLog = createJourneyLog(services);
  const connectorLog = createConnectorLog(services);
  const all = [signInLog, journeyLog, connectorLog];
  return {
    signInLog,
    journeyLog,
    connectorLog,
    flush: () => Promise.all(all.map((log) => log.flush())),
    clear() {
      for (const log of all) log.clear();
    },
  };
}

const admissionOf = ({ limiting, throttling }: ServerOptions): Admission =>
  createAdmission({ limiting, hasDocumentedQuotas: throttling === 'documented' });

/** Takes all data away and puts the seed in again. */
const resetting =
  (
    { database, tenants }: Pick<Shared, 'database' | 'tenants'>,
    logs: Pick<Logs, 'flush' | 'clear'>,
    seed: () => Promise<void>,
  ) =>
  async ({ outbox, clock }: Development): Promise<void> => {
    await logs.flush();
    for (const { id } of await database.tenants.list()) await database.tenants.remove(id);
    tenants.clear();
    logs.clear();
    outbox.clear();
    clock.reset();
    await seed();
  };

const gaugesOf =
  (listener: Listener, tenants: AllTenants, hasher: Hasher): Gauges =>
  () => ({
    'usher.connections.open': listener.connections(),
    'usher.tenants.open': tenants.count(),
    'usher.hash.queue.length': hasher.waiting(),
  });

/** Opens the database, listens, seeds; resolves when requests are answered. Throws the faults of the store and Node's listen errors. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { clock, observe, migrate, mailer, texter, development } = options;
  const telling = { observe, trace: options.trace ?? untraced };
  const database = await openDatabase(options.databaseUrl, { clock, ...telling, migrate, types: allTypes() });
  const hasher = createHasher({ ...options.hashing, ...telling });
  const words = createWords();
  const { flush: flushLogs, clear: clearLogs, ...logs } = createLogs({ clock, observe });
  const outside = createOutside({ ...options.outside, ...telling, allowLoopback: development !== undefined });
  const admission = admissionOf(options);
  const couriers = createCouriers({ outside, clock, observe });
  const tenants = createTenants({
    ...options,
    couriers,
    database,
    hasher,
    mailer: toldMailer(mailer, telling),
    texter: toldTexter(texter, telling),
    outside,
    words,
    admission,
    ...logs,
    origin: () => origins[0] ?? '',
  });
  const pages = createPages(options, tenants, { words, outside, admission });
  let origins = options.origins;
  const stopping = new AbortController();

  const seed = () =>
    options.seed({ database, origin: origins[0] ?? '', directoryOf: (tenantId) => directoryIn(tenants, tenantId) });

  const reset = resetting({ database, tenants }, { flush: flushLogs, clear: clearLogs }, seed);
  const listener = createListener({
    faces: createFaces(options, { tenants, database, pages, admission, reset }),
    tls: options.tls,
    proxies: options.proxies,
    origins: () => origins,
    bodyLimitBytes: options.bodyLimitBytes,
    places: options.places,
    ...telling,
    notFound: notFoundPage(pages, clock),
  });

  async function close(): Promise<void> {
    stopping.abort();
    await listener.close();
    await Promise.all([flushLogs(), couriers.stop()]);
    tenants.clear();
    await hasher.close();
    await database.close();
  }

  try {
    const { port } = await listener.listen(options.host, options.port);
    origins = [...options.origins, ...options.loopback(port)];
    await seed();
    tend(database, tenants, observe, stopping.signal);
    observe({ kind: 'server.listening', url: origins[0] ?? '' });
    return {
      url: origins[0] ?? '',
      port,
      askDatabase: () => database.probe(),
      retire: listener.retire,
      renewTls: listener.renew,
      gauges: gaugesOf(listener, tenants, hasher),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
