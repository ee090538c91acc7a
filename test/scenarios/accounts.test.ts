import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accountWith, newAccount, setAccount } from '../support/accounts.ts';
import { freshEmail, freshName, freshNumber, identityOf, Person, typed } from '../support/flow-person.ts';
import { allowIdTokens, newApplication, newFlow, setFlow } from '../support/flow-settings.ts';
import { claimsIn, token } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;

const policy = '/beta/policies/b2cAuthenticationMethodsPolicy';
const switches = { isUserNameAuthenticationEnabled: true, isPhoneOneTimePasswordAuthenticationEnabled: true };
const password = 'Correct-horse-7';
const passwords = { newPassword: password, reenterPassword: password };

async function graph(status: number, method: string, path: string, body?: unknown) {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  assert.equal(response.status, status, `${method} ${path}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/** A flow with these kinds of accounts; codes by e-mail are a built-in provider. */
async function offering(
  authenticationMethods: string,
  userFlowType = 'signUpOrSignIn',
  parts: object = {},
): Promise<string> {
  const byCode = authenticationMethods === 'emailCode';
  const flow = await newFlow(usher, {
    userFlowType,
    authenticationMethods: byCode ? '0' : authenticationMethods,
    ...parts,
  });
  if (byCode) {
    const provider = `${usher.url}/beta/identity/identityProviders/EmailOtpSignup-OAUTH`;
    const links = `/beta/identity/b2cUserFlows/${flow}/userFlowIdentityProviders/$ref`;
    await graph(204, 'POST', links, { '@odata.id': provider });
  }
  return flow;
}

const at = (flow: string, changes: Readonly<Record<string, string>> = {}) => new Person(usher).open(flow, changes);

describe('accounts', () => {
  before(async () => {
    usher = await startUsher();
    await graph(204, 'PATCH', policy, switches);
    await allowIdTokens(usher);
  });
  after(() => usher?.stop());

  test('e-mail and password: signs up with a proved address, signs in, and is refused with a wrong password', async () => {
    const email = freshEmail();
    const flow = await offering('emailWithPassword');
    const fresh = await (await at(flow)).press('createAccount');
    await fresh.proveEmail(email);
    await fresh.press('continue', { email, ...passwords });
    assert.equal(fresh.claims['newUser'], true);
    assert.deepEqual(fresh.claims['emails'], [email]);
    for (const kind of ['signUpOrSignIn', 'signIn']) {
      const person = await at(await offering('emailWithPassword', kind));
      await person.press('next', { email, password: 'Wrong-password-1' });
      assert.match(person.text, /E-mail address and password do not match/);
      await person.press('next', { email: email.toUpperCase(), password });
      assert.equal(person.claims['oid'], fresh.claims['oid']);
      assert.equal(person.claims['newUser'], undefined);
    }
  });

  test('user name: signs up with an address for recovery, signs in in any case, and the name is taken from then on', async () => {
    const [name, email] = [freshName(), freshEmail()];
    const flow = await offering('userName');
    const person = await (await at(flow)).press('createAccount');
    await person.proveEmail(email);
    await person.press('continue', { UserId: name, email, ...passwords });
    const { oid } = person.claims;
    const shown = ['identities', 'creationType', 'passwordPolicies', 'recoveryEmail'];
    const found = await accountWith(usher, String(oid), shown);
    assert.equal(found['recoveryEmail'], email);
    assert.deepEqual(found['identities'], [identityOf('userName', name)]);
    assert.deepEqual([found['creationType'], found['passwordPolicies']], ['LocalAccount', 'DisablePasswordExpiration']);

    const back = await at(flow);
    assert.match(back.page.html, /id="UserId"/);
    await back.press('next', { UserId: name.toUpperCase(), password });
    assert.equal(back.claims['oid'], oid);

    const late = await at(await offering('userName', 'signUp'));
    const other = freshEmail();
    await late.proveEmail(other);
    await late.press('continue', { UserId: name.toUpperCase(), email: other, ...passwords });
    assert.match(late.text, /User name: there is an account with it already/);
    await late.press('continue', { UserId: freshName(), email: other, ...passwords });
    assert.equal(late.claims['newUser'], true);
  });

  test('number: signs up and in with codes by text message, and has no password', async () => {
    const number = freshNumber();
    const flow = await offering('phoneWithOneTimePassword');
    const person = await (await at(flow)).press('createAccount');
    await person.press('phoneVerificationControl_but_send_code', typed('nationalNumber', number));
    await person.prove(number);
    await person.press('continue');
    const { oid } = person.claims;
    const { identities } = await accountWith(usher, String(oid), ['identities']);
    assert.deepEqual(identities, [identityOf('phoneNumber', number)]);

    for (const kind of ['signUpOrSignIn', 'signIn']) {
      const back = await at(await offering('phoneWithOneTimePassword', kind));
      await back.press('next', typed('signInName', number));
      assert.doesNotMatch(back.page.html, /type="password"/);
      await usher.advance(60);
      await back.press('phoneVerificationControl_but_verify_code', { phoneVerificationCode: '000000x' });
      await back.prove(number);
      assert.equal(back.claims['oid'], oid);
    }
    const again = await at(await offering('phoneWithOneTimePassword', 'signUp'));
    await again.press('phoneVerificationControl_but_send_code', typed('nationalNumber', number));
    await again.prove(number);
    await again.press('continue');
    assert.match(again.text, /Phone number: there is an account with it already/);
  });

  test('number without an account: told after the proof alone, which then makes the account', async () => {
    const number = freshNumber();
    const person = await at(await offering('phoneWithOneTimePassword'));
    await person.press('next', typed('signInName', number));
    assert.doesNotMatch(person.text, /no account/);
    await person.prove(number);
    assert.match(person.text, /There is no account/);
    await person.press('createAccount');
    await person.press('continue');
    assert.equal(person.claims['newUser'], true);
    assert.equal((await usher.outbox(number)).length, 1);

    const stranger = freshNumber();
    const signIn = await at(await offering('phoneWithOneTimePassword', 'signIn'));
    await signIn.press('next', typed('signInName', stranger));
    await signIn.prove(stranger);
    assert.match(signIn.text, /There is no account/);
    await signIn.press('cancel');
    assert.equal(signIn.refused, 'AADB2C90091');
  });

  test('code by e-mail: signs up and in without a password', async () => {
    const email = freshEmail();
    const flow = await offering('emailCode');
    const person = await at(flow);
    await person.press('next', { email });
    await person.prove(email);
    await person.press('createAccount');
    await person.press('continue', { email });
    const { oid } = person.claims;
    assert.deepEqual(person.claims['emails'], [email]);
    const back = await at(await offering('emailCode', 'signIn'), { login_hint: email });
    await back.press('next');
    await back.prove(email);
    assert.equal(back.claims['oid'], oid);
    const again = await at(await offering('emailCode', 'signUp'));
    await again.proveEmail(email);
    await again.press('continue', { email });
    assert.match(again.text, /there is an account with it already/);
  });

  test('an account with several names signs in by each, where the flow offers its kind', async () => {
    const [name, email, second, number] = [freshName(), freshEmail(), freshEmail(), freshNumber()];
    const identities = [
      identityOf('userName', name),
      identityOf('emailAddress', email),
      identityOf('emailAddress1', second),
      identityOf('phoneNumber', number),
    ];
    const { id } = await newAccount(usher, { identities });
    const flow = await offering('emailWithPassword,userName,phoneWithOneTimePassword');
    for (const logonIdentifier of [name, email, second]) {
      const person = await at(flow);
      await person.press('next', { logonIdentifier });
      await person.press('next', { logonIdentifier, password: seeded.password });
      assert.equal(person.claims['oid'], id);
    }
    const person = await at(flow);
    await person.press('next', { logonIdentifier: number });
    await person.prove(number);
    assert.equal(person.claims['oid'], id);
    const byEmailOnly = await at(await offering('userName'));
    await byEmailOnly.press('next', { UserId: email, password: seeded.password });
    assert.match(byEmailOnly.text, /User name and password do not match/);
  });

  test('one lock for all names; a disabled account is told so after the proof, by password or code', async () => {
    const [name, email, number] = [freshName(), freshEmail(), freshNumber()];
    const identities = [
      identityOf('userName', name),
      identityOf('emailAddress', email),
      identityOf('phoneNumber', number),
    ];
    const { id } = await newAccount(usher, { identities });
    const both = await at(await offering('emailWithPassword,userName'));
    for (let wrong = 0; wrong < 10; wrong += 1) {
      await both.press('next', { logonIdentifier: wrong % 2 ? name : email, password: `Wrong-${wrong}` });
    }
    await both.press('next', { logonIdentifier: name, password: seeded.password });
    assert.match(both.text, /too many tries/);
    await setAccount(usher, id, { accountEnabled: false });
    const phone = await at(await offering('phoneWithOneTimePassword'));
    await phone.press('next', typed('signInName', number));
    assert.doesNotMatch(phone.text, /switched off/);
    await phone.prove(number);
    assert.match(phone.text, /switched off/);
    await phone.press('cancel');
    assert.equal(phone.refused, 'AADB2C90091');
  });

  test('a number with an account and one without get the same pages and the same text messages', async () => {
    const [known, unknown] = [freshNumber(), freshNumber()];
    const identities = [identityOf('phoneNumber', known)];
    await newAccount(usher, { identities });
    const flow = await offering('phoneWithOneTimePassword');
    const seen = await Promise.all(
      [known, unknown].map(async (number) => {
        const person = await at(flow);
        await person.press('next', typed('signInName', number));
        const first = person.text;
        await person.press('phoneVerificationControl_but_verify_code', { phoneVerificationCode: '12' });
        const letters = await usher.outbox(number);
        return [first, person.text, letters.map(({ text, code }) => text.replace(code ?? '', 'CODE'))];
      }),
    );
    assert.deepEqual(seen[0], seen[1]);
  });

  test('numbers at which each message earns somebody money get none', async () => {
    const flow = await offering('phoneWithOneTimePassword');
    for (const number of ['09001234567', '0137123456', '110', '08001234567']) {
      const person = await at(flow);
      await person.press('next', { 'signInName.country': 'DE', 'signInName.number': number });
      assert.match(person.text, /Enter a number that can get text messages/, number);
    }
  });

  test('several kinds: the new account is chosen; a kind the tenant switches off disappears, and with the last one the flow', async () => {
    const flow = await offering('emailWithPassword,userName');
    const person = await (await at(flow)).press('createAccount');
    assert.match(person.page.html, /id="SignUpWithLogonNameExchange"/);
    await person.press('SignUpWithLogonNameExchange');
    await person.proveEmail(freshEmail());
    assert.match(person.page.html, /id="UserId"/);
    const only = await offering('userName');
    await graph(204, 'PATCH', policy, { isUserNameAuthenticationEnabled: false });
    const left = await at(flow);
    assert.match(left.page.html, /id="email"/);
    assert.doesNotMatch(left.page.html, /id="logonIdentifier"/);
    const gone = await at(only);
    assert.match(gone.page.left?.href ?? gone.text, /AADB2C90051/);
    await graph(204, 'PATCH', policy, { isUserNameAuthenticationEnabled: true });
    assert.match((await at(only)).page.html, /id="UserId"/);
  });

  test('the address for recovery is asked for once, of people who sign in by a number, where the flow says so', async () => {
    const [number, email] = [freshNumber(), freshEmail()];
    const identities = [identityOf('phoneNumber', number)];
    const { id } = await newAccount(usher, { identities });
    const flow = await offering('phoneWithOneTimePassword');
    const signIn = async () => {
      const person = await at(flow, { prompt: 'login' });
      await person.press('next', typed('signInName', number));
      await person.prove(number);
      return person;
    };
    assert.equal((await signIn()).claims['oid'], id);
    await setFlow(usher, { settings: { isRecoveryEmailPromptEnabled: true } }, flow);
    const asked = await signIn();
    assert.match(asked.text, /Add an address for emergencies/);
    await asked.press('emailVerificationControl_but_send_code', { email });
    await asked.prove(email);
    assert.equal(asked.claims['oid'], id);
    assert.equal((await signIn()).claims['oid'], id);
  });

  test('where sign-in is blocked only new accounts come in', async () => {
    const blocked = { settings: { isSignInBlocked: true } };
    const closed = await at(await offering('emailWithPassword', 'signIn', { userFlowTypeVersion: 1, ...blocked }));
    assert.equal(closed.refused, 'AADB2C90037');
    const person = await at(await offering('emailWithPassword', 'signUpOrSignIn', blocked));
    const email = freshEmail();
    await person.proveEmail(email);
    await person.press('continue', { email, ...passwords });
    assert.equal(person.claims['newUser'], true);
    const open = await at(await offering('emailWithPassword'));
    await open.press('next', { email, password });
    assert.ok(open.claims['oid']);
  });

  test('"keep me signed in" keeps the session of recommended flows beyond its time', async () => {
    const keep = { singleSignOnSessionConfiguration: { isKeepMeSignedInEnabled: true } };
    const flow = await offering('emailWithPassword', 'signUpOrSignIn', keep);
    const stays = async (values: Readonly<Record<string, string>>) => {
      const { email } = await newAccount(usher);
      const person = await at(flow);
      assert.match(person.page.html, /id="rememberMe"/);
      await person.press('next', { email, password: seeded.password, ...values });
      assert.ok(person.claims['oid']);
      await usher.advance(2 * 86_400);
      await person.open(flow);
      return person.page.left !== undefined;
    };
    assert.equal(await stays({ rememberMe: 'true' }), true);
    assert.equal(await stays({}), false);
    const old = await at(await offering('emailWithPassword', 'signUpOrSignIn', { userFlowTypeVersion: 1, ...keep }));
    assert.doesNotMatch(old.page.html, /id="rememberMe"/);
  });

  test('a resource owner flow takes the names of the kinds it offers', async () => {
    const [name, email] = [freshName(), freshEmail()];
    const { id } = await newAccount(usher, {
      identities: [identityOf('userName', name), identityOf('emailAddress', email)],
    });
    const implicitGrantSettings = { enableIdTokenIssuance: true, enableAccessTokenIssuance: true };
    const native = { isFallbackPublicClient: true, web: { implicitGrantSettings } };
    const { appId } = await newApplication(usher, native);
    const exchange = async (flow: string, username: string) => {
      const form = {
        grant_type: 'password',
        client_id: appId,
        scope: `openid ${appId}`,
        response_type: 'token id_token',
        username,
        password: seeded.password,
      };
      const { answer } = await token(usher, form, flow);
      return answer.id_token
        ? claimsIn(answer.id_token)['oid']
        : /^AADB2C\d+/.exec(answer.error_description ?? '')?.[0];
    };
    const byEmail = await offering('emailWithPassword', 'resourceOwner');
    const byName = await offering('userName', 'resourceOwner');
    assert.deepEqual([await exchange(byEmail, email), await exchange(byEmail, name)], [id, 'AADB2C90225']);
    assert.deepEqual([await exchange(byName, email), await exchange(byName, name)], ['AADB2C90225', id]);
    await graph(204, 'PATCH', policy, { isUserNameAuthenticationEnabled: false });
    assert.equal(await exchange(byName, name), 'AADB2C90051');
    await graph(204, 'PATCH', policy, { isUserNameAuthenticationEnabled: true });
    assert.equal(await exchange(byName, name), id);
  });

  test('of journeys that choose one name at the same moment one makes the account', async () => {
    const name = freshName();
    const flow = await offering('userName', 'signUp');
    const people = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const person = await at(flow);
        const email = freshEmail();
        await person.proveEmail(email);
        return { person, email };
      }),
    );
    await Promise.all(
      people.map(({ person, email }) => person.press('continue', { UserId: name, email, ...passwords })),
    );
    assert.equal(people.filter(({ person }) => person.page.left).length, 1);
    for (const { person } of people.filter((one) => !one.person.page.left)) {
      assert.match(person.text, /there is an account with it already/);
    }
  });
});
