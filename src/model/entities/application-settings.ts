import { boolean, complexType, enumType, oneOf, string } from '../property.ts';

const tokenBinding = enumType(
  'usher.tokenBinding',
  {
    /** Bearer tokens: whoever holds one may use it. A proof that is sent is not looked at. */
    none: 0,
    /** Tokens are good only with a proof by the client's own key; requests without one are refused (RFC 9449). */
    dpop: 1,
  },
  [],
);

const securityProfile = enumType(
  'usher.securityProfile',
  {
    none: 0,
    /** FAPI 2.0 Security Profile: signed client assertions, pushed requests, DPoP, PKCE, codes of a minute, `code` alone. */
    fapi2: 1,
  },
  [],
);

/** What Graph has no name for (product choice 14). Off unless said otherwise: an application then behaves as in Azure AD B2C. */
export const applicationSettings = complexType(
  'usher.applicationSettings',
  {
    /** Whether a web application, which has a secret, must send a `code_challenge` too (RFC 9700 §2.1.1). */
    isPkceRequired: boolean({ default: false }),
    /**
     * Authorization requests are taken only when they were pushed to the server before (RFC 9126 §6). Every application may push; this
     * shuts the other way.
     */
    isPushedAuthorizationRequired: boolean({ default: false }),
    tokenBinding: oneOf(tokenBinding, { default: 'none' }),
    /** Devices without a browser may ask for a code that a person enters elsewhere (RFC 8628). */
    isDeviceFlowAllowed: boolean({ default: false }),
    /** May ask what a token that it received or owns is worth (RFC 7662). */
    isIntrospectionAllowed: boolean({ default: false }),
    /** May take back tokens of its own (RFC 7009). */
    isRevocationAllowed: boolean({ default: false }),
    securityProfile: oneOf(securityProfile, { default: 'none' }),
    /** JSON Web Key Set (RFC 7517 §5) of the keys that sign client assertions (RFC 7523), beside `keyCredentials`. Public keys only. */
    jwks: string({ nullable: true, maxLength: 16_384, text: 'lines' }),
    /** Where such a key set is published; it is read from there, and read again when a key is not in it. */
    jwksUri: string({ nullable: true, maxLength: 2048 }),
    /** Is told when a session ends that the application took part in (OpenID Connect Back-Channel Logout 1.0 §2.2). */
    backChannelLogoutUri: string({ nullable: true, maxLength: 2048 }),
    /** The logout token names the session, not only the person. */
    isBackChannelLogoutSessionRequired: boolean({ default: false }),
  },
  'https://www.rfc-editor.org/rfc/rfc9700',
);
