import { buildAuthorizationUrl, buildEndSessionUrl } from 'openid-client';
import { digest, newSecret } from '../../kernel/index.ts';
import { createDocuments } from '../documents.ts';
import { failed } from '../oauth2-answer.ts';
import type { CallbackAnswer, Departure, ForeignOutcome, ForeignProvider } from '../provider.ts';
import type { FederationServices } from '../services.ts';
import { createFetch } from './calls.ts';
import { configurationOf, prove, type Sent, type Tools } from './exchange.ts';
import { identifiedBy } from './mapping.ts';
import { readMetadata } from './metadata.ts';
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

function personOf(
  { settings, metadata }: Tools,
  { token, more }: Awaited<ReturnType<typeof prove>>,
  answer: CallbackAnswer,
): ForeignOutcome {
  const identified = identifiedBy(token, more, settings.mapping);
  if ('kind' in identified) return identified;
  const claims = { ...settings.told?.(answer), ...identified.claims };
  return { kind: 'proved', person: { issuer: settings.issuerName ?? metadata.issuer, ...identified, claims } };
}

/** A provider that speaks OpenID Connect (Core 1.0): a code with a proof key, or an ID token that a form posts. */
export function createOidcProvider(settings: OidcSettings, services: FederationServices): ForeignProvider {
  const documents = createDocuments(services);
  const call = createFetch(services);
  const { id, metadataUrl, responseType } = settings;

  const warn = (flaw: string): undefined =>
    services.observe({
      kind: 'warning',
      message: `The identity provider '${id}' cannot be used: ${flaw}.`,
    }) as undefined;

  /** As the provider publishes it now. */
  async function toolsNow(): Promise<Tools | undefined> {
    if (responseType === 'code' && !settings.authenticate) return warn('its client secret or key is missing');
    const members = await documents.read(metadataUrl);
    if (!members) return undefined;
    const read = readMetadata(members, settings);
    return read.kind === 'failed'
      ? warn(`of its metadata, ${read.reason}`)
      : { settings, metadata: read.value, services, documents, call };
  }

  function departFrom(tools: Tools, departure: Departure) {
    const verifier = settings.hasProofKey && responseType === 'code' ? newSecret() : undefined;
    const kept = { nonce: newSecret(), issuer: tools.metadata.issuer, at: String(services.clock.now()) };
    const url = buildAuthorizationUrl(configurationOf(tools), {
      redirect_uri: departure.callback,
      response_type: responseType,
      response_mode: settings.responseMode,
      scope: settings.scope,
      state: departure.state,
      nonce: kept.nonce,
      ...(verifier ? { code_challenge: digest(verifier), code_challenge_method: 'S256' } : {}),
      ...wishesOf(settings, departure),
    });
    return { url: url.href, kept: { ...kept, ...(verifier ? { verifier } : {}) } };
  }

  async function receive(answer: CallbackAnswer, sent: Sent): Promise<ForeignOutcome> {
    const tools = await toolsNow();
    if (!tools) return failed('the provider cannot be used');
    try {
      return personOf(tools, await prove(tools, answer, sent), answer);
    } catch (error) {
      return outcomeOf(error);
    }
  }

  return {
    id,
    async depart(departure) {
      const tools = await toolsNow();
      return tools && departFrom(tools, departure);
    },
    receive,
    async signOutUrl(postLogoutRedirectUri) {
      const tools = await toolsNow();
      if (tools?.metadata.end_session_endpoint === undefined) return undefined;
      return buildEndSessionUrl(configurationOf(tools), { post_logout_redirect_uri: postLogoutRedirectUri }).href;
    },
  };
}
