import { type Clock, isoDateTime, newId } from '../../kernel/index.ts';
import type { Texter, TextMessage } from '../sms/texter.ts';
import type { Letter, Mailer } from './mailer.ts';

/** What `GET /dev/outbox` answers (product.md, "The seeded tenant"). A text message has neither subject nor HTML. */
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

type Channel = OutboxMessage['channel'];

/** Where messages go before they are kept. */
export interface Onward {
  readonly mailer?: Mailer | undefined;
  readonly texter?: Texter | undefined;
}

/** Keeps messages so that development mode and tests read them back. */
export interface Outbox extends Mailer {
  /** The way in for text messages. */
  readonly texter: Texter;
  /** Which messages also leave this machine. */
  readonly leaving: readonly Channel[];
  /** Newest first; with an address or a telephone number, only what went there (without regard to case and spacing). */
  messages(to?: string): readonly OutboxMessage[];
  clear(): void;
}

const capacity = 1000;

/** A `+` that was not encoded arrives in a query as a space, so a number is compared by its digits. */
const comparable = (to: string): string =>
  /^[\s+\d().-]+$/.test(to) ? to.replaceAll(/\D/g, '') : to.trim().toLowerCase();

/** A message that could not be sent onward is not kept: whoever sent it is told that nobody will get it. */
export function createOutbox(clock: Clock, onward: Onward = {}): Outbox {
  let kept: readonly OutboxMessage[] = [];

  function keep(channel: Channel, message: TextMessage & Partial<Letter>): void {
    const { to, subject = '', text, html = '', code = null, flowId = null, correlationId = null } = message;
    const sentDateTime = isoDateTime(clock.now());
    const one = { id: newId(), channel, to, subject, text, html, code, sentDateTime, flowId, correlationId };
    kept = [one, ...kept].slice(0, capacity);
  }

  return {
    async send(letter) {
      await onward.mailer?.send(letter);
      keep('email', letter);
    },
    texter: {
      async send(message) {
        await onward.texter?.send(message);
        keep('sms', message);
      },
    },
    leaving: [...(onward.mailer ? (['email'] as const) : []), ...(onward.texter ? (['sms'] as const) : [])],
    messages(to) {
      if (to === undefined) return kept;
      const wanted = comparable(to);
      return kept.filter((one) => comparable(one.to) === wanted);
    },
    clear() {
      kept = [];
    },
  };
}
