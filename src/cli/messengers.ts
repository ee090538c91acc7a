import { createHttpTexter, createSmtpMailer, type SmtpMailer, type Texter } from '../connectors/index.ts';
import type { Config } from '../kernel/index.ts';

/** Throws `connectors.badSetting`. */
export const mailerOf = ({ smtpUrl, mailFrom }: Config): SmtpMailer | undefined =>
  smtpUrl === undefined ? undefined : createSmtpMailer({ url: smtpUrl, from: mailFrom });

/** Throws `connectors.badSetting`. */
export const texterOf = ({ smsUrl, smsHeaders, smsBody, smsFrom, smsSuccess }: Config): Texter | undefined =>
  smsUrl === undefined
    ? undefined
    : createHttpTexter({ url: smsUrl, headers: smsHeaders, body: smsBody, from: smsFrom, success: smsSuccess });
