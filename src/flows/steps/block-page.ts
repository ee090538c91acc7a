import type { ConnectorStep } from '../callouts/connector-step.ts';
import { flawText } from '../callouts/flaw-text.ts';
import type { Flaw } from '../callouts/read-answer.ts';
import { wordsOf } from '../page-words.ts';
import type { Action, Message, Screen } from '../screen.ts';

/** The self-asserted template (b2c contract f.3). */
const page = 'selfasserted';
const { word, cancel } = wordsOf(page);

/** The action that calls an API once more. */
export const retryAction = 'continue';

const retry: Action = { name: retryAction, label: word('connector_retry'), style: 'primary' };

/** What an administrator's API says to a person: text, never markup. */
export const said = (userMessage: string): Message => ({ tone: 'error', text: { literal: userMessage } });

/** Why the person does not get in. There is no way on, only back to the application, which learns that they came back. */
export const blockPage = (userMessage: string): Screen => ({
  id: page,
  heading: word('connector_blocked_heading'),
  messages: [said(userMessage)],
  fields: [],
  actions: [cancel],
});

/** StringIds of the contract for calls that got no answer; the first stands for every other failure. */
const failures = {
  failed: 'DefaultUserMessageIfRequestFailed',
  resting: 'UserMessageIfCircuitOpen',
  unknownHost: 'UserMessageIfDnsResolutionFailed',
  timedOut: 'UserMessageIfRequestTimeout',
} as const;

/** What the person can tell those who run the application. The address of the API is not for them: it may hold a key. */
export function failureMessage(step: ConnectorStep, flaw: Flaw, correlationId: string): Message {
  const { cause = 'failed' } = flaw;
  const name = failures[cause in failures ? (cause as keyof typeof failures) : 'failed'];
  const details = { literal: flawText(step, flaw, correlationId) };
  return { tone: 'error', text: word(name, { details }) };
}

/** Where no page has asked for anything that could be asked for again. */
export const failurePage = (message: Message): Screen => ({
  id: page,
  heading: word('connector_failed_heading'),
  messages: [message],
  fields: [],
  actions: [retry, cancel],
});

/** Message ids of this file. */
export const blockPageWords: readonly string[] = [
  'connector_blocked_heading',
  'connector_failed_heading',
  'connector_retry',
  'button_cancel',
  ...Object.values(failures),
].map((name) => `${page}.${name}`);
