import type { LogRules } from '../entity.ts';
import { enumType } from '../property.ts';
import { organization } from './organization.ts';

/** The permissions of the logs (Graph contract b.13). Nobody writes them but the server. */
/** How long a tenant keeps its logs: 30 days, unless it has chosen otherwise (`usher.tenantSettings`). */
export const auditLog = (time: string): LogRules => ({
  retentionDays: 30,
  time,
  chosen: { in: () => organization, path: ['settings', 'auditRetentionDays'] },
});

export const auditLogPermissions = { read: ['AuditLog.Read.All'], write: [] } as const;

/** The permissions of the user flow surface (Graph contract b, "RW" and "R"). */
export const userFlowPermissions = {
  read: ['IdentityUserFlow.Read.All', 'IdentityUserFlow.ReadWrite.All'],
  write: ['IdentityUserFlow.ReadWrite.All'],
} as const;

export const userFlowType = enumType('userFlowType', {
  signUp: 1,
  signIn: 2,
  signUpOrSignIn: 3,
  passwordReset: 4,
  profileUpdate: 5,
  resourceOwner: 6,
  unknownFutureValue: 7,
});

/** A GUID that Graph declares as text: the `appId` of an application in a condition or a filter. */
export const clientId = {
  maxLength: 36,
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
} as const;
