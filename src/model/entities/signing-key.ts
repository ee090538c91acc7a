import { entity } from '../entity.ts';
import { boolean, dateTimeOffset, string } from '../property.ts';

/** A key the tenant signs tokens with. Internal: no set, so no route; only `oidc` asks for it. */
export const signingKey = entity('usher.signingKey', {
  properties: {
    /** JWA name (RFC 7518 §3.1), `RS256` or `ES256`. */
    algorithm: string({ access: 'internal' }),
    /** The public JWK as JSON text (RFC 7517); its `kid` is the entity's id. */
    publicJwk: string({ access: 'internal' }),
    /** The private JWK as JSON text, sealed at rest. */
    privateJwk: string({ access: 'internal', secret: true }),
    createdDateTime: dateTimeOffset({ access: 'internal' }),
    /** False: it never signs again, whatever the other members say. */
    active: boolean({ access: 'internal', default: true }),
    /** `1` of the first one, and so on: of processes that would make the next key at the same moment one succeeds. Null: made before there were numbers. */
    generation: string({ access: 'internal', nullable: true, unique: true, maxLength: 20 }),
    /** Signs from then on; everybody can know it before. Null: since it was made. */
    activeDateTime: dateTimeOffset({ access: 'internal', nullable: true }),
    /** From then on what it has signed is worth nothing, e.g. because somebody else has it. */
    withdrawnDateTime: dateTimeOffset({ access: 'internal', nullable: true }),
  },
  source: 'https://www.rfc-editor.org/rfc/rfc7517',
});
