import { createDocuments } from '../documents.ts';
import { failed } from '../oauth2-answer.ts';
import type { ForeignProvider } from '../provider.ts';
import type { FederationServices } from '../services.ts';
import type { Tools } from './exchange.ts';
import { readMetadata } from './metadata.ts';
import type { OidcSettings } from './settings.ts';

/** The protocol is loaded with the first person who is sent away: most servers never need it. */
const relyingParty = () => import('./relying-party.ts');

/** A provider that speaks OpenID Connect (Core 1.0): a code with a proof key, or an ID token that a form posts. */
export function createOidcProvider(settings: OidcSettings, services: FederationServices): ForeignProvider {
  const documents = createDocuments(services);
  const { id, metadataUrl, responseType } = settings;

  const warn = (flaw: string): void =>
    services.observe({ kind: 'warning', message: `The identity provider '${id}' cannot be used: ${flaw}.` });

  /** As the provider publishes it now. */
  async function toolsNow(): Promise<Tools | undefined> {
    if (responseType === 'code' && !settings.authenticate) {
      warn('its client secret or key is missing');
      return undefined;
    }
    const members = await documents.read(metadataUrl);
    const read = members && readMetadata(members, settings);
    if (read?.kind === 'failed') warn(`of its metadata, ${read.reason}`);
    return read?.kind === 'read' ? { settings, metadata: read.value, services, documents } : undefined;
  }

  return {
    id,
    async depart(departure) {
      const tools = await toolsNow();
      return tools && (await relyingParty()).depart(tools, departure);
    },
    async receive(answer, departed) {
      const tools = await toolsNow();
      return tools ? (await relyingParty()).receive(tools, answer, departed) : failed('the provider cannot be used');
    },
    async signOutUrl(postLogoutRedirectUri) {
      const tools = await toolsNow();
      return tools && (await relyingParty()).signOutUrl(tools, postLogoutRedirectUri);
    },
  };
}
