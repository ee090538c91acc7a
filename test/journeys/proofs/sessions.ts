import assert from 'node:assert/strict';
import { authorizeWeb, membersOf } from '../../support/flow-settings.ts';
import { codeIn } from '../../support/sign-in.ts';
import { seeded } from '../../support/usher.ts';
import { textOf, type Visitor } from '../../support/visitor.ts';
import type { Bench } from '../bench.ts';
import { withPages } from '../first-page.ts';
import type { Chapter } from '../proof.ts';
import { type FlowKind, flowKinds } from '../settings.ts';

/** Kinds of flow that begin with the person whom the browser knows. */
const resting: readonly FlowKind[] = ['signUpOrSignIn', 'signIn', 'profileUpdate'];

const day = 86_400;
const session = (singleSignOnSessionConfiguration: object) => ({ singleSignOnSessionConfiguration });

/** Whether the browser is let past the page that asks who is there. */
const isKnown = async (bench: Bench, flow: string, visitor: Visitor): Promise<boolean> =>
  !(await bench.open(flow, {}, visitor)).visit.html.includes('type="password"');

/** Whether the browser is signed in without a page, at the usual application or the seeded one with a server. */
async function isServed(bench: Bench, flow: string, visitor: Visitor, isWeb: boolean): Promise<boolean> {
  const silent = { prompt: 'none' };
  const { left } = isWeb
    ? await visitor.open(authorizeWeb(bench.usher, flow, silent))
    : (await bench.open(flow, silent, visitor)).visit;
  return membersOf(left).has('code');
}

/** Signs in and asks to stay signed in, offered or not; then the browser is closed. */
async function stay(bench: Bench, flow: string): Promise<{ readonly visitor: Visitor; readonly isOffered: boolean }> {
  const [{ visitor, visit }, { email, password }] = [await bench.open(flow), await bench.person()];
  codeIn(await visitor.submit(visit, 'next', { email, password, rememberMe: 'true' }));
  visitor.close();
  return { visitor, isOffered: visit.html.includes('name="rememberMe"') };
}

export const sessions: Chapter = {
  proofs: [
    {
      settings: ['singleSignOnSessionConfiguration/sessionScope'],
      kinds: withPages,
      says: 'Who has come out of the flow is known at other flows and applications as far as its scope goes',
      async prove(bench, kind) {
        const [flow, other] = [await bench.flow(kind), await bench.flow('signIn')];
        const served = { tenant: [true, true], application: [true, false], policy: [false, false], disabled: [] };
        for (const [sessionScope, expected] of Object.entries(served)) {
          await bench.set(flow, session({ sessionScope }));
          await bench.set(other, session({ sessionScope: sessionScope === 'disabled' ? 'tenant' : sessionScope }));
          const { visitor } = await bench.finish(kind, flow);
          const seen = [await isServed(bench, other, visitor, false), await isServed(bench, other, visitor, true)];
          assert.deepEqual(seen, [expected[0] ?? false, expected[1] ?? false], sessionScope);
          if (resting.includes(kind)) assert.equal(await isKnown(bench, flow, visitor), sessionScope !== 'disabled');
        }
      },
    },
    {
      settings: ['singleSignOnSessionConfiguration/sessionLifetimeInMinutes'],
      kinds: resting,
      says: 'Who has signed in is known for as many minutes as the flow says',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, session({ sessionLifetimeInMinutes: 15 }));
        const { visitor } = await bench.finish(kind, flow);
        assert.equal(await isKnown(bench, flow, visitor), true);
        await bench.usher.advance(15 * 60);
        assert.equal(await isKnown(bench, flow, visitor), false);
        await bench.set(flow, session({ sessionLifetimeInMinutes: 20 }));
        assert.equal(await isKnown(bench, flow, visitor), true);
      },
    },
    {
      settings: ['singleSignOnSessionConfiguration/isSessionLifetimeAbsolute'],
      kinds: resting,
      says: 'The time of a session counts from its last use, or from the sign-in',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, session({ sessionLifetimeInMinutes: 15 }));
        const { visitor } = await bench.finish(kind, flow);
        for (const _ of [1, 2]) {
          await bench.usher.advance(10 * 60);
          assert.equal(await isKnown(bench, flow, visitor), true);
        }
        await bench.set(flow, session({ isSessionLifetimeAbsolute: true }));
        assert.equal(await isKnown(bench, flow, visitor), false);
      },
    },
    {
      settings: ['singleSignOnSessionConfiguration/isKeepMeSignedInEnabled'],
      kinds: resting,
      says: 'People can stay signed in after the browser is closed, where the flow offers it',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        for (const isKeepMeSignedInEnabled of [false, true]) {
          await bench.set(flow, session({ isKeepMeSignedInEnabled }));
          const { visitor, isOffered } = await stay(bench, flow);
          const isKept = await isKnown(bench, flow, visitor);
          assert.deepEqual([isOffered, isKept], [isKeepMeSignedInEnabled, isKeepMeSignedInEnabled]);
        }
      },
    },
    {
      settings: ['singleSignOnSessionConfiguration/keepMeSignedInDays'],
      kinds: resting,
      says: 'People stay signed in for as many days as the flow says',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, session({ isKeepMeSignedInEnabled: true, keepMeSignedInDays: 3 }));
        const { visitor } = await stay(bench, flow);
        await bench.usher.advance(2 * day);
        await bench.set(flow, session({ keepMeSignedInDays: 2 }));
        assert.equal(await isKnown(bench, flow, visitor), false);
        await bench.set(flow, session({ keepMeSignedInDays: 3 }));
        assert.equal(await isKnown(bench, flow, visitor), true);
      },
    },
    {
      settings: ['singleSignOnSessionConfiguration/enforceIdTokenHintOnLogout'],
      kinds: flowKinds,
      says: 'Whoever signs out at the flow has to bring an ID token of it, where it says so',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        const { visitor, tokens } = await bench.finish(kind, flow);
        const logout = async (query = '') => {
          const address = `${bench.usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/logout${query}`;
          const { status, html } = await visitor.open(address);
          return { status, isRefused: textOf(html).includes('AADB2C90272') };
        };
        assert.deepEqual(await logout(), { status: 200, isRefused: false });
        await bench.set(flow, session({ enforceIdTokenHintOnLogout: true }));
        assert.equal((await logout()).isRefused, true);
        const hinted = await logout(`?id_token_hint=${tokens.id_token}`);
        assert.deepEqual(hinted, { status: 200, isRefused: false });
      },
    },
  ],
  exemptions: [
    {
      settings: [
        'singleSignOnSessionConfiguration/sessionLifetimeInMinutes',
        'singleSignOnSessionConfiguration/isSessionLifetimeAbsolute',
      ],
      kinds: ['signUp', 'passwordReset'],
      because:
        'The flow begins with nobody, whoever the browser knows; how old a session may be says each flow that rests on it.',
    },
    {
      settings: [
        'singleSignOnSessionConfiguration/isKeepMeSignedInEnabled',
        'singleSignOnSessionConfiguration/keepMeSignedInDays',
      ],
      kinds: ['signUp', 'passwordReset'],
      because: 'It has no page to sign in on, where people choose to stay signed in (as in Azure AD B2C).',
    },
    {
      settings: [
        'singleSignOnSessionConfiguration/sessionScope',
        'singleSignOnSessionConfiguration/sessionLifetimeInMinutes',
        'singleSignOnSessionConfiguration/isSessionLifetimeAbsolute',
        'singleSignOnSessionConfiguration/isKeepMeSignedInEnabled',
        'singleSignOnSessionConfiguration/keepMeSignedInDays',
      ],
      kinds: ['resourceOwner'],
      because: 'There is no browser, and nobody is kept signed in.',
    },
  ],
};
