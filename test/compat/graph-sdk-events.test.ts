import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  AuthenticationEventListener,
  ExternalUsersSelfServiceSignUpEventsFlow,
  InvokeUserFlowListener,
  OnAttributeCollectionExternalUsersSelfServiceSignUp,
  OnInteractiveAuthFlowStartExternalUsersSelfServiceSignUp,
  OnTokenIssuanceStartCustomExtension,
  OnTokenIssuanceStartListener,
} from '@microsoft/msgraph-beta-sdk/models/index.js';
import { type GraphSdk, graphSdk, ids, there } from '../support/graph-sdk/client.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
let sdk: GraphSdk;

before(async () => {
  usher = await startUsher();
  sdk = graphSdk(usher);
});

after(() => usher?.stop());

test('graph sdk: listeners of the events policy name a flow for guests', async () => {
  const { events, b2xUserFlows } = sdk.identity;
  const flow = there(
    await b2xUserFlows.post({ id: 'Partner', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 }),
  );
  assert.equal(flow.id, 'B2X_1_Partner');
  const listener: InvokeUserFlowListener = {
    odataType: '#microsoft.graph.invokeUserFlowListener',
    priority: 110,
    sourceFilter: { includeApplications: [seeded.spa] },
    userFlow: { id: 'B2X_1_Partner' },
  };
  const made = there(await events.onSignupStart.post(listener));
  assert.deepEqual([made.odataType, made.priority], [listener.odataType, 110]);
  assert.deepEqual(made.sourceFilter?.includeApplications, [seeded.spa]);

  const expand = ['microsoft.graph.invokeUserFlowListener/userFlow'];
  const one = events.onSignupStart.byId(there(made.id));
  const read = (await one.get({ queryParameters: { expand } })) as InvokeUserFlowListener;
  assert.equal(read.userFlow?.id, 'B2X_1_Partner');
  assert.equal((await events.get())?.id, 'authenticationEventsPolicy');
  const changed: InvokeUserFlowListener = { odataType: there(listener.odataType), priority: 5 };
  await one.patch(changed);
  assert.equal((await events.onSignupStart.get())?.value?.[0]?.priority, 5);
  await one.delete();
  assert.deepEqual(ids(await events.onSignupStart.get()), []);
});

const nameOfFlow = '#microsoft.graph.externalUsersSelfServiceSignUpEventsFlow';

test('graph sdk: a sign-up flow of events, its handlers through casts, its applications', async () => {
  const { authenticationEventsFlows } = sdk.identity;
  const flow: ExternalUsersSelfServiceSignUpEventsFlow = {
    odataType: nameOfFlow,
    displayName: 'Sign up',
    conditions: { applications: { includeApplications: [{ appId: seeded.spa }] } },
    onInteractiveAuthFlowStart: {
      odataType: '#microsoft.graph.onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp',
      additionalData: { isSignUpAllowed: true },
    },
    onAuthenticationMethodLoadStart: {
      odataType: '#microsoft.graph.onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp',
      additionalData: { identityProviders: [{ id: 'EmailPassword-OAUTH' }] },
    },
    onAttributeCollection: {
      odataType: '#microsoft.graph.onAttributeCollectionExternalUsersSelfServiceSignUp',
      additionalData: { attributes: [{ id: 'city' }] },
    },
  };
  const made = there(await authenticationEventsFlows.post(flow)) as ExternalUsersSelfServiceSignUpEventsFlow;
  assert.deepEqual([made.odataType, made.displayName, made.priority], [nameOfFlow, 'Sign up', 500]);
  const start = made.onInteractiveAuthFlowStart as OnInteractiveAuthFlowStartExternalUsersSelfServiceSignUp;
  assert.equal(start.isSignUpAllowed, true);

  const one = authenticationEventsFlows.byId(there(made.id));
  const read = there(await one.get()) as ExternalUsersSelfServiceSignUpEventsFlow;
  const collecting = read.onAttributeCollection as OnAttributeCollectionExternalUsersSelfServiceSignUp;
  assert.deepEqual(
    collecting.attributes?.map(({ id }) => id),
    ['city'],
  );
  const cast = one.graphExternalUsersSelfServiceSignUpEventsFlow;
  assert.equal((await cast.get())?.odataType, nameOfFlow);
  const { attributes } = cast.onAttributeCollection.cast;
  await attributes.ref.post({ odataId: 'https://graph.microsoft.com/v1.0/identity/userFlowAttributes/country' });
  await attributes.byId('city').ref.delete();
  assert.deepEqual(ids(await attributes.get()), ['country']);
  const { identityProviders } = cast.onAuthenticationMethodLoadStart.cast;
  assert.equal((await identityProviders.get())?.value?.[0]?.odataType, '#microsoft.graph.builtInIdentityProvider');

  const { includeApplications } = one.conditions.applications;
  await includeApplications.post({ appId: seeded.web });
  await includeApplications.byId(seeded.spa).delete();
  assert.deepEqual(
    (await includeApplications.get())?.value?.map(({ appId }) => appId),
    [seeded.web],
  );
  const changed: ExternalUsersSelfServiceSignUpEventsFlow = { odataType: nameOfFlow, description: 'For customers' };
  await one.patch(changed);
  assert.equal((await one.get())?.description, 'For customers');
  await one.delete();
  await assert.rejects(one.get(), { responseStatusCode: 404 });
});

test('graph sdk: an extension that adds claims, and the listener that calls it', async () => {
  const { customAuthenticationExtensions, authenticationEventListeners } = sdk.identity;
  const extension: OnTokenIssuanceStartCustomExtension = {
    odataType: '#microsoft.graph.onTokenIssuanceStartCustomExtension',
    displayName: 'Claims',
    description: 'Adds the date of birth',
    endpointConfiguration: {
      odataType: '#microsoft.graph.httpRequestEndpoint',
      additionalData: { targetUrl: 'https://claims.example/api' },
    },
    authenticationConfiguration: {
      odataType: '#microsoft.graph.azureAdTokenAuthentication',
      additionalData: { resourceId: 'api://claims.example/a13d0fc1-04ab-4ede-b215-63de0174cbb4' },
    },
    clientConfiguration: { timeoutInMilliseconds: 2000, maximumRetries: 1 },
    claimsForTokenConfiguration: [{ claimIdInApiResponse: 'DateOfBirth' }],
  };
  const made = there(await customAuthenticationExtensions.post(extension)) as OnTokenIssuanceStartCustomExtension;
  assert.equal(made.odataType, extension.odataType);
  assert.equal(made.claimsForTokenConfiguration?.[0]?.claimIdInApiResponse, 'DateOfBirth');
  assert.equal(made.clientConfiguration?.timeoutInMilliseconds, 2000);

  const listener: OnTokenIssuanceStartListener = {
    odataType: '#microsoft.graph.onTokenIssuanceStartListener',
    conditions: { applications: { includeApplications: [{ appId: seeded.spa }] } },
    handler: {
      odataType: '#microsoft.graph.onTokenIssuanceStartCustomExtensionHandler',
      additionalData: { customExtension: { id: there(made.id) } },
    },
  };
  const listening = there(await authenticationEventListeners.post(listener));
  assert.equal(listening.odataType, listener.odataType);
  const listed = (await authenticationEventListeners.get())?.value as AuthenticationEventListener[];
  const [read] = listed as OnTokenIssuanceStartListener[];
  assert.equal(read?.id, listening.id);
  assert.equal(read?.handler?.odataType, listener.handler?.odataType);
  const applications = authenticationEventListeners.byId(there(listening.id)).conditions.applications;
  assert.equal((await applications.includeApplications.get())?.value?.[0]?.appId, seeded.spa);

  await authenticationEventListeners.byId(there(listening.id)).delete();
  await customAuthenticationExtensions.byId(there(made.id)).delete();
  assert.deepEqual(ids(await customAuthenticationExtensions.get()), []);
});
