import type { Flow, SessionRules, TokenLifetimes } from './flow.ts';
import { lifetimes } from './lifetimes.ts';

/** The tenant itself: people sign in there without a flow in the address, and so do applications for themselves (b2c contract i). */
export interface TenantAuthority {
  readonly kind: 'tenant';
  /** No flow is called so: their ids begin with `B2C_1_`. */
  readonly id: 'tenant';
  readonly lifetimes: TokenLifetimes;
  readonly session: SessionRules;
}

/** Who issues tokens at an address: a user flow, or the tenant. Codes, refresh tokens and sessions of the one are worth nothing at the other. */
export type Authority = Flow | TenantAuthority;

export const tenantAuthority: TenantAuthority = {
  kind: 'tenant',
  id: 'tenant',
  lifetimes: { token: lifetimes.accessToken, refreshToken: lifetimes.longestRefreshToken },
  session: {
    scope: 'directory',
    seconds: lifetimes.longestSession,
    // Who was let in by a code to their address proves it anew after a day (b2c contract j).
    absolute: true,
    needsHint: false,
  },
};

/** What stands for the authority in a path; undefined: nothing does. */
export const segmentOf = (authority: Authority): string | undefined =>
  authority.kind === 'tenant' ? undefined : authority.id;

/** Where a sign-in, its codes and its refresh tokens are good. */
export interface Belonging {
  /** The flow whose journey was walked. */
  readonly flowId: string;
  /** It was chosen by the tenant's own authority, and what came of it is good there alone. */
  readonly authority?: 'tenant';
}

export const belongsTo = ({ flowId, authority }: Belonging, to: Authority): boolean =>
  to.kind === 'tenant' ? authority === 'tenant' : authority === undefined && flowId === to.id;

/** What it is called where an error has to name it. */
export const nameOf = ({ flowId, authority }: Belonging): string => authority ?? flowId;

/** Only where people sign in may a journey be skipped because the browser is signed in already; the others exist to be walked. */
export const maySkip = ({ kind }: Authority): boolean =>
  kind === 'signUpOrSignIn' || kind === 'signIn' || kind === 'tenant';

/** A journey that begins with the person the session knows, if there is one; resetting and signing up begin with nobody. */
export const mayRestOnSession = (authority: Authority): boolean =>
  maySkip(authority) || authority.kind === 'profileUpdate';

/** b2c contract a.3: the issuer of a flow's tokens, or of the tenant's own (product.md choice 2). */
export function issuerOf(origin: string, tenantId: string, authority: Authority): string {
  if (authority.kind === 'tenant') return `${origin}/${tenantId}/v2.0`;
  return authority.ownIssuer ? `${origin}/tfp/${tenantId}/${authority.lower}/v2.0/` : `${origin}/${tenantId}/v2.0/`;
}
