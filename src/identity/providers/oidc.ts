import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { checkScope, checkUrl, leavesOrigin, metadataPath } from './protocol.ts';

type Provider = EntityOf<typeof entities.oidcIdentityProvider>;
type ProviderDraft = Draft<typeof entities.oidcIdentityProvider>;

const secretAuthentication = 'oidcClientSecretAuthentication';

function demandSecret(draft: ProviderDraft, current: Provider): void {
  if (current.clientAuthentication?.['@odata.type'] !== secretAuthentication) return;
  const given = draft.clientAuthentication;
  const sent = given && (given['@odata.type'] !== secretAuthentication || given.clientSecret !== undefined);
  if (sent) return;
  for (const property of ['issuer', 'wellKnownEndpoint'] as const) {
    if (leavesOrigin(draft[property], current[property])) throw faults.secretForOtherOrigin({ property });
  }
}

/** The rules of a custom provider of an external tenant (Graph contract a.6). */
export const oidcBehaviour = behaviour({
  type: entities.oidcIdentityProvider,
  async prepare(
    draft: ProviderDraft,
    { caller, current }: PrepareContext<typeof entities.oidcIdentityProvider>,
  ): Promise<ProviderDraft> {
    if (current && caller.kind !== 'system') demandSecret(draft, current);
    return draft;
  },
  async check({ issuer, wellKnownEndpoint, responseType, scope }: Provider): Promise<void> {
    checkUrl('issuer', issuer, { bare: true });
    if (/(?:^|\.)microsoftonline\.com$/i.test(new URL(issuer).hostname)) {
      throw faults.badProviderUrl({ property: 'issuer', reason: 'the domain microsoftonline.com is not accepted' });
    }
    if (wellKnownEndpoint !== null) {
      checkUrl('wellKnownEndpoint', wellKnownEndpoint, { ending: metadataPath });
      // Accounts are found by issuer, so nobody but whoever runs the issuer's server may say how its tokens are known.
      if (leavesOrigin(wellKnownEndpoint, issuer)) {
        throw faults.badProviderUrl({
          property: 'wellKnownEndpoint',
          reason: 'it is at another origin than the issuer',
        });
      }
    }
    if (responseType !== 'code') throw faults.badResponseType({ responseType, allowed: 'code' });
    checkScope(scope);
  },
});
