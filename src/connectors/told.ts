import { type Observe, type Trace, untraced } from '../kernel/index.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Texter } from './sms/texter.ts';

interface Telling {
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
}

/** Neither to whom a message goes nor what stands in it is told, only what it is for. */
const told =
  <M extends { readonly purpose: string }>(
    channel: 'mail' | 'text',
    { observe, trace = untraced }: Telling,
    send: (message: M) => Promise<void>,
  ) =>
  (message: M): Promise<void> => {
    const facts = { 'usher.purpose': message.purpose };
    return trace.span({ name: `send ${channel}`, kind: 'client', facts }, async () => {
      const began = performance.now();
      const tell = (outcome: 'taken' | 'failed'): void =>
        observe({ kind: 'message.handed', channel, outcome, milliseconds: performance.now() - began });
      try {
        await send(message);
      } catch (error) {
        tell('failed');
        throw error;
      }
      tell('taken');
    });
  };

/** The same mailer, which tells how long letters took and whether they were taken. */
export const toldMailer = (mailer: Mailer, telling: Telling): Mailer => ({
  send: told('mail', telling, (letter) => mailer.send(letter)),
});

/** The same texter, which tells how long messages took and whether they were taken. */
export const toldTexter = (texter: Texter, telling: Telling): Texter => ({
  send: told('text', telling, (message) => texter.send(message)),
});
