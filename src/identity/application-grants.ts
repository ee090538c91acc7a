import type { CheckContext } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import {
  type ApplicationPermission,
  type Draft,
  type EntityOf,
  entities,
  fold,
  graphAppId,
  graphPermissionName,
  graphPermissions,
} from '../model/index.ts';
import { faults } from './faults.ts';

type Application = EntityOf<typeof entities.application>;
type Granting = Pick<Partial<Application>, 'requiredResourceAccess'>;

/** The application of a client id, if there is one. */
export type FindApplication = (appId: string) => Promise<Granting | undefined>;

/** Who holds it grants any role of any API, Graph included (https://learn.microsoft.com/graph/permissions-reference). */
const grantsEverything: ApplicationPermission = 'AppRoleAssignment.ReadWrite.All';

/** A role that one application has on another. */
interface Role {
  /** The same for the same role. */
  readonly key: string;
  /** What a caller is told it is. */
  readonly name: string;
}

const keyOf = (resourceAppId: string, id: string): string => `${fold(resourceAppId)}/${fold(id)}`;

/** The roles an application is given, at Graph and at the APIs of the tenant. */
const rolesOf = ({ requiredResourceAccess = [] }: Granting): readonly Role[] =>
  requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) =>
    resourceAccess
      .filter(({ type }) => type !== null && fold(type) === 'role')
      .map(({ id }) => ({
        key: keyOf(resourceAppId, id),
        name: (fold(resourceAppId) === graphAppId && graphPermissionName(fold(id))) || id,
      })),
  );

const graphKeys = (names: readonly string[]): readonly string[] =>
  Object.entries(graphPermissions).flatMap(([name, id]) => (names.includes(name) ? [keyOf(graphAppId, id)] : []));

/**
 * Of Graph a caller holds what its token says. Of other APIs an application holds what it is given; a person who uses it does not thereby
 * hold it.
 */
async function heldBy(caller: Exclude<Caller, { kind: 'system' }>, find: FindApplication): Promise<readonly string[]> {
  if (caller.kind === 'user') return graphKeys(caller.scopes);
  const others = rolesOf((await find(caller.appId)) ?? {}).filter(({ key }) => !key.startsWith(`${graphAppId}/`));
  return [...graphKeys(caller.roles), ...others.map(({ key }) => key)];
}

const namesHeld = (caller: Exclude<Caller, { kind: 'system' }>): readonly string[] =>
  caller.kind === 'app' ? caller.roles : caller.scopes;

/**
 * Here what an application declares is what it is granted: there is no consent in between. So nobody may give an application,
 * itself least of all, a role of Graph or of another API that the caller does not hold; only who manages grants may. Throws
 * `identity.grantNotHeld`.
 */
export async function checkGrants(
  draft: Draft<typeof entities.application>,
  caller: Caller,
  find: FindApplication,
  current: Granting = {},
): Promise<void> {
  if (caller.kind === 'system' || namesHeld(caller).includes(grantsEverything)) return;
  const before = new Set(rolesOf(current).map(({ key }) => key));
  const added = rolesOf(draft).filter(({ key }) => !before.has(key));
  if (added.length === 0) return;
  const held = new Set(await heldBy(caller, find));
  const lacking = added.find(({ key }) => !held.has(key));
  if (lacking) throw faults.grantNotHeld({ permission: lacking.name });
}

/**
 * Whoever can prove to be an application can do what it may do. So nobody adds a credential to one that holds a role which the caller
 * does not hold. Throws `identity.grantNotHeld`.
 */
export const checkImpersonation = (target: Granting, caller: Caller, find: FindApplication): Promise<void> =>
  checkGrants({ requiredResourceAccess: target.requiredResourceAccess ?? [] }, caller, find);

/** Reads as the rules of a write do. */
export const foundBy =
  ({ find }: Pick<CheckContext['reader'], 'find'>): FindApplication =>
  async (appId) => {
    const filter = { op: 'eq', path: ['appId'], value: appId } as const;
    return (await find({ type: entities.application, filter, limit: 1 })).items[0]?.values;
  };

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
