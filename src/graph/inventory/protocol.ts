import type { Version } from '../../model/index.ts';
import type { Addressed } from './offer.ts';

/** What is asked of a version itself and not of a resource. */
export interface ProtocolOffer extends Addressed {
  readonly path: readonly string[];
  readonly does: 'service' | 'metadata' | 'openapi' | 'identity' | 'batch';
  /** Anybody may, without a token. */
  readonly open: boolean;
}

/** None asks for a permission: the documents tell what the public reference tells, and each request of a batch asks for its own. */
export const protocolInventory = (version: Version): readonly ProtocolOffer[] => {
  const common = { version, permissions: [] } as const;
  return [
    { ...common, httpMethod: 'GET', path: [], does: 'service', open: true },
    { ...common, httpMethod: 'GET', path: ['$metadata'], does: 'metadata', open: true },
    { ...common, httpMethod: 'GET', path: ['openapi.json'], does: 'openapi', open: true },
    { ...common, httpMethod: 'GET', path: ['identity'], does: 'identity', open: false },
    { ...common, httpMethod: 'POST', path: ['$batch'], does: 'batch', open: false },
  ];
};
