/** The outside world behind ports, a folder for each kind: mail by SMTP, text messages by HTTP, and the outbox that keeps both in development mode. */

export type { Letter, Mailer } from './mail/mailer.ts';
export { createOutbox, type Outbox, type OutboxMessage } from './mail/outbox.ts';
export { createSmtpMailer, type SmtpMailer, type SmtpSettings } from './mail/smtp.ts';
export { createHttpTexter, type HttpTexterSettings } from './sms/http-texter.ts';
export type { Texter, TextMessage } from './sms/texter.ts';
