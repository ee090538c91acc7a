import type { EntityOf, entities } from '../../model/index.ts';
import type { Collection } from '../attributes/collect.ts';
import type { LinkedConnectors } from '../callouts/connector-step.ts';
import type { AccountKind } from '../local-accounts.ts';
import type { OfferedProvider, PlannedStep } from '../plan.ts';

export type B2cFlow = EntityOf<typeof entities.b2cIdentityUserFlow>;

/** What a plan is made of: the flow with all its settings, and what is linked to it. */
export interface Ingredients {
  readonly flow: B2cFlow;
  /** Kinds of local accounts it offers; none: it offers foreign providers alone. */
  readonly accounts: readonly AccountKind[];
  /** Foreign identity providers it offers. */
  readonly foreign: readonly OfferedProvider[];
  readonly collection: Collection;
  readonly connectors: LinkedConnectors;
  /** Ids of the attributes that tokens tell; none: all. */
  readonly returned: readonly string[];
}

/** Some steps that belong together and the conditions they run under; pure. None when the settings do not ask for them. */
export type Part = (ingredients: Ingredients) => readonly PlannedStep[];

/** All steps of one kind of user flow, in order (b2c contract d.3). */
export type Recipe = Part;
