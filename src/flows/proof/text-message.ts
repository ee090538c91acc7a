import type { TextMessage } from '../../connectors/index.ts';
import type { StepContext } from '../step.ts';
import type { Destination } from './destination.ts';

/** Message ids of the text message; it may use `{tenant}`, `{app}`, `{code}` and `{minutes}`. */
export const textMessageWords: readonly string[] = ['sms.code'];

/** The text message that carries a one-time code, in the journey's language: one line, for small screens. */
export function codeText(context: StepContext, { address, purpose }: Destination, code: string): TextMessage {
  const { journey, words, directory, rules } = context;
  const values = {
    code,
    minutes: String(Math.ceil(rules.codes.lifetimeSeconds / 60)),
    tenant: directory.tenant.displayName,
    app: journey.client.displayName,
  };
  return {
    to: address,
    text: words.text('sms.code', values, journey.locales).replace(/\s+/g, ' ').trim(),
    purpose,
    code,
    flowId: journey.flowId,
    correlationId: journey.correlationId,
  };
}
