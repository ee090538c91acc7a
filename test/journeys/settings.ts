import { type EntityType, entities, type Property, type PropertyType } from '../../src/model/index.ts';

export const flowKinds = [
  'signUpOrSignIn',
  'signUp',
  'signIn',
  'passwordReset',
  'profileUpdate',
  'resourceOwner',
] as const;

export type FlowKind = (typeof flowKinds)[number];

/** Of whom is not said by a property of the flow itself: what is linked to it or contained in it. */
const parts: Readonly<Record<string, EntityType | undefined>> = {
  userFlowIdentityProviders: undefined,
  userAttributeAssignments: entities.identityUserFlowAttributeAssignment,
  languages: entities.userFlowLanguageConfiguration,
  applicationClaims: undefined,
  pageLayouts: entities.userFlowPageLayout,
};

function leavesOf(type: PropertyType, path: string): readonly string[] {
  if (type.kind === 'collection') return leavesOf(type.of, path);
  if (type.kind !== 'complex') return [path];
  return membersOf(type.type.properties, `${path}/`);
}

const membersOf = (shape: Readonly<Record<string, Property>>, prefix: string): readonly string[] =>
  Object.entries(shape).flatMap(([name, { type, rules }]) =>
    rules.access === 'internal' || rules.access === 'server' ? [] : leavesOf(type, `${prefix}${name}`),
  );

/** What calls other servers is told by the table of connectors. */
const elsewhere = /^apiConnectorConfiguration\b/;

/**
 * Every setting of a B2C user flow by its path in the model: what an administrator can change about a journey. Read from the
 * declarations, so that a new one has no proof until somebody writes it.
 */
export function journeySettings(): readonly string[] {
  const { userFlowType: _kind, ...own } = entities.b2cIdentityUserFlow.properties;
  const linked = Object.entries(parts).flatMap(([name, type]) =>
    type ? membersOf(type.properties, `${name}/`) : [name],
  );
  return [...membersOf(own, ''), ...linked, 'userAttributeAssignments/order', 'languages/overridesPages'].filter(
    (path) => !elsewhere.test(path),
  );
}
