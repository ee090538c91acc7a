import type { TextMessage } from '../../connectors/index.ts';
import type { StepContext } from '../step.ts';
import type { Destination } from './destination.ts';
import { messageValues } from './message-values.ts';

/** Message ids of the text message; it may use `{tenant}`, `{app}`, `{code}` and `{time}`, which is how long the code is valid. */
export const textMessageWords: readonly string[] = ['sms.code'];

/** The text message that carries a one-time code, in the journey's language: one line, for small screens. */
export async function codeText(
  context: StepContext,
  { address, purpose }: Destination,
  code: string,
): Promise<TextMessage> {
  const { journey, words } = context;
  const values = { ...(await messageValues(context, address)), code };
  return {
    to: address,
    text: words.text('sms.code', values, journey.locales).replace(/\s+/g, ' ').trim(),
    purpose,
    code,
    flowId: journey.flowId,
    correlationId: journey.correlationId,
  };
}
