import type { SignInEvent, User } from '../../identity/index.ts';
import type { Authority } from '../authority.ts';
import type { Application } from '../clients.ts';
import type { Params } from '../dialect/params.ts';
import type { GrantKind, HeldGrant } from '../records.ts';

/** Thumbprint of a key that a client has proved to hold. */
export interface TokenKey {
  readonly thumbprint: string;
  readonly refreshToo: boolean;
}

/** A request to the token endpoint by a client that is known, and what is learned of it on the way. */
export interface TokenCall {
  readonly correlationId: string;
  /** IP address of the peer. */
  readonly address: string;
  readonly app: Application;
  readonly authority: Authority;
  readonly issuer: string;
  readonly form: Params;
  /** The code or refresh token presented. */
  readonly presented?: { readonly kind: GrantKind; readonly held: HeldGrant | undefined };
  /** The client's key that the tokens are bound to (RFC 9449); a client with no other proof has its refresh tokens bound too. */
  readonly key?: TokenKey;
  user?: User;
  /** Who could not prove to be the person named. For the log alone. */
  tried?: SignInEvent['user'];
  /** `appId` of the API that the token is for. */
  resourceId?: string;
}

/** Answers one `grant_type`, with the members of the token answer. Who asks has been proved. */
export type GrantHandler = (call: TokenCall) => Promise<Readonly<Record<string, unknown>>>;

/** By `grant_type`; a map, since it is asked for what a stranger sent. */
export type GrantHandlers = ReadonlyMap<string, GrantHandler>;
