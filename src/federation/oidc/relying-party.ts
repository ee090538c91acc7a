import { buildAuthorizationUrl, buildEndSessionUrl } from 'openid-client';
import { digest, newSecret } from '../../kernel/index.ts';
import type { CallbackAnswer, Departed, Departure, ForeignOutcome } from '../provider.ts';
import { configurationOf, type Proven, prove, type Sent, type Tools } from './exchange.ts';
import { identifiedBy } from './mapping.ts';
import { outcomeOf } from './refusals.ts';
import type { OidcSettings } from './settings.ts';

/** Languages that are passed on. */
const mostLocales = 5;

function wishesOf({ understands }: OidcSettings, departure: Departure): Readonly<Record<string, string>> {
  const { isFresh, loginHint, locales } = departure;
  const all = {
    ...(isFresh ? { prompt: 'login' } : {}),
    ...(loginHint ? { login_hint: loginHint } : {}),
    ...(locales.length > 0 ? { ui_locales: locales.slice(0, mostLocales).join(' ') } : {}),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => understands.some((known) => known === name)));
}

/** The authentication request (OpenID Connect Core §3.1.2.1). */
export function depart(tools: Tools, departure: Departure): Departed {
  const { settings, metadata, services } = tools;
  const verifier = settings.hasProofKey && settings.responseType === 'code' ? newSecret() : undefined;
  const kept = { nonce: newSecret(), issuer: metadata.issuer, at: String(services.clock.now()) };
  const url = buildAuthorizationUrl(configurationOf(tools), {
    redirect_uri: departure.callback,
    response_type: settings.responseType,
    response_mode: settings.responseMode,
    scope: settings.scope,
    state: departure.state,
    nonce: kept.nonce,
    ...(verifier ? { code_challenge: digest(verifier), code_challenge_method: 'S256' } : {}),
    ...wishesOf(settings, departure),
  });
  return { url: url.href, kept: { ...kept, ...(verifier ? { verifier } : {}) } };
}

function personOf({ settings, metadata }: Tools, { token, more }: Proven, answer: CallbackAnswer): ForeignOutcome {
  const identified = identifiedBy(token, more, settings.mapping);
  if ('kind' in identified) return identified;
  const claims = { ...settings.told?.(answer), ...identified.claims };
  return { kind: 'proved', person: { issuer: settings.issuerName ?? metadata.issuer, ...identified, claims } };
}

export async function receive(tools: Tools, answer: CallbackAnswer, sent: Sent): Promise<ForeignOutcome> {
  try {
    return personOf(tools, await prove(tools, answer, sent), answer);
  } catch (error) {
    return outcomeOf(error);
  }
}

/** OpenID Connect RP-Initiated Logout §2; undefined: the provider has no such place. */
export function signOutUrl(tools: Tools, postLogoutRedirectUri: string): string | undefined {
  if (tools.metadata.end_session_endpoint === undefined) return undefined;
  return buildEndSessionUrl(configurationOf(tools), { post_logout_redirect_uri: postLogoutRedirectUri }).href;
}
