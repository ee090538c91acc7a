import type { Versioned } from '../directory/index.ts';
import type { entities } from '../model/index.ts';
import { type Assignment, type Attribute, type Collection, collect } from './attributes/collect.ts';
import { faults } from './faults.ts';
import type { Plan, PlannedStep } from './plan.ts';

type Flow = Versioned<typeof entities.identityUserFlow>;
type FlowType = Flow['entity']['userFlowType'];

const signUp = { fact: 'intent', is: 'signUp' } as const;

/** What each kind of user flow does, in order. A kind without a recipe can be stored but not run. */
const recipes: { readonly [T in FlowType]?: (collection: Collection) => readonly PlannedStep[] } = {
  signUpOrSignIn: ({ email, attributes }) => [
    { kind: 'signIn', settings: { email: { label: email.label }, forgotPassword: 'refuse', signUp: true } },
    { kind: 'localSignUp', when: signUp, settings: { email, attributes } },
    { kind: 'createUser', when: signUp, settings: { emailProof: email.proof } },
  ],
};

/** Turns the resource into a plan. Pure: same resources, same plan. Throws `flows.notRunnable`. */
export function compile(flow: Flow, assignments: readonly Assignment[], attributes: readonly Attribute[]): Plan {
  const { id, userFlowType } = flow.entity;
  const recipe = recipes[userFlowType];
  if (!recipe) throw faults.notRunnable({ id, type: userFlowType });
  return { flowId: id, version: flow.etag, steps: recipe(collect(assignments, attributes)) };
}
