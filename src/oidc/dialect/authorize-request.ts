import { createHash } from 'node:crypto';
import type { Authority, Belonging } from '../authority.ts';
import type { Application, Clients } from '../clients.ts';
import { isLanguageTag, uiLocales } from '../locales.ts';
import { type Granted, resolveScopes } from '../scopes.ts';
import { isBound } from '../standards/binding.ts';
import { assertCodeOnly, fapiCodeSeconds, isFapi } from '../standards/profile.ts';
import type { Ticket } from '../ticket.ts';
import { refusal } from './errors.ts';
import { assertShort, type Params } from './params.ts';
import type { Platform } from './redirect-uri.ts';
import type { ResponseMode } from './response.ts';
import { standardFaults } from './standard-errors.ts';

const implicitGrants = (app: Application) => app.web?.implicitGrantSettings;

/** Sorted parts of `response_type`. Throws 90013 (unknown), 90057 (not switched on for the application). */
function readResponseType(params: Params, app: Application): readonly string[] {
  const asked = params.get('response_type') ?? '';
  const parts = [...new Set(asked.split(/[ +]/).filter((part) => part !== ''))].sort();
  const known = parts.every((part) => part === 'code' || part === 'id_token' || part === 'token');
  if (!known || parts.length === 0) throw refusal('AADB2C90013', asked);
  const settings = implicitGrants(app);
  if (parts.includes('id_token') && settings?.enableIdTokenIssuance !== true) throw refusal('AADB2C90057', 'id_token');
  if (parts.includes('token') && settings?.enableAccessTokenIssuance !== true) throw refusal('AADB2C90057', 'token');
  return parts;
}

/** The mode errors are sent in, whatever else is wrong: the one asked for, if there is such a one. */
export function modeOf(params: Params): ResponseMode {
  const asked = params.get('response_mode');
  if (asked === 'query' || asked === 'fragment' || asked === 'form_post') return asked;
  return /token/.test(params.get('response_type') ?? '') ? 'fragment' : 'query';
}

/** Throws 90014: unknown, or tokens in a query, where servers and histories keep them. */
function checkResponseMode(params: Params, types: readonly string[]): void {
  const asked = params.get('response_mode');
  if (asked === undefined) return;
  const bearing = types.some((type) => type !== 'code');
  if (asked !== modeOf(params) || (asked === 'query' && bearing)) throw refusal('AADB2C90014', asked);
}

/** Request objects (RFC 9101) are not read, and a `request_uri` has been replaced by what it stands for. Throws `oidc.requestNotSupported`. */
function assertPlain(params: Params): void {
  if (params.has('request')) throw standardFaults.requestNotSupported();
  if (params.has('request_uri')) throw standardFaults.requestUriNotSupported();
}

const challengePattern = /^[A-Za-z0-9_-]{43}$/;
/** A plain challenge is the verifier (RFC 7636 §4.1). */
const verifierPattern = /^[A-Za-z0-9\-._~]{43,128}$/;

/**
 * RFC 7636: required of clients that cannot keep a secret, and where the application asks for it; `plain` is taken where the tenant allows
 * it. Resolves to the challenge as `S256`. Throws 99059, 90184.
 */
function readChallenge(
  params: Params,
  types: readonly string[],
  { app, platform, plainPkce }: Pick<Asked, 'app' | 'platform' | 'plainPkce'>,
): string | undefined {
  const challenge = params.get('code_challenge');
  const method = params.get('code_challenge_method');
  if (challenge === undefined && method === undefined) {
    const required = platform !== 'web' || app.settings.isPkceRequired || isFapi(app);
    if (required && types.includes('code')) throw refusal('AADB2C99059');
    return undefined;
  }
  const plain = plainPkce && !isFapi(app) && (method === undefined || method === 'plain');
  const pattern = plain ? verifierPattern : challengePattern;
  if (challenge === undefined || !pattern.test(challenge)) throw refusal('AADB2C99059');
  if (plain) return createHash('sha256').update(challenge).digest('base64url');
  if (method !== 'S256') throw refusal('AADB2C90184');
  return challenge;
}

/**
 * The key that the code is to be bound to (RFC 9449 §10); of an application whose tokens are not bound nobody looks at it. A token that
 * passes through the browser cannot be bound at all. Throws 90122, `oidc.unbindable`.
 */
function readKey(params: Params, types: readonly string[], app: Application): string | undefined {
  if (!isBound(app)) return undefined;
  if (types.includes('token')) throw standardFaults.unbindable();
  const key = params.get('dpop_jkt');
  if (key !== undefined && !challengePattern.test(key)) throw refusal('AADB2C90122', 'dpop_jkt');
  return key;
}

const prompts = new Set(['none', 'login', 'consent', 'select_account']);

/** A language that no flow speaks chooses nothing; something that is no language tag is a mistake. Throws 90112. */
function checkLocales(params: Params): void {
  const wrong = uiLocales(params.get('ui_locales')).find((locale) => !isLanguageTag(locale));
  if (wrong !== undefined) throw refusal('AADB2C90112', wrong);
}

/**
 * `consent` and `select_account` ask for nothing a flow would do differently (b2c contract b.1); at the tenant the latter asks who it is, as in
 * the directory. Throws 90043.
 */
function readPrompt(params: Params, { kind }: Authority): string | undefined {
  const asked = (params.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '');
  const clash = asked.includes('none') && asked.length > 1;
  if (clash || asked.some((prompt) => !prompts.has(prompt))) throw refusal('AADB2C90043');
  if (kind === 'tenant' && asked.includes('select_account')) return 'login';
  return asked.find((prompt) => prompt === 'none' || prompt === 'login');
}

const longestAge = 10 ** 9;

function readMaxAge(params: Params): number | undefined {
  const asked = params.get('max_age');
  if (asked === undefined) return undefined;
  const valid = /^\d{1,10}$/.test(asked) && Number(asked) <= longestAge;
  if (!valid) throw refusal('AADB2C90120', asked, '0', String(longestAge));
  return Number(asked);
}

/** Throws 90010, 90110, 90115, 90055 and what `resolveScopes` throws. */
async function readScopes(
  params: Params,
  types: readonly string[],
  { app, clients, authority }: Pick<Asked, 'app' | 'clients' | 'authority'>,
): Promise<Granted> {
  const asked = params.get('scope');
  if (asked === undefined) throw refusal('AADB2C90010');
  const granted = await resolveScopes(asked, app, { clients, authority });
  if (types.includes('id_token') && !granted.openid) throw refusal('AADB2C90110');
  if (types.includes('token') && !granted.resource) throw refusal('AADB2C90055', asked);
  if (!granted.openid && !granted.resource) throw refusal('AADB2C90115');
  return granted;
}

export interface AuthorizeRequest {
  readonly types: readonly string[];
  readonly prompt: string | undefined;
  readonly ticket: Ticket;
  /** PKCE, by `S256`. */
  readonly challenge?: string;
}

interface Asked {
  readonly app: Application;
  readonly authority: Authority;
  readonly platform: Platform;
  readonly clients: Clients;
  /** `code_challenge_method=plain` is allowed. */
  readonly plainPkce: boolean;
  readonly belonging: Belonging;
  readonly correlationId: string;
}

/**
 * What the request says, once client and redirect URI are known good: from here on errors go to the application. Throws
 * 90122 (a value is too long) and what each parameter's own reader throws.
 */
export async function readAuthorizeRequest(params: Params, asked: Asked): Promise<AuthorizeRequest> {
  const { app, authority, platform, plainPkce, belonging, correlationId } = asked;
  assertShort(params);
  assertPlain(params);
  const types = readResponseType(params, app);
  checkResponseMode(params, types);
  const { openid, offline, resource, echo, personal } = await readScopes(params, types, asked);
  if (types.includes('id_token') && !params.has('nonce')) throw refusal('AADB2C90009', 'id_token');
  const challenge = readChallenge(params, types, { app, platform, plainPkce });
  assertCodeOnly(app, types);
  const boundTo = readKey(params, types, app);
  checkLocales(params);
  const prompt = readPrompt(params, authority);
  const maxAge = readMaxAge(params);
  const pageFlavor = params.get('pageFlavor');
  const domainHint = params.get('domain_hint');
  const ticket: Ticket = {
    ...belonging,
    personal,
    platform,
    clientInfo: params.get('client_info') === '1',
    openid,
    offline: offline && types.includes('code'),
    ...(resource ? { resource } : {}),
    echo,
    correlationId,
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(pageFlavor === undefined ? {} : { pageFlavor }),
    ...(domainHint === undefined ? {} : { domainHint }),
    ...(boundTo === undefined ? {} : { boundTo }),
    ...(isFapi(app) ? { codeSeconds: fapiCodeSeconds } : {}),
  };
  return { types, prompt, ticket, ...(challenge === undefined ? {} : { challenge }) };
}
