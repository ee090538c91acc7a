import type { Belonging } from './authority.ts';
import type { Platform } from './dialect/redirect-uri.ts';

/** What the dialect settled about an authorization request; whatever comes of it is kept with it. */
export interface Ticket extends Belonging {
  readonly platform: Platform;
  /** The client asked for `client_info`. */
  readonly clientInfo: boolean;
  readonly openid: boolean;
  readonly offline: boolean;
  readonly resource?: { readonly appId: string; readonly names: readonly string[] };
  readonly echo: string;
  /** Scopes that ask for claims of the person; user flows return what they are set to return. */
  readonly personal?: readonly string[];
  /** Of the request that began it, so that the sign-in log tells of one sign-in in one word. */
  readonly correlationId: string;
  /** Seconds; an older sign-in is not good enough (OpenID Connect Core §3.1.2.1). */
  readonly maxAge?: number;
  /** The layout template to look at instead of the flow's own (b2c contract b.1). */
  readonly pageFlavor?: string;
  /** The provider to go to (b2c contract b.1). */
  readonly domainHint?: string;
  /** The person an `id_token_hint` names; nobody else's session answers the request. */
  readonly expectedUserId?: string;
  /** Thumbprint of the client's key that codes and refresh tokens are good with alone (RFC 9449 §5, §10). */
  readonly boundTo?: string;
  /** Seconds a code is good for, when that is not the usual time. */
  readonly codeSeconds?: number;
}
