import type { Directory } from '../directory/index.ts';
import { type EntityOf, entities } from '../model/index.ts';

type Application = EntityOf<typeof entities.application>;

/** An application that may return to `/try/`, and what it may ask for. */
export interface TryApplication {
  readonly appId: string;
  readonly displayName: string;
  /** Scopes of one API in full form; an access token is for one API only (b2c contract b.2). */
  readonly scopes: readonly string[];
}

export interface TryFlow {
  readonly id: string;
  readonly type: string;
  /** Why nobody can begin it; `undefined` when it runs. */
  readonly obstacle: string | undefined;
}

export interface Runnable {
  readonly applications: readonly TryApplication[];
  readonly flows: readonly TryFlow[];
}

/** Enough for a laptop; a tenant with more is tried by its own applications. */
const most = 200;

/** The seeded single-page application comes first when it is there (product.md). */
const preferred = '11111111-1111-4111-8111-111111111111';

function scopesOf(application: Application, apis: readonly Application[]): readonly string[] {
  for (const { resourceAppId, resourceAccess } of application.requiredResourceAccess) {
    const api = apis.find(({ appId }) => appId.toLowerCase() === resourceAppId.toLowerCase());
    const base = api?.identifierUris[0] ?? api?.appId;
    const wanted = new Set(resourceAccess.filter(({ type }) => type === 'Scope').map(({ id }) => id));
    const names = (api?.api.oauth2PermissionScopes ?? []).filter(({ id }) => wanted.has(id)).map(({ value }) => value);
    if (names.length > 0) return names.map((name) => `${base}/${name}`);
  }
  return [];
}

const byPreference = (first: (id: string) => boolean) => (a: { readonly key: string }, b: { readonly key: string }) =>
  Number(first(b.key)) - Number(first(a.key)) || a.key.localeCompare(b.key);

/** What of one tenant can be tried from this origin. `obstacleTo`: why a flow does not run, by its id. */
export async function runnable(
  directory: Directory,
  origin: string,
  obstacleTo: (flowId: string) => Promise<string | undefined>,
): Promise<Runnable> {
  const [applications, flows] = await Promise.all([
    directory.find({ type: entities.application, limit: most }),
    directory.find({ type: entities.b2cIdentityUserFlow, limit: most }),
  ]);
  const all = applications.items.map(({ entity }) => entity);
  const back = `${origin}/try/`;
  return {
    applications: all
      .filter(({ spa }) => spa.redirectUris.includes(back))
      .map((one) => ({ key: one.appId, appId: one.appId, displayName: one.displayName, scopes: scopesOf(one, all) }))
      .sort(byPreference((id) => id === preferred)),
    flows: (
      await Promise.all(
        flows.items.map(async ({ entity: { id, userFlowType } }) => ({
          key: id,
          id,
          type: userFlowType,
          obstacle: await obstacleTo(id),
        })),
      )
    ).sort(byPreference((id) => id.toLowerCase() === 'b2c_1_susi')),
  };
}
