import type { Authority } from './authority.ts';
import type { Application, Clients } from './clients.ts';
import { refusal } from './dialect/errors.ts';
import { personalScopes, userinfoResource } from './tenant-claims.ts';

/** What a client asked for, cut down to what it may have (b2c contract b.2). */
export interface Granted {
  readonly openid: boolean;
  readonly offline: boolean;
  /** Those of `profile` and `email` that were asked for: at the tenant's own authority they say which claims of the person are told. */
  readonly personal: readonly string[];
  /** The one resource the access token is for: its application id, and the short names granted (`scp`). */
  readonly resource?: { readonly appId: string; readonly names: readonly string[] };
  /** The full scopes as answered in `scope`: clients find their cached tokens by them (clients/REQUIREMENTS.md §0.9). */
  readonly echo: string;
}

/** Sent by every Microsoft library; user flows return the claims that they are set to return, whatever is asked. */
const ignored = new Set(['profile', 'email', 'address', 'phone']);

/** RFC 6749 §3.3 scope-token. */
const token = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** RFC 6749 §3.3 scope: tokens with one space between two. */
const list = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** Scopes a request may carry; more is no request of a client. */
const most = 100;

interface Wanted {
  readonly scope: string;
  readonly api: Application;
  /** Undefined: the client's own id as a scope. */
  readonly name?: string;
}

/** What the token endpoint is asked for must be to the letter of the standard. Throws 90117. */
export function assertScopeSyntax(scope: string | undefined): void {
  if (scope !== undefined && !list.test(scope)) throw refusal('AADB2C90117', 'scope contains invalid characters');
}

function split(text: string): readonly string[] {
  const scopes = [...new Set(text.split(' ').filter((one) => one !== ''))];
  const odd = scopes.find((scope) => !token.test(scope));
  if (odd !== undefined) throw refusal('AADB2C99005', [...odd].find((char) => !token.test(char)) ?? odd);
  if (scopes.length > most) throw refusal('AADB2C90117', scopes[most] ?? '');
  return scopes;
}

async function locate(scope: string, client: Application, clients: Clients): Promise<Wanted> {
  if (scope.toLowerCase() === client.appId) return { scope, api: client };
  const slash = scope.lastIndexOf('/');
  const identifier = scope.slice(0, Math.max(slash, 0));
  const api = identifier === '' ? undefined : await findApi(identifier, clients);
  if (!api) throw refusal('AADB2C90117', scope);
  return { scope, api, name: scope.slice(slash + 1) };
}

/** An identifier URI may itself end with a slash; then the scope has two. */
async function findApi(identifier: string, clients: Clients): Promise<Application | undefined> {
  return (await clients.resource(identifier)) ?? (await clients.resource(`${identifier}/`));
}

/** Names of the delegated permissions an administrator has given this client on this API; users are not asked. */
function grantedNames(client: Application, api: Application): readonly string[] {
  const required = client.requiredResourceAccess
    .filter(({ resourceAppId }) => resourceAppId.toLowerCase() === api.appId)
    .flatMap(({ resourceAccess }) => resourceAccess.filter(({ type }) => type !== 'Role').map(({ id }) => id));
  const preAuthorized = (api.api?.preAuthorizedApplications ?? [])
    .filter(({ appId }) => appId?.toLowerCase() === client.appId)
    .flatMap(({ delegatedPermissionIds }) => delegatedPermissionIds);
  const ids = new Set([...required, ...preAuthorized].map((id) => id.toLowerCase()));
  return (api.api?.oauth2PermissionScopes ?? [])
    .filter(({ id, isEnabled }) => isEnabled !== false && ids.has(id.toLowerCase()))
    .flatMap(({ value }) => (value ? [value] : []));
}

function assertKnown({ scope, api, name }: Wanted): void {
  if (name === undefined || name === '.default') return;
  const exposed = (api.api?.oauth2PermissionScopes ?? []).some(({ value }) => value === name);
  if (!exposed) throw refusal('AADB2C90117', scope);
}

interface Share {
  readonly names: readonly string[];
  readonly echo: readonly string[];
}

function shareOf({ scope, name }: Wanted, given: readonly string[]): Share {
  if (name === undefined) return { names: [], echo: [scope] };
  if (name !== '.default') return given.includes(name) ? { names: [name], echo: [scope] } : { names: [], echo: [] };
  const prefix = scope.slice(0, -name.length);
  return { names: given, echo: given.length === 0 ? [] : [...given.map((one) => `${prefix}${one}`), scope] };
}

/** All wanted scopes are of one resource here. */
function cutDown(
  wanted: readonly Wanted[],
  client: Application,
): Required<Pick<Granted, 'resource'>> & { echo: readonly string[] } {
  const api = wanted[0]?.api ?? client;
  const given = grantedNames(client, api);
  const shares = wanted.map((one) => shareOf(one, given));
  const echo = [...new Set(shares.flatMap((share) => share.echo))];
  if (echo.length === 0) throw refusal('AADB2C90205');
  return { resource: { appId: api.appId, names: [...new Set(shares.flatMap((share) => share.names))] }, echo };
}

/**
 * Reads a `scope` parameter. More scopes than granted is fine while one of them is granted. Throws 90117 (unknown), 90146
 * (two resources), 90205 (none granted), 99005 (illegal character).
 */
export async function resolveScopes(
  text: string,
  client: Application,
  { clients, authority }: { readonly clients: Clients; readonly authority: Authority },
): Promise<Granted> {
  const asked = split(text);
  const openid = asked.includes('openid');
  const offline = asked.includes('offline_access');
  const others = asked.filter((scope) => scope !== 'openid' && scope !== 'offline_access' && !ignored.has(scope));
  const wanted = await Promise.all(others.map((scope) => locate(scope, client, clients)));
  for (const one of wanted) assertKnown(one);
  if (new Set(wanted.map(({ api }) => api.appId)).size > 1) throw refusal('AADB2C90146', text);
  const base = [...(openid ? ['openid'] : []), ...(offline ? ['offline_access'] : [])];
  const personal = personalScopes.filter((scope) => asked.includes(scope));
  const who = { openid, offline, personal };
  if (wanted.length > 0) {
    const { resource, echo } = cutDown(wanted, client);
    return { ...who, resource, echo: [...echo, ...base].join(' ') };
  }
  const resource = authority.kind === 'tenant' ? userinfoResource(openid, personal) : undefined;
  return { ...who, ...(resource ? { resource } : {}), echo: base.join(' ') };
}
