import { newRecoveryCodes } from '../../identity/index.ts';
import { provedTwice } from '../facts.ts';
import { faults } from '../faults.ts';
import { wordsOf } from '../page-words.ts';
import type { Screen } from '../screen.ts';
import type { Outcome, Step, StepContext } from '../step.ts';

const screenId = 'selfasserted';
const { word } = wordsOf(screenId);

interface Memo {
  readonly codes: readonly string[];
}

function show(codes: readonly string[]): Outcome {
  const screen: Screen = {
    id: screenId,
    heading: word('recoveryCodes_heading'),
    intro: word('recoveryCodes_intro'),
    messages: [],
    exhibits: [{ kind: 'codes', id: 'recoveryCodes', label: word('recoveryCodes_title'), values: codes }],
    fields: [],
    actions: [{ name: 'continue', label: word('recoveryCodes_button'), style: 'primary' }],
  };
  const memo: Memo = { codes };
  return { kind: 'show', screen, memo };
}

/** Whoever has just proved a second factor and has no codes left for the day it is lost. */
async function isOwed({ identity, journey: { facts, session } }: StepContext): Promise<boolean> {
  if (facts.secondFactor !== 'proved' || session?.amr.includes(provedTwice)) return false;
  const own = facts.userId === undefined ? [] : await identity.authenticators.of(facts.userId);
  return !own.some((one) => one.kind === 'recoveryCode' && one.left > 0);
}

/** Shows ten codes once, each good for one use in place of the second factor. Only their digests are kept. */
export const recoveryCodes: Step<Record<string, never>> = {
  kind: 'recoveryCodes',
  words: ['recoveryCodes_heading', 'recoveryCodes_intro', 'recoveryCodes_title', 'recoveryCodes_button'].map(
    (name) => `${screenId}.${name}`,
  ),
  explain: () => 'Shows recovery codes once to whoever has none left',
  enter: async (context) => ((await isOwed(context)) ? show(newRecoveryCodes()) : { kind: 'next' }),
  async submit({ journey: { facts, memo } }) {
    if (facts.secondFactor !== 'proved') throw faults.unproved({ step: 'recoveryCodes' });
    const { codes } = memo as Memo;
    const enrolled = [...(facts.enrolled ?? []), { kind: 'recoveryCode', content: codes } as const];
    return { kind: 'next', learned: { enrolled } };
  },
};
