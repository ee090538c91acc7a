import type { CheckContext, PrepareContext } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import { type Draft, type EntityOf, entities, fold, graphAppId, graphPermissionName } from '../model/index.ts';
import { faults } from './faults.ts';

type Application = EntityOf<typeof entities.application>;

/** Names of the Graph application permissions that an application is given. */
function graphRoles({
  requiredResourceAccess = [],
}: Pick<Partial<Application>, 'requiredResourceAccess'>): readonly string[] {
  return requiredResourceAccess
    .filter(({ resourceAppId }) => fold(resourceAppId) === graphAppId)
    .flatMap(({ resourceAccess }) => resourceAccess)
    .filter(({ type }) => type !== null && fold(type) === 'role')
    .map(({ id }) => graphPermissionName(id) ?? id);
}

const heldBy = (caller: Caller): readonly string[] => {
  switch (caller.kind) {
    case 'system':
      return [];
    case 'app':
      return caller.roles;
    case 'user':
      return caller.scopes;
    default:
      return caller satisfies never;
  }
};

/**
 * Here what an application declares is what it is granted: there is no consent in between. So nobody may give an application,
 * itself least of all, a permission of Graph that the caller does not hold. Throws `identity.grantNotHeld`.
 */
export function checkGrants(
  draft: Draft<typeof entities.application>,
  {
    caller,
    current,
  }: Pick<PrepareContext<typeof entities.application>, 'caller'> & {
    readonly current?: Application;
  },
): void {
  if (caller.kind === 'system') return;
  const allowed = new Set([...heldBy(caller), ...(current ? graphRoles(current) : [])]);
  const permission = graphRoles(draft).find((name) => !allowed.has(name));
  if (permission) throw faults.grantNotHeld({ permission });
}

/**
 * Whoever can prove to be an application can do what it may do. So nobody adds a credential to one that holds a permission of Graph
 * which the caller does not hold. Throws `identity.grantNotHeld`.
 */
export const checkImpersonation = (target: Application, caller: Caller): void => checkGrants(target, { caller });

/**
 * An application may not pass for Graph or for a person: a client id that is also a `sub` would let one token stand for
 * another (RFC 9700 §4.15). Throws `identity.reservedAppId`, `identity.reservedIdentifierUri`.
 */
export async function checkNames(
  { appId, identifierUris }: Application,
  { caller, reader }: CheckContext,
): Promise<void> {
  const graph = /^https:\/\/graph\.microsoft\.com\/?$/i;
  const uri = identifierUris.find((one) => graph.test(one) || fold(one).includes(graphAppId));
  if (uri) throw faults.reservedIdentifierUri({ uri });
  if (caller.kind === 'system') return;
  if (fold(appId) === graphAppId || (await reader.get({ type: entities.user, id: appId }))) {
    throw faults.reservedAppId({ appId });
  }
}
