import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { activities } from '../../src/kernel/index.ts';
import { newAccount } from '../support/accounts.ts';
import { newApplication } from '../support/flow-settings.ts';
import { authorize, codeFor, codeIn, token } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf } from '../support/visitor.ts';

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Another machine: all of 127.0.0.0/8 is this one, but counted apart. */
function postFrom(address: string, url: string, form: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = new URLSearchParams(form).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(url, { method: 'POST', localAddress: address, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const flood = '127.0.0.66';

/** An application that exchanges passwords, at a flow for it. */
async function passwordGuesser(usher: Usher) {
  const { appId } = await newApplication(usher, {
    isFallbackPublicClient: true,
    publicClient: { redirectUris: ['myapp://auth'] },
    web: { implicitGrantSettings: { enableAccessTokenIssuance: true } },
  });
  const url = `${usher.url}/${seeded.tenant}/B2C_1_ropc/oauth2/v2.0/token`;
  return (username: string, password: string, address = flood): Promise<Answer> =>
    postFrom(address, url, {
      grant_type: 'password',
      client_id: appId,
      username,
      password,
      scope: 'openid',
      response_type: 'token id_token',
    });
}

const counts = (answers: readonly Answer[], code: string): number =>
  answers.filter(({ text }) => text.includes(code)).length;

describe('where limits are strict', () => {
  let usher: Usher;
  before(async () => {
    // Few threads and places, so that a flood is small.
    usher = await startUsher({ args: ['--limits', 'strict', '--hash-workers', '1', '--hash-queue', '19'] });
  });
  after(() => usher?.stop());

  test('a flood of passwords from one address keeps nobody else from signing in and refreshing', async () => {
    const guess = await passwordGuesser(usher);
    const visitor = newVisitor(usher);
    const attempt = authorize(usher);
    const shown = await visitor.open(attempt.url);
    const guesses = Promise.all(
      Array.from({ length: 60 }, (_, nth) => guess(`flood${nth}@contoso.example`, 'Summer2026')),
    );
    const signedIn = visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
    const code = codeIn(await signedIn);
    const grant = { grant_type: 'authorization_code', code, redirect_uri: attempt.redirectUri };
    const { answer } = await token(usher, { ...grant, code_verifier: attempt.verifier });
    const refreshed = await token(usher, { grant_type: 'refresh_token', refresh_token: answer.refresh_token ?? '' });
    assert.equal(refreshed.status, 200, JSON.stringify(refreshed.answer));
    const answers = await guesses;
    assert.equal(counts(answers, 'AADB2C90225') + counts(answers, 'AADB2C90035'), 60);
    const busy = answers.filter(({ status }) => status === 503);
    assert.ok(busy.length > 0, 'the flood was not served whole');
    assert.ok(busy.every(({ retryAfter }) => Number(retryAfter) >= 1));
  });

  test('who tries a list of names is stopped, and people sign in from elsewhere, and where they are known', async () => {
    const guess = await passwordGuesser(usher);
    const account = await newAccount(usher);
    const visitor = newVisitor(usher);
    await codeFor(visitor, authorize(usher), account.email, account.password);
    const from = '127.0.0.77';
    const most = activities.wrongPassword.perAddress.strict.amount;
    for (let nth = 0; nth < most; nth += 5) {
      const few = [0, 1, 2, 3, 4].map((one) => guess(`list${nth + one}@contoso.example`, 'Summer2026', from));
      assert.equal(counts(await Promise.all(few), 'AADB2C90225'), 5);
    }
    const stopped = await guess(account.email, account.password, from);
    assert.match(stopped.text, /AADB2C90114/, 'a right password tells nothing either');
    assert.match((await guess(account.email, account.password, '127.0.0.78')).text, /"id_token":/);
    for (let nth = 0; nth < 10; nth += 1) await guess(account.email, `guess ${nth}`, '127.0.0.79');
    assert.match((await guess(account.email, account.password, '127.0.0.78')).text, /AADB2C90114/, 'locked everywhere');
    await codeFor(visitor, authorize(usher, { prompt: 'login' }), account.email, account.password);
  });

  test('an address that asks for too many pages is told so in a friendly way', async () => {
    const visitor = newVisitor(usher);
    const address = `${usher.url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/deviceauth`;
    let page = await visitor.open(address);
    for (let asked = 1; asked < 200 && page.status === 200; asked += 1) page = await visitor.open(address);
    assert.equal(page.status, 429);
    assert.ok(Number(page.headers.get('retry-after')) >= 1);
    assert.match(textOf(page.html), /That was a lot of requests/);
    assert.match(textOf(page.html), /AADB2C90244: There are too many requests at this moment/);
    assert.equal((await visitor.open(authorize(usher).url)).status, 200, 'sign-ins are counted apart');
  });
});

test('with documented throttling an application meets the quotas of Azure AD B2C', async () => {
  const usher = await startUsher({ args: ['--throttling', 'documented'] });
  try {
    const metadata = `${usher.url}/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`;
    let throttled: Response | undefined;
    // The quota fills up again while it is spent; two hundred a second is far less than a server answers.
    for (let round = 0; round < 100 && !throttled; round += 1) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(metadata)));
      throttled = answers.find(({ status }) => status === 429);
    }
    assert.equal(throttled?.headers.get('retry-after'), '1');
    assert.match((await throttled?.text()) ?? '', /AADB2C90244/);
  } finally {
    await usher.stop();
  }
});
