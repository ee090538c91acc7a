import { changedId, createChangeCache, createTermIndex, type Directory } from '../directory/index.ts';
import { type Clock, digest, isUuid, sameSecret } from '../kernel/index.ts';
import { type EntityOf, entities, fold } from '../model/index.ts';
import type { Change } from '../store/index.ts';

export type Application = EntityOf<typeof entities.application>;

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

/** What an application is asked for by: its identifier URIs, the origins and the URLs it has registered. */
const terms = {
  identifier: (uri: string) => `identifier ${fold(uri)}`,
  /** Who may call the token endpoint from a page. */
  spaOrigin: (origin: string) => `spa ${origin}`,
  /** Where a sign-out may lead. */
  origin: (origin: string) => `origin ${origin}`,
  /** Of what has no origin of its own, such as the URLs of native schemes. */
  exact: (uri: string) => `exact ${uri}`,
};

const termsOf = (app: Application): readonly string[] => [
  ...app.identifierUris.map(terms.identifier),
  ...origins(app.spa?.redirectUris ?? []).map(terms.spaOrigin),
  ...origins(everyUri(app)).map(terms.origin),
  ...everyUri(app)
    .filter((uri) => originOf(uri) === undefined)
    .map(terms.exact),
];

/** What has a beginning and an end, either of them open. */
interface Period {
  readonly startDateTime: string | null;
  readonly endDateTime: string | null;
}

export function inForce({ startDateTime, endDateTime }: Period, now: number): boolean {
  const from = startDateTime ? Date.parse(startDateTime) / 1000 : Number.NEGATIVE_INFINITY;
  const until = endDateTime ? Date.parse(endDateTime) / 1000 : Number.POSITIVE_INFINITY;
  return from <= now && now < until;
}

/** An application with what its service principal adds, if it has one. */
interface Known {
  readonly app: Application;
  readonly principalId: string | undefined;
}

/** `appId` is an application's from its beginning, so others that come into being are no concern of it. */
function concerns(change: Change, { app, principalId }: Known): boolean {
  if (changedId(change, entities.application) === fold(app.id)) return true;
  const principal = changedId(change, entities.servicePrincipal);
  if (principal === undefined) return false;
  return principalId === undefined ? change.verb === 'created' : principal === fold(principalId);
}

async function read(directory: Directory, appId: string): Promise<Known | undefined> {
  const filter = { op: 'eq', path: ['appId'], value: appId } as const;
  const { items } = await directory.find({ type: entities.application, filter, limit: 1 });
  const stored = items[0]?.entity;
  if (!stored) return undefined;
  const [principal] = (await directory.find({ type: entities.servicePrincipal, filter, limit: 1 })).items;
  const { accountEnabled = true, passwordCredentials = [] } = principal?.entity ?? {};
  const app = {
    ...stored,
    appId,
    // Either switch shuts an application; it needs no service principal to be open.
    isDisabled: stored.isDisabled === true || accountEnabled === false,
    passwordCredentials: [...stored.passwordCredentials, ...passwordCredentials],
  };
  return { app, principalId: principal?.entity.id };
}

export function createClients({ directory, clock }: { directory: Directory; clock: Clock }): Clients {
  const known = createChangeCache(directory, {
    types: [entities.application, entities.servicePrincipal],
    capacity: 500,
    concerns,
    load: (appId) => read(directory, appId.toLowerCase()),
  });
  const index = createTermIndex(directory, {
    type: entities.application,
    name: ({ appId }) => appId.toLowerCase(),
    terms: termsOf,
  });
  const has = async (term: string): Promise<boolean> => (await index.find(term)) !== undefined;
  const find: Clients['find'] = async (appId) => (isUuid(appId) ? (await known.get(appId))?.app : undefined);

  return {
    find,
    async resource(identifier) {
      const own = /^(?:api:\/\/)?([0-9a-f-]{36})$/i.exec(identifier)?.[1];
      const named = await index.find(terms.identifier(identifier));
      const appId = named ?? own;
      return appId === undefined ? undefined : find(appId);
    },
    isSpaOrigin: (origin) => has(terms.spaOrigin(origin)),
    async mayReturnTo(uri) {
      const parsed = URL.parse(uri);
      // A name and password in front of the host: it reads like another address than it is.
      if (parsed?.username || parsed?.password) return false;
      const origin = originOf(uri);
      return has(origin === undefined ? terms.exact(uri) : terms.origin(origin));
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
