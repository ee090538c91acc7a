import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  AppleManagedIdentityProvider,
  BasicAuthentication,
  ClientCertificateAuthentication,
  IdentityProviderBase,
  OidcIdentityProvider,
  OpenIdConnectIdentityProvider,
  OpenIdConnectProvider,
  SocialIdentityProvider,
} from '@microsoft/msgraph-beta-sdk/models/index.js';
import { newerCertificate } from '../support/golden/props.ts';
import { type GraphSdk, graphSdk, ids, there } from '../support/graph-sdk/client.ts';
import { startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
let sdk: GraphSdk;

before(async () => {
  usher = await startUsher();
  sdk = graphSdk(usher);
});

after(() => usher?.stop());

async function makeFlow(name: string) {
  const { b2cUserFlows } = sdk.identity;
  const made = await b2cUserFlows.post({ id: name, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 });
  return b2cUserFlows.byId(there(made?.id));
}

test('graph sdk: user flows are made, read, listed, counted, changed and removed as typed models', async () => {
  const { b2cUserFlows, userFlows } = sdk.identity;
  const made = there(
    await b2cUserFlows.post({ id: 'Typed', userFlowType: 'signIn', userFlowTypeVersion: 1, defaultLanguageTag: 'en' }),
  );
  assert.deepEqual([made.id, made.userFlowType, made.userFlowTypeVersion], ['B2C_1_Typed', 'signIn', 1]);
  assert.equal(made.isLanguageCustomizationEnabled, false);

  const flow = b2cUserFlows.byId('B2C_1_Typed');
  assert.equal(await flow.patch({ isLanguageCustomizationEnabled: true }), undefined);
  assert.equal((await flow.get())?.isLanguageCustomizationEnabled, true);
  const returned = await flow.patch(
    { isLanguageCustomizationEnabled: false },
    { headers: { Prefer: 'return=representation' } },
  );
  assert.equal(returned?.isLanguageCustomizationEnabled, false);

  const listed = await b2cUserFlows.get({ queryParameters: { select: ['id'], filter: "userFlowType eq 'signIn'" } });
  assert.ok(ids(listed).includes('B2C_1_Typed'));
  assert.ok(ids(await userFlows.get()).includes('B2C_1_Typed'));
  const all = ids(await b2cUserFlows.get());
  assert.equal(await b2cUserFlows.count.get(), all.length);
  const paged = there(await b2cUserFlows.get({ queryParameters: { top: 2, count: true } }));
  assert.equal(paged.odataCount, all.length);
  const rest = await b2cUserFlows.withUrl(there(paged.odataNextLink)).get();
  assert.deepEqual(ids(rest), all.slice(2, 4));

  await flow.delete();
  await assert.rejects(flow.get(), { responseStatusCode: 404 });
});

test('graph sdk: attributes are assigned to a flow in an order that can be read and set', async () => {
  const hobby = await sdk.identity.userFlowAttributes.post({
    displayName: 'Pet',
    description: 'd',
    dataType: 'string',
  });
  assert.equal(hobby?.userFlowAttributeType, 'custom');
  const { userAttributeAssignments } = await makeFlow('Assigned');
  for (const id of ['city', there(hobby?.id)]) {
    const made = await userAttributeAssignments.post({
      displayName: id,
      isOptional: true,
      requiresVerification: false,
      userInputType: 'dropdownSingleSelect',
      userAttribute: { id },
      userAttributeValues: [{ name: 'A', value: 'a', isDefault: true }],
    });
    assert.equal(made?.userInputType, 'dropdownSingleSelect');
    assert.deepEqual(made?.userAttributeValues?.[0]?.isDefault, true);
  }
  const order = there((await userAttributeAssignments.getOrder.get())?.order);
  assert.deepEqual(order, ['city', hobby?.id]);
  await userAttributeAssignments.setOrder.post({ newAssignmentOrder: { order: order.toReversed() } });
  assert.deepEqual((await userAttributeAssignments.getOrder.get())?.order, order.toReversed());
  const expanded = await userAttributeAssignments.get({ queryParameters: { expand: ['userAttribute'] } });
  const attribute = expanded?.value?.find(({ id }) => id === hobby?.id)?.userAttribute;
  assert.deepEqual([attribute?.displayName, attribute?.dataType], ['Pet', 'string']);
  await userAttributeAssignments.byId('city').patch({ isOptional: false });
  assert.equal((await userAttributeAssignments.byId('city').get())?.isOptional, false);
  await userAttributeAssignments.byId('city').delete();
  assert.equal(await userAttributeAssignments.count.get(), 1);
});

test('graph sdk: a language of a flow and the texts of its pages', async () => {
  const flow = await makeFlow('Spoken');
  await flow.patch({ isLanguageCustomizationEnabled: true });
  const { languages } = flow;
  const german = languages.byId('de');
  await german.put({ id: 'de', isEnabled: true });
  const read = await german.get();
  assert.deepEqual([read?.isEnabled, read?.displayName], [true, 'Deutsch']);
  const page = there((await german.defaultPages.get())?.value?.[0]?.id);
  const texts = (content: ArrayBuffer | undefined) => JSON.parse(new TextDecoder().decode(there(content)));
  const defaults = texts(await german.defaultPages.byId(page).content.get());
  assert.ok(defaults.LocalizedStrings.length > 0);

  const [first] = defaults.LocalizedStrings;
  const own = { LocalizedStrings: [{ ...first, Override: true, Value: 'Los!' }] };
  const override = german.overridesPages.byId(page);
  await override.content.put(new TextEncoder().encode(JSON.stringify(own)).buffer);
  assert.ok(ids(await german.overridesPages.get()).includes(page));
  assert.equal(texts(await override.content.get()).LocalizedStrings[0].Value, 'Los!');
  await override.content.delete();
  assert.deepEqual(texts(await override.content.get()), { LocalizedStrings: [] });
});

test('graph sdk: connectors are made, get a certificate, and are called at a step of a flow', async () => {
  const { apiConnectors } = sdk.identity;
  // The members of a value within a value are told beside its type: this release writes those of its base alone.
  const basic: BasicAuthentication = {
    odataType: '#microsoft.graph.basicAuthentication',
    additionalData: { username: 'u', password: 'p' },
  };
  const made = there(
    await apiConnectors.post({
      displayName: 'Checks',
      targetUrl: 'https://a.example/',
      authenticationConfiguration: basic,
    }),
  );
  const shown = there(made.authenticationConfiguration) as BasicAuthentication;
  assert.deepEqual([shown.odataType, shown.username, shown.password], [basic.odataType, 'u', '******']);

  const { apiConnectorConfiguration } = await makeFlow('Connected');
  const step = apiConnectorConfiguration.postAttributeCollection;
  await step.ref.put({ odataId: `${usher.url}/beta/identity/apiConnectors/${made.id}` });
  assert.equal((await step.get())?.targetUrl, 'https://a.example/');
  const expanded = await apiConnectorConfiguration.get({ queryParameters: { expand: ['postAttributeCollection'] } });
  assert.equal(expanded?.postAttributeCollection?.id, made.id);
  await step.ref.delete();
  await assert.rejects(step.get(), { responseStatusCode: 404 });

  const connector = apiConnectors.byId(there(made.id));
  await connector.uploadClientCertificate.post(newerCertificate());
  const { authenticationConfiguration } = there(await connector.get());
  const { odataType, certificateList } = authenticationConfiguration as ClientCertificateAuthentication;
  assert.equal(odataType, '#microsoft.graph.clientCertificateAuthentication');
  const [certificate] = there(certificateList);
  assert.match(there(certificate?.thumbprint), /^[0-9A-F]{40}$/i);
  assert.ok(there(certificate?.notAfter) > there(certificate?.notBefore));
  await connector.delete();
});

const social: SocialIdentityProvider = {
  odataType: '#microsoft.graph.socialIdentityProvider',
  displayName: 'Shop',
  identityProviderType: 'Amazon',
  clientId: 'client',
  clientSecret: 'not-for-eyes',
};
const openIdConnect: OpenIdConnectIdentityProvider = {
  odataType: '#microsoft.graph.openIdConnectIdentityProvider',
  displayName: 'Partner',
  clientId: 'client',
  clientSecret: 'not-for-eyes',
  metadataUrl: 'https://partner.example/.well-known/openid-configuration',
  domainHint: 'partner',
  responseMode: 'form_post',
  responseType: ['code'],
  scope: 'openid',
  claimsMapping: { userId: 'sub', displayName: 'name', email: 'mail' },
};
const oidc: OidcIdentityProvider = {
  odataType: '#microsoft.graph.oidcIdentityProvider',
  displayName: 'Other',
  clientId: 'client',
  issuer: 'https://other.example',
  wellKnownEndpoint: 'https://other.example/.well-known/openid-configuration',
  responseType: ['code'],
  scope: 'openid profile email',
  clientAuthentication: {
    odataType: '#microsoft.graph.oidcClientSecretAuthentication',
    additionalData: { clientSecret: 'not-for-eyes' },
  },
  inboundClaimMapping: { sub: 'sub', givenName: 'first', emailVerified: 'verified', address: { postalCode: 'zip' } },
};

test('graph sdk: providers come back as the type they were made of', async () => {
  const { identityProviders } = sdk.identity;
  const made: IdentityProviderBase[] = [];
  for (const provider of [social, openIdConnect, oidc]) made.push(there(await identityProviders.post(provider)));
  for (const { id, odataType } of made) {
    const read = await identityProviders.byId(there(id)).get();
    assert.equal(read?.odataType, odataType);
    assert.ok((await identityProviders.get())?.value?.some((one) => one.id === id && one.odataType === odataType));
  }
  const [amazon, partner, other] = made as [
    SocialIdentityProvider,
    OpenIdConnectIdentityProvider,
    OidcIdentityProvider,
  ];
  assert.deepEqual([amazon.identityProviderType, amazon.clientSecret], ['Amazon', '******']);
  assert.equal(partner.responseMode, 'form_post');
  assert.deepEqual([partner.claimsMapping?.userId, partner.claimsMapping?.email], ['sub', 'mail']);
  assert.equal(other.inboundClaimMapping?.emailVerified, 'verified');
  assert.equal(other.inboundClaimMapping?.address?.postalCode, 'zip');
  assert.equal(other.clientAuthentication?.odataType, oidc.clientAuthentication?.odataType);

  const changed: SocialIdentityProvider = { odataType: there(social.odataType), displayName: 'Market' };
  await identityProviders.byId('Amazon-OAUTH').patch(changed);
  assert.equal((await identityProviders.byId('Amazon-OAUTH').get())?.displayName, 'Market');
  assert.ok((await identityProviders.availableProviderTypes.get())?.value?.includes('Google'));
});

test('graph sdk: an Apple provider keeps its key to itself', async () => {
  const apple: AppleManagedIdentityProvider = {
    odataType: '#microsoft.graph.appleManagedIdentityProvider',
    displayName: 'Apple',
    developerId: 'UBF8T346G9',
    serviceId: 'com.example.app',
    keyId: '99P6D879C4',
    certificateData: null,
  };
  const made = there(await sdk.identity.identityProviders.post(apple)) as AppleManagedIdentityProvider;
  assert.deepEqual([made.odataType, made.keyId], [apple.odataType, apple.keyId]);
});

test('graph sdk: providers are linked to a flow and to nothing else', async () => {
  const { userFlowIdentityProviders, identityProviders } = await makeFlow('Linked');
  await userFlowIdentityProviders.ref.post({
    odataId: 'https://graph.microsoft.com/beta/identity/identityProviders/Amazon-OAUTH',
  });
  const linked = there((await userFlowIdentityProviders.get())?.value?.[0]);
  assert.deepEqual([linked.odataType, linked.id], [social.odataType, 'Amazon-OAUTH']);
  assert.equal(await userFlowIdentityProviders.count.get(), 1);
  const [before] = there((await identityProviders.get())?.value);
  assert.deepEqual([before?.id, before?.type, before?.name], ['Amazon-OAUTH', 'Amazon', 'Market']);
  await userFlowIdentityProviders.byId('Amazon-OAUTH').ref.delete();
  assert.equal(await userFlowIdentityProviders.count.get(), 0);
});

test('graph sdk: the deprecated collection of providers has the same ones', async () => {
  const before: OpenIdConnectProvider = {
    odataType: '#microsoft.graph.openIdConnectProvider',
    name: 'Legacy',
    type: 'OpenIDConnect',
    clientId: 'client',
    clientSecret: 'not-for-eyes',
    metadataUrl: 'https://legacy.example/.well-known/openid-configuration',
    responseMode: 'query',
    responseType: ['code'],
    scope: 'openid',
    claimsMapping: { userId: 'sub', displayName: 'name' },
  };
  const made = there(await sdk.identityProviders.post(before)) as OpenIdConnectProvider;
  assert.deepEqual([made.odataType, made.claimsMapping?.userId], [before.odataType, 'sub']);
  const now = await sdk.identity.identityProviders.byId(there(made.id)).get();
  assert.deepEqual([now?.odataType, now?.displayName], [openIdConnect.odataType, 'Legacy']);
});

test('graph sdk: v1.0 has the flows for guests with all that is below them', async () => {
  const { b2xUserFlows } = graphSdk(usher, { version: 'v1.0' }).identity;
  await b2xUserFlows.post({ id: 'Visitors', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 });
  const flow = b2xUserFlows.byId('B2X_1_Visitors');
  await flow.userFlowIdentityProviders.ref.post({
    odataId: `${usher.url}/v1.0/identity/identityProviders/Amazon-OAUTH`,
  });
  assert.deepEqual(ids(await flow.userFlowIdentityProviders.get()), ['Amazon-OAUTH']);
  assert.equal((await flow.identityProviders.get())?.value?.[0]?.type, 'Amazon');
  assert.ok(ids(await flow.languages.get()).includes('en'));
  assert.ok(Array.isArray((await flow.userAttributeAssignments.getOrder.get())?.order));
  assert.ok(await flow.apiConnectorConfiguration.get());
  await flow.delete();
  await assert.rejects(flow.get(), { responseStatusCode: 404 });
});
