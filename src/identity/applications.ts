import { behaviour, type CheckContext, type PrepareContext } from '../directory/index.ts';
import { isoDateTime, newId } from '../kernel/index.ts';
import { type Draft, type EntityOf, entities, fold } from '../model/index.ts';
import { maximumCredentials, passwordOperations, sealed } from './application-credentials.ts';
import { checkGrants, checkImpersonation, checkNames, foundBy } from './application-grants.ts';
import { certified } from './application-keys.ts';
import { checkShape, normalized } from './application-shape.ts';
import { extensionsAppName } from './extensions-app.ts';
import { faults } from './faults.ts';
import { checkRedirectUri, maximumRedirectUris } from './redirect-uris.ts';
import { servicePrincipalOf } from './service-principals.ts';

export type Application = EntityOf<typeof entities.application>;
type ApplicationDraft = Draft<typeof entities.application>;
type Context = PrepareContext<typeof entities.application>;

/** What the declaration of `application` cannot express (Graph contract a.11, b2c contract j). */
export const applicationBehaviour = behaviour({
  type: entities.application,
  async prepare(draft: ApplicationDraft, context: Context): Promise<ApplicationDraft> {
    checkReserved(draft, context);
    const { caller, current } = context;
    const find = foundBy(context.reader);
    await checkGrants(draft, caller, find, current);
    const { passwordCredentials, keyCredentials } = draft;
    if (keyCredentials && current) await checkImpersonation(current, caller, find);
    const next = {
      ...normalized(draft),
      ...(passwordCredentials ? { passwordCredentials: passwordCredentials.map((one) => sealed(one, context)) } : {}),
      ...(keyCredentials ? { keyCredentials: keyCredentials.map((one) => certified(one, context)) } : {}),
    };
    return context.verb === 'create' ? created(next, context) : next;
  },
  async check(next: Application, context: CheckContext): Promise<void> {
    checkShape(next);
    checkRedirectUris(next);
    await checkNames(next, context);
    checkDistinct('api.oauth2PermissionScopes', next.api?.oauth2PermissionScopes ?? []);
    checkDistinct('appRoles', next.appRoles ?? []);
    for (const property of ['passwordCredentials', 'keyCredentials'] as const) {
      checkDistinctValues(property, 'keyId', next[property]);
      if (next[property].length > maximumCredentials) throw faults.tooManyCredentials({ maximum: maximumCredentials });
    }
    await checkIdentifierUris(next, context);
  },
  async checkRemove({ displayName }: Application, { caller }): Promise<void> {
    if (displayName === extensionsAppName && caller.kind !== 'system')
      throw faults.reservedApplication({ displayName });
  },
  /** In the tenant of its own an application does not leave its service principal behind. */
  async removedWith({ appId }: Application, { reader }) {
    const id = await servicePrincipalOf(appId, reader);
    return id === undefined ? [] : [{ type: entities.servicePrincipal, id }];
  },
  operations: passwordOperations(entities.application, async ({ target }) => target?.entity),
});

/** A second application of that name, or none, would leave custom attributes without a home. */
function checkReserved(draft: ApplicationDraft, { caller, current }: Context): void {
  if (caller.kind === 'system' || draft.displayName === undefined) return;
  const [before, after] = [current?.displayName === extensionsAppName, draft.displayName === extensionsAppName];
  if (before !== after) throw faults.reservedApplication({ displayName: extensionsAppName });
}

function created(draft: ApplicationDraft, { tenant, clock }: Context): ApplicationDraft {
  return {
    ...draft,
    appId: draft.appId ?? newId(),
    publisherDomain: draft.publisherDomain ?? tenant.domains[0] ?? null,
    createdDateTime: draft.createdDateTime ?? isoDateTime(clock.now()),
  };
}

function checkRedirectUris({ web, spa, publicClient }: Application): void {
  const [browser, native] = [
    [...(web?.redirectUris ?? []), ...(spa?.redirectUris ?? [])],
    publicClient?.redirectUris ?? [],
  ];
  if (browser.length + native.length > maximumRedirectUris) {
    throw faults.tooManyRedirectUris({ maximum: maximumRedirectUris });
  }
  if (web?.logoutUrl) checkRedirectUri(web.logoutUrl, false);
  for (const uri of browser) checkRedirectUri(uri, false);
  for (const uri of native) checkRedirectUri(uri, true);
}

interface Permission {
  readonly id: string;
  readonly value: string | null;
}

/** Scopes and roles are asked for by `value` and granted by `id`. */
function checkDistinct(property: string, permissions: readonly Permission[]): void {
  checkDistinctValues(property, 'id', permissions);
  checkDistinctValues(property, 'value', permissions);
}

function checkDistinctValues<M extends string>(
  property: string,
  member: M,
  items: readonly { readonly [K in M]: string | null }[],
): void {
  const seen = new Set<string>();
  for (const item of items) {
    const value = item[member];
    if (!value) continue;
    if (seen.has(fold(value))) throw faults.duplicateMember({ property, member, value });
    seen.add(fold(value));
  }
}

async function checkIdentifierUris(next: Application, { reader }: CheckContext): Promise<void> {
  checkDistinctValues(
    'identifierUris',
    'value',
    next.identifierUris.map((value) => ({ value })),
  );
  for (const uri of next.identifierUris) {
    if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(uri) || !URL.canParse(uri)) throw faults.badIdentifierUri({ uri });
    const { items } = await reader.find({
      type: entities.application,
      filter: { op: 'any', path: ['identifierUris'], where: { op: 'eq', path: [], value: uri } },
      limit: 2,
    });
    if (items.some(({ id }) => fold(id) !== fold(next.id)))
      throw faults.identifierUriTaken({ property: 'identifierUris' });
  }
}
