/** The outside world behind ports, a folder for each kind: mail and text messages, which development mode keeps in an outbox. */

export type { Letter, Mailer } from './mail/mailer.ts';
export { createOutbox, type Outbox, type OutboxMessage } from './mail/outbox.ts';
export type { Texter, TextMessage } from './sms/texter.ts';
