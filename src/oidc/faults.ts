import { defineFaults } from '../kernel/index.ts';

/** Faults of bearer tokens at Graph (contract d.6) and defects of this room. The protocol's own are in `dialect/errors.ts`. */
export const faults = defineFaults('oidc', {
  tokenMissing: { status: 401, message: 'Access token is empty.' },
  tokenMalformed: { status: 401, message: 'CompactToken parsing failed with error code: 80049217' },
  tokenExpired: { status: 401, message: 'Access token has expired or is not yet valid.' },
  tokenRefused: { status: 401, message: 'Access token validation failure. {reason}' },
  keyUnusable: { status: 500, message: "The signing key '{id}' cannot be read." },
});
