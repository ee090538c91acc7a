import { passingOn, sortClaims } from '../callouts/token-claims.ts';
import { quoted } from '../callouts/trouble-page.ts';
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

const name = 'PostAttributeCollection';

/** Throws `flows.unproved`: it is asked about an account that is to be made for somebody named. */
function demandNewcomer({ foreign, signInName, userId }: Facts): void {
  if (userId !== undefined || (!foreign && signInName === undefined)) {
    throw faults.unproved({ step: 'postAttributeCollection' });
  }
}

/** An empty text takes a value away. */
function learnedFrom(
  { attributes, tokenClaims }: Facts,
  claims: AnsweredClaims,
  { collected, returned }: SignUpConnectorSettings,
): Facts {
  const { kept, passing } = sortClaims(claims, { kept: collected, returned });
  const changed = Object.keys(kept).length > 0 ? { attributes: { ...attributes, ...kept } } : {};
  return { isApproved: true, ...changed, ...passingOn(tokenClaims, passing) };
}

async function ask(context: StepContext, settings: SignUpConnectorSettings): Promise<Outcome> {
  const { facts } = context.journey;
  demandNewcomer(facts);
  const answer = await askAboutNewcomer(context, settings, name);
  if (answer.kind === 'Continue') {
    return { kind: 'next', learned: learnedFrom(facts, answer.claims, settings) };
  }
  const { screen, memo } = stopped(context, name, answer);
  if (answer.kind === 'ShowBlockPage') return { kind: 'show', screen, memo };
  const messages = answer.kind === 'ValidationError' ? [quoted(answer.userMessage)] : screen.messages;
  return { kind: 'back', messages, screen, memo };
}

/**
 * Asks an API before an account is made, whoever it is for. It may put other values in place of what was typed, end the sign-up, or say
 * what is wrong, on the page that asked.
 */
export const postAttributeCollection: Step<SignUpConnectorSettings> = {
  kind: 'postAttributeCollection',
  words: connectorWords,
  explain: ({ connector }) =>
    `Calls the API connector ${connector}, without whose consent no account is made; it may change what was filled in`,
  enter: ask,
  async submit(context, settings, input) {
    return leftOff(context, name, input) ?? ask(context, settings);
  },
};
