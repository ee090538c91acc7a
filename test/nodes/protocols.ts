import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { newAccount } from '../support/accounts.ts';
import { graph } from '../support/federation.ts';
import { freshEmail } from '../support/flow-person.ts';
import { newApplication, newFlow } from '../support/flow-settings.ts';
import { listenOnLoopback } from '../support/loopback.ts';
import {
  type Attempt,
  authorize,
  claimsIn,
  codeFor,
  codeIn,
  redeem,
  redirectUri,
  refresh,
} from '../support/sign-in.ts';
import { seeded, type Usher } from '../support/usher.ts';
import { newVisitor, type Visit, type Visitor } from '../support/visitor.ts';
import type { Fleet } from './fleet.ts';

const password = 'Olive-drum-42';
const passwords = { newPassword: password, reenterPassword: password };

/** The claims of whoever has come back with a code. */
async function claimsOf(front: Usher, attempt: Attempt, visit: Visit, flow?: string) {
  const { status, answer } = await redeem(front, attempt, codeIn(visit), flow);
  assert.equal(status, 200, JSON.stringify(answer));
  return claimsIn(answer.id_token);
}

/** Proves an address on a page with the code that was mailed. */
async function prove(front: Usher, visitor: Visitor, page: Visit, email: string): Promise<Visit> {
  const control = 'emailVerificationControl';
  const sent = await visitor.submit(page, `${control}_but_send_code`, { email });
  const emailVerificationCode = await front.code(email);
  return visitor.submit(sent, `${control}_but_verify_code`, { email, emailVerificationCode });
}

/** An application that takes the notices of sign-outs. */
async function toldOf() {
  let calls = 0;
  const { promise: first, resolve } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    response.writeHead(200).end();
    resolve();
  });
  const { port, close } = await listenOnLoopback(server);
  return { url: `http://127.0.0.1:${port}/out`, first, calls: () => calls, close };
}

/** The runtime, each request of which is answered by another node. */
export function testProtocols(fleet: () => Fleet): void {
  describe('though each request meets another node', () => {
    test('a sign-in and its refreshes go on', async () => {
      const { front } = fleet();
      const attempt = authorize(front);
      const { answer } = await redeem(front, attempt, await codeFor(newVisitor(front), attempt));
      let token = answer.refresh_token ?? '';
      for (let turn = 0; turn < 4; turn += 1) {
        const renewed = await refresh(front, token);
        assert.equal(renewed.status, 200, JSON.stringify(renewed.answer));
        token = renewed.answer.refresh_token ?? '';
      }
    });

    test('somebody signs up with the code that was mailed, and in again', async () => {
      const { front } = fleet();
      const [visitor, attempt, email] = [newVisitor(front), authorize(front), freshEmail()];
      const form = await visitor.submit(await visitor.open(attempt.url), 'createAccount');
      const sent = await visitor.submit(form, 'email_ver_but_send', { email });
      const code = { email, email_ver_input: await front.code(email) };
      const proved = await visitor.submit(sent, 'email_ver_but_verify', code);
      const done = await visitor.submit(proved, 'continue', {
        email,
        ...passwords,
        displayName: 'Ada',
        givenName: 'Ada',
        surname: 'Byron',
      });
      const { sub } = await claimsOf(front, attempt, done);
      const again = authorize(front);
      const { answer } = await redeem(front, again, await codeFor(newVisitor(front), again, email, password));
      assert.equal(claimsIn(answer.id_token)['sub'], sub);
    });

    test('a forgotten password is replaced', async () => {
      const { front } = fleet();
      const [flow, { email }, visitor] = [
        await newFlow(front, { userFlowType: 'passwordReset' }),
        await newAccount(front),
        newVisitor(front),
      ];
      const attempt = authorize(front, {}, flow);
      const proved = await prove(front, visitor, await visitor.open(attempt.url), email);
      const page = await visitor.submit(proved, 'continue', { email });
      codeIn(await visitor.submit(page, 'continue', passwords));
      await codeFor(newVisitor(front), authorize(front), email, password);
      await assert.rejects(codeFor(newVisitor(front), authorize(front), email), /no code came back/);
    });

    test('a profile is changed by who is signed in', async () => {
      const { front } = fleet();
      const edit = await newFlow(front, { userFlowType: 'profileUpdate' });
      const assignment = {
        isOptional: true,
        requiresVerification: false,
        displayName: 'city',
        userInputType: 'textBox',
        userAttribute: { id: 'city' },
      };
      await graph(front, 'POST', `/beta/identity/b2cUserFlows/${edit}/userAttributeAssignments`, assignment);
      const [{ id, email }, visitor] = [await newAccount(front), newVisitor(front)];
      await codeFor(visitor, authorize(front), email);
      const page = await visitor.open(authorize(front, {}, edit).url);
      codeIn(await visitor.submit(page, 'continue', { city: 'Oslo' }));
      assert.equal((await graph(front, 'GET', `/v1.0/users/${id}?$select=city`))['city'], 'Oslo');
    });

    test('who has signed in is known to all, until they sign out; the application is told once', async (t) => {
      const { front, nodes, at } = fleet();
      const api = await toldOf();
      t.after(api.close);
      const settings = { backChannelLogoutUri: api.url };
      const { appId } = await newApplication(front, { spa: { redirectUris: [redirectUri] }, settings });
      const parameters = { client_id: appId, scope: 'openid' };
      const visitor = newVisitor(front);
      await codeFor(visitor, authorize(front, parameters));
      const isKnown = async (): Promise<boolean> => {
        const { left } = await visitor.open(authorize(front, { ...parameters, prompt: 'none' }).url);
        return left?.searchParams.has('code') ?? false;
      };
      for (const node of nodes) assert.equal(await at(node, isKnown), true);
      await visitor.open(`/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/logout`);
      await api.first;
      for (const node of nodes) assert.equal(await at(node, isKnown), false);
      assert.equal(api.calls(), 1);
    });

    test('an invitation is accepted with the code that was mailed, and is worth nothing afterwards', async () => {
      const { front, nodes, at } = fleet();
      const [email, visitor] = [freshEmail(), newVisitor(front)];
      const invitation = { invitedUserEmailAddress: email, inviteRedirectUrl: 'https://app.example/' };
      const { inviteRedeemUrl } = await graph(front, 'POST', '/v1.0/invitations', invitation);
      const shown = await visitor.open(String(inviteRedeemUrl));
      const asked = await visitor.submit(shown, 'emailVerificationControl_but_send_code');
      const emailVerificationCode = await front.code(email);
      const done = await visitor.submit(asked, 'emailVerificationControl_but_verify_code', { emailVerificationCode });
      assert.equal(done.left?.href, 'https://app.example/');
      for (const node of nodes) {
        assert.equal((await at(node, () => newVisitor(front).open(String(inviteRedeemUrl)))).status, 410);
      }
    });
  });
}
