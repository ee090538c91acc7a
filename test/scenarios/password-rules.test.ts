import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Account, accountWith, newAccount, setAccount } from '../support/accounts.ts';
import { authorizeWeb, membersOf, newFlow, setFlow } from '../support/flow-settings.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

const twice = (text: string) => ({ newPassword: text, reenterPassword: text });
const complexity = (passwordComplexityConfiguration: object) => ({ passwordComplexityConfiguration });
const arrives = ({ left }: Visit): boolean => left !== undefined && membersOf(left).has('code');

/** Signs in with name and password, as far as the flow lets. */
async function signIn(flow: string, email: string, password: string, visitor = newVisitor(usher)): Promise<Visit> {
  const page = await visitor.open(authorizeWeb(usher, flow));
  return visitor.submit(page, 'next', { email, password });
}

let counter = 0;

/** The page of a sign-up on which a password is chosen, the address proved. */
async function atSignUp(flow: string, visitor: Visitor): Promise<{ readonly page: Visit; readonly email: string }> {
  counter += 1;
  const email = `new${counter}-${process.pid}@contoso.example`;
  const form = await visitor.submit(await visitor.open(authorizeWeb(usher, flow)), 'createAccount');
  const sent = await visitor.submit(form, 'email_ver_but_send', { email });
  const code = { email, email_ver_input: await usher.code(email) };
  return { page: await visitor.submit(sent, 'email_ver_but_verify', code), email };
}

/** The page of a reset on which a password is chosen. */
async function atReset(
  flow: string,
  visitor: Visitor,
  account?: Account,
): Promise<{ readonly page: Visit; readonly email: string }> {
  const { email } = account ?? (await newAccount(usher));
  const first = await visitor.open(authorizeWeb(usher, flow));
  const sent = await visitor.submit(first, 'emailVerificationControl_but_send_code', { email });
  const code = { email, emailVerificationCode: await usher.code(email) };
  return { page: await visitor.submit(sent, 'continue', code), email };
}

/** Level, a password that is just good enough, one that is not, and what the page says about the rules and about the bad one. */
const levels: readonly (readonly [object, string, string, RegExp, RegExp])[] = [
  [{ complexityLevel: 'simple' }, 'olivedru', 'olivedr', /Use 8 to 64 characters\./, /Use at least 8 characters/],
  [
    { complexityLevel: 'strong' },
    'Olivedru1',
    'olivedru1',
    /8 to 64[^.]*\. Use at least 3 of these four/,
    /at least 3/,
  ],
  [
    {
      complexityLevel: 'custom',
      customConfiguration: { minimumLength: 4, maximumLength: 10, minimumCharacterClassesRequired: 4 },
    },
    'aB1-',
    'aB1x',
    /4 to 10[^.]*\. Use at least 4 of these four/,
    /at least 4/,
  ],
  [
    {
      complexityLevel: 'custom',
      customConfiguration: { minimumLength: 6, maximumLength: 6, restrictToNumbersOnly: true },
    },
    '482915',
    '48291x',
    /Use exactly 6 characters\. Use digits only/,
    /digits only/,
  ],
];

test('each level of complexity is said and holds, at sign-up and at reset, and never at sign-in', async () => {
  const [signUp, reset] = [await newFlow(usher), await newFlow(usher, { userFlowType: 'passwordReset' })];
  for (const [level, good, bad, help, complaint] of levels) {
    for (const flow of [signUp, reset]) {
      await setFlow(usher, complexity(level), flow);
      const visitor = newVisitor(usher);
      const { page, email } = await (flow === reset ? atReset(flow, visitor) : atSignUp(flow, visitor));
      assert.match(textOf(page.html), help);
      const refused = await visitor.submit(page, 'continue', twice(bad));
      assert.match(textOf(refused.html), complaint, JSON.stringify(level));
      assert.ok(arrives(await visitor.submit(refused, 'continue', twice(good))), JSON.stringify(level));
      await setFlow(usher, complexity({ complexityLevel: 'strong' }), signUp);
      assert.ok(arrives(await signIn(signUp, email, good)), 'whatever the rules are by now');
    }
  }
});

test('a flow without a level follows the tenant, and an account that may be weak its own policy', async () => {
  const flow = await newFlow(usher, { userFlowType: 'passwordReset' });
  await setFlow(usher, complexity({ complexityLevel: null }), flow);
  const [usual, weak] = [
    await newAccount(usher),
    await newAccount(usher, { passwordPolicies: 'DisableStrongPassword' }),
  ];
  const said = async (account: Account) => textOf((await atReset(flow, newVisitor(usher), account)).page.html);
  assert.match(await said(weak), /Use at least 4 characters/);
  const organization = `/beta/organization/${seeded.tenantId}`;
  for (const [passwordRules, help] of [
    ['nist', /Use at least 15 characters/],
    ['b2cStrong', /Use 8 to 64 characters/],
    ['b2cWeak', /Use at least 4 characters/],
  ] as const) {
    assert.equal((await usher.graph('PATCH', organization, { settings: { passwordRules } })).status, 204);
    assert.match(await said(usual), help);
  }
  assert.equal((await usher.graph('PATCH', organization, { settings: { passwordRules: null } })).status, 204);
  await setFlow(usher, complexity({ complexityLevel: 'strong' }), flow);
  assert.match(await said(weak), /Use 8 to 64 characters/);
});

test('a password that an administrator has set is replaced where the flow says so, and else refused', async () => {
  const flow = await newFlow(usher);
  const account = await newAccount(usher);
  await setAccount(usher, account.id, { passwordProfile: { forceChangePasswordNextSignIn: true } });
  const refused = await signIn(flow, account.email, account.password);
  assert.match(textOf(refused.html), /Your password has expired/);

  await setFlow(usher, { settings: { passwordReset: { isForcedResetEnabled: true } } }, flow);
  const visitor = newVisitor(usher);
  const page = await signIn(flow, account.email, account.password, visitor);
  assert.match(textOf(page.html), /set by somebody else/);
  const cancelled = await visitor.submit(page, 'cancel');
  assert.match(membersOf(cancelled.left).get('error_description') ?? '', /^AADB2C90091: /);

  const again = await signIn(flow, account.email, account.password, visitor);
  const same = await visitor.submit(again, 'continue', twice(account.password));
  assert.match(textOf(same.html), /the password you have now/);
  assert.ok(arrives(await visitor.submit(same, 'continue', twice('Olive-drum-42'))));
  assert.ok(arrives(await signIn(flow, account.email, 'Olive-drum-42')));
  const { passwordProfile } = await accountWith(usher, account.id, ['passwordProfile']);
  assert.notEqual(
    (passwordProfile as { forceChangePasswordNextSignIn?: boolean } | null)?.forceChangePasswordNextSignIn,
    true,
  );
});

test('a password that is too old is replaced where the flow says so, and else refused', async () => {
  const flow = await newFlow(usher);
  const aging = await newAccount(usher, { passwordPolicies: 'DisableStrongPassword' });
  const lasting = await newAccount(usher);
  assert.ok(arrives(await signIn(flow, aging.email, aging.password)));
  await usher.advance(90 * 24 * 3600);
  assert.match(textOf((await signIn(flow, aging.email, aging.password)).html), /Your password has expired/);
  assert.ok(arrives(await signIn(flow, lasting.email, lasting.password)));

  await setFlow(usher, complexity({ allowExpiredPasswordReset: true }), flow);
  const visitor = newVisitor(usher);
  const page = await signIn(flow, aging.email, aging.password, visitor);
  assert.match(textOf(page.html), /become too old/);
  assert.ok(arrives(await visitor.submit(page, 'continue', twice('Olive-drum-42'))));
  assert.ok(arrives(await signIn(flow, aging.email, 'Olive-drum-42')));
});
