import { X509Certificate } from 'node:crypto';
import { type Behaviour, behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { checkUrl } from './protocol.ts';

const type = entities.samlOrWsFedExternalDomainFederation;

/** Bits of an RSA key; shorter ones can be broken (NIST SP 800-131A). */
const leastBits = 2048;

/** Whose people come by OpenID Connect, under issuers at these hosts. */
const openIdHosts: readonly string[] = [
  'accounts.google.com',
  'appleid.apple.com',
  'login.live.com',
  'login.microsoftonline.com',
];

/** DER or PEM, in Base64 or as PEM itself. */
function certificateIn(text: string): X509Certificate | undefined {
  const isPem = text.includes('-----BEGIN CERTIFICATE-----');
  try {
    return new X509Certificate(isPem ? text : Buffer.from(text.replace(/\s/g, ''), 'base64'));
  } catch {
    return undefined;
  }
}

/** As Graph shows it: Base64 of the DER form, in one line. Throws `identity.badFederation`. */
function normalCertificate(text: string): string {
  const property = 'signingCertificate';
  const certificate = certificateIn(text);
  if (!certificate) throw faults.badFederation({ property, reason: 'it is not an X.509 certificate in Base64' });
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < leastBits) {
    throw faults.badFederation({ property, reason: `its key is not RSA with at least ${leastBits} bits` });
  }
  return certificate.raw.toString('base64');
}

/** The issuers of social providers and of local accounts are bare domain names, so one that is a URI cannot be taken for theirs. */
function checkIssuerUri(issuerUri: string): void {
  const property = 'issuerUri';
  if (!/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(issuerUri)) {
    throw faults.badFederation({ property, reason: 'an entity id is a URI' });
  }
  if (openIdHosts.includes(URL.parse(issuerUri)?.hostname ?? '')) {
    throw faults.badFederation({ property, reason: 'its people come by OpenID Connect' });
  }
}

/** The rules of a provider that speaks SAML 2.0. */
const federation = behaviour({
  type,
  async prepare(draft: Draft<typeof type>): Promise<Draft<typeof type>> {
    const { signingCertificate } = draft;
    return signingCertificate ? { ...draft, signingCertificate: normalCertificate(signingCertificate) } : draft;
  },
  async check(next: EntityOf<typeof type>): Promise<void> {
    const { issuerUri, passiveSignInUri, metadataExchangeUri, preferredAuthenticationProtocol, signingCertificate } =
      next;
    if (preferredAuthenticationProtocol !== 'saml') {
      const reason = "the protocol that is spoken is 'saml'";
      throw faults.badFederation({ property: 'preferredAuthenticationProtocol', reason });
    }
    checkIssuerUri(issuerUri);
    checkUrl('passiveSignInUri', passiveSignInUri);
    if (metadataExchangeUri !== null) checkUrl('metadataExchangeUri', metadataExchangeUri);
    if (!signingCertificate && metadataExchangeUri === null) {
      const reason = "without it and 'metadataExchangeUri' no answer can be verified";
      throw faults.badFederation({ property: 'signingCertificate', reason });
    }
  },
});

/** RFC 1035 §2.3.1, with the digits of RFC 1123 §2.1, in lower case. */
const domainName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/** Domains that one provider may speak for. */
const mostDomains = 50;

const domain = behaviour({
  type: entities.externalDomainName,
  async prepare(
    draft: Draft<typeof entities.externalDomainName>,
    { verb }: PrepareContext<typeof entities.externalDomainName>,
  ): Promise<Draft<typeof entities.externalDomainName>> {
    return verb === 'create' ? { ...draft, id: draft.id?.toLowerCase() ?? '' } : draft;
  },
  async check({ id }: EntityOf<typeof entities.externalDomainName>): Promise<void> {
    if (!domainName.test(id)) throw faults.badFederation({ property: 'domains', reason: 'it is not a domain name' });
  },
  atMost: { maximum: mostDomains, full: faults.tooManyDomains },
});

export const samlBehaviours: readonly Behaviour[] = [federation, domain];
