import { randomBytes } from 'node:crypto';
import { authorize } from '../../test/support/sign-in.ts';
import { type Letter, seeded } from '../../test/support/usher.ts';
import type { Target } from '../target.ts';
import { openBrowser } from './browser.ts';
import type { Connection } from './connection.ts';
import { codeIn, redeem } from './sign-in.ts';

async function codeFor(connection: Connection, email: string): Promise<string> {
  const { body } = await connection.ask({ path: `/dev/outbox?email=${encodeURIComponent(email)}` });
  const [letter] = JSON.parse(body.toString()) as readonly Letter[];
  if (!letter?.code) throw new Error(`No code was mailed to ${email}.`);
  return letter.code;
}

/** Somebody new proves an address, chooses a password, and the application gets tokens. The code is read from the outbox, which is a request too. */
export async function signUp(target: Target, connection: Connection, flow: string = seeded.flow): Promise<void> {
  const attempt = authorize(target, {}, flow);
  const browser = openBrowser(connection, target.url);
  const email = `new-${randomBytes(8).toString('hex')}@mail.example`;
  let page = await browser.open(`${attempt.url.pathname}${attempt.url.search}`);
  page = await browser.press(page, 'createAccount');
  page = await browser.press(page, 'email_ver_but_send', { email });
  const email_ver_input = await codeFor(connection, email);
  page = await browser.press(page, 'email_ver_but_verify', { email, email_ver_input });
  const chosen = { newPassword: 'Olive-drum-42', reenterPassword: 'Olive-drum-42', displayName: 'Ada' };
  page = await browser.press(page, 'continue', { email, ...chosen });
  await redeem(connection, attempt, codeIn(page), flow);
}
