import { parseQuery } from '../http/index.ts';
import type { Application } from './clients.ts';
import type { TenantContext, Visit } from './context.ts';
import { refusal } from './dialect/errors.ts';
import { filled, type Params, readBoundedForm } from './dialect/params.ts';
import { standardFaults } from './dialect/standard-errors.ts';
import { assertionType, claimedClient } from './standards/assertion.ts';

/** Who a request says it comes from, before anything is believed. */
export interface Credentials {
  readonly clientId: string | undefined;
  readonly secret: string | undefined;
  /** A JWT in place of a secret (RFC 7523). */
  readonly assertion: string | undefined;
}

/** Name and password of a Basic header; they are form-encoded there (RFC 6749 §2.3.1). */
function basicPair(authorization: string | undefined): readonly [string, string] | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, name = '', password = ''] = /^([^:]*):?(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return [formDecoded(name), formDecoded(password)];
}

/** What cannot be decoded names nobody and opens nothing. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '';
  }
}

/** Throws `oidc.assertionRefused`: an assertion of a kind that nobody knows. */
function readAssertion(form: Params): string | undefined {
  const assertion = form.get('client_assertion');
  const type = form.get('client_assertion_type');
  if (assertion === undefined && type === undefined) return undefined;
  if (assertion !== undefined && type === assertionType) return assertion;
  throw standardFaults.assertionRefused({ reason: `client_assertion_type must be '${assertionType}'` });
}

/** Throws `oidc.assertionRefused`, `oidc.twoProofs` (RFC 6749 §2.3). */
export function readCredentials(form: Params, authorization: string | undefined): Credentials {
  const basic = basicPair(authorization);
  const assertion = readAssertion(form);
  const posted = form.get('client_secret');
  if ([basic, assertion, posted].filter((proof) => proof !== undefined).length > 1) throw standardFaults.twoProofs();
  const claimed = basic?.[0] ?? (assertion && claimedClient(assertion));
  return { clientId: form.get('client_id') ?? claimed, secret: basic?.[1] ?? posted, assertion };
}

/**
 * The token endpoint takes an `Authorization` header for nothing but a client's name and secret (RFC 6749 §2.3.1), and of the client that
 * the form names, if it does. Throws `oidc.basicMalformed`, `oidc.twoClients`.
 */
export function assertBasic(authorization: string | undefined, form: Params): void {
  if (authorization === undefined) return;
  const pair = basicPair(authorization);
  if (!pair || pair.includes('')) throw standardFaults.basicMalformed();
  const named = form.get('client_id');
  if (named !== undefined && named.toLowerCase() !== pair[0].toLowerCase()) throw standardFaults.twoClients();
}

/**
 * The form of a request that a program sends. Only the query parameter `p` has a meaning; MSAL adds `client-request-id` there. `needed`
 * is named when there is no form at all. Throws 90226 (not POST), 90083 (no form) and the faults of `readBoundedForm`.
 */
export async function readClientForm({ exchange }: Visit, needed: string): Promise<Params> {
  if (exchange.method !== 'POST') throw refusal('AADB2C90226');
  parseQuery(exchange.url);
  const form = await readBoundedForm(exchange);
  if (!form) throw refusal('AADB2C90083', needed);
  return filled(form);
}

/** Throws 90083, 90018. */
export async function findClient(
  clientId: string | undefined,
  { clients, tenant }: TenantContext,
): Promise<Application> {
  if (clientId === undefined) throw refusal('AADB2C90083', 'client_id');
  const app = await clients.find(clientId);
  if (!app) throw refusal('AADB2C90018', clientId, tenant.domains[0] ?? tenant.id);
  return app;
}

/** Throws 90092. */
export function assertEnabled({ isDisabled, appId }: Application, { tenant }: TenantContext): void {
  if (isDisabled === true) throw refusal('AADB2C90092', appId, tenant.domains[0] ?? tenant.id);
}
