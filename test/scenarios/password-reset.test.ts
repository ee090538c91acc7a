import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Account, accountWith, newAccount, setAccount } from '../support/accounts.ts';
import {
  authorizeWeb,
  codeOf,
  membersOf,
  newFlow,
  passThrough,
  refreshWeb,
  setFlow,
  webTokens,
} from '../support/flow-settings.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

let usher: Usher;
let reset: string;
before(async () => {
  usher = await startUsher();
  reset = await newFlow(usher, { userFlowType: 'passwordReset' });
});
after(() => usher?.stop());

const send = 'emailVerificationControl_but_send_code';
const verify = 'emailVerificationControl_but_verify_code';
const edit = 'emailVerificationControl_but_change_claims';
const chosen = 'Olive-drum-42';
const newPasswords = { newPassword: chosen, reenterPassword: chosen };

const begin = (visitor: Visitor, flow = reset): Promise<Visit> => visitor.open(authorizeWeb(usher, flow));

/** Proves the address on the page that asks for it. */
async function prove(visitor: Visitor, page: Visit, email: string): Promise<Visit> {
  const sent = await visitor.submit(page, send, { email });
  return visitor.submit(sent, verify, { email, emailVerificationCode: await usher.code(email) });
}

async function proved(visitor: Visitor, email: string): Promise<Visit> {
  return prove(visitor, await begin(visitor), email);
}

/** From the page that asks for the address, or a new journey, to the one with the new password. */
async function atNewPassword(visitor: Visitor, email: string, first?: Visit): Promise<Visit> {
  const shown = await prove(visitor, first ?? (await begin(visitor)), email);
  const page = await visitor.submit(shown, 'continue', { email });
  assert.match(page.html, /id="newPassword"/);
  return page;
}

async function signsIn({ email }: Account, password: string): Promise<boolean> {
  const visitor = newVisitor(usher);
  const page = await visitor.open(authorizeWeb(usher, seeded.flow));
  const { left } = await visitor.submit(page, 'next', { email, password });
  return left !== undefined && membersOf(left).has('code');
}

const refusalOf = ({ left }: Visit): string => membersOf(left).get('error_description') ?? '';

test('an application that hears of the forgotten password runs the reset flow, and the person is signed in', async () => {
  const flow = await newFlow(usher);
  await setFlow(usher, { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: false } }, flow);
  const account = await newAccount(usher);
  const visitor = newVisitor(usher);
  const refused = await visitor.submit(await begin(visitor, flow), 'forgotPassword', { email: account.email });
  assert.equal(membersOf(refused.left).get('error'), 'access_denied');
  assert.match(
    refusalOf(refused),
    /^AADB2C90118: The user has forgotten their password\.\r\nCorrelation ID: [0-9a-f-]{36}\r\nTimestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\r\n$/,
  );
  const done = await visitor.submit(await atNewPassword(visitor, account.email), 'continue', newPasswords);
  assert.ok(membersOf(done.left).has('code'));
  assert.deepEqual([await signsIn(account, chosen), await signsIn(account, account.password)], [true, false]);
});

test('a flow that answers it itself goes on as signed in; Cancel is AADB2C90091', async () => {
  const flow = await newFlow(usher);
  await setFlow(usher, { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true } }, flow);
  const account = await newAccount(usher);
  const visitor = newVisitor(usher);
  const page = await visitor.submit(await begin(visitor, flow), 'forgotPassword', { email: account.email });
  assert.match(page.html, new RegExp(`id="email"[^>]*value="${account.email}"`));
  assert.match(refusalOf(await visitor.submit(page, 'cancel')), /^AADB2C90091: The user has cancelled entering/);

  const again = await visitor.submit(await begin(visitor, flow), 'forgotPassword');
  const sent = await visitor.submit(again, send, { email: account.email });
  const code = { emailVerificationCode: await usher.code(account.email) };
  const choosing = await visitor.submit(sent, 'continue', { email: account.email, ...code });
  const done = await visitor.submit(choosing, 'continue', newPasswords);
  assert.ok(membersOf(done.left).has('code'));
  assert.ok(await signsIn(account, chosen));
  const next = await visitor.open(authorizeWeb(usher, flow));
  assert.ok(membersOf(next.left).has('code'), 'the session that came of it outlives the end of those before');
});

test('a reset ends sessions and refresh tokens, opens the lock and takes back the order to change', async () => {
  const account = await newAccount(usher);
  const signedIn = newVisitor(usher);
  const url = authorizeWeb(usher, seeded.flow);
  await passThrough(signedIn, url, account.email, account.password);
  const elsewhere = newVisitor(usher);
  const tokens = await (async () => {
    const page = await elsewhere.open(url);
    await elsewhere.submit(page, 'next', { email: account.email, password: account.password });
    return webTokens(usher, seeded.flow, elsewhere);
  })();
  assert.equal((await refreshWeb(usher, seeded.flow, tokens)).status, 200);
  await usher.advance(5);
  await setAccount(usher, account.id, { passwordProfile: { forceChangePasswordNextSignIn: true } });
  for (let count = 0; count < 11; count += 1) await signsIn(account, `Wrong-password-${count}`);

  const visitor = newVisitor(usher);
  await visitor.submit(await atNewPassword(visitor, account.email), 'continue', newPasswords);
  assert.equal(codeOf(await refreshWeb(usher, seeded.flow, tokens)), 'AADB2C90129');
  assert.match((await signedIn.open(url)).html, /type="password"/, 'the session is over');
  assert.ok(await signsIn(account, chosen), 'not locked, and nothing to be changed');
  const dates = ['lastPasswordChangeDateTime', 'signInSessionsValidFromDateTime'];
  const found = await accountWith(usher, account.id, dates);
  assert.equal(found['lastPasswordChangeDateTime'], found['signInSessionsValidFromDateTime']);
});

test('nobody learns whether an account exists before the address is proved', async () => {
  const account = await newAccount(usher);
  const seen = async (email: string) => {
    const visitor = newVisitor(usher);
    const sent = await visitor.submit(await begin(visitor), send, { email });
    const wrong = await visitor.submit(sent, verify, { email, emailVerificationCode: 'nothing' });
    const right = await visitor.submit(wrong, verify, { email, emailVerificationCode: await usher.code(email) });
    const pages = [sent, wrong, right].map(({ status, html }) => [status, textOf(html).replaceAll(email, 'EMAIL')]);
    return { visitor, right, pages, letters: (await usher.outbox(email)).length };
  };
  const [known, unknown] = [await seen(account.email), await seen(`no${account.email}`)];
  assert.deepEqual([unknown.pages, unknown.letters], [known.pages, known.letters]);
  const told = await unknown.visitor.submit(unknown.right, 'continue', { email: `no${account.email}` });
  assert.match(textOf(told.html), /could not find an account/);
});

test('a disabled account is told so after the proof, and keeps its password', async () => {
  const account = await newAccount(usher, { accountEnabled: false });
  const visitor = newVisitor(usher);
  const page = await visitor.submit(await proved(visitor, account.email), 'continue', { email: account.email });
  assert.match(textOf(page.html), /switched off/);
  assert.doesNotMatch(page.html, /id="newPassword"/);
});

test('by user name: the name and the address that belongs to it, as the setting says', async () => {
  const flow = await newFlow(usher, { userFlowType: 'passwordReset' });
  const { html: before } = await begin(newVisitor(usher), flow);
  assert.match(before, /id="email"/);
  await setFlow(usher, { settings: { passwordReset: { identifier: 'userName' } } }, flow);
  const name = `ada${Date.now()}`;
  const address = `${name}@contoso.example`;
  const identities = [
    { signInType: 'userName', issuer: seeded.tenant, issuerAssignedId: name },
    { signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: address },
  ];
  const account = { ...(await newAccount(usher, { identities })), email: address };
  const visitor = newVisitor(usher);
  const first = await begin(visitor, flow);
  assert.match(first.html, /id="UserId"/);
  assert.doesNotMatch(first.html, /id="email"/);
  const second = await visitor.submit(first, 'continue', { UserId: name });
  assert.match(second.html, new RegExp(`id="UserId"[^>]* value="${name}"[^>]* readonly`));
  const sent = await visitor.submit(second, send, { email: address });
  const code = { email: address, emailVerificationCode: await usher.code(address) };
  const done = await visitor.submit(await visitor.submit(sent, 'continue', code), 'continue', newPasswords);
  assert.ok(membersOf(done.left).has('code'));
  assert.ok(await signsIn(account, chosen));
});

test('forms sent out of order, twice or from an older page set nothing', async () => {
  const account = await newAccount(usher);
  const visitor = newVisitor(usher);
  const first = await begin(visitor);
  const skipped = await visitor.submit(first, 'continue', { email: account.email, ...newPasswords });
  assert.doesNotMatch(skipped.html, /id="newPassword"/);
  const page = await atNewPassword(visitor, account.email, skipped);
  const older = await visitor.submit(first, send, { email: account.email });
  assert.match(older.html, /id="newPassword"/, 'an older page shows where the journey is');
  await Promise.all([
    visitor.submit(page, 'continue', newPasswords),
    visitor.submit(page, 'continue', { newPassword: 'Other-drum-42', reenterPassword: 'Other-drum-42' }),
  ]);
  const works = [await signsIn(account, chosen), await signsIn(account, 'Other-drum-42')];
  assert.deepEqual(works.toSorted(), [false, true]);
  const replayed = await visitor.submit(page, 'continue', {
    newPassword: 'Late-drum-42',
    reenterPassword: 'Late-drum-42',
  });
  assert.doesNotMatch(replayed.html, /id="newPassword"/);
  assert.equal(await signsIn(account, 'Late-drum-42'), false);
});

test('of two journeys that proved one account only the first sets the password', async () => {
  const account = await newAccount(usher);
  const [mine, theirs] = [newVisitor(usher), newVisitor(usher)];
  const [first, second] = [await atNewPassword(mine, account.email), await atNewPassword(theirs, account.email)];
  // What was proved before the new password counts no more; within its second only the password itself tells (new-password.test.ts).
  await usher.advance(2);
  const done = await mine.submit(first, 'continue', newPasswords);
  assert.ok(membersOf(done.left).has('code'));
  const late = await theirs.submit(second, 'continue', {
    newPassword: 'Late-drum-42',
    reenterPassword: 'Late-drum-42',
  });
  assert.match(textOf(late.html), /This sign-in has ended/);
  assert.deepEqual([await signsIn(account, chosen), await signsIn(account, 'Late-drum-42')], [true, false]);
});

test('a code is good for its own journey and purpose, and a proof for its own address', async () => {
  const [own, victim] = [await newAccount(usher), await newAccount(usher)];
  const other = newVisitor(usher);
  await other.submit(await begin(other), send, { email: victim.email });
  const ofOther = await usher.code(victim.email);
  const signUp = newVisitor(usher);
  const form = await signUp.submit(await begin(signUp, seeded.flow), 'createAccount');
  await signUp.submit(form, 'email_ver_but_send', { email: victim.email });
  const ofSignUp = await usher.code(victim.email);

  const visitor = newVisitor(usher);
  const shown = await proved(visitor, own.email);
  const changed = await visitor.submit(shown, 'continue', { email: victim.email });
  assert.doesNotMatch(changed.html, /id="newPassword"/);
  const cleared = await visitor.submit(changed, edit, { email: victim.email });
  let page = await visitor.submit(cleared, send, { email: victim.email });
  const right = await usher.code(victim.email);
  for (const emailVerificationCode of [ofOther, ofSignUp].filter((code) => code !== right)) {
    page = await visitor.submit(page, 'continue', { email: victim.email, emailVerificationCode });
    assert.doesNotMatch(page.html, /id="newPassword"/);
  }
  assert.ok(await signsIn(victim, victim.password));
});
