import { createChangeCache, type Directory } from '../directory/index.ts';
import { type Clock, digest, isUuid, sameSecret } from '../kernel/index.ts';
import { type EntityOf, entities, fold } from '../model/index.ts';

export type Application = EntityOf<typeof entities.application>;

/** What is asked of all applications at once; rebuilt after any of them has changed. */
interface Overview {
  readonly byIdentifierUri: ReadonlyMap<string, string>;
  /** Origins of `spa` redirect URIs: who may call the token endpoint from a page. */
  readonly spaOrigins: ReadonlySet<string>;
  /** Origins of every redirect URI: where a sign-out may lead. */
  readonly origins: ReadonlySet<string>;
  /** Redirect and logout URLs that have no origin of their own, such as those of native schemes. */
  readonly exact: ReadonlySet<string>;
}

/** The tenant's applications as OAuth clients and as the resources they expose. */
export interface Clients {
  /** By client id, in letters of any case. */
  find(appId: string): Promise<Application | undefined>;
  /** The application that exposes a resource: by identifier URI, `api://{appId}`, or its bare id. */
  resource(identifier: string): Promise<Application | undefined>;
  isSpaOrigin(origin: string): Promise<boolean>;
  /** Whether some application of the tenant has registered this origin (product.md choice 3). */
  mayReturnTo(uri: string): Promise<boolean>;
  /** Compares with every secret in force; all are looked at, so the time does not tell which one matched. */
  hasSecret(app: Application, secret: string): boolean;
}

const pageSize = 500;

const originOf = (uri: string): string | undefined => {
  const origin = URL.parse(uri)?.origin;
  return origin === undefined || origin === 'null' ? undefined : origin;
};

const origins = (uris: readonly string[]): readonly string[] =>
  uris.flatMap((uri) => {
    const origin = originOf(uri);
    return origin === undefined ? [] : [origin];
  });

const everyUri = (app: Application): readonly string[] => [
  ...(app.spa?.redirectUris ?? []),
  ...(app.web?.redirectUris ?? []),
  ...(app.publicClient?.redirectUris ?? []),
  ...(app.web?.logoutUrl ? [app.web.logoutUrl] : []),
];

async function* everyApplication(directory: Directory): AsyncIterable<Application> {
  let after: string | undefined;
  do {
    const page = await directory.find({ type: entities.application, limit: pageSize, ...(after ? { after } : {}) });
    for (const { entity } of page.items) yield entity;
    after = page.next;
  } while (after !== undefined);
}

async function survey(directory: Directory): Promise<Overview> {
  const byIdentifierUri = new Map<string, string>();
  const spaOrigins = new Set<string>();
  const allOrigins = new Set<string>();
  const exact = new Set<string>();
  for await (const app of everyApplication(directory)) {
    for (const uri of app.identifierUris) byIdentifierUri.set(fold(uri), app.appId.toLowerCase());
    for (const origin of origins(app.spa?.redirectUris ?? [])) spaOrigins.add(origin);
    for (const origin of origins(everyUri(app))) allOrigins.add(origin);
    for (const uri of everyUri(app)) if (originOf(uri) === undefined) exact.add(uri);
  }
  return { byIdentifierUri, spaOrigins, origins: allOrigins, exact };
}

function inForce({ startDateTime, endDateTime }: Application['passwordCredentials'][number], now: number): boolean {
  const from = startDateTime ? Date.parse(startDateTime) / 1000 : Number.NEGATIVE_INFINITY;
  const until = endDateTime ? Date.parse(endDateTime) / 1000 : Number.POSITIVE_INFINITY;
  return from <= now && now < until;
}

async function read(directory: Directory, appId: string): Promise<Application | undefined> {
  const filter = { op: 'eq', path: ['appId'], value: appId } as const;
  const { items } = await directory.find({ type: entities.application, filter, limit: 1 });
  const stored = items[0]?.entity;
  if (!stored) return undefined;
  const [principal] = (await directory.find({ type: entities.servicePrincipal, filter, limit: 1 })).items;
  const { accountEnabled = true, passwordCredentials = [] } = principal?.entity ?? {};
  return {
    ...stored,
    appId,
    // Either switch shuts an application; it needs no service principal to be open.
    isDisabled: stored.isDisabled === true || accountEnabled === false,
    passwordCredentials: [...stored.passwordCredentials, ...passwordCredentials],
  };
}

export function createClients({ directory, clock }: { directory: Directory; clock: Clock }): Clients {
  const known = createChangeCache(directory, {
    types: [entities.application, entities.servicePrincipal],
    capacity: 500,
    load: (appId) => read(directory, appId.toLowerCase()),
  });
  const overviews = createChangeCache(directory, {
    types: [entities.application],
    capacity: 1,
    load: () => survey(directory),
  });
  const look = async (): Promise<Overview> => (await overviews.get('all')) ?? survey(directory);
  const find: Clients['find'] = async (appId) => (isUuid(appId) ? known.get(appId) : undefined);

  return {
    find,
    async resource(identifier) {
      const own = /^(?:api:\/\/)?([0-9a-f-]{36})$/i.exec(identifier)?.[1];
      const named = (await look()).byIdentifierUri.get(fold(identifier));
      const appId = named ?? own;
      return appId === undefined ? undefined : find(appId);
    },
    isSpaOrigin: async (origin) => (await look()).spaOrigins.has(origin),
    async mayReturnTo(uri) {
      const parsed = URL.parse(uri);
      // A name and password in front of the host: it reads like another address than it is.
      if (parsed?.username || parsed?.password) return false;
      const { origins: registered, exact } = await look();
      const origin = originOf(uri);
      return origin === undefined ? exact.has(uri) : registered.has(origin);
    },
    hasSecret(app, secret) {
      const offered = digest(secret);
      const now = clock.now();
      const matches = app.passwordCredentials.map(
        (credential) => inForce(credential, now) && sameSecret(credential.secretHash ?? '', offered),
      );
      return matches.includes(true);
    },
  };
}
