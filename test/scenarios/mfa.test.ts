import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { type Account, newAccount } from '../support/accounts.ts';
import { authorizeWeb, membersOf, newFlow, setFlow } from '../support/flow-settings.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

let usher: Usher;
let skew = 0;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

const factor = (multifactorAuthenticationMethod: string, multifactorAuthenticationState = 'on') => ({
  multifactorAuthenticationConfiguration: { multifactorAuthenticationState, multifactorAuthenticationMethod },
});
const methods = '/beta/usher/authenticationMethods';

let numbers = 0;
/** A number of its own for one test, as it is typed and as it is kept. */
function newNumber(): { readonly typed: Readonly<Record<string, string>>; readonly kept: string } {
  numbers += 1;
  const national = `1512${String(1_000_000 + numbers)}`;
  return { typed: { 'localNumber.country': 'DE', 'localNumber.number': `0${national}` }, kept: `+49${national}` };
}

const later = async (seconds: number): Promise<void> => {
  skew += seconds;
  await usher.advance(seconds);
};
const codeNow = (secret: string): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + skew * 1000 });

async function signIn(flow: string, { email, password }: Account, visitor: Visitor = newVisitor(usher)) {
  const page = await visitor.open(authorizeWeb(usher, flow));
  return { visitor, page: await visitor.submit(page, 'next', { email, password }) };
}

const hasArrived = ({ left }: Visit): boolean => left !== undefined && membersOf(left).has('code');
const refusalOf = ({ left }: Visit): string => membersOf(left).get('error_description') ?? '';

interface Method {
  readonly id: string;
  readonly kind: string;
}

async function methodsOf({ id }: Account): Promise<readonly Method[]> {
  const response = await usher.graph('GET', `${methods}?$filter=userId eq '${id}'`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.doesNotMatch(text, /secret|recoveryCodes"|publicKey|credentialId/);
  return (JSON.parse(text) as { readonly value: readonly Method[] }).value;
}

async function addPhone({ id: userId }: Account, phoneNumber: string): Promise<void> {
  const response = await usher.graph('POST', methods, { userId, kind: 'phone', phoneNumber });
  assert.equal(response.status, 201, await response.text());
}

test('off nothing is asked for; on a phone is set up at the next sign-in and asked for at the one after', async () => {
  const flow = await newFlow(usher);
  const account = await newAccount(usher);
  assert.ok(hasArrived((await signIn(flow, account)).page));
  await setFlow(usher, factor('phoneSms'), flow);

  const { typed, kept } = newNumber();
  const { visitor, page } = await signIn(flow, account);
  for (const id of ['countryCode', 'localNumber', 'sendCode', 'cancel'])
    assert.match(page.html, new RegExp(`id="${id}"`));
  const sent = await visitor.submit(page, 'sendCode', typed);
  for (const id of ['verificationCode', 'verifyCode', 'retryCode']) assert.match(sent.html, new RegExp(`id="${id}"`));
  const done = await visitor.submit(sent, 'verifyCode', { verificationCode: await usher.code(kept) });
  assert.ok(hasArrived(done));
  assert.deepEqual(
    (await methodsOf(account)).map(({ kind }) => kind),
    ['phone'],
  );

  await later(60);
  const again = await signIn(flow, account);
  assert.match(textOf(again.page.html), /We send a code by text message to the number we know/);
  assert.ok(!again.page.html.includes(kept) && again.page.html.includes(kept.slice(-4)));
});

test('single sign-on carries a factor that was proved, and stops where none was', async () => {
  const [open, guarded] = [await newFlow(usher), await newFlow(usher, factor('phoneSms'))];
  const account = await newAccount(usher);
  const { kept } = newNumber();
  await addPhone(account, kept);
  const { visitor } = await signIn(open, account);
  const stopped = await visitor.open(authorizeWeb(usher, guarded));
  assert.match(stopped.html, /id="sendCode"/);
  const silent = await visitor.open(authorizeWeb(usher, guarded, { prompt: 'none' }));
  assert.match(membersOf(silent.left).get('error') ?? '', /interaction_required|login_required/);

  const sent = await visitor.submit(stopped, 'sendCode');
  assert.ok(hasArrived(await visitor.submit(sent, 'verifyCode', { verificationCode: await usher.code(kept) })));
  assert.ok(hasArrived(await visitor.open(authorizeWeb(usher, guarded))), 'proved once a session');
});

test('three wrong codes by text message are AADB2C90151, five of an application AADB2C90157', async () => {
  const [byPhone, byApp] = [await newFlow(usher, factor('phoneSms')), await newFlow(usher, factor('authenticator'))];
  const account = await newAccount(usher);
  const { visitor, page } = await signIn(byPhone, account);
  let shown = await visitor.submit(page, 'sendCode', newNumber().typed);
  for (let tries = 0; tries < 3; tries += 1) {
    shown = await visitor.submit(shown, 'verifyCode', { verificationCode: '12' });
  }
  assert.match(
    refusalOf(shown),
    /^AADB2C90151: User has exceeded the maximum number for retries for multifactor authentication\.\r\nCorrelation ID: /,
  );
  const other = await signIn(byApp, account);
  let asked = other.page;
  for (let tries = 0; tries < 5; tries += 1) asked = await other.visitor.submit(asked, 'continue', { otpCode: '12' });
  assert.match(refusalOf(asked), /^AADB2C90157: User has exceeded the maximum number for retries for a self-asserted/);
});

test('an authenticator application is set up with picture and key, and each of its codes counts once', async () => {
  const flow = await newFlow(usher, factor('authenticator'));
  const account = await newAccount(usher);
  const { visitor, page } = await signIn(flow, account);
  for (const id of ['totpQrCodeControl', 'authenticatorInfoControl', 'otpCode']) {
    assert.match(page.html, new RegExp(`id="${id}"`));
  }
  const secret = /[?&](?:amp;)?secret=([A-Z2-7]+)/.exec(page.html)?.[1] ?? '';
  assert.ok(hasArrived(await visitor.submit(page, 'continue', { otpCode: codeNow(secret) })));

  const again = await signIn(flow, account);
  const spent = await again.visitor.submit(again.page, 'continue', { otpCode: codeNow(secret) });
  assert.match(textOf(spent.html), /This code was used already/);
  await later(60);
  assert.ok(hasArrived(await again.visitor.submit(spent, 'continue', { otpCode: codeNow(secret) })));
});

test('by e-mail the code goes to the address on record, whatever the form names', async () => {
  const flow = await newFlow(usher, factor('email'));
  const account = await newAccount(usher);
  const { visitor, page } = await signIn(flow, account);
  const sent = await visitor.submit(page, 'emailVerificationControl_but_send_code', { email: 'eve@attacker.example' });
  assert.deepEqual(await usher.outbox('eve@attacker.example'), []);
  const code = { emailVerificationCode: await usher.code(account.email) };
  assert.ok(hasArrived(await visitor.submit(sent, 'emailVerificationControl_but_verify_code', code)));
});

test('of many simultaneous answers to one page one counts, and a code of another journey opens nothing', async () => {
  const flow = await newFlow(usher, factor('phoneSms'));
  const account = await newAccount(usher);
  const { kept } = newNumber();
  await addPhone(account, kept);
  const [one, two] = [await signIn(flow, account), await signIn(flow, account)];
  const sent = await one.visitor.submit(one.page, 'sendCode');
  const verificationCode = await usher.code(kept);
  const foreign = await two.visitor.submit(two.page, 'verifyCode', { verificationCode });
  assert.ok(!foreign.left);
  const wrong = verificationCode === '000000' ? '000001' : '000000';
  const tries = await Promise.all(
    Array.from({ length: 12 }, () => one.visitor.submit(sent, 'verifyCode', { verificationCode: wrong })),
  );
  assert.ok(
    tries.every(({ left }) => left === undefined),
    'twelve posts of one page are one wrong code',
  );
  const page = await one.visitor.open(sent.url);
  assert.ok(hasArrived(await one.visitor.submit(page, 'verifyCode', { verificationCode })));
});

test('recovery codes are shown once, one opens when the phone is lost, and go with the phone', async () => {
  const flow = await newFlow(usher, { ...factor('phoneSms'), settings: { areRecoveryCodesOffered: true } });
  const account = await newAccount(usher);
  const { typed, kept } = newNumber();
  const { visitor, page } = await signIn(flow, account);
  const sent = await visitor.submit(page, 'sendCode', typed);
  const list = await visitor.submit(sent, 'verifyCode', { verificationCode: await usher.code(kept) });
  const codes = [...list.html.matchAll(/<li>([a-z2-9]{5}-[a-z2-9]{5})<\/li>/g)].map(([, code = '']) => code);
  assert.equal(codes.length, 10);
  assert.ok(hasArrived(await visitor.submit(list, 'continue')));

  const lost = await signIn(flow, account);
  const asked = await lost.visitor.submit(lost.page, 'way_recoveryCode');
  assert.ok(hasArrived(await lost.visitor.submit(asked, 'continue', { recoveryCode: codes[3] ?? '' })));
  const replay = await signIn(flow, account);
  const refused = await replay.visitor.submit(
    await replay.visitor.submit(replay.page, 'way_recoveryCode'),
    'continue',
    {
      recoveryCode: codes[3] ?? '',
    },
  );
  assert.match(textOf(refused.html), /not one of your codes, or it was used already/);

  const phone = (await methodsOf(account)).find(({ kind }) => kind === 'phone');
  assert.equal((await usher.graph('DELETE', `${methods}/${phone?.id}`)).status, 204);
  assert.deepEqual(await methodsOf(account), []);
  assert.match((await signIn(flow, account)).page.html, /id="localNumber"/);
});

test('known and unknown accounts, with and without a factor, are told alike before the password is right', async () => {
  const flow = await newFlow(usher, factor('phoneSms'));
  const account = await newAccount(usher);
  await addPhone(account, newNumber().kept);
  const plain = await newAccount(usher);
  const said = await Promise.all(
    [account.email, plain.email, 'nobody@contoso.example'].map(async (email) => {
      const { page } = await signIn(flow, { id: '', email, password: 'Wrong-password-1' });
      return textOf(page.html);
    }),
  );
  assert.equal(new Set(said).size, 1);
});

test('whoever signs up proves the factor before there is an account, unless the flow wants the order of B2C', async () => {
  const flow = await newFlow(usher, factor('phoneSms'));
  const signUp = async (email: string): Promise<Visit> => {
    const visitor = newVisitor(usher);
    const page = await visitor.submit(await visitor.open(authorizeWeb(usher, flow)), 'createAccount');
    const sent = await visitor.submit(page, 'email_ver_but_send', { email });
    const code = { email, email_ver_input: await usher.code(email) };
    const proved = await visitor.submit(sent, 'email_ver_but_verify', code);
    const chosen = { email, newPassword: 'Olive-drum-42', reenterPassword: 'Olive-drum-42' };
    const asked = await visitor.submit(proved, 'continue', chosen);
    assert.match(asked.html, /id="localNumber"/);
    return visitor.submit(asked, 'cancel');
  };
  const exists = async (email: string): Promise<boolean> => {
    const filter = `identities/any(i:i/issuer eq 'contoso.onmicrosoft.com' and i/issuerAssignedId eq '${email}')`;
    const response = await usher.graph('GET', `/v1.0/users?$filter=${encodeURIComponent(filter)}`);
    return ((await response.json()) as { readonly value: readonly unknown[] }).value.length > 0;
  };
  assert.match(refusalOf(await signUp('late@people.example')), /^AADB2C90091/);
  assert.equal(await exists('late@people.example'), false);
  await setFlow(usher, { settings: { isUserCreatedBeforeMultifactor: true } }, flow);
  await signUp('early@people.example');
  assert.equal(await exists('early@people.example'), true);
});
