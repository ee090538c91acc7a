import { behaviour } from '../../directory/index.ts';
import { type EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { checkScope, checkUrl, metadataPath } from './protocol.ts';

type Provider = EntityOf<typeof entities.oidcIdentityProvider>;

/** The rules of a custom provider of an external tenant (Graph contract a.6). */
export const oidcBehaviour = behaviour({
  type: entities.oidcIdentityProvider,
  async check({ issuer, wellKnownEndpoint, responseType, scope }: Provider): Promise<void> {
    checkUrl('issuer', issuer, { bare: true });
    if (/(?:^|\.)microsoftonline\.com$/i.test(new URL(issuer).hostname)) {
      throw faults.badProviderUrl({ property: 'issuer', reason: 'the domain microsoftonline.com is not accepted' });
    }
    if (wellKnownEndpoint !== null) checkUrl('wellKnownEndpoint', wellKnownEndpoint, { ending: metadataPath });
    if (responseType !== 'code') throw faults.badResponseType({ responseType, allowed: 'code' });
    checkScope(scope);
  },
});
