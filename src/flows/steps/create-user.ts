import { Fault, system } from '../../kernel/index.ts';
import { fold } from '../../model/index.ts';
import { faults } from '../faults.ts';
import type { Outcome, Step, StepContext } from '../step.ts';
import { cancelAction, failure, screenId, word } from './sign-up-screen.ts';

export interface CreateUserSettings {
  /** The address must have been proved in this journey. */
  readonly emailProof: boolean;
}

/**
 * Two journeys can prove one address and choose a password at the same moment; the second finds the account there. It is
 * told so, and its way out is back to the application, where the account can be used to sign in.
 */
const taken: Outcome = {
  kind: 'show',
  screen: {
    id: screenId,
    heading: word('heading'),
    messages: [failure('UserMessageIfClaimsPrincipalAlreadyExists')],
    fields: [],
    actions: [cancelAction],
  },
};

/** Throws `flows.unproved`: this step trusts no plan to have asked for the proof. */
function proved({ journey: { facts } }: StepContext, { emailProof }: CreateUserSettings) {
  const { signInName, passwordHash, provedEmails = [], attributes = {} } = facts;
  if (signInName === undefined || passwordHash === undefined) throw faults.unproved({ step: 'createUser' });
  if (emailProof && !provedEmails.includes(fold(signInName))) throw faults.unproved({ step: 'createUser' });
  return { email: signInName, passwordHash, attributes };
}

/** Creates the account from what the journey has established. Shows nothing, unless the address was taken meanwhile. */
export const createUser: Step<CreateUserSettings> = {
  kind: 'createUser',
  words: ['heading', 'button_cancel', 'UserMessageIfClaimsPrincipalAlreadyExists'].map((name) => `${screenId}.${name}`),
  async enter(context, settings) {
    try {
      const user = await context.identity.register(system('sign-up'), proved(context, settings));
      return { kind: 'next', learned: { userId: user.id, newUser: true } };
    } catch (error) {
      if (error instanceof Fault && error.code === 'identity.taken') return taken;
      throw error;
    }
  },
  async submit() {
    return { kind: 'refuse', refusal: 'cancelled' };
  },
};
