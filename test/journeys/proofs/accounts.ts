import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { seeded } from '../../support/usher.ts';
import { textOf, type Visit } from '../../support/visitor.ts';
import type { Bench } from '../bench.ts';
import type { Chapter } from '../proof.ts';
import { type FlowKind, flowKinds } from '../settings.ts';

const withSignIn: readonly FlowKind[] = ['signUpOrSignIn', 'signIn', 'profileUpdate'];
const withPages = flowKinds.filter((kind) => kind !== 'resourceOwner');

const freshNumber = (): string => `+49151${randomInt(10_000_000, 99_999_999)}`;
const freshEmail = (): string => `c${randomInt(10 ** 10)}@people.example`;

/** As the two controls of a field for numbers send it. */
const typed = (name: string, number: string) => ({
  [`${name}.country`]: 'DE',
  [`${name}.number`]: number.replace('+49', '0'),
});

async function graph({ usher }: Bench, method: string, path: string, body: unknown): Promise<void> {
  const response = await usher.graph(method, path, body);
  assert.equal(response.status, 204, await response.text());
}

const allow = (bench: Bench): Promise<void> =>
  graph(bench, 'PATCH', '/beta/policies/b2cAuthenticationMethodsPolicy', {
    isUserNameAuthenticationEnabled: true,
    isPhoneOneTimePasswordAuthenticationEnabled: true,
  });

const link = (bench: Bench, flow: string, provider: string): Promise<void> =>
  graph(bench, 'POST', `/beta/identity/b2cUserFlows/${flow}/userFlowIdentityProviders/$ref`, {
    '@odata.id': `${bench.usher.url}/beta/identity/identityProviders/${provider}`,
  });

/** Why the flow cannot be begun, or that a page is shown. */
async function beginning(bench: Bench, flow: string): Promise<string> {
  const { visit } = await bench.open(flow);
  return /AADB2C\d+/.exec(decodeURIComponent(visit.left?.href ?? '') || textOf(visit.html))?.[0] ?? 'page';
}

/** A code that was asked for, by letter. */
interface Asked {
  readonly email: string;
  verify(code: string): Promise<string>;
  resend(): Promise<string>;
}

/** Up to the page that asks for a code: to prove an address, or to sign in by one. */
async function askCode(bench: Bench, kind: FlowKind, flow: string): Promise<Asked> {
  const email = freshEmail();
  const older = kind === 'signUp';
  const names = older
    ? {
        send: 'email_ver_but_send',
        verify: 'email_ver_but_verify',
        resend: 'email_ver_but_resend',
        code: 'email_ver_input',
      }
    : {
        send: 'emailVerificationControl_but_send_code',
        verify: 'emailVerificationControl_but_verify_code',
        resend: 'emailVerificationControl_but_send_new_code',
        code: 'emailVerificationCode',
      };
  const { visitor, visit } = await bench.open(flow);
  let seen: Visit = await visitor.submit(visit, withSignIn.includes(kind) ? 'next' : names.send, { email });
  const press = async (action: string, values: Readonly<Record<string, string>>) => {
    seen = await visitor.submit(seen, action, { email, ...values });
    return textOf(seen.html);
  };
  return {
    email,
    verify: (code) => press(names.verify, { [names.code]: code }),
    resend: () => press(names.resend, {}),
  };
}

/** A flow of this kind on whose first pages a code is mailed. */
async function mailing(bench: Bench, kind: FlowKind): Promise<string> {
  if (!withSignIn.includes(kind)) return bench.flow(kind);
  const flow = await bench.flow(kind, { authenticationMethods: '0' });
  await link(bench, flow, 'EmailOtpSignup-OAUTH');
  return flow;
}

const setCodes = (bench: Bench, flow: string, oneTimeCodes: object): Promise<void> =>
  bench.set(flow, { settings: { oneTimeCodes } });

const otherThan = (code: string): string => String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');

/** Up to where somebody with a number goes on who has proved it: to the next page, or out of the flow. */
async function proveNumber(bench: Bench, kind: FlowKind, flow: string, number: string): Promise<Visit> {
  const { visitor, visit } = await bench.open(flow, { prompt: 'login' });
  const sent =
    kind === 'signUp'
      ? await visitor.submit(visit, 'phoneVerificationControl_but_send_code', typed('nationalNumber', number))
      : await visitor.submit(visit, 'next', typed('signInName', number));
  const phoneVerificationCode = await bench.usher.code(number);
  const proved = await visitor.submit(sent, 'phoneVerificationControl_but_verify_code', { phoneVerificationCode });
  return kind === 'signUp' ? visitor.submit(proved, 'continue') : proved;
}

export const accounts: Chapter = {
  proofs: [
    {
      settings: ['authenticationMethods'],
      kinds: [...withSignIn, 'signUp'],
      says: 'The first page asks for the names of the accounts that the flow offers',
      async prove(bench, kind) {
        await allow(bench);
        const flow = await bench.flow(kind);
        assert.match((await bench.open(flow)).visit.html, /id="email"/);
        await bench.set(flow, { authenticationMethods: 'phoneWithOneTimePassword' });
        const { html } = (await bench.open(flow)).visit;
        assert.match(html, kind === 'signUp' ? /id="nationalNumber"/ : /id="signInName"/);
        assert.doesNotMatch(html, /id="(email|password)"/);
      },
    },
    {
      settings: ['authenticationMethods'],
      kinds: ['passwordReset'],
      says: 'A flow without accounts of its own cannot be begun',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        assert.equal(await beginning(bench, flow), 'page');
        await bench.set(flow, { authenticationMethods: '0' });
        assert.equal(await beginning(bench, flow), 'AADB2C90051');
      },
    },
    {
      settings: ['authenticationMethods'],
      kinds: ['resourceOwner'],
      says: 'Names are taken of the accounts that the flow offers, and no others',
      async prove(bench, kind) {
        await allow(bench);
        const flow = await bench.flow(kind);
        const person = await bench.person();
        await bench.finish(kind, flow, { person });
        await bench.set(flow, { authenticationMethods: 'userName' });
        await assert.rejects(bench.finish(kind, flow, { person }), /AADB2C90225/);
      },
    },
    {
      settings: ['userFlowIdentityProviders'],
      kinds: flowKinds,
      says: 'The built-in provider of local accounts opens a flow that was made without them',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, { authenticationMethods: '0' });
        if (kind === 'resourceOwner') await assert.rejects(bench.finish(kind, flow), /AADB2C90051/);
        else assert.equal(await beginning(bench, flow), 'AADB2C90051');
        await link(bench, flow, 'EmailPassword-OAUTH');
        assert.ok((await bench.finish(kind, flow)).tokens.id_token);
      },
    },
    {
      settings: ['settings/isSignInBlocked'],
      kinds: [...withSignIn, 'resourceOwner'],
      says: 'Nobody signs in while that is blocked; where people can sign up, that is all they are offered',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        const person = await bench.person();
        await bench.finish(kind, flow, { person });
        await bench.set(flow, { settings: { isSignInBlocked: true } });
        if (kind === 'resourceOwner') await assert.rejects(bench.finish(kind, flow, { person }), /AADB2C90224/);
        else if (kind !== 'signUpOrSignIn') assert.equal(await beginning(bench, flow), 'AADB2C90037');
        else assert.match((await bench.open(flow)).visit.html, /id="email_ver_but_send"/);
      },
    },
    {
      settings: ['settings/isRecoveryEmailPromptEnabled'],
      kinds: [...withSignIn, 'signUp'],
      says: 'People with a number are asked for an address to recover the account with',
      async prove(bench, kind) {
        await allow(bench);
        const flow = await bench.flow(kind, { authenticationMethods: 'phoneWithOneTimePassword' });
        const asks = async (): Promise<boolean> => {
          const number = freshNumber();
          const identity = { signInType: 'phoneNumber', issuer: seeded.tenant, issuerAssignedId: number };
          if (kind !== 'signUp') await bench.person({ identities: [identity] });
          const seen = await proveNumber(bench, kind, flow, number);
          return /id="emailVerificationControl_but_send_code"/.test(seen.html);
        };
        assert.equal(await asks(), false);
        await bench.set(flow, { settings: { isRecoveryEmailPromptEnabled: true } });
        assert.equal(await asks(), true);
      },
    },
    {
      settings: ['settings/oneTimeCodes/length'],
      kinds: withPages,
      says: 'Codes have as many digits as the flow says',
      async prove(bench, kind) {
        const flow = await mailing(bench, kind);
        for (const length of [6, 9]) {
          await setCodes(bench, flow, { length });
          const { email } = await askCode(bench, kind, flow);
          assert.match(await bench.usher.code(email), new RegExp(`^\\d{${length}}$`));
        }
      },
    },
    {
      settings: ['settings/oneTimeCodes/lifetimeInSeconds'],
      kinds: withPages,
      says: 'A code is accepted for as long as the flow says',
      async prove(bench, kind) {
        const flow = await mailing(bench, kind);
        for (const [lifetimeInSeconds, isLate] of [
          [600, false],
          [60, true],
        ] as const) {
          await setCodes(bench, flow, { lifetimeInSeconds });
          const asked = await askCode(bench, kind, flow);
          await bench.usher.advance(61);
          const said = await asked.verify(await bench.usher.code(asked.email));
          assert.equal(/This code is no longer valid/.test(said), isLate);
        }
      },
    },
    {
      settings: ['settings/oneTimeCodes/maximumTries'],
      kinds: withPages,
      says: 'A code is closed after as many wrong tries as the flow says',
      async prove(bench, kind) {
        const flow = await mailing(bench, kind);
        for (const [maximumTries, isClosed] of [
          [2, false],
          [1, true],
        ] as const) {
          await setCodes(bench, flow, { maximumTries });
          const asked = await askCode(bench, kind, flow);
          const said = await asked.verify(otherThan(await bench.usher.code(asked.email)));
          assert.equal(/tried too often/.test(said), isClosed);
        }
      },
    },
    {
      settings: ['settings/oneTimeCodes/maximumCodes'],
      kinds: withPages,
      says: 'A journey is sent as many codes as the flow says',
      async prove(bench, kind) {
        const flow = await mailing(bench, kind);
        for (const maximumCodes of [1, 2]) {
          await setCodes(bench, flow, { maximumCodes, resendAfterSeconds: 0 });
          const asked = await askCode(bench, kind, flow);
          const said = await asked.resend();
          assert.equal(/Too many codes/.test(said), maximumCodes === 1);
          assert.equal((await bench.usher.outbox(asked.email)).length, maximumCodes);
        }
      },
    },
    {
      settings: ['settings/oneTimeCodes/resendAfterSeconds'],
      kinds: withPages,
      says: 'The next code can be asked for after as many seconds as the flow says',
      async prove(bench, kind) {
        const flow = await mailing(bench, kind);
        for (const [resendAfterSeconds, letters] of [
          [30, 1],
          [0, 2],
        ] as const) {
          await setCodes(bench, flow, { resendAfterSeconds });
          const asked = await askCode(bench, kind, flow);
          assert.equal(/a moment ago/.test(await asked.resend()), letters === 1);
          assert.equal((await bench.usher.outbox(asked.email)).length, letters);
        }
      },
    },
  ],
  exemptions: [
    {
      settings: [
        'settings/oneTimeCodes/length',
        'settings/oneTimeCodes/lifetimeInSeconds',
        'settings/oneTimeCodes/maximumTries',
        'settings/oneTimeCodes/maximumCodes',
        'settings/oneTimeCodes/resendAfterSeconds',
        'settings/isRecoveryEmailPromptEnabled',
      ],
      kinds: ['resourceOwner'],
      because: 'The password grant has no pages: nobody is asked for a code or an address.',
    },
    {
      settings: ['settings/isRecoveryEmailPromptEnabled'],
      kinds: ['passwordReset'],
      because: 'People with a number have no password to reset.',
    },
    {
      settings: ['settings/isSignInBlocked'],
      kinds: ['signUp', 'passwordReset'],
      because: 'The flow signs nobody in who has not made an account or set a password in it.',
    },
  ],
};
