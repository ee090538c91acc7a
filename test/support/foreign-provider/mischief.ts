/** What a provider does wrong at the address where people sign in, on the way back to who sent them. */
type AnswerMischief =
  /** The person turns back. */
  | 'cancel'
  | 'error'
  | 'wrongState'
  | 'absentState'
  /** `iss` of the answer (RFC 9207) is that of another provider. */
  | 'issOfAnother'
  | 'absentIss'
  /** A code that was never given out. */
  | 'foreignCode';

/** What a provider does wrong with its ID tokens. */
type TokenMischief =
  | 'wrongNonce'
  | 'absentNonce'
  | 'otherIssuer'
  | 'otherAudience'
  | 'moreAudiences'
  | 'otherParty'
  | 'expired'
  | 'issuedTomorrow'
  | 'absentSubject'
  | 'absentIssuer'
  | 'absentAudience'
  | 'absentExpiry'
  | 'absentIssueTime'
  | 'algNone'
  /** HS256, with the public key as the secret. */
  | 'hmacWithPublicKey'
  | 'hmacWithClientSecret'
  | 'unknownKey'
  /** Names the published key, signed with another. */
  | 'forged'
  | 'wrongAccessTokenHash'
  | 'wrongCodeHash'
  /** The token endpoint gives the ID token alone, as Azure AD B2C does for `openid`. */
  | 'noAccessToken'
  /** Looks like a JWE. */
  | 'encrypted'
  | 'noToken';

export type Mischief = AnswerMischief | TokenMischief;

/** How an address of the provider fails: it never answers, sends 3 MB, or something else than data. */
export type Failing = 'slow' | 'huge' | 'html' | 'broken' | 'down';
