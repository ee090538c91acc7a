import type { Outside } from '../connectors/index.ts';
import { digest, newSecret, sameSecret } from '../kernel/index.ts';
import type { ProviderKind } from './kinds/kind.ts';
import { isSocial } from './kinds/social.ts';
import { failed, type Members, type Reading, told } from './oauth2-answer.ts';
import { type Call, type Calls, createCalls } from './oauth2-calls.ts';
import type { Identified } from './outside-claims.ts';
import type { CallbackAnswer, Departure, ForeignOutcome, ForeignProvider } from './provider.ts';
import type { FederationServices, StoredProvider } from './services.ts';

/** What a code was exchanged for. */
export interface Grant {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accessToken: string;
  /** The whole answer of the token endpoint. */
  readonly members: Members;
}

/** How one provider speaks OAuth 2.0 (RFC 6749 §4.1), which says nothing of who somebody is: each has its own API for that. */
export interface Dialect {
  /** `identityProviderType` of the provider's entity. */
  readonly type: string;
  /** See `ForeignPerson.issuer`. */
  readonly issuer: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** Absent: the provider has none that is needed. */
  readonly scope?: string;
  /** How the code is exchanged: in the query of a GET, in a form, or in a form with the client in the header (RFC 6749 §2.3.1). */
  readonly exchange: 'query' | 'form' | 'basic';
  /** The client's parameters, where they have other names. */
  readonly clientNames?: { readonly id: string; readonly secret: string };
  /** The provider documents proof keys (RFC 7636). */
  readonly hasProofKey?: true;
  /** `redirect_uri` is no parameter of the exchange. */
  readonly isCallbackOnce?: true;
  /** More parameters of the exchange. */
  readonly exchangeParams?: Readonly<Record<string, string>>;
  /** What the provider can do for this departure: languages, a fresh sign-in, a hint. */
  wishes?(departure: Departure): Readonly<Record<string, string>>;
  /** The end of the address, where the provider asks for one. */
  readonly fragment?: string;
  /** The person turned back, in words other than `error=access_denied`. */
  isCancelled?(params: Readonly<Record<string, string>>): boolean;
  identify(grant: Grant, calls: Calls): Promise<Reading<Identified>>;
}

const isSaid = (text: string | undefined): text is string => text !== undefined && /^[\x21-\x7e]{1,4096}$/.test(text);

interface Ready {
  readonly dialect: Dialect;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly outside: Outside;
  /** See `FederationServices.originOf`. */
  readonly at: (url: string) => string;
}

function authorizationAt({ dialect, clientId, at }: Ready, departure: Departure, verifier: string | undefined): string {
  const { authorizationUrl, clientNames, scope, wishes, fragment = '' } = dialect;
  const url = new URL(at(authorizationUrl));
  const params = {
    [clientNames?.id ?? 'client_id']: clientId,
    redirect_uri: departure.callback,
    response_type: 'code',
    ...(scope === undefined ? {} : { scope }),
    state: departure.state,
    ...(verifier === undefined ? {} : { code_challenge: digest(verifier), code_challenge_method: 'S256' }),
    ...wishes?.(departure),
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  url.hash = fragment;
  return url.href;
}

/** The code, once the answer is known to belong to this departure. */
function codeIn(
  { params }: CallbackAnswer,
  { state }: Departure,
  dialect: Dialect,
): Reading<string> | { readonly kind: 'cancelled' } {
  const { state: echoed, error, code } = params;
  if (echoed === undefined || !sameSecret(echoed, state)) return failed('the answer bears another state');
  if (error === 'access_denied' || dialect.isCancelled?.(params)) return { kind: 'cancelled' };
  if (error !== undefined) return failed(`the provider answered with the error '${told(error) ?? 'unknown'}'`);
  return isSaid(code) ? { kind: 'read', value: code } : failed('the answer bears no code');
}

function exchangeOf(ready: Ready, code: string, departed: Departure, verifier: string | undefined): Call {
  const { dialect, clientId, clientSecret } = ready;
  const { clientNames, exchange, isCallbackOnce, exchangeParams } = dialect;
  const shared = {
    grant_type: 'authorization_code',
    code,
    ...(isCallbackOnce ? {} : { redirect_uri: departed.callback }),
    ...(verifier === undefined ? {} : { code_verifier: verifier }),
    ...exchangeParams,
  };
  const named = { [clientNames?.id ?? 'client_id']: clientId, [clientNames?.secret ?? 'client_secret']: clientSecret };
  const call = { method: exchange === 'query' ? 'GET' : 'POST', url: dialect.tokenUrl } as const;
  if (exchange !== 'basic') return { ...call, params: { ...named, ...shared } };
  // RFC 6749 §2.3.1: both are form-encoded before they are joined.
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':');
  return { ...call, params: shared, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

function grantIn(members: Members, { clientId, clientSecret }: Ready): Reading<Grant> {
  const { access_token: accessToken, token_type: type } = members;
  if (typeof accessToken !== 'string' || !isSaid(accessToken)) return failed('the provider gave no access token');
  // RFC 6749 §7.1: a token of a type that is not understood must not be used. Providers that know one type do not name it.
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') return failed('the access token is no bearer token');
  return { kind: 'read', value: { clientId, clientSecret, accessToken, members } };
}

async function receive(
  ready: Ready,
  answer: CallbackAnswer,
  departed: Parameters<ForeignProvider['receive']>[1],
): Promise<ForeignOutcome> {
  const { dialect, outside, at } = ready;
  const code = codeIn(answer, departed, dialect);
  if (code.kind !== 'read') return code;
  const verifier = dialect.hasProofKey && departed.kept['codeVerifier'];
  if (dialect.hasProofKey && !verifier) return failed('the proof key is lost');
  const calls = createCalls(outside, at);
  const token = await calls.object(exchangeOf(ready, code.value, departed, verifier));
  if (token.kind === 'failed') return failed(`the code was not exchanged: ${token.reason}`);
  const grant = grantIn(token.value, ready);
  if (grant.kind === 'failed') return grant;
  const { accessToken } = grant.value;
  const identified = await dialect.identify(grant.value, calls);
  if (identified.kind === 'failed') return failed(`the provider did not say who it is: ${identified.reason}`);
  const { issuer } = dialect;
  return { kind: 'proved', person: { issuer, ...identified.value, accessToken } };
}

function create(
  dialect: Dialect,
  { entity }: StoredProvider,
  secrets: Readonly<Record<string, string>>,
  services: FederationServices,
): ForeignProvider {
  const { clientId } = entity as unknown as { readonly clientId: string };
  const { clientSecret } = secrets;
  const origin = services.originOf?.(dialect.type);
  const at = (url: string): string => {
    const { pathname, search } = new URL(url);
    return origin === undefined ? url : new URL(pathname + search, origin).href;
  };
  const { outside } = services;
  const ready: Ready | undefined =
    clientSecret === undefined ? undefined : { dialect, clientId, clientSecret, outside, at };
  return {
    id: entity.id,
    async depart(departure) {
      if (!ready) {
        services.observe({ kind: 'warning', message: `The identity provider '${entity.id}' has no client secret.` });
        return undefined;
      }
      const verifier = dialect.hasProofKey && newSecret();
      const kept = verifier === undefined ? {} : { codeVerifier: verifier };
      return { url: authorizationAt(ready, departure, verifier), kept };
    },
    receive: async (answer, departed) =>
      ready ? receive(ready, answer, departed) : failed('the provider has no client secret'),
  };
}

/** A kind of social provider on OAuth 2.0. */
export const oauth2Kind = (dialect: Dialect): ProviderKind => ({
  fixed: dialect.type,
  serves: (stored) => isSocial(stored, dialect.type),
  create: (stored, secrets, services) => create(dialect, stored, secrets, services),
});
