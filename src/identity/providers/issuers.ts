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

/** Where Entra ID's metadata is, and the origin of the issuer of tokens of its first version. */
const entra = ['https://login.microsoftonline.com', 'https://sts.windows.net'] as const;

const originOf = (address: string): string | undefined => URL.parse(address)?.origin;

/**
 * The metadata of a provider that is configured by its address alone may name any issuer at its origin, today this one and tomorrow that
 * one: Azure AD B2C names the tenant by its id and not, as the address, by its domain.
 */
function mayIssue({ metadataUrl }: Issuing, { issuerUri }: Issuing): boolean {
  if (metadataUrl === undefined || issuerUri === undefined) return false;
  const [own, told] = [originOf(metadataUrl), originOf(issuerUri)];
  return told !== undefined && (told === own || (own === entra[0] && told === entra[1]));
}

function clash(one: Issuing, other: Issuing): boolean {
  if (one.issuerUri === undefined && other.issuerUri === undefined) return false;
  const [mine, theirs] = [issuerOf(one), issuerOf(other)];
  const isSame = mine !== undefined && theirs !== undefined && fold(mine) === fold(theirs);
  return isSame || mayIssue(one, other) || mayIssue(other, one);
}

/**
 * Accounts are found by issuer and subject. A SAML provider is believed whatever issuer it was given together with its certificate, so that one may
 * not be another provider's, who could else be signed in for. Throws `identity.issuerTaken`.
 */
export async function checkIssuer(next: EntityOf<typeof type>, { reader }: CheckContext): Promise<void> {
  const issuer = issuerOf(next as Issuing);
  if (issuer === undefined) return;
  for await (const rows of everyPage((query) => reader.find(query), { type })) {
    const taken = rows.find(({ id, values }) => id !== next.id && clash(next as Issuing, values as Issuing));
    if (taken) throw faults.issuerTaken({ issuer, id: taken.id });
  }
}
