import {
  allowInsecureRequests,
  authorizationCodeGrant,
  type ClientAuth,
  Configuration,
  type CustomFetch,
  clockSkew,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  implicitAuthentication,
  None,
  type ServerMetadata,
  setJwksCache,
  useIdTokenResponseType,
} from 'openid-client';
import type { Documents } from '../documents.ts';
import type { Members } from '../oauth2-answer.ts';
import type { CallbackAnswer, Departed, Departure } from '../provider.ts';
import type { FederationServices } from '../services.ts';
import { createFetch } from './calls.ts';
import { type Circumstances, checkClaims, headerOf, skew } from './checks.ts';
import { lacks } from './mapping.ts';
import { Untrusted } from './refusals.ts';
import type { OidcSettings } from './settings.ts';
import { noAccessToken, withAccessToken } from './token-answer.ts';

/** What an answer is read with. */
export interface Tools {
  readonly settings: OidcSettings;
  readonly metadata: ServerMetadata;
  readonly services: FederationServices;
  readonly documents: Documents;
}

export type Sent = Departure & Pick<Departed, 'kept'>;

/** What a verified answer says: the claims of the ID token, and those of the UserInfo endpoint beside them. */
export interface Proven {
  readonly token: Members;
  readonly more: Members;
}

/** The client of the library; `auth`: where it calls the token endpoint. */
export function configurationOf(
  { settings, metadata, services }: Tools,
  auth: ClientAuth = None(),
  call: CustomFetch = createFetch(services),
): Configuration {
  const ahead = services.clock.now() - Math.floor(Date.now() / 1000);
  const client = { [clockSkew]: ahead, [clockTolerance]: skew };
  const config = new Configuration(metadata, settings.clientId, client, auth);
  config[customFetch] = call;
  // `flawOfOutsideUrl` and `Outside` decide where plain HTTP is allowed: on the machine itself, in development.
  allowInsecureRequests(config);
  if (settings.responseType === 'id_token') useIdTokenResponseType(config);
  else enableNonRepudiationChecks(config);
  return config;
}

/** Seconds that the library takes a key set for old at; from 60 on it reads it again for a key it does not find, from 300 on always. */
const middleAged = 200;

/** With the keys at hand; for a key that is not among them they are read again, once. */
async function configured(tools: Tools): Promise<Configuration> {
  const { metadata, documents, settings, services } = tools;
  const call = createFetch(services);
  const { jwks_uri: keysUrl = '' } = metadata;
  const withKeys: CustomFetch = async (url, options) => {
    if (url === metadata.token_endpoint) return withAccessToken(await call(url, options));
    if (url !== keysUrl) return call(url, options);
    const keys = await documents.read(url, { isAnew: true });
    return keys ? Response.json(keys) : new Response(null, { status: 502 });
  };
  const auth = settings.responseType === 'code' ? await settings.authenticate?.(metadata) : undefined;
  const config = configurationOf(tools, auth, withKeys);
  const keys = await documents.read(keysUrl);
  if (!keys) throw new Untrusted('the keys of the provider could not be read');
  const uat = Math.floor(Date.now() / 1000) - middleAged;
  setJwksCache(config, { jwks: { keys: Array.isArray(keys['keys']) ? keys['keys'] : [] }, uat });
  return config;
}

/** Parameters that are looked at; whatever else comes with them is not for the library. */
const ofCode = ['code', 'state', 'iss', 'error', 'error_description'];
const ofToken = ['id_token', 'state', 'iss', 'error', 'error_description'];

const pick = ({ params }: CallbackAnswer, names: readonly string[]): URLSearchParams =>
  new URLSearchParams(Object.entries(params).filter(([name]) => names.includes(name)));

async function claimsByCode(tools: Tools, answer: CallbackAnswer, sent: Sent, anew: Partial<Circumstances>) {
  const { settings, services } = tools;
  const config = await configured(tools);
  const url = new URL(sent.callback);
  url.search = pick(answer, ofCode).toString();
  const { nonce = '', verifier = '' } = sent.kept;
  const granted = await authorizationCodeGrant(config, url, {
    expectedState: sent.state,
    expectedNonce: nonce,
    idTokenExpected: true,
    ...(settings.hasProofKey ? { pkceCodeVerifier: verifier } : {}),
  });
  const { access_token: given, id_token: idToken = '' } = granted;
  const accessToken = given === noAccessToken ? undefined : given;
  const claims = granted.claims();
  if (!claims) throw new Untrusted('the provider sent no ID token');
  const { code } = answer.params;
  checkClaims(claims, headerOf(idToken), {
    clientId: settings.clientId,
    now: services.clock.now(),
    ...(accessToken === undefined ? {} : { accessToken }),
    ...(code === undefined ? {} : { code }),
    ...anew,
  });
  const isWorthIt = tools.metadata.userinfo_endpoint !== undefined && lacks(claims, settings.mapping);
  const isAsked = accessToken !== undefined && isWorthIt;
  return { token: claims, more: isAsked ? await userInfo(tools, config, accessToken, claims.sub) : {} };
}

/** What the ID token does not say. Nobody's sign-in fails for want of it. */
async function userInfo(
  { settings, services }: Tools,
  config: Configuration,
  accessToken: string,
  subject: string,
): Promise<Members> {
  try {
    return await fetchUserInfo(config, accessToken, subject);
  } catch {
    const message = `The identity provider '${settings.id}' did not say more about a person than their ID token.`;
    services.observe({ kind: 'warning', message });
    return {};
  }
}

async function claimsByToken(tools: Tools, answer: CallbackAnswer, sent: Sent, anew: Partial<Circumstances>) {
  const { settings, services } = tools;
  const config = await configured(tools);
  const url = new URL(sent.callback);
  url.hash = pick(answer, ofToken).toString();
  const claims = await implicitAuthentication(config, url, sent.kept['nonce'] ?? '', { expectedState: sent.state });
  const given = { clientId: settings.clientId, now: services.clock.now(), ...anew };
  checkClaims(claims, headerOf(answer.params['id_token'] ?? ''), given);
  return { token: claims, more: {} };
}

/** Verifies an answer. Rejects with what `outcomeOf` tells apart. */
export async function prove(tools: Tools, answer: CallbackAnswer, sent: Sent): Promise<Proven> {
  const { nonce, issuer, at } = sent.kept;
  if (!nonce) throw new Untrusted('what the answer is held against is lost');
  if (issuer !== tools.metadata.issuer) throw new Untrusted('the issuer has changed since the person left');
  const anew = sent.isFresh && at !== undefined ? { askedAnewAt: Number(at) } : {};
  const claims = tools.settings.responseType === 'code' ? claimsByCode : claimsByToken;
  return claims(tools, answer, sent, anew);
}
