import type { CheckContext } from '../../directory/index.ts';
import { type EntityOf, entities, everyPage, fold } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { metadataPath } from './protocol.ts';

const type = entities.identityProviderBase;

/** What a provider may write as the issuer of people's identities. */
interface Issuing {
  readonly issuerUri?: string;
  readonly issuer?: string;
  readonly metadataUrl?: string;
}

function issuerOf({ issuerUri, issuer, metadataUrl }: Issuing): string | undefined {
  const text = issuerUri ?? issuer ?? metadataUrl?.split(/[?#]/)[0]?.replace(metadataPath, '');
  return text?.replace(/\/$/, '');
}

/**
 * Accounts are found by issuer and subject. A SAML provider is believed whatever issuer it was given together with its certificate, so that one may
 * not be another provider's, who could else be signed in for. Throws `identity.issuerTaken`.
 */
export async function checkIssuer(next: EntityOf<typeof type>, { reader }: CheckContext): Promise<void> {
  const issuer = issuerOf(next as Issuing);
  if (issuer === undefined) return;
  for await (const rows of everyPage((query) => reader.find(query), { type })) {
    for (const { id, values } of rows) {
      const other = values as Issuing;
      const isSaml = 'issuerUri' in next || other.issuerUri !== undefined;
      const theirs = issuerOf(other);
      if (!isSaml || id === next.id || theirs === undefined || fold(theirs) !== fold(issuer)) continue;
      throw faults.issuerTaken({ issuer, id });
    }
  }
}
