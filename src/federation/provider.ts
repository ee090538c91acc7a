/** Who a foreign provider says that a person is. Only an answer of the provider that was verified is turned into one. */
export interface ForeignPerson {
  /** `identities.issuer` and the claim `idp` (b2c contract g.1), e.g. `google.com`. */
  readonly issuer: string;
  /** The person's name there, which never changes and never passes to somebody else; not an address. */
  readonly issuerAssignedId: string;
  /** What the provider tells of them, by attribute id (`displayName`, `givenName`, `surname`, `email`, …); what it does not know is absent. */
  readonly claims: Readonly<Record<string, string>>;
  /** The provider says that it has proved the address in `claims.email`. */
  readonly isEmailVerified: boolean;
  /** Opens the provider's own API; for the claim `idp_access_token`. */
  readonly accessToken?: string;
}

/** A person is to be sent to the provider. */
export interface Departure {
  /** Where the provider sends the person back to; absolute, exactly as it is registered there. */
  readonly callback: string;
  /** Unguessable; comes back with the answer. */
  readonly state: string;
  /** Languages of the person, best first (RFC 5646). */
  readonly locales: readonly string[];
  /** Who they said that they are. */
  readonly loginHint?: string;
  /** They must prove themselves anew, whatever session the provider has. */
  readonly isFresh?: true;
}

/** On the way. `kept` is plain data that the answer is checked with (nonce, code verifier): it stays with the journey, sealed. */
export interface Departed {
  readonly url: string;
  readonly kept: Readonly<Record<string, string>>;
}

/** What a browser brought to the callback address: parameters of the query or of the form, once each. */
export interface CallbackAnswer {
  readonly params: Readonly<Record<string, string>>;
}

/** What came of a sign-in elsewhere. */
export type ForeignOutcome =
  | { readonly kind: 'proved'; readonly person: ForeignPerson }
  /** The person turned back, or the provider refused (`access_denied`). */
  | { readonly kind: 'cancelled' }
  /** The answer proves nobody. `reason` is for the record of the journey: English, without anything secret or typed. */
  | { readonly kind: 'failed'; readonly reason: string };

/** A foreign identity provider of a tenant, ready to be used. Knows no journeys and no HTTP face. */
export interface ForeignProvider {
  /** Of the entity, e.g. `Google-OAUTH`. */
  readonly id: string;
  /** Resolves to `undefined`, and says so to `observe`, when the provider cannot be reached or its settings do not work. */
  depart(departure: Departure): Promise<Departed | undefined>;
  /** Never throws for what the browser or the provider sent. */
  receive(answer: CallbackAnswer, departed: Departure & Pick<Departed, 'kept'>): Promise<ForeignOutcome>;
  /** Where the person's session at the provider is ended (OpenID Connect RP-Initiated Logout); absent where there is no such place. */
  signOutUrl?(postLogoutRedirectUri: string): Promise<string | undefined>;
}

/** The foreign providers of one tenant. */
export interface Federation {
  /** As it is configured now, by id without regard to case; undefined: there is none, or none of a kind that proves people elsewhere. */
  find(providerId: string): Promise<ForeignProvider | undefined>;
}
