import { entity } from '../entity.ts';
import { collection, complex, complexType, dateTimeOffset, enumType, guid, oneOf, string } from '../property.ts';
import { auditLog, auditLogPermissions } from './common.ts';

const operationResult = enumType('operationResult', {
  success: 0,
  failure: 1,
  timeout: 2,
  unknownFutureValue: 3,
});

/** No group has a type here, since there are no groups; the member belongs to the published shape. */
const groupType = enumType('groupType', { unifiedGroups: 0, azureAD: 1, unknownFutureValue: 2 });

const userIdentity = complexType(
  'userIdentity',
  {
    id: string({ nullable: true, indexed: 'sparse' }),
    displayName: string({ nullable: true, indexed: 'sparse' }),
    userPrincipalName: string({ nullable: true, indexed: 'sparse' }),
    ipAddress: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/useridentity',
);

const appIdentity = complexType(
  'appIdentity',
  {
    appId: string({ nullable: true, indexed: 'sparse' }),
    /** For what the server does by itself: why it does it. */
    displayName: string({ nullable: true, indexed: 'sparse' }),
    servicePrincipalId: string({ nullable: true }),
    servicePrincipalName: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/appidentity',
);

const auditActivityInitiator = complexType(
  'auditActivityInitiator',
  { user: complex(userIdentity, { nullable: true }), app: complex(appIdentity, { nullable: true }) },
  'https://learn.microsoft.com/graph/api/resources/auditactivityinitiator',
);

const modifiedProperty = complexType(
  'modifiedProperty',
  {
    displayName: string({ nullable: true }),
    /** Always null, and so is `newValue`: a log that outlives the data must not keep what was removed from it. */
    oldValue: string({ nullable: true }),
    newValue: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/modifiedproperty',
);

const targetResource = complexType(
  'targetResource',
  {
    id: string({ nullable: true, indexed: true }),
    displayName: string({ nullable: true, indexed: true }),
    type: string({ nullable: true }),
    userPrincipalName: string({ nullable: true }),
    groupType: oneOf(groupType, { nullable: true }),
    modifiedProperties: collection(complex(modifiedProperty)),
  },
  'https://learn.microsoft.com/graph/api/resources/targetresource',
);

export const keyValue = complexType(
  'keyValue',
  { key: string({ nullable: true }), value: string({ nullable: true }) },
  'https://learn.microsoft.com/graph/api/resources/keyvalue',
);

/** A write to the directory that succeeded: who, when, what (Graph contract a.12). */
export const directoryAudit = entity('directoryAudit', {
  set: { path: 'auditLogs/directoryAudits', methods: ['list', 'get'] },
  properties: {
    activityDateTime: dateTimeOffset({ access: 'server', indexed: true }),
    activityDisplayName: string({ access: 'server', indexed: true }),
    additionalDetails: collection(complex(keyValue), { access: 'server' }),
    category: string({ access: 'server', indexed: true }),
    correlationId: guid({ access: 'server', nullable: true, indexed: 'sparse' }),
    initiatedBy: complex(auditActivityInitiator, { access: 'server', default: {} }),
    loggedByService: string({ access: 'server', nullable: true, indexed: true }),
    operationType: string({ access: 'server', nullable: true }),
    result: oneOf(operationResult, { access: 'server', nullable: true, indexed: true }),
    resultReason: string({ access: 'server', nullable: true }),
    targetResources: collection(complex(targetResource), { access: 'server' }),
  },
  permissions: { read: [...auditLogPermissions.read, 'Directory.Read.All'], write: [] },
  log: auditLog('activityDateTime'),
  source: 'https://learn.microsoft.com/graph/api/resources/directoryaudit',
});
