import { type EntityOf, entities, isA } from '../../model/index.ts';
import { claimsIn } from '../outside-claims.ts';
import type { ForeignOutcome, ForeignProvider } from '../provider.ts';
import { createKeys } from '../saml/keys.ts';
import { departToSaml, receiveFromSaml, type SamlProvider } from '../saml/saml.ts';
import type { FederationServices, StoredProvider } from '../services.ts';
import type { ProviderKind } from './kind.ts';

const { samlOrWsFedExternalDomainFederation: type, externalDomainName } = entities;

/** Whether the organization of the provider has said that the domain of an address is its own. */
async function speaksFor(id: string, email: string, { directory }: FederationServices): Promise<boolean> {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const within = { parent: { type, id }, navigation: 'domains' };
  return (await directory.get({ type: externalDomainName, id: domain, within })) !== undefined;
}

function create({ entity }: StoredProvider, services: FederationServices): ForeignProvider {
  const {
    id,
    issuerUri: issuer,
    passiveSignInUri,
    metadataExchangeUri,
    signingCertificate,
  } = entity as EntityOf<typeof type>;
  const metadataUrl = metadataExchangeUri ?? undefined;
  const keys = createKeys({ id, issuer, certificate: signingCertificate, metadataUrl }, services);
  const provider: SamlProvider = { issuer, signInUrl: passiveSignInUri, keys };

  const receive: ForeignProvider['receive'] = async (answer, departed): Promise<ForeignOutcome> => {
    const outcome = await receiveFromSaml(provider, answer, departed, services.clock.now());
    if (outcome.kind !== 'read') return outcome;
    const claims = claimsIn(outcome.value.attributes);
    const isEmailVerified = claims['email'] !== undefined && (await speaksFor(id, claims['email'], services));
    return { kind: 'proved', person: { issuer, issuerAssignedId: outcome.value.subject, claims, isEmailVerified } };
  };
  return { id, depart: (departure) => departToSaml(provider, departure, services.clock.now()), receive };
}

/** Providers of other organizations that speak SAML 2.0. Their subject is a persistent NameID, their issuer the entity id. */
export const saml: ProviderKind = {
  serves: (stored) => isA(stored.type, type),
  create: (stored, _, services) => create(stored, services),
};
