import type { Fault } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import { createBounds, sendMilliseconds } from '../within-bounds.ts';
import { displayName, isOneAddress, type Mailbox, readMailbox, senderName } from './mailbox.ts';
import type { Letter, Mailer } from './mailer.ts';
import { readSmtpUrl, type SmtpServer } from './smtp-server.ts';

export interface SmtpSettings {
  /** `--smtp-url`. */
  readonly url: string;
  /** `--mail-from`. */
  readonly from: string | undefined;
  /** 10 000 when absent. */
  readonly timeoutMilliseconds?: number;
}

export interface SmtpMailer extends Mailer {
  /** Gives the connections back; letters that wait are not sent. */
  close(): void;
}

const connections = 5;

/** Nobody shall answer a letter that no person wrote: RFC 3834 §5, and Exchange's own word for it. */
const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' } as const;

async function openPool({ host, port, tls, login }: SmtpServer, timeout: number) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    pool: true,
    maxConnections: connections,
    // Only a letter of which nothing was sent is tried once more, when the server closed an idle connection.
    maxRequeues: 1,
    host,
    port,
    secure: tls === 'direct',
    requireTLS: tls === 'upgrade',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    ...(login ? { auth: { user: login.user, pass: login.password }, forceAuth: true } : {}),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    dnsTimeout: timeout,
    socketTimeout: timeout,
    maxResponseSize: 65_536,
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

const messageOf = ({ to, sender = '', subject, text, html }: Letter, from: Mailbox) => ({
  from: { name: senderName(from.name, displayName(sender)), address: from.address },
  to: { name: '', address: to },
  envelope: { from: from.address, to: [to] },
  subject: subject.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim(),
  text,
  html,
  headers: automatic,
  xMailer: false as const,
});

/** What failed before the server said anything is told in Node's own words, which name hosts and no people. */
const unsaid = new Set(['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'ETLS']);

/** Of what a server says only its numbers: its words often repeat the address (RFC 5321 §4.2, RFC 3463 §2). */
function faultOf(error: unknown): Fault {
  const { code, command, message, response } = error as Partial<
    Record<'code' | 'command' | 'message' | 'response', unknown>
  >;
  const [said = ''] = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(typeof response === 'string' ? response : '') ?? [];
  const ownWords = said === '' && unsaid.has(String(code)) && !String(message).includes('@') ? `, ${message}` : '';
  const at = /^[A-Z ]{1,20}$/.exec(String(command)) ? ` at ${command}` : '';
  return faults.mailNotSent({
    reason: `${said === '' ? (code ?? 'unknown reason') : said.replace('-', ' ')}${at}${ownWords}`,
  });
}

/**
 * Sends letters over a few connections that are kept open, with TLS and a verified certificate unless the settings say
 * otherwise. A letter is sent once or not at all as far as the server tells; it throws `connectors.mailNotSent` within ten
 * seconds. The library is loaded at the first letter. Throws `connectors.badSetting`.
 */
export function createSmtpMailer({ url, from, timeoutMilliseconds = sendMilliseconds }: SmtpSettings): SmtpMailer {
  const [server, mailbox] = [readSmtpUrl(url), readMailbox(from)];
  const refused = (reason: string) => faults.mailNotSent({ reason });
  const withinBounds = createBounds(timeoutMilliseconds, refused);
  let pool: ReturnType<typeof openPool> | undefined;
  return {
    async send(letter) {
      if (!isOneAddress(letter.to)) throw refused('its address is not one mail address');
      await withinBounds(async (signal) => {
        pool ??= openPool(server, timeoutMilliseconds);
        try {
          await (await pool).sendMail({ ...messageOf(letter, mailbox), signal });
        } catch (error) {
          throw faultOf(error);
        }
      });
    },
    close() {
      pool?.then((open) => open.close()).catch(() => undefined);
    },
  };
}
