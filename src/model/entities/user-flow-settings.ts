import { boolean, collection, complex, complexType, enumType, guid, int32, oneOf, string } from '../property.ts';

/**
 * Settings of a user flow that Graph never had a name for, not even a draft. Everything has a default with which a flow behaves as one
 * made by the published API alone; null means "as the tenant says".
 */
const source = 'https://learn.microsoft.com/azure/active-directory-b2c/user-flow-overview';

const httpsUrl = { maxLength: 2048, pattern: /^https:\/\/[^\s/?#@]+(?:[/?][^\s#]*)?$/i } as const;
/** RGB in hexadecimal (CSS Color §5.2). */
const color = { pattern: /^#[0-9a-f]{6}$/i, maxLength: 7 } as const;

const layoutTemplate = enumType(
  'usher.layoutTemplate',
  {
    usher: 0,
    /** Equivalents of the three of B2C (b2c contract d.2). */
    classic: 1,
    oceanBlue: 2,
    slateGray: 3,
  },
  [],
);

const userFlowBranding = complexType(
  'usher.userFlowBranding',
  {
    bannerLogoUrl: string({ nullable: true, ...httpsUrl }),
    backgroundImageUrl: string({ nullable: true, ...httpsUrl }),
    /** Shown before the image is there. */
    backgroundColor: string({ nullable: true, ...color }),
    /** Of buttons and links. */
    accentColor: string({ nullable: true, ...color }),
  },
  source,
);

const minorRule = enumType(
  'usher.minorRule',
  { allowMinors: 0, blockMinorsBelowAgeOfConsent: 1, blockAllMinors: 2 },
  [],
);

const blockedMinorAnswer = enumType(
  'usher.blockedMinorAnswer',
  {
    showErrorPage: 0,
    /** The application is told in JSON. */
    tellApplication: 1,
  },
  [],
);

const userFlowAgeGating = complexType(
  'usher.userFlowAgeGating',
  {
    /** Date of birth and country are asked for when they are not known, and the rule holds at every sign-in. */
    isEnabled: boolean({ default: false }),
    rule: oneOf(minorRule, { default: 'allowMinors' }),
    whenBlocked: oneOf(blockedMinorAnswer, { default: 'showErrorPage' }),
  },
  source,
);

/** When a letter is sent. */
const emailKind = enumType(
  'usher.emailKind',
  { addressVerification: 0, passwordReset: 1, oneTimePasscode: 2, multifactorCode: 3 },
  [],
);

const userFlowEmailText = complexType(
  'usher.userFlowEmailText',
  {
    kind: oneOf(emailKind, { required: true }),
    /** RFC 5646; null for every language that has no text of its own here. */
    languageTag: string({ nullable: true, maxLength: 35 }),
    /** `{tenant}`, `{app}`, `{email}` and `{minutes}` are filled in. */
    subject: string({ nullable: true, maxLength: 200 }),
    /** Plain text; the same placeholders and `{code}`, which must stand in it. */
    body: string({ nullable: true, maxLength: 8000, text: 'lines' }),
  },
  source,
);

const userVerification = enumType('usher.userVerification', { required: 0, preferred: 1, discouraged: 2 }, []);

const userFlowPasskeys = complexType(
  'usher.userFlowPasskeys',
  {
    isSignInAllowed: boolean({ default: false }),
    /** People who sign up are offered to create one, instead of a password where `isPasswordOptional`. */
    isEnrolmentOffered: boolean({ default: false }),
    isPasswordOptional: boolean({ default: false }),
    /** A passkey counts as the second factor too. */
    countsAsSecondFactor: boolean({ default: false }),
    /** WebAuthn §5.8.6. */
    userVerification: oneOf(userVerification, { default: 'preferred' }),
  },
  source,
);

const resetIdentifier = enumType('usher.resetIdentifier', { emailAddress: 0, userName: 1 }, []);

const userFlowPasswordReset = complexType(
  'usher.userFlowPasswordReset',
  {
    /** What a person who forgot the password is asked for first. */
    identifier: oneOf(resetIdentifier, { default: 'emailAddress' }),
    /** Somebody whose password an administrator has set must choose a new one while signing in; otherwise the sign-in is refused. */
    isForcedResetEnabled: boolean({ default: false }),
  },
  source,
);

const userFlowOneTimeCodes = complexType(
  'usher.userFlowOneTimeCodes',
  {
    length: int32({ min: 6, max: 10, default: 6 }),
    lifetimeInSeconds: int32({ min: 60, max: 1200, default: 600 }),
    /** Wrong answers to one code. */
    maximumTries: int32({ min: 1, max: 10, default: 5 }),
    /** Codes in one journey. */
    maximumCodes: int32({ min: 1, max: 10, default: 10 }),
    resendAfterSeconds: int32({ min: 0, max: 600, default: 30 }),
  },
  source,
);

const accessControl = enumType('usher.accessControl', { block: 0, requireMultifactor: 1, allow: 2 }, []);

const userFlowAccessRule = complexType(
  'usher.userFlowAccessRule',
  {
    displayName: string({ required: true, maxLength: 256 }),
    /** Client ids; empty: every application. */
    includeApplications: collection(guid()),
    /** CIDR (RFC 4632, RFC 4291 §2.3); empty: every network. */
    includeNetworks: collection(string({ maxLength: 49 })),
    excludeNetworks: collection(string({ maxLength: 49 })),
    /** Only browsers in which this person has not signed in before. */
    isNewDeviceOnly: boolean({ default: false }),
    control: oneOf(accessControl, { required: true }),
  },
  source,
);

const userFlowConditionalAccess = complexType(
  'usher.userFlowConditionalAccess',
  {
    /** Of the rules that fit a sign-in the strictest counts: block, then multifactor. They count while `isConditionalAccessEnforced`. */
    rules: collection(complex(userFlowAccessRule)),
  },
  source,
);

const userFlowTokenClaims = complexType(
  'usher.userFlowTokenClaims',
  {
    /** Claims to return that no attribute stands for (b2c contract h.1). */
    isIdentityProviderIncluded: boolean({ default: true }),
    isIdentityProviderAccessTokenIncluded: boolean({ default: false }),
    isNewUserIncluded: boolean({ default: true }),
  },
  source,
);

export const userFlowSettings = complexType(
  'usher.userFlowSettings',
  {
    layoutTemplate: oneOf(layoutTemplate, { default: 'usher' }),
    branding: complex(userFlowBranding, { default: {} }),
    ageGating: complex(userFlowAgeGating, { default: {} }),
    /** Texts of letters in place of the server's own. One for each kind and language. */
    emailTexts: collection(complex(userFlowEmailText)),
    passkeys: complex(userFlowPasskeys, { default: {} }),
    passwordReset: complex(userFlowPasswordReset, { default: {} }),
    oneTimeCodes: complex(userFlowOneTimeCodes, { default: {} }),
    conditionalAccess: complex(userFlowConditionalAccess, { default: {} }),
    tokenClaims: complex(userFlowTokenClaims, { default: {} }),
    /** People with a second factor are given codes for the day they lose it. */
    areRecoveryCodesOffered: boolean({ default: false }),
    /** Who signs in with a phone number is asked for an e-mail address to recover the account with. */
    isRecoveryEmailPromptEnabled: boolean({ default: false }),
    /** Nobody can sign in by this flow; what sign-up it has goes on. */
    isSignInBlocked: boolean({ default: false }),
    /** B2C's order: the account is there before the second factor is proved. */
    isUserCreatedBeforeMultifactor: boolean({ default: false }),
  },
  source,
);
