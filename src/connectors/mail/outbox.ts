import { type Clock, isoDateTime, newId } from '../../kernel/index.ts';
import type { Letter, Mailer } from './mailer.ts';

/** What `GET /dev/outbox` answers (product.md, "The seeded tenant"). */
export interface OutboxMessage {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly code: string | null;
  readonly sentDateTime: string;
  readonly flowId: string | null;
  readonly correlationId: string | null;
}

/** Keeps letters instead of sending them: development mode and tests read them back. */
export interface Outbox extends Mailer {
  /** Newest first; with an address, only what went there (compared without regard to case). */
  messages(to?: string): readonly OutboxMessage[];
  clear(): void;
}

const capacity = 1000;

export function createOutbox(clock: Clock): Outbox {
  let kept: readonly OutboxMessage[] = [];
  return {
    async send({ to, subject, text, html, code, flowId, correlationId }: Letter) {
      const message: OutboxMessage = {
        id: newId(),
        channel: 'email',
        to,
        subject,
        text,
        html,
        code: code ?? null,
        sentDateTime: isoDateTime(clock.now()),
        flowId: flowId ?? null,
        correlationId: correlationId ?? null,
      };
      kept = [message, ...kept].slice(0, capacity);
    },
    messages: (to) => (to === undefined ? kept : kept.filter((one) => one.to.toLowerCase() === to.toLowerCase())),
    clear() {
      kept = [];
    },
  };
}
