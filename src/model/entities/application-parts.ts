import { actionOn } from '../entity.ts';
import { boolean, collection, complex, complexType, dateTimeOffset, guid, int32, string } from '../property.ts';

/** The values that applications and service principals are made of. */

const uri = { nullable: true, maxLength: 2048 } as const;
const redirectUris = collection(string({ maxLength: 256 }));

export const permissionScope = complexType(
  'permissionScope',
  {
    id: guid({ required: true }),
    value: string({ nullable: true, maxLength: 120 }),
    type: string({ nullable: true, default: 'Admin' }),
    isEnabled: boolean({ default: true }),
    adminConsentDisplayName: string({ nullable: true, maxLength: 100 }),
    adminConsentDescription: string({ nullable: true, maxLength: 1000, text: 'lines' }),
    userConsentDisplayName: string({ nullable: true, maxLength: 100 }),
    userConsentDescription: string({ nullable: true, maxLength: 1000, text: 'lines' }),
    origin: string({ nullable: true, maxLength: 64 }),
  },
  'https://learn.microsoft.com/graph/api/resources/permissionscope',
);

const preAuthorizedApplication = complexType(
  'preAuthorizedApplication',
  { appId: string({ nullable: true }), delegatedPermissionIds: collection(string()) },
  'https://learn.microsoft.com/graph/api/resources/preauthorizedapplication',
);

export const apiApplication = complexType(
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

const implicitGrantSettings = complexType(
  'implicitGrantSettings',
  {
    enableIdTokenIssuance: boolean({ nullable: true, default: false }),
    enableAccessTokenIssuance: boolean({ nullable: true, default: false }),
  },
  'https://learn.microsoft.com/graph/api/resources/implicitgrantsettings',
);

/** The order in which a portal shows the redirect URIs. */
const redirectUriSettings = complexType(
  'redirectUriSettings',
  { uri: string(uri), index: int32({ nullable: true }) },
  'https://learn.microsoft.com/graph/api/resources/redirecturisettings',
);

export const webApplication = complexType(
  'webApplication',
  {
    redirectUris,
    homePageUrl: string({ nullable: true, maxLength: 256 }),
    logoutUrl: string({ nullable: true, maxLength: 255 }),
    implicitGrantSettings: complex(implicitGrantSettings, { default: {} }),
    redirectUriSettings: collection(complex(redirectUriSettings)),
  },
  'https://learn.microsoft.com/graph/api/resources/webapplication',
);

export const spaApplication = complexType(
  'spaApplication',
  { redirectUris },
  'https://learn.microsoft.com/graph/api/resources/spaapplication',
);

export const publicClientApplication = complexType(
  'publicClientApplication',
  { redirectUris },
  'https://learn.microsoft.com/graph/api/resources/publicclientapplication',
);

const resourceAccess = complexType(
  'resourceAccess',
  {
    id: guid({ required: true }),
    /** `Scope` (delegated) or `Role` (application permission). */
    type: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/resourceaccess',
);

export const requiredResourceAccess = complexType(
  'requiredResourceAccess',
  { resourceAppId: string({ required: true, indexed: true }), resourceAccess: collection(complex(resourceAccess)) },
  'https://learn.microsoft.com/graph/api/resources/requiredresourceaccess',
);

export const appRole = complexType(
  'appRole',
  {
    id: guid({ required: true }),
    allowedMemberTypes: collection(string({ maxLength: 64 })),
    displayName: string({ nullable: true, maxLength: 100 }),
    description: string({ nullable: true, maxLength: 1000, text: 'lines' }),
    isEnabled: boolean({ default: true }),
    origin: string({ nullable: true, maxLength: 64 }),
    value: string({ nullable: true, maxLength: 120 }),
  },
  'https://learn.microsoft.com/graph/api/resources/approle',
);

const passwordCredentialPage = 'https://learn.microsoft.com/graph/api/resources/passwordcredential';

const credentialMembers = {
  customKeyIdentifier: string({ nullable: true, maxLength: 512 }),
  displayName: string({ nullable: true, maxLength: 256 }),
  endDateTime: dateTimeOffset({ nullable: true }),
  hint: string({ nullable: true, access: 'server' }),
  keyId: guid({ nullable: true }),
  startDateTime: dateTimeOffset({ nullable: true }),
} as const;

export const passwordCredential = complexType(
  'passwordCredential',
  {
    ...credentialMembers,
    /** Accepted from the server's own seed and `addPassword` only, and never stored: `secretHash` is. */
    secretText: string({ nullable: true, access: 'write' }),
    secretHash: string({ nullable: true, access: 'internal' }),
  },
  passwordCredentialPage,
);

/** A client secret in the one answer that tells it. */
const issuedPasswordCredential = complexType(
  'passwordCredential',
  { ...credentialMembers, secretText: string({ nullable: true, access: 'server' }) },
  passwordCredentialPage,
);

/** What opens an application's parts; others than the application itself. */
const credentialPermissions = ['Application.ReadWrite.All', 'Directory.ReadWrite.All'] as const;

/** How client secrets come and go. */
export const passwordOperations = {
  addPassword: actionOn('entity', {
    parameters: { passwordCredential: complex(passwordCredential, { nullable: true }) },
    returns: complex(issuedPasswordCredential),
    permissions: credentialPermissions,
  }),
  removePassword: actionOn('entity', {
    parameters: { keyId: guid({ required: true }) },
    permissions: credentialPermissions,
  }),
};

export const keyCredential = complexType(
  'keyCredential',
  {
    /** Base64; the thumbprint of the certificate when nothing was given. */
    customKeyIdentifier: string({ nullable: true, maxLength: 512 }),
    displayName: string({ nullable: true, maxLength: 256 }),
    endDateTime: dateTimeOffset({ nullable: true }),
    /** Base64 of the certificate: the public half, so it may be read. */
    key: string({ nullable: true, maxLength: 16_384, text: 'lines' }),
    keyId: guid({ nullable: true }),
    startDateTime: dateTimeOffset({ nullable: true }),
    type: string({ nullable: true, maxLength: 64 }),
    usage: string({ nullable: true, maxLength: 64 }),
  },
  'https://learn.microsoft.com/graph/api/resources/keycredential',
);

export const informationalUrl = complexType(
  'informationalUrl',
  {
    logoUrl: string({ nullable: true, access: 'server' }),
    marketingUrl: string(uri),
    privacyStatementUrl: string(uri),
    supportUrl: string(uri),
    termsOfServiceUrl: string(uri),
  },
  'https://learn.microsoft.com/graph/api/resources/informationalurl',
);

const optionalClaim = complexType(
  'optionalClaim',
  {
    additionalProperties: collection(string({ maxLength: 256 })),
    essential: boolean({ default: false }),
    name: string({ required: true, maxLength: 256 }),
    source: string({ nullable: true, maxLength: 256 }),
  },
  'https://learn.microsoft.com/graph/api/resources/optionalclaim',
);

const claims = collection(complex(optionalClaim));

export const optionalClaims = complexType(
  'optionalClaims',
  { accessToken: claims, idToken: claims, saml2Token: claims },
  'https://learn.microsoft.com/graph/api/resources/optionalclaims',
);

const keyValue = complexType(
  'keyValue',
  { key: string({ nullable: true, maxLength: 256 }), value: string({ nullable: true, maxLength: 2048 }) },
  'https://learn.microsoft.com/graph/api/resources/keyvalue',
);

export const addIn = complexType(
  'addIn',
  {
    id: guid({ nullable: true }),
    properties: collection(complex(keyValue)),
    type: string({ required: true, maxLength: 256 }),
  },
  'https://learn.microsoft.com/graph/api/resources/addin',
);

export const parentalControlSettings = complexType(
  'parentalControlSettings',
  {
    countriesBlockedForMinors: collection(string({ maxLength: 2 })),
    legalAgeGroupRule: string({ nullable: true, maxLength: 64, default: 'Allow' }),
  },
  'https://learn.microsoft.com/graph/api/resources/parentalcontrolsettings',
);

export const verifiedPublisher = complexType(
  'verifiedPublisher',
  {
    addedDateTime: dateTimeOffset({ nullable: true }),
    displayName: string({ nullable: true }),
    verifiedPublisherId: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/verifiedpublisher',
);
