/** One set of rooms per tenant, built at its first request and forgotten when others are used more. */
import { hkdfSync } from 'node:crypto';
import type { Mailer, Outside, Texter } from './connectors/index.ts';
import { createDirectory, createSecretBox, type Directory, type OpenDirectory } from './directory/index.ts';
import { createFederation, type Federation } from './federation/index.ts';
import {
  type ConnectorLog,
  createFlows,
  type Flows,
  flowBehaviours,
  type Host,
  type JourneyLog,
  redeemPath,
  type Words,
} from './flows/index.ts';
import {
  createExtensions,
  createIdentity,
  type Hasher,
  type Identity,
  type Inviting,
  identityBehaviours,
  type PasswordRules,
  type SignInLog,
} from './identity/index.ts';
import { invitationLetters } from './invitation-letter.ts';
import {
  type Admission,
  type Clock,
  createLru,
  type Observe,
  type Trace,
  unlimited,
  untraced,
} from './kernel/index.ts';
import { entities } from './model/index.ts';
import { createTenantOidc, type TenantOidc, type TenantServices } from './oidc/index.ts';
import { deviceCodePage, signedOutPage } from './pages/index.ts';
import { type Change, type Database, missedChanges, removedTenant, type Tenant } from './store/index.ts';
import { type Couriers, createWebhookWitness, webhookBehaviours } from './webhooks/index.ts';

export interface TenantRooms {
  readonly tenant: Tenant;
  readonly directory: OpenDirectory;
  readonly identity: Identity;
  readonly flows: Flows;
  readonly oidc: TenantOidc;
  /** Delivers what webhooks wait for; absent where nobody does. */
  readonly courier?: ReturnType<Couriers['of']>;
}

/** What all tenants share. */
export interface SharedServices {
  readonly database: Database;
  readonly hasher: Hasher;
  readonly mailer: Mailer;
  readonly texter: Texter;
  readonly outside: Outside;
  readonly signInLog: SignInLog;
  readonly journeyLog: JourneyLog;
  /** Absent: calls of API connectors are not recorded. */
  readonly connectorLog?: ConnectorLog;
  /** Who wants the results of journeys in place of the applications that sign in by OpenID Connect. */
  readonly journeyHost?: Host;
  readonly words: Words;
  /** Counts what strangers ask; absent: nobody does. */
  readonly admission?: Admission;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
  /** 32 bytes; every key of the server is derived from it. */
  readonly encryptionKey: Buffer;
  readonly journeyLifetimeSeconds: number;
  readonly passwordRulesOf: (tenant: Tenant) => PasswordRules;
  /** Absent: events are written down for webhooks, and delivered by the next server. */
  readonly couriers?: Couriers;
  /** The first public origin, once the server listens. Absent: nothing listens, and invitations lead to no page of ours. */
  readonly origin?: () => string;
  /** Development: see `FederationServices.originOf`. */
  readonly providerOriginOf?: (kind: string) => string | undefined;
}

export interface AllTenants {
  /** By id or domain name; undefined when there is no such tenant. */
  roomsOf(idOrDomain: string): Promise<TenantRooms | undefined>;
  /** Hands a change made by another process to the tenant's rooms, if they are open. */
  receive(change: Change): void;
  /** How many tenants are open. */
  count(): number;
  /** Forgets every room, e.g. because all data was replaced. */
  clear(): void;
}

/** Tenants kept open at once; one more closes the one used longest ago, which costs it a rebuild at its next request. */
const capacity = 200;

/** A key of its own for each purpose (HKDF, RFC 5869), so that no two uses share one. */
export const derivedKey = (encryptionKey: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', encryptionKey, Buffer.alloc(0), `usher ${purpose}`, 32));

const spellings = ({ id, domains }: Tenant): readonly string[] => [id, ...domains];

/** What the tenant is called now, which whoever is invited reads as the sender. */
async function nameOf(tenant: Tenant, directory: OpenDirectory): Promise<string> {
  const organization = await directory.get({ type: entities.organization, id: tenant.id });
  return organization?.entity.displayName ?? tenant.displayName;
}

const inviter =
  (
    nameNow: () => Promise<string>,
    { mailer, words }: Pick<SharedServices, 'mailer' | 'words'>,
  ): NonNullable<Inviting['send']> =>
  async (invitation) => {
    const sender = await nameNow();
    for (const letter of invitationLetters(invitation, sender, words)) await mailer.send({ ...letter, sender });
  };

/**
 * A tenant's directory with the rules of all rooms. Secrets are sealed with a key that the box derives for itself. `webhooksDue`: events were
 * written down that webhooks wait for.
 */
export function openDirectory(
  tenant: Tenant,
  services: Pick<
    SharedServices,
    'database' | 'hasher' | 'clock' | 'observe' | 'encryptionKey' | 'passwordRulesOf' | 'words'
  > &
    Partial<Pick<SharedServices, 'mailer' | 'outside'>> &
    Pick<SharedServices, 'origin'>,
  webhooksDue: () => void = () => undefined,
): OpenDirectory {
  const { database, hasher, clock, observe, encryptionKey, mailer, outside, words, origin } = services;
  const rules = services.passwordRulesOf(tenant);
  const inviting: Inviting = {
    ...(mailer ? { send: inviter(() => nameOf(tenant, directory), { mailer, words }) } : {}),
    ...(origin ? { redeemUrl: (ticket) => `${origin()}${redeemPath(tenant.domains[0] ?? tenant.id, ticket)}` } : {}),
  };
  const people = identityBehaviours({ hasher, rules, inviting, extensions: () => extensions });
  const directory: OpenDirectory = createDirectory({
    tenant,
    store: database.tenant(tenant.id),
    behaviours: [...people, ...flowBehaviours(words, outside), ...webhookBehaviours(webhooksDue)],
    clock,
    observe,
    box: createSecretBox(encryptionKey),
    witness: createWebhookWitness({ directory: () => directory, clock, due: webhooksDue }),
  });
  const extensions = createExtensions(directory);
  return directory;
}

/** What the protocol shows to people itself. */
const protocolPages = (
  words: Words,
  flows: () => Flows,
  tenantName: () => Promise<string>,
): Pick<TenantServices, 'devicePage' | 'signedOutPage'> => ({
  async devicePage(view, wanted, flowId) {
    return deviceCodePage(view, {
      words,
      locales: await flows().languages.ofFlow(flowId, wanted),
      presentation: await flows().presentation(flowId),
      tenantName: await tenantName(),
    });
  },
  /** As a flow speaks that is named, whether there is one or not. */
  async signedOutPage(wanted, flowId = '') {
    return signedOutPage(await flows().languages.ofFlow(flowId, wanted), words);
  },
});

function federationOf(directory: Directory, { keys }: TenantOidc, services: SharedServices): Federation {
  const { outside, clock, observe, providerOriginOf } = services;
  return createFederation({
    directory,
    outside,
    clock,
    observe,
    signingKey: async () => (await keys.ring()).signing,
    ...(providerOriginOf ? { originOf: providerOriginOf } : {}),
  });
}

function createRooms(tenant: Tenant, services: SharedServices): TenantRooms {
  const { database, hasher, clock, observe, encryptionKey, journeyLifetimeSeconds } = services;
  const { admission = unlimited, trace = untraced } = services;
  const store = database.tenant(tenant.id);
  const rules = services.passwordRulesOf(tenant);
  const directory = openDirectory(tenant, services, () => courier?.wake());
  const identity = createIdentity({
    directory,
    ephemeral: store.ephemeral,
    hasher,
    clock,
    observe,
    rules,
    guesses: { begin: (address) => admission.attempt('wrongPassword', address) },
    lockoutKey: derivedKey(encryptionKey, 'lockout digests'),
    onLocked(userId) {
      observe({ kind: 'account.locked', tenantId: tenant.id });
      courier?.tell({ event: 'accountLocked', data: { userId } });
    },
  });
  /** Read again only when it has changed. */
  const tenantName = async (): Promise<string> => (await identity.settings()).displayName;
  const signIns = services.signInLog.of(directory);
  const oidc = createTenantOidc({
    tenant,
    directory,
    identity,
    signIns,
    store,
    admission,
    clock,
    observe,
    trace,
    outside: services.outside,
    flows: () => flows,
    signOutUrlOf: async (id, returnTo) => (await federation.find(id))?.signOutUrl?.(returnTo),
    ...protocolPages(services.words, () => flows, tenantName),
  });
  const federation = federationOf(directory, oidc, services);
  const flows: Flows = createFlows({
    directory,
    identity,
    signIns,
    mailer: { send: async (letter) => services.mailer.send({ ...letter, sender: await tenantName() }) },
    texter: services.texter,
    outside: services.outside,
    federation,
    tokens: oidc.apiTokens,
    ...(services.connectorLog ? { noteConnectorCall: services.connectorLog.of(directory) } : {}),
    recorder: services.journeyLog.of({
      directory,
      ephemeral: store.ephemeral,
      lifetimeSeconds: journeyLifetimeSeconds,
    }),
    ephemeral: store.ephemeral,
    clock,
    observe,
    trace,
    words: services.words,
    host: services.journeyHost ?? oidc.host,
    journeyLifetimeSeconds,
  });
  const courier = services.couriers?.of({ directory, key: async () => (await oidc.keys.ring()).signing });
  return { tenant, directory, identity, flows, oidc, ...(courier ? { courier } : {}) };
}

export function createTenants(services: SharedServices): AllTenants {
  /** By tenant id. */
  const open = createLru<TenantRooms>(capacity);
  /** Id of an open tenant by every spelling of its name. */
  const names = new Map<string, string>();
  /** Counts what was given up: whatever was being looked for at that moment is looked for again. */
  let givenUp = 0;

  function keep(rooms: TenantRooms): TenantRooms {
    for (const spelling of spellings(rooms.tenant)) names.set(spelling, rooms.tenant.id);
    forgetNames(open.set(rooms.tenant.id, rooms));
    return rooms;
  }

  function forgetNames(closed: TenantRooms | undefined): void {
    for (const spelling of closed ? spellings(closed.tenant) : []) names.delete(spelling);
  }

  function forget(id: string): void {
    givenUp += 1;
    forgetNames(open.get(id));
    open.delete(id);
  }

  async function roomsOf(idOrDomain: string): Promise<TenantRooms | undefined> {
    const name = idOrDomain.toLowerCase();
    const known = open.get(names.get(name) ?? '');
    if (known) return known;
    const before = givenUp;
    const tenant = await services.database.tenants.find(name);
    // The tenant may have been removed, or all data replaced, while it was looked for.
    if (before !== givenUp) return roomsOf(name);
    return tenant && (open.get(tenant.id) ?? keep(createRooms(tenant, services)));
  }

  function clear(): void {
    givenUp += 1;
    open.clear();
    names.clear();
  }

  return {
    roomsOf,
    receive(change) {
      if (change.type === missedChanges) clear();
      else if (change.type === removedTenant) forget(change.tenantId);
      else open.get(change.tenantId)?.directory.receive(change);
    },
    count: () => open.size,
    clear,
  };
}
