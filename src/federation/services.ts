import type { KeyObject } from 'node:crypto';
import type { Outside } from '../connectors/index.ts';
import type { Directory, Versioned } from '../directory/index.ts';
import type { Clock, Observe } from '../kernel/index.ts';
import type { entities } from '../model/index.ts';

export interface FederationServices {
  readonly directory: Directory;
  /** Calls providers, whose addresses an administrator of the tenant has chosen. */
  readonly outside: Outside;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Signs for this server where a provider knows it by its published keys (`private_key_jwt`). */
  readonly signingKey?: () => Promise<{ readonly kid: string; readonly privateKey: KeyObject }>;
  /** Development: in place of a kind's own origins, by name (`ProviderKind.fixed`), e.g. `Google` → `http://localhost:9000`. */
  readonly originOf?: (kind: string) => string | undefined;
}

export type StoredProvider = Versioned<typeof entities.identityProviderBase>;
