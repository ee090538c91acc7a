import type { Versioned } from '../directory/index.ts';
import { entities } from '../model/index.ts';
import { type Assignment, type Attribute, type Collection, collect } from './attributes/collect.ts';
import { faults } from './faults.ts';
import { offersLocalAccounts } from './local-accounts.ts';
import { notYet } from './not-yet.ts';
import type { Plan, PlannedStep } from './plan.ts';

type Flow = Versioned<typeof entities.identityUserFlow>;
/** Only the flows of B2C have methods. */
type Declared = Flow['entity'] & Parameters<typeof notYet>[0] & { readonly authenticationMethods?: unknown };
type FlowType = Flow['entity']['userFlowType'];

/** What stands in a flow and is linked to it. */
export interface FlowParts {
  readonly assignments: readonly Assignment[];
  readonly attributes: readonly Attribute[];
  /** Ids of the identity providers linked to the flow now. */
  readonly providers: readonly string[];
  /** Positions at which an API connector is linked to the flow. */
  readonly connectors: readonly string[];
}

const signUp = { fact: 'intent', is: 'signUp' } as const;

/** What each kind of user flow does, in order. A kind without a recipe can be stored but not run. */
const recipes: { readonly [T in FlowType]?: (collection: Collection) => readonly PlannedStep[] } = {
  signUpOrSignIn: ({ email, attributes }) => [
    { kind: 'signIn', settings: { email: { label: email.label }, forgotPassword: 'refuse', signUp: true } },
    { kind: 'localSignUp', when: signUp, settings: { email, attributes } },
    { kind: 'createUser', when: signUp, settings: { emailProof: email.proof } },
  ],
};

/**
 * Turns the resource into a plan. Pure: same resources, same plan. Throws `flows.notRunnable`, and `flows.noProvider` when
 * the flow names no method of sign-in that can be offered.
 */
export function compile(flow: Flow, { assignments, attributes, providers, connectors }: FlowParts): Plan {
  const declared: Declared = flow.entity;
  const { id, userFlowType, authenticationMethods } = declared;
  const forGuests = flow.type.name === entities.b2xIdentityUserFlow.name;
  const recipe = forGuests ? undefined : recipes[userFlowType];
  if (!recipe) throw faults.notRunnable({ id, reason: `is of type ${forGuests ? flow.type.name : userFlowType}` });
  const reason = notYet(declared, connectors);
  if (reason !== undefined) throw faults.notRunnable({ id, reason });
  if (!offersLocalAccounts(authenticationMethods, providers)) throw faults.noProvider({ id });
  return { flowId: id, version: flow.etag, steps: recipe(collect(assignments, attributes)) };
}
