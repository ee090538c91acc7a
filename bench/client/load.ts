/**
 * Sign-ins without end, in a process of their own, so that those who wait for other answers are not kept from taking the time. Arguments: origin of the
 * server, file of its authority, how many at once, the address they come from, `right` or `wrong` passwords.
 */
import { readFileSync } from 'node:fs';
import { authorize } from '../../test/support/sign-in.ts';
import { seeded, type Usher } from '../../test/support/usher.ts';
import { openBrowser } from './browser.ts';
import { openConnection } from './connection.ts';
import { codeIn, redeem } from './sign-in.ts';

const [url = '', caFile = '', atOnce = '16', from = '127.0.0.1', passwords = 'right'] = process.argv.slice(2);
const ca = readFileSync(caFile, 'utf8');
const target = { url } as Usher;
let [done, refused] = [0, 0];

async function signIn(connection: ReturnType<typeof openConnection>): Promise<void> {
  const attempt = authorize(target);
  const browser = openBrowser(connection, url);
  const shown = await browser.open(`${attempt.url.pathname}${attempt.url.search}`);
  const values = { email: seeded.user, password: passwords === 'right' ? seeded.password : 'Wrong-horse-1' };
  const answered = await browser.press(shown, 'next', values);
  if (passwords === 'right') await redeem(connection, attempt, codeIn(answered));
  else if (answered.status !== 200) throw new Error(`${answered.status}`);
}

async function lane(): Promise<void> {
  const connection = openConnection(url, ca, from);
  for (;;) {
    try {
      await signIn(connection);
      done += 1;
    } catch {
      refused += 1;
      connection.close();
    }
  }
}

for (let at = 0; at < Number(atOnce); at += 1) void lane();
process.once('disconnect', () => process.exit());
process.on('message', () => process.send?.({ done, refused }));
process.send?.('ready');
