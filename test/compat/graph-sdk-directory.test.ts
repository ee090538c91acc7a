import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ClientSecretCredential } from '@azure/identity';
import type { User } from '@microsoft/msgraph-beta-sdk/models/index.js';
import type { ODataError } from '@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js';
import { Stage } from '../support/golden/stage.ts';
import { type GraphSdk, graphSdk, ids, there } from '../support/graph-sdk/client.ts';
import type { Page } from '../support/graph-sdk/fluent.ts';
import { authorize, codeFor } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

let usher: Usher;
let sdk: GraphSdk;

before(async () => {
  usher = await startUsher();
  sdk = graphSdk(usher);
});

after(() => usher?.stop());

const newUser = (name: string): User => ({
  displayName: name,
  accountEnabled: true,
  identities: [
    { signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: `${name.toLowerCase()}@people.example` },
    { signInType: 'userName', issuer: seeded.tenant, issuerAssignedId: name.toLowerCase() },
  ],
  passwordProfile: { password: 'a-Password-1!', forceChangePasswordNextSignIn: false },
  passwordPolicies: 'DisablePasswordExpiration',
});

test('graph sdk: the credential proves itself for Graph by name, and for the host that is called', async () => {
  for (const scopes of [['https://graph.microsoft.com/.default'], []]) {
    for (const version of ['v1.0', 'beta'] as const) {
      const page = await graphSdk(usher, { scopes, version }).users.get({ queryParameters: { top: 1 } });
      assert.equal(page?.value?.length, 1);
    }
  }
  const wrong = graphSdk(usher, { secret: 'wrong' });
  await assert.rejects(wrong.users.get(), /invalid_client.*7000215/s);
  const nowhere = new ClientSecretCredential('no-tenant.example', seeded.daemon, seeded.secret, {
    authorityHost: usher.url,
    disableInstanceDiscovery: true,
  });
  await assert.rejects(nowhere.getToken('https://graph.microsoft.com/.default'));
});

test('graph sdk: users with identities are made, found by them, counted, changed and removed', async () => {
  const made = there(await sdk.users.post(newUser('Ada')));
  assert.deepEqual(
    made.identities?.slice(0, 2).map(({ signInType, issuerAssignedId }) => [signInType, issuerAssignedId]),
    [
      ['emailAddress', 'ada@people.example'],
      ['userName', 'ada'],
    ],
  );
  assert.equal(made.passwordProfile?.password ?? null, null);
  const filter = `identities/any(i:i/issuerAssignedId eq 'ada@people.example' and i/issuer eq '${seeded.tenant}')`;
  const found = await sdk.users.get({ queryParameters: { filter, select: ['id', 'displayName', 'createdDateTime'] } });
  assert.deepEqual(ids(found), [made.id]);
  assert.ok(found?.value?.[0]?.createdDateTime instanceof Date);

  const user = sdk.users.byId(there(made.id));
  await user.patch({ displayName: 'Ada L.', businessPhones: ['+44 20 1234'] });
  const read = await user.get({ queryParameters: { select: ['displayName', 'businessPhones'] } });
  assert.deepEqual([read?.displayName, read?.businessPhones], ['Ada L.', ['+44 20 1234']]);

  const headers = { ConsistencyLevel: 'eventual' };
  const count = there(await sdk.users.count.get({ headers }));
  const all = await sdk.users.get({ headers, queryParameters: { count: true, search: '"displayName:Ada"' } });
  assert.deepEqual([all?.odataCount, ids(all)], [1, [made.id]]);
  await user.delete();
  assert.equal(await sdk.users.count.get({ headers }), count - 1);
});

test('graph sdk: users are paged in an order, and followed from a link to the next', async () => {
  for (const name of ['Zed1', 'Zed2', 'Zed3']) await sdk.users.post(newUser(name));
  const names: string[] = [];
  const queryParameters = { top: 2, filter: "startswith(displayName,'Zed')", select: ['displayName'] };
  let page: Page<User> | undefined = await sdk.users.get({ queryParameters });
  while (page) {
    names.push(...there(page.value).map(({ displayName }) => there(displayName)));
    page = page.odataNextLink ? await sdk.users.withUrl(page.odataNextLink).get() : undefined;
  }
  assert.deepEqual(names.toSorted(), ['Zed1', 'Zed2', 'Zed3']);

  let round = there(await sdk.users.delta.get({ queryParameters: { select: ['displayName'] } }));
  while (round.odataNextLink) round = there(await sdk.users.delta.withUrl(round.odataNextLink).get());
  const late = there(await sdk.users.post(newUser('Zed4')));
  const next = there(await sdk.users.delta.withUrl(there(round.odataDeltaLink)).get());
  assert.deepEqual(ids(next), [late.id]);
  await sdk.users.byId(there(late.id)).delete();
  const gone = there(await sdk.users.delta.withUrl(there(next.odataDeltaLink)).get());
  assert.deepEqual(gone.value?.[0]?.additionalData?.['@removed'], { reason: 'deleted' });
});

test('graph sdk: a guest is invited', async () => {
  const invitation = await sdk.invitations.post({
    invitedUserEmailAddress: 'guest@partner.example',
    invitedUserDisplayName: 'A guest',
    inviteRedirectUrl: 'https://app.example/welcome',
    sendInvitationMessage: false,
  });
  assert.equal(invitation?.status, 'PendingAcceptance');
  assert.ok(invitation?.inviteRedeemUrl);
  const guest = await sdk.users.byId(there(invitation?.invitedUser?.id)).get();
  assert.deepEqual([guest?.displayName, guest?.mail], ['A guest', 'guest@partner.example']);
});

test('graph sdk: an application gets a secret that works until it is removed', async () => {
  const application = there(
    await sdk.applications.post({
      displayName: 'Daemon',
      requiredResourceAccess: [],
      web: { redirectUris: ['https://daemon.example/cb'] },
    }),
  );
  assert.deepEqual(application.web?.redirectUris, ['https://daemon.example/cb']);
  const one = sdk.applications.byId(there(application.id));
  const endDateTime = new Date('2040-01-01T00:00:00Z');
  const credential = there(await one.addPassword.post({ passwordCredential: { displayName: 'first', endDateTime } }));
  assert.deepEqual([credential.displayName, credential.endDateTime], ['first', endDateTime]);
  const secret = there(credential.secretText);
  const [kept] = there((await one.get())?.passwordCredentials);
  assert.deepEqual([kept?.keyId, kept?.hint, kept?.secretText ?? null], [credential.keyId, secret.slice(0, 3), null]);

  await sdk.servicePrincipals.post({ appId: there(application.appId) });
  const filter = `appId eq '${application.appId}'`;
  assert.equal((await sdk.servicePrincipals.get({ queryParameters: { filter } }))?.value?.[0]?.displayName, 'Daemon');
  const token = () =>
    new ClientSecretCredential(seeded.tenant, there(application.appId), secret, {
      authorityHost: usher.url,
      disableInstanceDiscovery: true,
    }).getToken('https://graph.microsoft.com/.default');
  assert.ok((await token()).expiresOnTimestamp > Date.now());
  await one.removePassword.post({ keyId: there(credential.keyId) });
  await assert.rejects(token(), /7000215/);
});

test('graph sdk: an extension property of an application is a member of users', async () => {
  const application = there(await sdk.applications.post({ displayName: 'Extends' }));
  const { extensionProperties } = sdk.applications.byId(there(application.id));
  const made = await extensionProperties.post({ name: 'rank', dataType: 'Integer', targetObjects: ['User'] });
  const name = there(made?.name);
  assert.match(name, /^extension_[0-9a-f]{32}_rank$/);
  const user = there(await sdk.users.post({ ...newUser('Ranked'), additionalData: { [name]: 7 } }));
  const read = await sdk.users.byId(there(user.id)).get({ queryParameters: { select: ['id', name] } });
  assert.equal(read?.additionalData?.[name], 7);
  await extensionProperties.byId(there(made?.id)).delete();
  assert.deepEqual(ids(await extensionProperties.get()), []);
});

test('graph sdk: the tenant, its policy of sign-in methods and what was done in it', async () => {
  const [tenant] = there((await sdk.organization.get())?.value);
  assert.deepEqual([tenant?.id, tenant?.displayName], [seeded.tenantId, 'Contoso']);
  assert.equal(tenant?.verifiedDomains?.[0]?.name, seeded.tenant);

  const { b2cAuthenticationMethodsPolicy: policy } = sdk.policies;
  assert.equal((await policy.get())?.isUserNameAuthenticationEnabled, false);
  await policy.patch({ isUserNameAuthenticationEnabled: true });
  assert.equal((await policy.get())?.isUserNameAuthenticationEnabled, true);

  await sdk.users.post(newUser('Audited'));
  const queryParameters = { filter: "activityDisplayName eq 'Add user'", top: 1 };
  const [entry] = there((await sdk.auditLogs.directoryAudits.get({ queryParameters }))?.value);
  assert.equal(entry?.result, 'success');
  assert.ok(entry?.activityDateTime instanceof Date);
  assert.equal(entry?.initiatedBy?.app?.appId, seeded.daemon);
});

test('graph sdk: a sign-in of a person is in the log', async () => {
  await codeFor(newVisitor(usher), authorize(usher));
  const filter = `appId eq '${seeded.spa}'`;
  // It is written behind the request.
  await new Stage(usher).listed(`/beta/auditLogs/signIns?$filter=${encodeURIComponent(filter)}`);
  const [signIn] = there((await sdk.auditLogs.signIns.get({ queryParameters: { filter } }))?.value);
  assert.deepEqual([signIn?.status?.errorCode, signIn?.isInteractive, signIn?.resourceId], [0, true, seeded.api]);
  assert.equal(signIn?.userDisplayName, 'Adele Vance');
  assert.ok(signIn?.createdDateTime instanceof Date);
});

test('graph sdk: refusals are its ODataError with code, message and ids of the request', async () => {
  const refused = async (run: Promise<unknown>): Promise<ODataError> =>
    run.then(
      () => assert.fail('it must be refused'),
      (error: unknown) => error as ODataError,
    );
  const requestId = '5a1f0f8e-0c2e-4d2c-9b0e-6f4d6f0d6a11';
  const absent = await refused(sdk.users.byId('none').get({ headers: { 'client-request-id': requestId } }));
  assert.equal(absent.responseStatusCode, 404);
  const { code, message, innerError } = there(absent.errorEscaped);
  assert.equal(code, 'Request_ResourceNotFound');
  assert.match(there(message), /'none' does not exist/);
  assert.equal(innerError?.clientRequestId, requestId);
  assert.match(there(innerError?.requestId), /^[0-9a-f-]{36}$/);
  assert.ok(innerError?.date instanceof Date);

  const invalid = await refused(
    sdk.users.post({
      displayName: 'No account',
      accountEnabled: true,
      identities: [{ signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: 'x' }],
    }),
  );
  assert.equal(invalid.responseStatusCode, 400);
  assert.ok(there(invalid.errorEscaped?.message).length > 0);
  const twice = await refused(
    sdk.identity.b2cUserFlows.post({ id: 'susi', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 }),
  );
  assert.equal(twice.responseStatusCode, 409);
  assert.equal(twice.errorEscaped?.details?.[0]?.target, 'id');
  const unread = await refused(sdk.users.get({ queryParameters: { filter: 'displayName eq' } }));
  assert.deepEqual([unread.responseStatusCode, unread.errorEscaped?.code], [400, 'BadRequest']);
});
