import { behaviour } from '../../directory/index.ts';
import { type Draft, entities } from '../../model/index.ts';
import { faults } from './faults.ts';

const type = entities.authenticationListener;
type ListenerDraft = Draft<typeof type>;

/** As many as there can be of the second generation; none is documented for the first. */
const maxListeners = 250;

/** The policy is there and says nothing: what can be configured are its listeners (Graph contract a.7). */
const eventsPolicyRules = behaviour({
  type: entities.authenticationEventsPolicy,
  builtIn: async () => [{ id: 'authenticationEventsPolicy', values: {} }],
});

/**
 * Listeners of the first generation. One that names no user flow yet is accepted, since the earliest pages set it in a second step; until
 * then it does nothing.
 */
const listenerRules = behaviour({
  type,
  async prepare(draft: ListenerDraft): Promise<ListenerDraft> {
    const given: readonly string[] | undefined = draft.sourceFilter?.includeApplications;
    if (!given) return draft;
    const once = new Set(given.map((appId) => appId.toLowerCase()));
    return { ...draft, sourceFilter: { includeApplications: [...once] } };
  },
  atMost: { maximum: maxListeners, full: faults.tooManyListeners },
});

export const signUpListenerRules = [eventsPolicyRules, listenerRules];
