/** The outside world: mail, text messages, foreign identity providers, REST callouts. One kind a file. */

export type { Letter, Mailer } from './mail/mailer.ts';
export { createOutbox, type Outbox, type OutboxMessage } from './mail/outbox.ts';
