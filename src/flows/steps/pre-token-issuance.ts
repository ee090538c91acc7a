import { accountHolder } from '../callouts/subjects.ts';
import { tokenClaimsOf } from '../callouts/token-claims.ts';
import { arrivedUser } from '../facts.ts';
import { faults } from '../faults.ts';
import type { Outcome, Step, StepContext } from '../step.ts';
import { connectorWords } from './connector-failure.ts';
import { askConnector, type ConnectorSettings, leftOff, stopped } from './connector-turn.ts';

export interface PreTokenIssuanceSettings extends ConnectorSettings {
  /** Ids of the attributes that tokens tell; none: all. */
  readonly returned: readonly string[];
}

const name = 'PreTokenIssuance';

/** Throws `flows.unproved`: nothing is told of anybody before they have come in. */
async function ask(context: StepContext, settings: PreTokenIssuanceSettings): Promise<Outcome> {
  const { facts } = context.journey;
  const userId = arrivedUser(facts);
  if (userId === undefined) throw faults.unproved({ step: 'preTokenIssuance' });
  const user = await context.identity.find(userId);
  if (!user) return { kind: 'refuse', refusal: 'accountDisabled' };
  const attributes = await context.connectors.attributes();
  const subject = accountHolder(user, attributes);
  const answer = await askConnector(context, settings, { step: name, subject, attributes });
  if (answer.kind !== 'Continue') return stopped(context, name, answer);
  return {
    kind: 'next',
    learned: { tokenClaims: { ...facts.tokenClaims, ...tokenClaimsOf(answer.claims, settings.returned) } },
  };
}

/** Asks an API about somebody who has come in, also by single sign-on, and puts what it answers into the first tokens. */
export const preTokenIssuance: Step<PreTokenIssuanceSettings> = {
  kind: 'preTokenIssuance',
  words: connectorWords,
  explain: ({ connector }) => `Calls the API connector ${connector}, which may add to the tokens`,
  enter: ask,
  async submit(context, settings, input) {
    return leftOff(context, name, input) ?? ask(context, settings);
  },
};
