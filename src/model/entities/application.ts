import { entity } from '../entity.ts';
import { boolean, collection, complex, complexType, dateTimeOffset, guid, int32, string } from '../property.ts';

const redirectUris = collection(string({ maxLength: 256 }));

const permissionScope = complexType(
  'permissionScope',
  {
    id: guid({ required: true }),
    value: string({ nullable: true, maxLength: 120 }),
    type: string({ nullable: true, default: 'Admin' }),
    isEnabled: boolean({ default: true }),
    adminConsentDisplayName: string({ nullable: true, maxLength: 100 }),
    adminConsentDescription: string({ nullable: true, maxLength: 1000 }),
    userConsentDisplayName: string({ nullable: true, maxLength: 100 }),
    userConsentDescription: string({ nullable: true, maxLength: 1000 }),
  },
  'https://learn.microsoft.com/graph/api/resources/permissionscope',
);

const preAuthorizedApplication = complexType('preAuthorizedApplication', {
  appId: string({ nullable: true }),
  delegatedPermissionIds: collection(string()),
});

const apiApplication = complexType(
  'apiApplication',
  {
    acceptMappedClaims: boolean({ nullable: true }),
    knownClientApplications: collection(guid()),
    oauth2PermissionScopes: collection(complex(permissionScope)),
    preAuthorizedApplications: collection(complex(preAuthorizedApplication)),
    requestedAccessTokenVersion: int32({ nullable: true, min: 1, max: 2, default: 2 }),
  },
  'https://learn.microsoft.com/graph/api/resources/apiapplication',
);

const implicitGrantSettings = complexType('implicitGrantSettings', {
  enableIdTokenIssuance: boolean({ nullable: true, default: false }),
  enableAccessTokenIssuance: boolean({ nullable: true, default: false }),
});

const webApplication = complexType(
  'webApplication',
  {
    redirectUris,
    homePageUrl: string({ nullable: true, maxLength: 256 }),
    logoutUrl: string({ nullable: true, maxLength: 255 }),
    implicitGrantSettings: complex(implicitGrantSettings, { default: {} }),
  },
  'https://learn.microsoft.com/graph/api/resources/webapplication',
);

const spaApplication = complexType('spaApplication', { redirectUris });
const publicClientApplication = complexType('publicClientApplication', { redirectUris });

const resourceAccess = complexType('resourceAccess', {
  id: guid({ required: true }),
  /** `Scope` (delegated) or `Role` (application permission). */
  type: string({ nullable: true }),
});

const requiredResourceAccess = complexType('requiredResourceAccess', {
  resourceAppId: string({ required: true }),
  resourceAccess: collection(complex(resourceAccess)),
});

const appRole = complexType('appRole', {
  id: guid({ required: true }),
  allowedMemberTypes: collection(string()),
  displayName: string({ nullable: true, maxLength: 100 }),
  description: string({ nullable: true, maxLength: 1000 }),
  isEnabled: boolean({ default: true }),
  value: string({ nullable: true, maxLength: 120 }),
});

const passwordCredential = complexType(
  'passwordCredential',
  {
    keyId: guid({ nullable: true }),
    displayName: string({ nullable: true, maxLength: 256 }),
    hint: string({ nullable: true, access: 'server' }),
    startDateTime: dateTimeOffset({ nullable: true }),
    endDateTime: dateTimeOffset({ nullable: true }),
    /** Accepted from the server's own seed and `addPassword` only, and never stored: `secretHash` is. */
    secretText: string({ nullable: true, access: 'write' }),
    secretHash: string({ nullable: true, access: 'internal' }),
  },
  'https://learn.microsoft.com/graph/api/resources/passwordcredential',
);

export const application = entity('application', {
  set: { path: 'applications' },
  properties: {
    /** The OAuth client id. */
    appId: guid({ access: 'create', unique: true }),
    displayName: string({ required: true, maxLength: 256, indexed: true }),
    description: string({ nullable: true, maxLength: 1024 }),
    createdDateTime: dateTimeOffset({ nullable: true, access: 'server', indexed: true }),
    identifierUris: collection(string({ maxLength: 255 })),
    signInAudience: string({ nullable: true, default: 'AzureADandPersonalMicrosoftAccount' }),
    publisherDomain: string({ nullable: true, access: 'server' }),
    isFallbackPublicClient: boolean({ nullable: true }),
    tags: collection(string({ maxLength: 256 })),
    api: complex(apiApplication, { default: {} }),
    web: complex(webApplication, { default: {} }),
    spa: complex(spaApplication, { default: {} }),
    publicClient: complex(publicClientApplication, { default: {} }),
    requiredResourceAccess: collection(complex(requiredResourceAccess)),
    appRoles: collection(complex(appRole)),
    passwordCredentials: collection(complex(passwordCredential)),
    /** The usher switch for a disabled application; AADB2C90092 at authorize. */
    isDisabled: boolean({ nullable: true, default: false, onSelect: true }),
  },
  permissions: {
    // Not `Application.ReadWrite.OwnedBy`: nobody owns an application here, so it would open every one.
    read: ['Application.Read.All', 'Application.ReadWrite.All'],
    write: ['Application.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/application',
});
