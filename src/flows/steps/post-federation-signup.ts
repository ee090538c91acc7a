import { passingOn, sortClaims } from '../callouts/token-claims.ts';
import type { Facts } from '../facts.ts';
import { faults } from '../faults.ts';
import type { Outcome, Step, StepContext } from '../step.ts';
import { connectorWords } from './connector-failure.ts';
import {
  type AnsweredClaims,
  askAboutNewcomer,
  leftOff,
  type SignUpConnectorSettings,
  stopped,
} from './connector-turn.ts';

const name = 'PostFederationSignup';

/** Throws `flows.unproved`: local accounts, and people who have one already, are nothing to this API. */
function demandNewcomer({ foreign, userId }: Facts): void {
  if (!foreign || userId !== undefined) throw faults.unproved({ step: 'postFederationSignup' });
}

/** Fills in what the flow asks for, and puts right what the provider told; an empty text takes a value away. */
function learnedFrom(
  { prefill = {}, tokenClaims }: Facts,
  claims: AnsweredClaims,
  { collected, returned }: SignUpConnectorSettings,
): Facts {
  const { kept, passing } = sortClaims(claims, { kept: [...collected, ...Object.keys(prefill)], returned });
  const filled = Object.entries({ ...prefill, ...kept }).filter(([, value]) => value !== '');
  return { prefill: Object.fromEntries(filled), ...passingOn(tokenClaims, passing) };
}

async function ask(context: StepContext, settings: SignUpConnectorSettings): Promise<Outcome> {
  const { facts } = context.journey;
  demandNewcomer(facts);
  const answer = await askAboutNewcomer(context, settings, name);
  if (answer.kind !== 'Continue') return stopped(context, name, answer);
  return { kind: 'next', learned: learnedFrom(facts, answer.claims, settings) };
}

/** Asks an API about somebody whom a foreign provider has proved and who has no account yet; it may fill in the page that follows. */
export const postFederationSignup: Step<SignUpConnectorSettings> = {
  kind: 'postFederationSignup',
  words: connectorWords,
  explain: ({ connector }) => `Calls the API connector ${connector}, which may fill in the form or end the sign-up`,
  enter: ask,
  async submit(context, settings, input) {
    return leftOff(context, name, input) ?? ask(context, settings);
  },
};
