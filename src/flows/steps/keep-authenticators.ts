import { system } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import type { Step } from '../step.ts';

/** Keeps what was set up in this journey, once there is somebody whose it is. Shows nothing. Throws `flows.unproved`. */
export const keepAuthenticators: Step<Record<string, never>> = {
  kind: 'keepAuthenticators',
  words: [],
  explain: () => 'Keeps the second factors, passkeys and recovery codes that were set up on the way',
  async enter({ identity, journey: { facts } }) {
    const { userId, enrolled = [], amr = [] } = facts;
    if (userId === undefined || amr.length === 0) throw faults.unproved({ step: 'keepAuthenticators' });
    for (const one of enrolled) {
      await identity.authenticators.add(system('set up while signing in'), userId, one);
    }
    return { kind: 'next', learned: { enrolled: [] } };
  },
  async submit() {
    return { kind: 'refuse', refusal: 'cancelled' };
  },
};
