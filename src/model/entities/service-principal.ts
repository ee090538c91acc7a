import { entity } from '../entity.ts';
import { boolean, collection, complex, complexType, dateTimeOffset, guid, string } from '../property.ts';
import {
  addIn,
  appRole,
  informationalUrl,
  keyCredential,
  passwordCredential,
  passwordOperations,
  permissionScope,
  verifiedPublisher,
} from './application-parts.ts';

const resourceSpecificPermission = complexType(
  'resourceSpecificPermission',
  {
    description: string({ nullable: true, text: 'lines' }),
    displayName: string({ nullable: true }),
    id: guid({ required: true }),
    isEnabled: boolean({ default: true }),
    value: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/resourcespecificpermission',
);

const apiServicePrincipal = complexType(
  'apiServicePrincipal',
  { resourceSpecificApplicationPermissions: collection(complex(resourceSpecificPermission)) },
  'https://learn.microsoft.com/graph/api/resources/serviceprincipal',
);

const samlSingleSignOnSettings = complexType(
  'samlSingleSignOnSettings',
  { relayState: string({ nullable: true, maxLength: 2048 }) },
  'https://learn.microsoft.com/graph/api/resources/samlsinglesignonsettings',
);

const server = { nullable: true, access: 'server' } as const;
const text = { nullable: true, maxLength: 2048 } as const;

/** An application as this tenant sees it. What follows from the application is read from there and never stored. */
export const servicePrincipal = entity('servicePrincipal', {
  set: { path: 'servicePrincipals' },
  directoryObject: true,
  properties: {
    deletedDateTime: dateTimeOffset(server),
    /** False: no sign-ins and no tokens, as with `isDisabled` of the application. */
    accountEnabled: boolean({ nullable: true, default: true, indexed: true }),
    addIns: collection(complex(addIn)),
    alternativeNames: collection(string({ maxLength: 256 }), { indexed: true }),
    api: complex(apiServicePrincipal, { access: 'server', default: {} }),
    appDescription: string(server),
    appDisplayName: string(server),
    appId: guid({ access: 'create', required: true, unique: true }),
    applicationTemplateId: string(server),
    appOwnerOrganizationId: guid(server),
    appRoleAssignmentRequired: boolean({ default: false, indexed: true }),
    appRoles: collection(complex(appRole), { access: 'server' }),
    description: string({ nullable: true, maxLength: 1024, text: 'lines', indexed: 'sparse', words: true }),
    disabledByMicrosoftStatus: string(server),
    displayName: string({ nullable: true, maxLength: 256, indexed: true, words: true }),
    errorUrl: string(server),
    homepage: string(text),
    info: complex(informationalUrl, { access: 'server', default: {} }),
    keyCredentials: collection(complex(keyCredential), { access: 'server' }),
    loginUrl: string(text),
    logoutUrl: string(server),
    notes: string({ nullable: true, maxLength: 1024, text: 'lines' }),
    notificationEmailAddresses: collection(string({ maxLength: 320 })),
    oauth2PermissionScopes: collection(complex(permissionScope), { access: 'server' }),
    passwordCredentials: collection(complex(passwordCredential), { access: 'server' }),
    preferredSingleSignOnMode: string({ nullable: true, maxLength: 64 }),
    preferredTokenSigningKeyEndDateTime: dateTimeOffset(server),
    preferredTokenSigningKeyThumbprint: string(server),
    /** What beta calls `oauth2PermissionScopes`. */
    publishedPermissionScopes: collection(complex(permissionScope), { access: 'server' }),
    publisherName: string(server),
    replyUrls: collection(string(), { access: 'server' }),
    samlMetadataUrl: string(server),
    samlSingleSignOnSettings: complex(samlSingleSignOnSettings, { nullable: true }),
    servicePrincipalNames: collection(string(), { access: 'server' }),
    servicePrincipalType: string({ ...server, default: 'Application', indexed: true }),
    signInAudience: string(server),
    tags: collection(string({ maxLength: 256 }), { indexed: true }),
    tokenEncryptionKeyId: guid({ nullable: true }),
    verifiedPublisher: complex(verifiedPublisher, server),
  },
  operations: passwordOperations,
  permissions: {
    read: ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    write: ['Application.ReadWrite.All', 'Directory.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/serviceprincipal',
});
