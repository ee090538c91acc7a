import { entity } from '../entity.ts';
import {
  boolean,
  collection,
  complex,
  complexType,
  dateTimeOffset,
  enumType,
  int32,
  oneOf,
  single,
  string,
} from '../property.ts';
import { auditLog, auditLogPermissions } from './common.ts';

const signInStatus = complexType(
  'signInStatus',
  {
    /** 0: it succeeded. The number of an `AADB2C…` or `AADSTS…` code else. */
    errorCode: int32({ nullable: true, indexed: true }),
    failureReason: string({ nullable: true }),
    additionalDetails: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/signinstatus',
);

/** What a `User-Agent` tells; devices are not registered here. */
const deviceDetail = complexType(
  'deviceDetail',
  {
    deviceId: string({ nullable: true }),
    displayName: string({ nullable: true }),
    operatingSystem: string({ nullable: true, indexed: 'sparse' }),
    browser: string({ nullable: true, indexed: 'sparse' }),
    isCompliant: boolean({ nullable: true }),
    isManaged: boolean({ nullable: true }),
    trustType: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/devicedetail',
);

const geoCoordinates = complexType(
  'geoCoordinates',
  {
    altitude: single({ nullable: true }),
    latitude: single({ nullable: true }),
    longitude: single({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/geocoordinates',
);

/** Always empty: the server asks nobody where an address is. */
const signInLocation = complexType(
  'signInLocation',
  {
    city: string({ nullable: true, indexed: 'sparse' }),
    state: string({ nullable: true, indexed: 'sparse' }),
    countryOrRegion: string({ nullable: true, indexed: 'sparse' }),
    geoCoordinates: complex(geoCoordinates, { nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/signinlocation',
);

const conditionalAccessStatus = enumType('conditionalAccessStatus', {
  success: 0,
  failure: 1,
  notApplied: 2,
  unknownFutureValue: 3,
});
const riskLevel = enumType('riskLevel', { low: 0, medium: 1, high: 2, hidden: 3, none: 4, unknownFutureValue: 5 });
const riskState = enumType('riskState', {
  none: 0,
  confirmedSafe: 1,
  remediated: 2,
  dismissed: 3,
  atRisk: 4,
  confirmedCompromised: 5,
  unknownFutureValue: 6,
});
const riskDetail = enumType('riskDetail', {
  none: 0,
  adminGeneratedTemporaryPassword: 1,
  userPerformedSecuredPasswordChange: 2,
  userPerformedSecuredPasswordReset: 3,
  adminConfirmedSigninSafe: 4,
  aiConfirmedSigninSafe: 5,
  userPassedMFADrivenByRiskBasedPolicy: 6,
  adminDismissedAllRiskForUser: 7,
  adminConfirmedSigninCompromised: 8,
  unknownFutureValue: 9,
});
const appliedConditionalAccessPolicy = complexType(
  'appliedConditionalAccessPolicy',
  {
    id: string({ nullable: true }),
    displayName: string({ nullable: true }),
    enforcedGrantControls: collection(string()),
    enforcedSessionControls: collection(string()),
    result: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/appliedconditionalaccesspolicy',
);

const server = { access: 'server', nullable: true } as const;

/** One sign-in of a person or of an application, whether it succeeded or not (Graph contract a.12). */
export const signIn = entity('signIn', {
  set: { path: 'auditLogs/signIns', methods: ['list', 'get'] },
  properties: {
    createdDateTime: dateTimeOffset({ access: 'server', indexed: true }),
    userDisplayName: string({ ...server, indexed: true }),
    userPrincipalName: string({ ...server, indexed: true }),
    userId: string({ ...server, indexed: true }),
    appId: string({ ...server, indexed: true }),
    appDisplayName: string({ ...server, indexed: true }),
    ipAddress: string({ ...server, indexed: true }),
    clientAppUsed: string({ ...server, indexed: 'sparse' }),
    correlationId: string({ ...server, indexed: true }),
    conditionalAccessStatus: oneOf(conditionalAccessStatus, { ...server, default: 'notApplied', indexed: true }),
    isInteractive: boolean({ ...server, indexed: true }),
    riskDetail: oneOf(riskDetail, { ...server, default: 'none' }),
    riskLevelAggregated: oneOf(riskLevel, { ...server, default: 'none' }),
    riskLevelDuringSignIn: oneOf(riskLevel, { ...server, default: 'none' }),
    riskState: oneOf(riskState, { ...server, default: 'none' }),
    riskEventTypes: collection(string(), { access: 'server' }),
    riskEventTypes_v2: collection(string(), { access: 'server' }),
    resourceDisplayName: string({ ...server, indexed: 'sparse' }),
    resourceId: string({ ...server, indexed: 'sparse' }),
    status: complex(signInStatus, server),
    deviceDetail: complex(deviceDetail, server),
    location: complex(signInLocation, { ...server, default: {} }),
    appliedConditionalAccessPolicies: collection(complex(appliedConditionalAccessPolicy), { access: 'server' }),
  },
  permissions: auditLogPermissions,
  log: auditLog('createdDateTime'),
  source: 'https://learn.microsoft.com/graph/api/resources/signin',
});
