import { wordsOf } from '../page-words.ts';
import type { Message, Screen, Text } from '../screen.ts';

/** The self-asserted template (b2c contract f.3). */
const page = 'selfasserted';

const { word, failure, cancel } = wordsOf(page);

/** Words of the pages on which somebody learns that an API outside keeps them from going on. */
export { failure as troubleFailure, word as troubleWord };

/** The action that calls the API once more. */
export const retryAction = 'continue';

/** How often a person may press it. */
export const mostRetries = 10;

/** What an administrator's API says to a person: text, never markup. */
export const quoted = (literal: string): Message => ({ tone: 'error', text: { literal } });

/** Why the person does not get in. There is no way on, only back to the application, which learns that they came back. */
export const blockPage = (messages: readonly Message[], heading: Text = word('connector_blocked_heading')): Screen => ({
  id: page,
  heading,
  messages,
  fields: [],
  actions: [cancel],
});

/** A call failed, and no page has asked for anything that could be asked for again: nothing is lost, the same call can be made anew. */
export const failurePage = (message: Message): Screen => ({
  id: page,
  heading: word('connector_failed_heading'),
  messages: [message],
  fields: [],
  actions: [{ name: retryAction, label: word('connector_retry'), style: 'primary' }, cancel],
});

/** Message ids of these pages; `names`: of what is said on them besides. */
export const troubleWordsWith = (...names: readonly string[]): readonly string[] =>
  ['connector_blocked_heading', 'connector_failed_heading', 'connector_retry', 'button_cancel', ...names].map(
    (name) => `${page}.${name}`,
  );
