import { collection, complex, complexType, enumType, int32, oneOf, string } from '../property.ts';

/** Graph has nothing like it. */
const source = 'https://learn.microsoft.com/graph/api/resources/authenticationeventlistener';

const listenerOutcome = enumType(
  'usher.listenerOutcome',
  {
    matched: 0,
    applicationNotIncluded: 1,
    otherEvent: 2,
    noUserFlow: 3,
    flowGone: 4,
    lowerPriority: 5,
    samePriority: 6,
    olderGeneration: 7,
    notRunnable: 8,
  },
  [],
);

const explainedListener = complexType(
  'usher.explainedListener',
  {
    id: string(),
    /** Name of its type: a listener of either generation, or an events flow with conditions of its own. */
    type: string(),
    displayName: string({ nullable: true }),
    priority: int32(),
    /** The user flow it leads to; null: none. */
    flowId: string({ nullable: true }),
    reason: oneOf(listenerOutcome),
    /** The reason as an English sentence. */
    because: string(),
  },
  source,
);

/** Which user flow an application gets at the tenant's own authority, and why no other one. */
export const userFlowChoice = complexType(
  'usher.userFlowChoice',
  {
    appId: string(),
    /** `tenantSignIn`: people sign in at the tenant, and nobody can sign up. */
    flowId: string(),
    /** In the order they are asked; at most one has matched. */
    listeners: collection(complex(explainedListener)),
    /** English, a line for each listener. */
    text: string(),
  },
  source,
);
