import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import type { Condition, PlannedStep } from '../plan.ts';
import type { AttributeCollectionSettings } from '../steps/attribute-collection-start.ts';

/**
 * Before and after the page with the attributes of a new person. For flows of the tenant's own authority: Azure AD B2C calls API connectors
 * there, and no extensions.
 */
export function attributeExtensionsPart(
  attributes: readonly CollectedAttribute[],
  when: readonly Condition[],
): { readonly before: PlannedStep; readonly after: PlannedStep } {
  const settings: AttributeCollectionSettings = { attributes };
  return {
    before: { kind: 'attributeCollectionStart', when, settings },
    after: { kind: 'attributeCollectionSubmit', when, settings },
  };
}

/** Last of all, for everybody who comes in. */
export const tokenClaimsPart: readonly PlannedStep[] = [{ kind: 'tokenIssuanceStart', settings: {} }];
