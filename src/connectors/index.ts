/** The outside world behind ports, a folder for each kind: mail by SMTP, text messages by HTTP, the outbox that keeps both in development mode, and calls to addresses that tenants have chosen. */

export type { Letter, Mailer } from './mail/mailer.ts';
export { createOutbox, type Onward, type Outbox, type OutboxMessage } from './mail/outbox.ts';
export { createSmtpMailer, type SmtpMailer } from './mail/smtp.ts';
export { noMailer, noTexter } from './not-set.ts';
export {
  createOutside,
  type Outside,
  type OutsideAnswer,
  type OutsideFailure,
  type OutsideOptions,
  type OutsideRequest,
} from './outside/outside.ts';
export { createHttpTexter } from './sms/http-texter.ts';
export type { Texter, TextMessage } from './sms/texter.ts';
export { toldMailer, toldTexter } from './told.ts';
