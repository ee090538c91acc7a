import type { ConnectorStep } from '../callouts/connector-step.ts';
import { flawText } from '../callouts/flaw-text.ts';
import type { Flaw } from '../callouts/read-answer.ts';
import { troubleFailure, troubleWordsWith } from '../callouts/trouble-page.ts';
import type { Message } from '../screen.ts';

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
  return troubleFailure(name, { details: { literal: flawText(step, flaw, correlationId) } });
}

/** Message ids of steps that call API connectors. */
export const connectorWords: readonly string[] = troubleWordsWith(...Object.values(failures));
