import type { ProviderKind } from './kind.ts';

/** Every kind of foreign provider, one line each. */
export const kinds: readonly ProviderKind[] = [];
