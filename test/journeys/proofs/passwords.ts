import assert from 'node:assert/strict';
import { setAccount } from '../../support/accounts.ts';
import { codeIn } from '../../support/sign-in.ts';
import { textOf, type Visit } from '../../support/visitor.ts';
import { type Bench, type Person, proveEmail, type Walk } from '../bench.ts';
import { withPages } from '../first-page.ts';
import type { Chapter, Proof } from '../proof.ts';
import type { FlowKind } from '../settings.ts';

/** Kinds of flow in which people sign in with a password. */
const signingIn: readonly FlowKind[] = ['signUpOrSignIn', 'signIn', 'profileUpdate'];

const twice = (text: string) => ({ newPassword: text, reenterPassword: text });
const complexity = (passwordComplexityConfiguration: object) => ({ passwordComplexityConfiguration });
const custom = (customConfiguration: object) => complexity({ complexityLevel: 'custom', customConfiguration });
const resets = complexity({ isSelfServicePasswordResetAllowed: true });

const resetProof = [
  'emailVerificationControl_but_send_code',
  'emailVerificationCode',
  'emailVerificationControl_but_verify_code',
] as const;

let people = 0;

/** The page on which a flow of this kind lets people choose a password: a new account's, or in place of a forgotten one. */
async function atNewPassword(bench: Bench, kind: FlowKind, flow: string): Promise<Walk> {
  const walk = await bench.open(flow);
  if (kind === 'signUp') {
    people += 1;
    const email = `chooses-${people}-${process.pid}@new.example`;
    const buttons = ['email_ver_but_send', 'email_ver_input', 'email_ver_but_verify'] as const;
    return { ...walk, visit: await proveEmail(bench.usher, walk, email, buttons) };
  }
  const { email } = await bench.person();
  const first = kind === 'passwordReset' ? walk.visit : await walk.visitor.submit(walk.visit, 'forgotPassword');
  const proved = await proveEmail(bench.usher, { ...walk, visit: first }, email, resetProof);
  return { ...walk, visit: await walk.visitor.submit(proved, 'continue') };
}

/** The rule is told beforehand, refuses one password and lets another through. */
async function holds(
  bench: Bench,
  kind: FlowKind,
  flow: string,
  { told, bad, good }: { readonly told: RegExp; readonly bad: string; readonly good: string },
): Promise<void> {
  const { visitor, visit } = await atNewPassword(bench, kind, flow);
  assert.match(textOf(visit.html), told);
  const refused = await visitor.submit(visit, 'continue', twice(bad));
  assert.match(refused.html, /id="newPassword"/, `${bad} was let through`);
  codeIn(await visitor.submit(refused, 'continue', twice(good)));
}

const signIn = async (bench: Bench, flow: string, { email, password }: Person): Promise<Walk> => {
  const walk = await bench.open(flow);
  return { ...walk, visit: await walk.visitor.submit(walk.visit, 'next', { email, password }) };
};

/** A password that must be replaced: refused, and with the setting the page on which it is. */
function replaces(bench: Bench, settings: object, ask: (bench: Bench) => Promise<Person>) {
  return async (kind: FlowKind): Promise<void> => {
    const flow = await bench.flow(kind);
    const person = await ask(bench);
    const refused = await signIn(bench, flow, person);
    assert.match(textOf(refused.visit.html), /Your password has expired/);
    await bench.set(flow, settings);
    const { visitor, visit } = await signIn(bench, flow, person);
    codeIn(await visitor.submit(visit, 'continue', twice('Olive-drum-42')));
    codeIn((await signIn(bench, flow, { ...person, password: 'Olive-drum-42' })).visit);
  };
}

const rules: readonly Proof[] = [
  {
    settings: ['passwordComplexityConfiguration/complexityLevel'],
    kinds: withPages,
    says: 'New passwords follow the level of the flow',
    async prove(bench, kind) {
      const flow = await bench.flow(kind, resets);
      await bench.set(flow, complexity({ complexityLevel: 'simple' }));
      await holds(bench, kind, flow, { told: /Use 8 to 64 characters/, bad: 'olivedr', good: 'olivedru' });
      await bench.set(flow, complexity({ complexityLevel: 'strong' }));
      await holds(bench, kind, flow, { told: /at least 3 of these four/, bad: 'olivedru', good: 'Olivedru1' });
      await bench.set(flow, custom({ minimumLength: 4, minimumCharacterClassesRequired: 2 }));
      await holds(bench, kind, flow, { told: /Use 4 to 64 characters/, bad: 'oliv', good: 'oli1' });
    },
  },
  {
    settings: [
      'passwordComplexityConfiguration/customConfiguration/minimumLength',
      'passwordComplexityConfiguration/customConfiguration/maximumLength',
    ],
    kinds: withPages,
    says: 'New passwords are as long as the flow says',
    async prove(bench, kind) {
      const flow = await bench.flow(kind, resets);
      await bench.set(flow, custom({ minimumLength: 6, maximumLength: 9, minimumCharacterClassesRequired: 2 }));
      await holds(bench, kind, flow, { told: /Use 6 to 9 characters/, bad: 'olive', good: 'olive1' });
      await bench.set(flow, custom({ minimumLength: 4, maximumLength: 6, minimumCharacterClassesRequired: 2 }));
      await holds(bench, kind, flow, { told: /Use 4 to 6 characters/, bad: 'olive12', good: 'oli1' });
    },
  },
  {
    settings: ['passwordComplexityConfiguration/customConfiguration/minimumCharacterClassesRequired'],
    kinds: withPages,
    says: 'New passwords have as many classes of characters as the flow says',
    async prove(bench, kind) {
      const flow = await bench.flow(kind, resets);
      for (const [minimumCharacterClassesRequired, bad, good] of [
        [2, 'olivedru', 'olivedr1'],
        [4, 'Olivedr1', 'Olive-r1'],
      ] as const) {
        await bench.set(flow, custom({ minimumCharacterClassesRequired }));
        const told = new RegExp(`at least ${minimumCharacterClassesRequired} of these four`);
        await holds(bench, kind, flow, { told, bad, good });
      }
    },
  },
  {
    settings: ['passwordComplexityConfiguration/customConfiguration/restrictToNumbersOnly'],
    kinds: withPages,
    says: 'New passwords consist of digits where the flow says so',
    async prove(bench, kind) {
      const flow = await bench.flow(kind, resets);
      await bench.set(flow, custom({ restrictToNumbersOnly: true }));
      await holds(bench, kind, flow, { told: /Use digits only/, bad: 'Olivedr1', good: '48291537' });
      await bench.set(flow, custom({ restrictToNumbersOnly: false }));
      await holds(bench, kind, flow, { told: /at least 3 of these four/, bad: '48291537', good: 'Olivedr1' });
    },
  },
];

const opensReset = ({ html }: Visit): boolean => /id="emailVerificationControl"|id="UserId"/.test(html);

export const passwords: Chapter = {
  proofs: [
    ...rules,
    {
      settings: ['passwordComplexityConfiguration/isSelfServicePasswordResetAllowed'],
      kinds: signingIn,
      says: 'Who forgot the password resets it in the flow itself, or the application hears of it',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await bench.set(flow, complexity({ isSelfServicePasswordResetAllowed: false }));
        const refused = await bench.open(flow);
        const { left } = await refused.visitor.submit(refused.visit, 'forgotPassword');
        assert.match(left?.searchParams.get('error_description') ?? '', /^AADB2C90118: /);
        await bench.set(flow, resets);
        const { visitor, visit } = await atNewPassword(bench, kind, flow);
        codeIn(await visitor.submit(visit, 'continue', twice('kvetch olive Drums 1')));
      },
    },
    {
      settings: ['passwordComplexityConfiguration/allowExpiredPasswordReset'],
      kinds: signingIn,
      says: 'A password that is too old is replaced while signing in, or refused',
      prove: (bench, kind) =>
        replaces(bench, complexity({ complexityLevel: 'strong', allowExpiredPasswordReset: true }), async () => {
          const person = await bench.person({ passwordPolicies: 'DisableStrongPassword' });
          await bench.usher.advance(90 * 24 * 3600);
          return person;
        })(kind),
    },
    {
      settings: ['settings/passwordReset/isForcedResetEnabled'],
      kinds: signingIn,
      says: 'A password that an administrator has set is replaced while signing in, or refused',
      prove: (bench, kind) => {
        const settings = { settings: { passwordReset: { isForcedResetEnabled: true } } };
        return replaces(bench, { ...settings, ...complexity({ complexityLevel: 'strong' }) }, async () => {
          const person = await bench.person();
          const passwordProfile = { forceChangePasswordNextSignIn: true };
          await setAccount(bench.usher, person.id, { passwordProfile });
          return person;
        })(kind);
      },
    },
    {
      settings: ['settings/passwordReset/identifier'],
      kinds: [...signingIn, 'passwordReset'],
      says: 'Who forgot the password is asked for the address of the account, or for its user name first',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, resets);
        const first = async (): Promise<string> => {
          const { visitor, visit } = await bench.open(flow);
          const page = kind === 'passwordReset' ? visit : await visitor.submit(visit, 'forgotPassword');
          assert.ok(opensReset(page));
          return page.html;
        };
        assert.match(await first(), /id="email"/);
        await bench.set(flow, { settings: { passwordReset: { identifier: 'userName' } } });
        assert.match(await first(), /id="UserId"/);
      },
    },
  ],
  exemptions: [
    {
      settings: [
        'passwordComplexityConfiguration/complexityLevel',
        'passwordComplexityConfiguration/customConfiguration/minimumLength',
        'passwordComplexityConfiguration/customConfiguration/maximumLength',
        'passwordComplexityConfiguration/customConfiguration/minimumCharacterClassesRequired',
        'passwordComplexityConfiguration/customConfiguration/restrictToNumbersOnly',
        'passwordComplexityConfiguration/isSelfServicePasswordResetAllowed',
        'passwordComplexityConfiguration/allowExpiredPasswordReset',
        'settings/passwordReset/identifier',
        'settings/passwordReset/isForcedResetEnabled',
      ],
      kinds: ['resourceOwner'],
      because:
        'Passwords are sent by the application itself: nobody can choose a new one, and rules never hold at sign-in.',
    },
    {
      settings: [
        'passwordComplexityConfiguration/isSelfServicePasswordResetAllowed',
        'passwordComplexityConfiguration/allowExpiredPasswordReset',
        'settings/passwordReset/isForcedResetEnabled',
        'settings/passwordReset/identifier',
      ],
      kinds: ['signUp'],
      because: 'Nobody signs in with a password that is there already.',
    },
    {
      settings: [
        'passwordComplexityConfiguration/isSelfServicePasswordResetAllowed',
        'passwordComplexityConfiguration/allowExpiredPasswordReset',
        'settings/passwordReset/isForcedResetEnabled',
      ],
      kinds: ['passwordReset'],
      because: 'The password is replaced in any case.',
    },
  ],
};
