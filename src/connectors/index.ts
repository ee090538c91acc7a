/** The outside world behind ports, a folder for each kind. So far mail, which development mode keeps in an outbox. */

export type { Letter, Mailer } from './mail/mailer.ts';
export { createOutbox, type Outbox, type OutboxMessage } from './mail/outbox.ts';
