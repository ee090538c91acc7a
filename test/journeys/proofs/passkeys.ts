import assert from 'node:assert/strict';
import { SoftwareAuthenticator } from '../../support/software-authenticator.ts';
import { unescapeHtml, type Visit } from '../../support/visitor.ts';
import { type Bench, proveEmail, type Walk } from '../bench.ts';
import type { Chapter } from '../proof.ts';
import type { FlowKind } from '../settings.ts';
import { pastFirst } from './factors.ts';

const signingIn: readonly FlowKind[] = ['signUpOrSignIn', 'signIn', 'profileUpdate'];
const makingAccounts: readonly FlowKind[] = ['signUpOrSignIn', 'signUp'];

const passkeys = (settings: object) => ({ settings: { passkeys: settings } });
const mfa = {
  multifactorAuthenticationConfiguration: {
    multifactorAuthenticationState: 'on',
    multifactorAuthenticationMethod: 'phoneSms',
  },
};

/** What the page asks the browser; undefined when it asks for no passkey. */
function optionsIn({ html }: Visit): Readonly<Record<string, unknown>> | undefined {
  const text = /data-options="([^"]*)"/.exec(html)?.[1];
  return text === undefined ? undefined : JSON.parse(unescapeHtml(text));
}

const asks = (ceremony: 'create' | 'get', { html }: Visit): boolean => html.includes(`data-ceremony="${ceremony}"`);

type Mischief = Parameters<SoftwareAuthenticator['get']>[1];

/** Lets the device do what the page asks for. */
async function answer(
  { visitor, visit }: Walk,
  device: SoftwareAuthenticator,
  mischief: Mischief = {},
): Promise<Visit> {
  const options = optionsIn(visit);
  assert.ok(options, visit.html.slice(0, 1500));
  const passkey = asks('create', visit) ? device.create(options, mischief) : device.get(options, mischief);
  return visitor.submit(visit, 'passkey', { passkey });
}

const newDevice = ({ usher }: Bench): SoftwareAuthenticator => new SoftwareAuthenticator(usher.url);

let people = 0;

const newEmail = (): string => {
  people += 1;
  return `passkey-${people}-${process.pid}@new.example`;
};

/** Somebody who has made a passkey with a new account, when another flow offered it. */
async function equipped(bench: Bench) {
  const [email, device] = [newEmail(), newDevice(bench)];
  const offering = await bench.flow('signUp', passkeys({ isEnrolmentOffered: true }));
  const walk = await pastFirst(bench, 'signUp', offering, { email });
  assert.ok((await answer(walk, device)).left);
  return { email, device };
}

/** The page of a new account, its address proved. */
async function atSignUp(bench: Bench, kind: FlowKind, flow: string) {
  const email = newEmail();
  const { visitor, visit } = await bench.open(flow);
  const form = kind === 'signUp' ? visit : await visitor.submit(visit, 'createAccount');
  const proof = ['email_ver_but_send', 'email_ver_input', 'email_ver_but_verify'] as const;
  return { email, visitor, visit: await proveEmail(bench.usher, { visitor, visit: form }, email, proof) };
}

/** A new account with a passkey in place of a password, up to what comes then. */
async function signUpWithPasskey(bench: Bench, kind: FlowKind, flow: string): Promise<Visit> {
  const { email, visitor, visit } = await atSignUp(bench, kind, flow);
  return answer({ visitor, visit: await visitor.submit(visit, 'withPasskey', { email }) }, newDevice(bench));
}

/** To the page of this kind of flow that asks for a passkey, and past it. */
async function prove(bench: Bench, kind: FlowKind, flow: string, mischief: Mischief = {}): Promise<Visit> {
  if (kind === 'signUp') return answer(await pastFirst(bench, kind, flow), newDevice(bench), mischief);
  const { email, device } = await equipped(bench);
  const isFirst = signingIn.includes(kind);
  const walk = isFirst ? await bench.open(flow) : await pastFirst(bench, kind, flow, { email });
  return answer(walk, device, mischief);
}

const asksPhone = ({ html }: Visit): boolean => html.includes('id="localNumber"');

export const passkeyProofs: Chapter = {
  proofs: [
    {
      settings: ['settings/passkeys/isSignInAllowed'],
      kinds: signingIn,
      says: 'A passkey signs in where the flow lets it, without a name',
      async prove(bench, kind) {
        const { device } = await equipped(bench);
        const flow = await bench.flow(kind);
        assert.equal(optionsIn((await bench.open(flow)).visit), undefined);
        await bench.set(flow, passkeys({ isSignInAllowed: true }));
        assert.ok((await answer(await bench.open(flow), device)).left);
      },
    },
    {
      settings: ['settings/passkeys/isEnrolmentOffered'],
      kinds: [...signingIn, 'signUp'],
      says: 'A passkey is offered to whoever has come in without one',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await bench.finish(kind, flow);
        await bench.set(flow, passkeys({ isEnrolmentOffered: true }));
        const walk = await pastFirst(bench, kind, flow);
        assert.ok(asks('create', walk.visit));
        assert.ok((await answer(walk, newDevice(bench))).left);
      },
    },
    {
      settings: ['settings/passkeys/isPasswordOptional'],
      kinds: makingAccounts,
      says: 'A new account has a passkey in place of a password',
      async prove(bench, kind) {
        const offered = { isSignInAllowed: true, isEnrolmentOffered: true };
        const flow = await bench.flow(kind, passkeys(offered));
        assert.doesNotMatch((await atSignUp(bench, kind, flow)).visit.html, /id="withPasskey"/);
        await bench.set(flow, passkeys({ ...offered, isPasswordOptional: true }));
        assert.ok((await signUpWithPasskey(bench, kind, flow)).left);
      },
    },
    {
      settings: ['settings/passkeys/countsAsSecondFactor'],
      kinds: [...signingIn, 'passwordReset'],
      says: 'A passkey is enough for a second factor, or leads to one of the kind that the flow asks for',
      async prove(bench, kind) {
        const { email, device } = await equipped(bench);
        const flow = await bench.flow(kind, mfa);
        const past = async () => answer(await pastFirst(bench, kind, flow, { email }), device);
        assert.ok(asksPhone(await past()));
        await bench.set(flow, passkeys({ countsAsSecondFactor: true }));
        const { left, html } = await past();
        assert.ok(kind === 'passwordReset' ? html.includes('id="newPassword"') : left);
      },
    },
    {
      settings: ['settings/passkeys/countsAsSecondFactor'],
      kinds: ['signUp'],
      says: 'Whoever signs up with a passkey that counts is asked for nothing more',
      async prove(bench, kind) {
        const offered = { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true };
        const flow = await bench.flow(kind, { ...mfa, ...passkeys(offered) });
        assert.ok(asksPhone(await signUpWithPasskey(bench, kind, flow)));
        await bench.set(flow, passkeys({ ...offered, countsAsSecondFactor: true }));
        assert.ok((await signUpWithPasskey(bench, kind, flow)).left);
      },
    },
    {
      settings: ['settings/passkeys/userVerification'],
      kinds: [...signingIn, 'signUp', 'passwordReset'],
      says: 'A passkey proves nothing without a finger, face or PIN where the flow requires it',
      async prove(bench, kind) {
        const offered =
          kind === 'signUp' ? { isEnrolmentOffered: true } : { isSignInAllowed: signingIn.includes(kind) };
        const counts = kind === 'passwordReset' ? { countsAsSecondFactor: true } : {};
        const settings = { ...offered, ...counts };
        const flow = await bench.flow(kind, { ...(kind === 'passwordReset' ? mfa : {}), ...passkeys(settings) });
        const lax = await prove(bench, kind, flow, { isUserVerified: false });
        assert.ok(lax.left ?? lax.html.includes('id="newPassword"'));
        await bench.set(flow, passkeys({ ...settings, userVerification: 'required' }));
        const refused = await prove(bench, kind, flow, { isUserVerified: false });
        assert.ok(optionsIn(refused), 'it is asked for again');
        const { left, html } = await prove(bench, kind, flow);
        assert.ok(left ?? html.includes('id="newPassword"'));
      },
    },
  ],
  exemptions: [
    {
      settings: ['settings/passkeys/isSignInAllowed'],
      kinds: ['signUp', 'passwordReset'],
      because: 'It has no page to sign in on.',
    },
    {
      settings: ['settings/passkeys/isEnrolmentOffered'],
      kinds: ['passwordReset'],
      because:
        'Whoever has forgotten the password is offered a passkey at the next sign-in, not while the password is set.',
    },
    {
      settings: ['settings/passkeys/isPasswordOptional'],
      kinds: ['signIn', 'passwordReset', 'profileUpdate'],
      because: 'The flow makes no accounts.',
    },
    {
      settings: [
        'settings/passkeys/isSignInAllowed',
        'settings/passkeys/isEnrolmentOffered',
        'settings/passkeys/isPasswordOptional',
        'settings/passkeys/countsAsSecondFactor',
        'settings/passkeys/userVerification',
      ],
      kinds: ['resourceOwner'],
      because: 'Passkeys need a page; only passwords are exchanged for tokens.',
    },
  ],
};
