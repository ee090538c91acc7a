import { boolean, complex, complexType, enumType, int32, oneOf } from '../property.ts';

/** What Graph has no name for. Everything has a default with which a tenant behaves as the published API says. */
const source = 'https://learn.microsoft.com/azure/active-directory-b2c/overview';

const passwordRules = enumType(
  'usher.passwordRules',
  {
    /** Long, not common, nothing else (NIST SP 800-63B-4 §3.1.1.2). */
    nist: 0,
    /** 8 to 64 characters of three classes: the default of B2C. */
    b2cStrong: 1,
    /** At least 4 characters. */
    b2cWeak: 2,
  },
  [],
);

/** Of the tenant's own tokens (RFC 7518 §3.1). */
const signingAlgorithm = enumType('usher.signingAlgorithm', { RS256: 0, ES256: 1 }, []);

/** Smart lockout; the ranges are those of Microsoft's service. https://learn.microsoft.com/entra/identity/authentication/howto-password-smart-lockout */
const tenantLockout = complexType(
  'usher.tenantLockout',
  {
    /** Wrong passwords before the first lock. */
    threshold: int32({ default: 10, min: 1, max: 50 }),
    /** Of each of the first ten locks; every further ten last twice as long as the ten before. */
    durationSeconds: int32({ default: 60, min: 5, max: 18_000 }),
  },
  source,
);

export const tenantSettings = complexType(
  'usher.tenantSettings',
  {
    /** Of new passwords; null: those the server was started with. */
    passwordRules: oneOf(passwordRules, { nullable: true }),
    lockout: complex(tenantLockout, { default: {} }),
    /** For so long a refresh token may be used again, by clients that repeat a request or race across tabs. */
    reuseGraceSeconds: int32({ default: 0, min: 0, max: 300 }),
    /** B2C's behaviour: after signing out the browser goes wherever the request says, registered or not. */
    allowAnyLogoutRedirect: boolean({ default: false }),
    /** Clients may send `code_challenge_method=plain` (RFC 7636 §4.2). */
    allowPlainPkce: boolean({ default: false }),
    /** A change makes a new key, which signs when everybody can know it: a day later. */
    signingAlgorithm: oneOf(signingAlgorithm, { default: 'RS256' }),
    /** How long a key signs before the next one does; null: until an operator rotates it. */
    keyRotationDays: int32({ nullable: true, min: 2, max: 3650 }),
    /** Of `usher/journeys`. */
    journeyRetentionDays: int32({ default: 30, min: 1, max: 365, indexed: true }),
    /** Of `auditLogs/directoryAudits` and `auditLogs/signIns`. Not fewer: who may change settings could wipe out what was done. */
    auditRetentionDays: int32({ default: 30, min: 30, max: 3650, indexed: true }),
  },
  source,
);
