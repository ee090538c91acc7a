import type { ClientAuth, ServerMetadata } from 'openid-client';
import type { CallbackAnswer, ForeignPerson } from '../provider.ts';
import type { Mapping } from './mapping.ts';
import type { Expected } from './metadata.ts';

/** One provider that speaks OpenID Connect, as it is configured. */
export interface OidcSettings extends Expected {
  /** Of the entity. */
  readonly id: string;
  readonly clientId: string;
  readonly scope: string;
  readonly responseMode: 'query' | 'form_post';
  /** Proof keys (RFC 7636) are sent; all but those known to have none ignore what they do not know. */
  readonly hasProofKey: boolean;
  /** Parameters that the provider understands. */
  readonly understands: readonly ('prompt' | 'login_hint' | 'ui_locales')[];
  /** Proves to the token endpoint who we are; absent: the provider cannot be used, for want of a secret. */
  readonly authenticate?: (metadata: ServerMetadata) => Promise<ClientAuth> | ClientAuth;
  readonly mapping: Mapping;
  /** `ForeignPerson.issuer`; absent: that of the token. */
  readonly issuerName?: string;
  /** What an answer says of the person besides: by the hand of their browser, so it can only ever prefill a form. */
  told?(answer: CallbackAnswer): ForeignPerson['claims'];
}
