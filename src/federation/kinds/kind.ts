import type { ForeignProvider } from '../provider.ts';
import type { FederationServices, StoredProvider } from '../services.ts';

/** One kind of provider: its endpoints, scopes and mapping, on one of the protocols. */
export interface ProviderKind {
  serves(stored: StoredProvider): boolean;
  /** `secrets`: opened, by the path of their property. */
  create(
    stored: StoredProvider,
    secrets: Readonly<Record<string, string>>,
    services: FederationServices,
  ): ForeignProvider;
}
