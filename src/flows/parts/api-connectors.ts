import type { ConnectorAudience, ConnectorStep } from '../callouts/connector-step.ts';
import type { Condition, PlannedStep } from '../plan.ts';
import type { Ingredients } from '../recipes/recipe.ts';
import type { ConnectorSettings, SignUpConnectorSettings } from '../steps/connector-turn.ts';
import type { PreTokenIssuanceSettings } from '../steps/pre-token-issuance.ts';

/** What the parts of this file look at: a flow of B2C unless it says otherwise. */
export type ConnectorIngredients = Pick<Ingredients, 'connectors' | 'collection' | 'returned'> & {
  readonly audience?: ConnectorAudience;
};

const settingsOf = (
  { audience = 'b2c', connectors }: Pick<ConnectorIngredients, 'audience' | 'connectors'>,
  step: ConnectorStep,
): ConnectorSettings | undefined => {
  const connector = connectors[step];
  return connector === undefined ? undefined : { connector, audience };
};

function signUpSettingsOf(
  ingredients: ConnectorIngredients,
  step: Exclude<ConnectorStep, 'PreTokenIssuance'>,
): SignUpConnectorSettings | undefined {
  const settings = settingsOf(ingredients, step);
  const { collection, returned } = ingredients;
  return settings && { ...settings, collected: collection.attributes.map(({ id }) => id), returned };
}

/** Right after a provider has proved somebody who has no account yet (b2c contract f.1). */
export function postFederationPart(ingredients: ConnectorIngredients): readonly PlannedStep[] {
  const settings = signUpSettingsOf(ingredients, 'PostFederationSignup');
  const when: readonly Condition[] = [
    { fact: 'intent', is: 'signUp' },
    { fact: 'foreign', isNot: null },
    { fact: 'userId', is: null },
  ];
  return settings ? [{ kind: 'postFederationSignup', when, settings }] : [];
}

/** After everything that asks a new person for attributes, under the condition under which the account is made: never without it. */
export function postAttributePart(ingredients: ConnectorIngredients): readonly PlannedStep[] {
  const settings = signUpSettingsOf(ingredients, 'PostAttributeCollection');
  return settings ? [{ kind: 'postAttributeCollection', when: [{ fact: 'intent', is: 'signUp' }], settings }] : [];
}

/** The last step of all: whoever it is asked about gets tokens then. */
export function preTokenPart(
  ingredients: Pick<ConnectorIngredients, 'connectors' | 'returned'>,
): readonly PlannedStep[] {
  const given = settingsOf(ingredients, 'PreTokenIssuance');
  if (!given) return [];
  const settings: PreTokenIssuanceSettings = { ...given, returned: ingredients.returned };
  return [{ kind: 'preTokenIssuance', settings }];
}
