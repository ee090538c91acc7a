import type { Flows } from '../flows/index.ts';
import { type Exchange, httpFaults, type Reply } from '../http/index.ts';
import { faults } from './faults.ts';

export interface SamlMetadataServices {
  /** By id or domain name; undefined: there is no such tenant. */
  flowsOf(tenant: string): Promise<Pick<Flows, 'samlMetadata'> | undefined>;
}

/** Beside the callback address, in letters of any case. It is also how SAML providers call this server. */
const address = /^\/(?<tenant>[\w.-]{1,253})\/oauth2\/saml\/metadata$/i;

export const isSamlMetadata = (pathname: string): boolean => address.test(pathname);

/** What administrators of SAML providers load to make this server known there. Holds nothing that is not said to every provider. */
export async function samlMetadataReply({ method, url }: Exchange, services: SamlMetadataServices): Promise<Reply> {
  if (method !== 'GET' && method !== 'HEAD') throw faults.readOnly();
  const { tenant = '' } = address.exec(url.pathname)?.groups ?? {};
  const flows = await services.flowsOf(tenant);
  if (!flows) throw httpFaults.notFound();
  const headers = { 'content-type': 'application/samlmetadata+xml; charset=utf-8', 'cache-control': 'no-cache' };
  return { status: 200, headers, body: flows.samlMetadata(url.origin) };
}
