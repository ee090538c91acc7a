import type { Step } from '../step.ts';

/** Nobody signs in by this flow, not even by a session; the application is told that access is denied. */
export const signInBlock: Step = {
  kind: 'signInBlock',
  words: [],
  explain: () => 'Refuses everybody who would sign in',
  async enter(context) {
    context.note({ what: 'isSignInBlocked', came: 'refused' });
    return { kind: 'refuse', refusal: 'blocked' };
  },
  async submit() {
    return { kind: 'refuse', refusal: 'blocked' };
  },
};
