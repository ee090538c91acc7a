import { graphAppId, graphPermissionName } from '../model/index.ts';
import type { Application } from './clients.ts';

/** Ids of the application permissions an administrator has given an application on a resource. */
export const roleIds = (app: Application, resourceAppId: string): readonly string[] =>
  app.requiredResourceAccess
    .filter((required) => required.resourceAppId.toLowerCase() === resourceAppId)
    .flatMap(({ resourceAccess }) =>
      resourceAccess.filter(({ type }) => type === 'Role').map(({ id }) => id.toLowerCase()),
    );

/** Names of what an application may do at Graph, each once, sorted. */
export const graphRoles = (app: Application): readonly string[] =>
  [...new Set(roleIds(app, graphAppId).flatMap((id) => graphPermissionName(id) ?? []))].sort();
