import { contains, entity, functionOn } from '../entity.ts';
import { boolean, collection, complex, dateTimeOffset, guid, string } from '../property.ts';
import {
  addIn,
  apiApplication,
  appRole,
  informationalUrl,
  keyCredential,
  optionalClaims,
  parentalControlSettings,
  passwordCredential,
  passwordOperations,
  publicClientApplication,
  requiredResourceAccess,
  spaApplication,
  verifiedPublisher,
  webApplication,
} from './application-parts.ts';
import { applicationSettings } from './application-settings.ts';
import { eventPermissions } from './authentication-conditions.ts';
import { extensionProperty } from './extension-property.ts';
import { userFlowChoice } from './user-flow-choice.ts';

export const application = entity('application', {
  set: { path: 'applications' },
  directoryObject: true,
  properties: {
    deletedDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
    /** The OAuth client id. */
    appId: guid({ access: 'create', unique: true }),
    applicationTemplateId: string({ nullable: true, access: 'server' }),
    displayName: string({ required: true, maxLength: 256, indexed: true, words: true }),
    description: string({ nullable: true, maxLength: 1024, text: 'lines', indexed: 'sparse', words: true }),
    createdDateTime: dateTimeOffset({ nullable: true, access: 'server', indexed: true }),
    disabledByMicrosoftStatus: string({ nullable: true, access: 'server', indexed: 'sparse' }),
    identifierUris: collection(string({ maxLength: 255 }), { indexed: true }),
    signInAudience: string({ nullable: true, default: 'AzureADandPersonalMicrosoftAccount', indexed: true }),
    publisherDomain: string({ nullable: true, access: 'server', indexed: 'sparse' }),
    uniqueName: string({ nullable: true, access: 'server' }),
    isFallbackPublicClient: boolean({ nullable: true }),
    isDeviceOnlyAuthSupported: boolean({ nullable: true }),
    groupMembershipClaims: string({ nullable: true, maxLength: 256 }),
    oauth2RequirePostResponse: boolean({ default: false }),
    notes: string({ nullable: true, maxLength: 1024, text: 'lines' }),
    samlMetadataUrl: string({ nullable: true, maxLength: 2048 }),
    serviceManagementReference: string({ nullable: true, maxLength: 256 }),
    tags: collection(string({ maxLength: 256 }), { indexed: true }),
    tokenEncryptionKeyId: guid({ nullable: true }),
    addIns: collection(complex(addIn)),
    api: complex(apiApplication, { default: {} }),
    web: complex(webApplication, { default: {} }),
    spa: complex(spaApplication, { default: {} }),
    publicClient: complex(publicClientApplication, { default: {} }),
    requiredResourceAccess: collection(complex(requiredResourceAccess)),
    appRoles: collection(complex(appRole)),
    info: complex(informationalUrl, { default: {} }),
    optionalClaims: complex(optionalClaims, { nullable: true }),
    parentalControlSettings: complex(parentalControlSettings, { default: {} }),
    keyCredentials: collection(complex(keyCredential)),
    passwordCredentials: collection(complex(passwordCredential)),
    verifiedPublisher: complex(verifiedPublisher, { nullable: true, access: 'server' }),
    /** Shut: no sign-ins, no tokens; AADB2C90092 at authorize. */
    isDisabled: boolean({ nullable: true, default: false, onSelect: true }),
    settings: complex(applicationSettings, { default: {}, onSelect: true, origin: 'own' }),
  },
  navigations: {
    extensionProperties: contains(() => extensionProperty, { methods: ['list', 'get', 'create', 'delete'] }),
  },
  operations: {
    ...passwordOperations,
    /** Which user flow its people get at the tenant's own authority. */
    explainUserFlow: functionOn('entity', {
      returns: complex(userFlowChoice),
      versions: ['beta'],
      permissions: eventPermissions.read,
    }),
  },
  permissions: {
    // Not `Application.ReadWrite.OwnedBy`: nobody owns an application here, so it would open every one.
    read: ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    write: ['Application.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/application',
});
