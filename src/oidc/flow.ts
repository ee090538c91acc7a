import type { Directory } from '../directory/index.ts';
import { type EntityOf, entities } from '../model/index.ts';

/** What the protocol needs to know of a user flow. */
export interface Flow {
  /** As stored, e.g. `B2C_1_susi`; the `tfp` claim. */
  readonly id: string;
  readonly lower: string;
  readonly kind: EntityOf<typeof entities.b2cIdentityUserFlow>['userFlowType'];
  /** The issuer names the flow (`/tfp/…`) instead of only the tenant. */
  readonly ownIssuer: boolean;
}

/** Looks a flow up in letters of any case; undefined when the tenant has none of that name. */
export async function findFlow(directory: Directory, id: string): Promise<Flow | undefined> {
  const found = await directory.get({ type: entities.b2cIdentityUserFlow, id });
  if (!found) return undefined;
  const { entity } = found;
  return {
    id: entity.id,
    lower: entity.id.toLowerCase(),
    kind: entity.userFlowType,
    ownIssuer: entity.tokenClaimsConfiguration?.isIssuerEntityUserFlow === true,
  };
}

/** Only a flow that signs in may be skipped because the browser is signed in already; the others exist to be walked. */
export const maySkip = ({ kind }: Flow): boolean => kind === 'signUpOrSignIn' || kind === 'signIn';

/** b2c contract a.3: the issuer of a flow's tokens, or of the tenant's own authority (product.md choice 2). */
export function issuerOf(origin: string, tenantId: string, flow: Flow | undefined): string {
  if (!flow) return `${origin}/${tenantId}/v2.0`;
  return flow.ownIssuer ? `${origin}/tfp/${tenantId}/${flow.lower}/v2.0/` : `${origin}/${tenantId}/v2.0/`;
}
