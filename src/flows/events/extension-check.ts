import type { Directory } from '../../directory/index.ts';
import { type EntityOf, entities, fold, graphAppId, graphPermissions } from '../../model/index.ts';

type Extension = EntityOf<typeof entities.customAuthenticationExtension>;
export type Configuration = Pick<Extension, 'endpointConfiguration' | 'authenticationConfiguration'>;

interface GenericError {
  readonly code: string;
  readonly message: string;
}

/** What `validateAuthenticationConfiguration` answers. */
export interface Findings {
  readonly errors: readonly GenericError[];
  readonly warnings: readonly GenericError[];
}

/** In the words of the published answer (Graph contract b.14). */
const wrong = {
  format: {
    code: 'IncorrectResourceIdFormat',
    message: "ResourceId should be in the format of 'api://{fully qualified domain name}/{appid}'",
  },
  domain: {
    code: 'DomainNameDoesNotMatch',
    message: 'The fully qualified domain name in resourceId should match that of the targetUrl',
  },
  application: {
    code: 'ServicePrincipalNotFound',
    message: 'The appId of the resourceId should correspond to a real service principal in the tenant',
  },
  permission: {
    code: 'PermissionNotGrantedToServicePrincipal',
    message:
      'The permission CustomAuthenticationExtensions.Receive.Payload is not granted to the service principal of the resource app',
  },
} as const;

const receivePayload = graphPermissions['CustomAuthenticationExtension.Receive.Payload'];

/** A name with a dot in it, a GUID. */
const resourceIdFormat =
  /^api:\/\/(?<domain>[a-z0-9-]+(?:\.[a-z0-9-]+)+)\/(?<appId>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** What would keep a call to the extension from being believed. Calls nothing. */
export async function checkConfiguration(
  { endpointConfiguration, authenticationConfiguration }: Configuration,
  directory: Directory,
): Promise<Findings> {
  // A proof-of-possession token names no application of its own.
  if (authenticationConfiguration['@odata.type'] === 'azureAdPopTokenAuthentication')
    return { errors: [], warnings: [] };
  const { domain, appId } = resourceIdFormat.exec(authenticationConfiguration.resourceId)?.groups ?? {};
  const application = appId === undefined ? undefined : await applicationOf(appId, directory);
  return {
    errors: [
      ...(appId === undefined ? [wrong.format] : []),
      ...(domain === undefined || fold(domain) !== hostOf(endpointConfiguration?.targetUrl) ? [wrong.domain] : []),
      ...(application ? [] : [wrong.application]),
    ],
    warnings: application && mayReceive(application) ? [] : [wrong.permission],
  };
}

const hostOf = (targetUrl: string | undefined): string | undefined =>
  targetUrl !== undefined && URL.canParse(targetUrl) ? fold(new URL(targetUrl).hostname) : undefined;

type Application = EntityOf<typeof entities.application>;

/** Here every application of a tenant has its service principal. */
async function applicationOf(appId: string, directory: Directory): Promise<Application | undefined> {
  const { items } = await directory.find({
    type: entities.application,
    filter: { op: 'eq', path: ['appId'], value: appId.toLowerCase() },
    limit: 1,
  });
  return items[0]?.entity;
}

/** What an application requires is what it is granted here. */
const mayReceive = ({ requiredResourceAccess }: Application): boolean =>
  requiredResourceAccess
    .filter(({ resourceAppId }) => fold(resourceAppId) === graphAppId)
    .some(({ resourceAccess }) => resourceAccess.some(({ id }) => id === receivePayload));
