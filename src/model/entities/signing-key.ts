import { entity } from '../entity.ts';
import { boolean, dateTimeOffset, string } from '../property.ts';

/** A key the tenant signs tokens with. Internal: no set, so no route; only `oidc` asks for it. */
export const signingKey = entity('usher.signingKey', {
  properties: {
    /** JWA name (RFC 7518 §3.1), `RS256`. */
    algorithm: string({ access: 'internal' }),
    /** The public JWK as JSON text (RFC 7517); its `kid` is the entity's id. */
    publicJwk: string({ access: 'internal' }),
    /** The private JWK as JSON text, sealed at rest. */
    privateJwk: string({ access: 'internal', secret: true }),
    createdDateTime: dateTimeOffset({ access: 'internal' }),
    /** Signs new tokens; the others are only listed, for tokens still valid. */
    active: boolean({ access: 'internal', default: true }),
  },
  source: 'https://www.rfc-editor.org/rfc/rfc7517',
});
