import { faults } from './faults.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Texter } from './sms/texter.ts';

/** In production without a mail server: every letter fails at once, and whoever waits for it is told. */
export const noMailer: Mailer = {
  async send() {
    throw faults.mailNotSent({ reason: 'no mail server is set, see --smtp-url' });
  },
};

/** The same for text messages. */
export const noTexter: Texter = {
  async send() {
    throw faults.textNotSent({ reason: 'no provider of text messages is set, see --sms-url' });
  },
};
