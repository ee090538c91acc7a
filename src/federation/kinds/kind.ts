import type { ForeignProvider } from '../provider.ts';
import type { FederationServices, StoredProvider } from '../services.ts';

/** One kind of provider: its endpoints, scopes and mapping, on one of the protocols. */
export interface ProviderKind {
  /** Of a kind whose addresses are fixed: what an origin in their place is named after (`FederationServices.originOf`). */
  readonly fixed?: string;
  serves(stored: StoredProvider): boolean;
  /** `secrets`: opened, by the path of their property. */
  create(
    stored: StoredProvider,
    secrets: Readonly<Record<string, string>>,
    services: FederationServices,
  ): ForeignProvider;
}
