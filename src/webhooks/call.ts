import type { Outside, OutsideAnswer } from '../connectors/index.ts';
import type { Directory } from '../directory/index.ts';
import type { Clock, Observe } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Delivery, Webhook } from './delivery.ts';
import { type SigningKey, signedHeaders } from './signature.ts';

/** What it takes to call the receivers of one tenant. */
export interface CallServices {
  readonly directory: Directory;
  /** The tenant's key, as it is now. */
  readonly key: () => Promise<SigningKey>;
  readonly outside: Outside;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  /** For one call, from the name to the last byte; ten seconds when absent, and never longer than a claim. */
  readonly callMilliseconds?: number;
}

/** What came of a call, as the delivery tells it. */
export type Called = Pick<Delivery, 'lastStatusCode' | 'lastFailure'>;

/** Of an answer; nothing in it is looked at. */
const mostAnswerBytes = 65_536;

const resultOf = (answer: OutsideAnswer): Called =>
  answer.kind === 'answered'
    ? { lastStatusCode: answer.status, lastFailure: null }
    : { lastStatusCode: null, lastFailure: answer.cause };

/** Any 2xx; a redirect is none. */
export const isTaken = ({ lastStatusCode }: Called): boolean =>
  lastStatusCode !== null && lastStatusCode >= 200 && lastStatusCode < 300;

async function headersFor(services: CallServices, { id, payload }: Delivery, { id: webhookId, targetUrl }: Webhook) {
  const { key, directory, clock } = services;
  const secrets = await directory.reveal({ type: entities.webhook, id: webhookId });
  return signedHeaders(await key(), { id, url: targetUrl, body: payload, now: clock.now() }, secrets['signingSecret']);
}

/** Signs and calls. Never throws: what cannot be signed is a call that failed. */
export async function call(services: CallServices, delivery: Delivery, webhook: Webhook): Promise<Called> {
  const { outside, observe, stopping, directory, callMilliseconds = 10_000 } = services;
  try {
    const headers = await headersFor(services, delivery, webhook);
    const limits = { milliseconds: callMilliseconds, bytes: mostAnswerBytes, signal: stopping };
    const to = { url: webhook.targetUrl, purpose: `webhook ${directory.tenant.id} ${webhook.id}` };
    return resultOf(
      await outside.send({ target: 'webhook', method: 'POST', ...to, headers, body: delivery.payload, ...limits }),
    );
  } catch (error) {
    observe({ kind: 'warning', message: 'A webhook call could not be made.', error });
    return { lastStatusCode: null, lastFailure: 'notSigned' };
  }
}
