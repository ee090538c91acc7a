import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';

type B2xDraft = Draft<typeof entities.b2xIdentityUserFlow>;

/** A flow for guests is always a sign-up-or-sign-in of version 1 (Graph contract c.2). */
export const b2xUserFlowRules = behaviour({
  type: entities.b2xIdentityUserFlow,
  async prepare(draft: B2xDraft, { verb }: PrepareContext<typeof entities.b2xIdentityUserFlow>): Promise<B2xDraft> {
    const { userFlowType, userFlowTypeVersion: version } = draft;
    if (verb === 'update') return draft;
    if (userFlowType !== 'signUpOrSignIn') throw faults.guestFlowType({ userFlowType, target: 'userFlowType' });
    if (version !== 1) {
      throw faults.badFlowVersion({ version, userFlowType, allowed: '1', target: 'userFlowTypeVersion' });
    }
    return draft;
  },
});
