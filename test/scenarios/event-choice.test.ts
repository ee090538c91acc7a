import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newApplication } from '../support/flow-settings.ts';
import { logged } from '../support/logs.ts';
import { authorize, codeFor, redirectUri } from '../support/sign-in.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

/** Two applications, three listeners of both generations: who gets which flow, and what is said of it. */

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

interface Told {
  readonly appId: string;
  readonly flowId: string;
  readonly listeners: readonly { readonly id: string; readonly reason: string; readonly because: string }[];
  readonly text: string;
}

async function graph(method: string, path: string, body?: unknown, status = 201): Promise<{ readonly id: string }> {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  assert.equal(response.status, status, text);
  return text === '' ? { id: '' } : JSON.parse(text);
}

const named = (type: string, members: object) => ({ '@odata.type': `#microsoft.graph.${type}`, ...members });

const guestFlow = async (id: string): Promise<string> => {
  const providers = { identityProviders: [{ id: 'EmailOtpSignup-OAUTH' }] };
  const flow = { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1, ...providers };
  return (await graph('POST', '/beta/identity/b2xUserFlows', flow)).id;
};

const listenersPath = '/beta/identity/events/onSignupStart';
/** By the name that the type had first. */
const listener = (priority: number, includeApplications: readonly string[], flow?: string) =>
  graph(
    'POST',
    listenersPath,
    named('invokeUserFlowAction', {
      priority,
      sourceFilter: { includeApplications },
      ...(flow === undefined ? {} : { userFlow: { id: flow } }),
    }),
  );

const eventsPath = '/v1.0/identity/authenticationEventsFlows';
const eventsFlow = (displayName: string, appIds: readonly string[]) =>
  graph(
    'POST',
    eventsPath,
    named('externalUsersSelfServiceSignUpEventsFlow', {
      displayName,
      conditions: { applications: { includeApplications: appIds.map((appId) => ({ appId })) } },
      onInteractiveAuthFlowStart: named('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp', {
        isSignUpAllowed: true,
      }),
      onAuthenticationMethodLoadStart: named('onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp', {
        identityProviders: [{ id: 'EmailOtpSignup-OAUTH' }],
      }),
    }),
  );

async function explained(appId: string): Promise<Told> {
  const response = await usher.graph('GET', `/beta/applications(appId='${appId}')/explainUserFlow`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

/** The flow that somebody walks who signs in to the application, by the sign-in log. */
async function walked(appId: string): Promise<string> {
  await codeFor(newVisitor(usher), authorize(usher, { client_id: appId, scope: 'openid profile' }, ''));
  interface Entry {
    readonly status: { readonly additionalDetails: string };
  }
  const entries = await logged<Entry>(usher, 'auditLogs/signIns', `appId eq '${appId}'`);
  return /^User flow: (\S+?)\.?$/m.exec(entries.at(0)?.status.additionalDetails ?? '')?.[1] ?? '';
}

/** What is said of the application, once it is known that this is what it gets. */
async function outcome(appId: string) {
  const { flowId, listeners, text } = await explained(appId);
  assert.equal(await walked(appId), flowId);
  for (const { because } of listeners) assert.ok(text.includes(because));
  return [flowId, Object.fromEntries(listeners.map(({ id, reason }) => [id, reason]))];
}

/** A new one each time, so that its sign-in log holds one sign-in. */
const application = async (): Promise<string> =>
  (await newApplication(usher, { spa: { redirectUris: [redirectUri] } })).appId;

test('two applications and three listeners of both generations: each gets what explain says, and each other says why not', async () => {
  const [first, second] = [await guestFlow('one'), await guestFlow('two')];
  const [portal, shop, neither] = [await application(), await application(), await application()];
  const late = await listener(500, [portal], first);
  const early = await listener(-5, [portal, shop], second);
  const newer = await eventsFlow('For the shop', [shop]);

  assert.deepEqual(await Promise.all([portal, shop, neither].map(outcome)), [
    [second, { [newer.id]: 'applicationNotIncluded', [early.id]: 'matched', [late.id]: 'lowerPriority' }],
    [newer.id, { [newer.id]: 'matched', [early.id]: 'olderGeneration', [late.id]: 'applicationNotIncluded' }],
    [
      'tenantSignIn',
      {
        [newer.id]: 'applicationNotIncluded',
        [early.id]: 'applicationNotIncluded',
        [late.id]: 'applicationNotIncluded',
      },
    ],
  ]);
  for (const id of [late.id, early.id]) await graph('DELETE', `${listenersPath}/${id}`, undefined, 204);
  await graph('DELETE', `${eventsPath}/${newer.id}`, undefined, 204);
});

test('what an administrator changes counts from the next sign-in on', async () => {
  const flow = await guestFlow('three');
  const appIds = [await application(), await application(), await application()] as const;
  const { id } = await listener(10, appIds);
  assert.deepEqual(await outcome(appIds[0]), ['tenantSignIn', { [id]: 'noUserFlow' }]);
  const reference = { '@odata.id': `${usher.url}/beta/identity/b2xUserFlows/${flow}` };
  await graph('PUT', `${listenersPath}/${id}/microsoft.graph.invokeUserFlowListener/userFlow/$ref`, reference, 204);
  assert.deepEqual(await outcome(appIds[1]), [flow, { [id]: 'matched' }]);
  await graph('DELETE', `/beta/identity/b2xUserFlows/${flow}`, undefined, 204);
  assert.deepEqual(await outcome(appIds[2]), ['tenantSignIn', { [id]: 'noUserFlow' }]);
});

test('who may not read listeners is not told of them', async () => {
  const response = await fetch(`${usher.url}/beta/applications(appId='${await application()}')/explainUserFlow`);
  assert.equal(response.status, 401);
});
