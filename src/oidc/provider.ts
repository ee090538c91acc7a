import Provider, { type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Identity } from '../identity/index.ts';
import { isUuid, newSecret, type Observe } from '../kernel/index.ts';
import { type AdapterServices, adapterFor } from './adapter.ts';
import { callOf } from './call.ts';
import { responseTypes } from './client-metadata.ts';
import { formOf } from './form-of.ts';
import { type JourneyServices, startJourney } from './journey.ts';
import { halfHash, signJwt } from './jwt.ts';
import type { KeyRing } from './keys.ts';
import { lifetimes } from './lifetimes.ts';
import { interactionRules } from './policy.ts';
import { type Foreign, provenanceOf, rememberedOf } from './provenance.ts';
import { apart, withProviderToken } from './provider-token.ts';
import { sidAt } from './sessions.ts';
import { isTold, sidFor } from './standards/logout-notices.ts';
import { readTicket, type Ticket, ticketParameter } from './ticket.ts';
import { type Payload, withAnswers } from './token-form.ts';

export interface ProviderServices extends AdapterServices, JourneyServices {
  readonly identity: Identity;
  readonly observe: Observe;
  readonly keys: () => Promise<KeyRing>;
  readonly cookieKeys: readonly string[];
}

export interface ProviderOptions {
  readonly issuer: string;
  readonly jwks: KeyRing;
}

/** A scope of ours in place of `offline_access`, which oidc-provider drops unless consent is asked for. */
export const offlineScope = 'usher_offline';

/** Resource indicators must be URIs (RFC 8707 §2); an API is known by its application id. */
export const resourceUri = (appId: string): string => `urn:usher:api:${appId}`;

export const cookieNames = (tenantId: string) => ({
  session: `x-ms-cpim-sso_${tenantId}`,
  resume: `x-ms-cpim-resume_${tenantId}`,
  interaction: `x-ms-cpim-rp_${tenantId}`,
});

const ticketOf = (ctx: KoaContextWithOIDC): Ticket => readTicket(ctx.oidc.params?.[ticketParameter]);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The engine's permission to answer: exactly what the dialect has granted, made new for each authorization. */
async function grantFor(ctx: KoaContextWithOIDC, { clock, clients, tenantId }: ProviderServices) {
  const call = callOf(ctx);
  const { client, session, params } = ctx.oidc;
  if (!client || !session?.accountId || !call.user) return undefined;
  const ticket = ticketOf(ctx);
  const now = clock.now();
  const { accountId: userId, loginTs: authTime = now } = session;
  const sid = call.browser && sidAt(call.browser, { authority: call.authority, clientId: client.clientId }, userId);
  // As our host wrote it down.
  const answered = ctx.oidc.result?.['tokenClaims'] as Payload | undefined;
  const arrived = ctx.oidc.result?.['foreign'] as Foreign | undefined;
  const foreign = ctx.oidc.result?.login ? arrived : call.proof?.foreign;
  const told = apart(formOf(call.authority, tenantId).claims(call.user, provenanceOf(foreign)));
  if (ctx.oidc.result?.login && sid !== undefined) {
    const kept = ctx.oidc.result['keepSignedIn'] === true;
    call.arrived = { userId, authTime, amr: session.amr ?? [], kept, sid, ...rememberedOf(foreign) };
  }
  const app = sid === undefined ? undefined : await clients.find(client.clientId);
  call.signIn = {
    ...ticket,
    userId,
    authTime,
    started: now,
    newUser: ctx.oidc.result?.['newUser'] === true,
    ...told,
    claims: withAnswers(told.claims, answered),
    ...(sid !== undefined && app && isTold(app) ? { sid: sidFor(sid, client.clientId) } : {}),
  };
  const grant = new ctx.oidc.provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.jti = newSecret();
  grant.addOIDCScope(`openid ${offlineScope}`);
  if (ticket.resource) grant.addResourceScope(resourceUri(ticket.resource.appId), String(params?.['scope']));
  return grant;
}

function features(): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (ctx, indicator) => ({
        audience: indicator,
        scope: text(ctx.oidc.params?.['scope']) ?? '',
        accessTokenFormat: 'jwt',
        accessTokenTTL: lifetimes.accessToken,
      }),
    },
  };
}

function settings(services: ProviderServices, { jwks }: ProviderOptions): Configuration {
  const { tenantId } = services;
  return {
    adapter: (name: string) => adapterFor(name, services),
    jwks: {
      keys: [{ ...jwks.privateJwk, kid: jwks.signing.kid, use: 'sig', alg: 'RS256' }],
    } as Configuration['jwks'] & {},
    scopes: ['openid', offlineScope],
    responseTypes: [...responseTypes],
    extraParams: [ticketParameter],
    features: features(),
    cookies: {
      names: cookieNames(tenantId),
      keys: [...services.cookieKeys],
      long: { sameSite: 'none', secure: true, httpOnly: true, signed: true },
      short: { sameSite: 'lax', secure: true, httpOnly: true, signed: true },
    },
    routes: { authorization: '/oauth2/v2.0/authorize', token: '/oauth2/v2.0/token' },
    ttl: {
      AccessToken: lifetimes.accessToken,
      AuthorizationCode: lifetimes.code,
      Grant: lifetimes.refreshToken,
      IdToken: lifetimes.accessToken,
      Interaction: lifetimes.interaction,
      Session: lifetimes.longestSession,
    },
    pkce: { required: () => false },
    clientBasedCORS: () => false,
    expiresWithSession: async () => false,
    issueRefreshToken: async () => false,
    loadExistingGrant: (ctx) => grantFor(ctx, services),
    async findAccount(ctx, sub) {
      const user = isUuid(sub) ? await services.identity.find(sub) : undefined;
      if (!user) return undefined;
      callOf(ctx).user = user;
      return { accountId: sub, claims: async () => ({ sub }) };
    },
    interactions: {
      policy: interactionRules(services),
      url: (ctx, { uid }) => startJourney(ctx, uid, services),
    },
    async renderError(ctx, _, error) {
      callOf(ctx).outcome = { kind: 'failed', error, params: ctx.oidc?.params ?? {}, shown: true };
      ctx.body = '';
    },
  };
}

/** Tokens are signed here and not by the library: claims of any name, B2C's header, and the server's own clock. */
function signOurselves(provider: Provider, { clock, keys, tenantId }: ProviderServices): void {
  provider.IdToken.prototype.issue = async function issue() {
    const call = callOf(this.ctx);
    if (!call.signIn) throw new TypeError('an ID token is made of a sign-in');
    if (call.signIn.tokenOnly) return '';
    const { nonce, c_hash: code, at_hash: accessToken } = this.extra;
    const bound = {
      ...(nonce === undefined ? {} : { nonce }),
      ...(code === undefined ? {} : { c_hash: halfHash(String(code)) }),
      ...(accessToken === undefined ? {} : { at_hash: halfHash(String(accessToken)) }),
    };
    const issue = { issuer: provider.issuer, clientId: this.client.clientId, now: clock.now() };
    const ring = await keys();
    const signIn = withProviderToken(call.signIn, ring);
    return signJwt(ring.signing, formOf(call.authority, tenantId).idToken(issue, signIn, bound));
  };
  provider.AccessToken.prototype.save = async function save() {
    const { signIn, authority } = callOf(Provider.ctx as KoaContextWithOIDC);
    if (!signIn?.resource) throw new TypeError('an access token is for a resource');
    const issue = { issuer: provider.issuer, clientId: this.clientId ?? '', now: clock.now() };
    const ring = await keys();
    const told = withProviderToken(signIn, ring);
    return signJwt(ring.signing, formOf(authority, tenantId).accessToken(issue, told, signIn.resource));
  };
}

/** The engine sees one session, which lives as long as the request: that of the person whom the flow may know (`sessions.ts`). */
function lendSession(provider: Provider): void {
  provider.Session.get = async function get(ctx) {
    const { proof } = callOf(ctx);
    const session = new provider.Session();
    if (!proof) return session;
    return Object.assign(session, { accountId: proof.userId, loginTs: proof.authTime, amr: [...proof.amr] });
  };
}

/** Remembers the outcome of a request as data; the dialect answers it in its own words. */
function report(provider: Provider, { observe }: ProviderServices): void {
  const failed = (ctx: KoaContextWithOIDC, error: unknown): void => {
    callOf(ctx).outcome = { kind: 'failed', error, params: { ...ctx.oidc?.params }, shown: false };
  };
  provider.on('authorization.success', (ctx, members = {}) => {
    callOf(ctx).outcome = { kind: 'authorized', members: { ...members }, params: { ...ctx.oidc.params } };
  });
  provider.on('authorization.error', failed);
  provider.on('server_error', failed);
  // In place of Koa's own, which writes to the console.
  provider.onerror = (error) => observe({ kind: 'warning', message: 'oidc-provider failed', error });
}

/** One issuer of one tenant. Cheap: a third of a millisecond and 60 KB (measured), so made when first asked for. */
export function createProvider(services: ProviderServices, options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, settings(services, options));
  // Redirect URIs are the dialect's: exact, and with B2C's own codes; the library's rules forbid http://localhost to some.
  const schema = (
    provider.Client as unknown as {
      Schema: { prototype: { redirectUris(uris: ClientMetadata['redirect_uris']): void } };
    }
  ).Schema;
  schema.prototype.redirectUris = () => undefined;
  signOurselves(provider, services);
  lendSession(provider);
  report(provider, services);
  return provider;
}
