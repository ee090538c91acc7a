import { boolean, complex, complexType, enumType, flagsType, int32, oneOf, string } from '../property.ts';

/** Settings that were drafted for Graph and never published there; names, defaults and ranges are the draft's where it has any. */
const source = 'https://github.com/microsoftgraph/microsoft-graph-docs/pull/15820';

/** Kinds of local accounts. Written `"0"` when there are none (Graph contract c.3). */
export const b2cAuthenticationMethods = flagsType('b2cAuthenticationMethods', {
  emailWithPassword: 1,
  userName: 2,
  phoneWithOneTimePassword: 4,
  unknownFutureValue: 8,
});

export const userFlowTokenLifetimeConfiguration = complexType(
  'userFlowTokenLifetimeConfiguration',
  {
    accessAndIdTokenLifetimeInMinutes: int32({ min: 5, max: 1440, default: 60 }),
    refreshTokenLifetimeInDays: int32({ min: 1, max: 90, default: 14 }),
    /** How long refreshing can go on without a new sign-in, 1 to 365; `-1` without end. Not shorter than a refresh token lives. */
    rollingRefreshTokenLifetimeInDays: int32({ min: -1, max: 365, default: 90 }),
  },
  source,
);

export const userFlowTokenClaimsConfiguration = complexType(
  'userFlowTokenClaimsConfiguration',
  {
    /** True: the issuer names tenant and flow (`/tfp/…`), so that strict discovery passes. */
    isIssuerEntityUserFlow: boolean({ default: false }),
    /** False: `sub` says that it is not supported, as B2C's oldest tokens did; the object id is in `oid`. */
    isSubjectClaimSupported: boolean({ default: true }),
    /** The claim that names the user flow. */
    claimTypeForUserFlowId: string({ pattern: /^(tfp|acr)$/, maxLength: 3, default: 'tfp' }),
  },
  source,
);

const userFlowSessionScope = enumType(
  'userFlowSingleSignOnSessionScope',
  {
    /** Every application and flow of the tenant shares the session. */
    tenant: 0,
    application: 1,
    /** Only the same user flow. */
    policy: 2,
    /** There is no session: everybody signs in every time. */
    disabled: 3,
  },
  [],
);

export const userFlowSingleSignOnSessionConfiguration = complexType(
  'userFlowSingleSignOnSessionConfiguration',
  {
    /** True: the session ends when its time is over; false: each sign-in by it begins its time anew. */
    isSessionLifetimeAbsolute: boolean({ default: false }),
    sessionLifetimeInMinutes: int32({ min: 15, max: 1440, default: 1440 }),
    isKeepMeSignedInEnabled: boolean({ default: false }),
    /** How long a person who chose to stay signed in is. Cannot be changed while that is not offered. */
    keepMeSignedInDays: int32({ min: 1, max: 90, default: 30 }),
    sessionScope: oneOf(userFlowSessionScope, { default: 'tenant' }),
    enforceIdTokenHintOnLogout: boolean({ default: false }),
  },
  source,
);

const multifactorAuthenticationState = enumType(
  'userFlowMultifactorAuthenticationState',
  {
    off: 0,
    /** At every sign-in. */
    on: 1,
    /** When a rule of `settings/conditionalAccess` asks for it. */
    conditional: 2,
  },
  [],
);

const multifactorAuthenticationMethod = enumType('userFlowMultifactorAuthenticationMethod', {
  email: 0,
  phoneCallOrSms: 1,
  phoneSms: 2,
  phoneCall: 3,
  /** An application that shows time-based codes (RFC 6238). */
  authenticator: 4,
  unknownFutureValue: 5,
});

export const userFlowMultifactorAuthenticationConfiguration = complexType(
  'userFlowMultifactorAuthenticationConfiguration',
  {
    multifactorAuthenticationState: oneOf(multifactorAuthenticationState, { default: 'off' }),
    multifactorAuthenticationMethod: oneOf(multifactorAuthenticationMethod, { default: 'email' }),
  },
  source,
);

const passwordComplexityLevel = enumType(
  'userFlowPasswordComplexityLevel',
  {
    /** 8 to 64 characters. */
    simple: 0,
    /** 8 to 64 characters, three of the four classes. */
    strong: 1,
    /** What `customConfiguration` says. */
    custom: 2,
  },
  [],
);

const userFlowCustomPasswordComplexity = complexType(
  'userFlowCustomPasswordComplexity',
  {
    minimumLength: int32({ min: 4, max: 256, default: 8 }),
    maximumLength: int32({ min: 4, max: 256, default: 64 }),
    /** Of lower-case letters, upper-case letters, digits and symbols; does not count while only digits are allowed. */
    minimumCharacterClassesRequired: int32({ min: 2, max: 4, default: 3 }),
    restrictToNumbersOnly: boolean({ default: false }),
  },
  source,
);

export const userFlowPasswordConfiguration = complexType(
  'userFlowPasswordConfiguration',
  {
    /** Null: the rules of the tenant. */
    complexityLevel: oneOf(passwordComplexityLevel, { nullable: true }),
    customConfiguration: complex(userFlowCustomPasswordComplexity, { nullable: true }),
    /** "Forgot your password?" is answered inside this flow; otherwise the application hears AADB2C90118. */
    isSelfServicePasswordResetAllowed: boolean({ default: false }),
    /** A password that is too old can be changed while signing in; otherwise the sign-in is refused. */
    allowExpiredPasswordReset: boolean({ default: false }),
  },
  source,
);
