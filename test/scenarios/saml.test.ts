import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../support/browser.ts';
import { callbackOf, claimsAfter, graph, leave } from '../support/federation.ts';
import { type LocalSamlProvider, makeKey, type Saying, startSamlProvider } from '../support/saml-provider.ts';
import { authorize, codeIn, redirectUri } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

const set = '/v1.0/directory/federationConfigurations';
const typed = 'microsoft.graph.samlOrWsFedExternalDomainFederation';
const flow = 'B2C_1_partner';
const callback = callbackOf();

describe('a SAML provider of another organization', () => {
  let usher: Usher;
  let local: LocalSamlProvider;
  let id = '';

  before(async () => {
    local = await startSamlProvider(makeKey());
    usher = await startUsher();
  });
  after(async () => {
    await usher?.stop();
    await local?.close();
  });

  const list = async (path: string) => (await graph(usher, 'GET', path))['value'] as readonly Record<string, unknown>[];

  const comeBack = async (visitor: Visitor, away: URL, saying: Partial<Saying> = {}): Promise<Visit> =>
    visitor.post(callback, (await local.visit(away.href, () => saying)).params, local.origin);

  const isNobody = (visit: Visit) =>
    assert.equal(visit.left?.searchParams.get('code') ?? null, null, `${visit.left} ${textOf(visit.html)}`);

  test('is made known at the address that Graph documents, with its domains', async () => {
    const draft = {
      '@odata.type': `#${typed}`,
      displayName: 'Partner',
      issuerUri: local.entityId,
      passiveSignInUri: `${local.origin}/sso`,
      metadataExchangeUri: null,
      preferredAuthenticationProtocol: 'saml',
      signingCertificate: local.key.certificate,
    };
    const domains = [{ '@odata.type': '#microsoft.graph.externalDomainName', id: 'partner.example' }];
    const created = await graph(usher, 'POST', `${set}/${typed}`, { ...draft, domains });
    id = String(created['id']);
    assert.equal(created['issuerUri'], local.entityId);
    const one = await graph(usher, 'GET', `${set}/${typed}/${id}`);
    assert.equal(one['signingCertificate'], local.key.certificate);
    assert.deepEqual(
      (await list(`${set}/${id}/${typed}/domains`)).map((domain) => domain['id']),
      ['partner.example'],
    );
    await graph(usher, 'POST', `${set}/${id}/${typed}/domains`, { id: 'partner.test' });
    await graph(usher, 'DELETE', `${set}/${id}/${typed}/domains/partner.test`);
    assert.ok((await list('/v1.0/identity/identityProviders')).some((provider) => provider['id'] === id));
    await graph(usher, 'PATCH', `${set}/${id}`, { '@odata.type': `#${typed}`, displayName: 'Partner Ltd' });
    const wrong = await usher.graph('PATCH', `${set}/${id}`, { preferredAuthenticationProtocol: 'wsFed' });
    assert.equal(wrong.status, 400);
  });

  test('reads at one address what it has to know of this server', async () => {
    const address = `${usher.url}/${seeded.tenant}/oauth2/saml/metadata`;
    const [byName, byId] = await Promise.all([fetch(address), fetch(address.replace(seeded.tenant, seeded.tenantId))]);
    const xml = await byName.text();
    assert.equal(byName.status, 200);
    assert.ok(xml.includes(`entityID="${address}"`) && xml.includes(`Location="${usher.url}${callback}"`), xml);
    assert.equal(await byId.text(), xml);
  });

  test('lets its people sign up, and sign in again as who they are', async () => {
    const kind = { userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
    await graph(usher, 'POST', '/beta/identity/b2cUserFlows', { id: 'partner', ...kind, identityProviders: [{ id }] });
    const people: unknown[] = [];
    for (const displayName of ['Anna Vogel', 'Anna Changed']) {
      const visitor = newVisitor(usher);
      const { attempt, away } = await leave(usher, visitor, flow, `${id}Exchange`);
      const attributes = { mail: 'anna@partner.example', displayName };
      const arrived = await comeBack(visitor, away, { attributes });
      people.push((await claimsAfter(usher, flow, attempt, arrived))['sub']);
    }
    const identity = `c/issuer eq '${local.entityId}' and c/issuerAssignedId eq 'G-7f3a/9+c1=='`;
    const query = new URLSearchParams({
      $filter: `identities/any(c:${identity})`,
      $select: 'id,displayName,identities',
    });
    const found = await list(`/v1.0/users?${query}`);
    assert.deepEqual(
      found.map((user) => [user['id'], user['displayName']]),
      [[people[0], 'Anna Vogel']],
    );
    assert.equal(people[1], people[0]);
  });

  test('is gone to at once when the application names one of its domains', async () => {
    const hinted = async (domain_hint: string) =>
      (await newVisitor(usher).open(authorize(usher, { domain_hint }, flow).url)).left?.origin;
    assert.equal(await hinted('Partner.example'), local.origin);
    assert.equal(await hinted('partner.test'), undefined);
    const domains = `${set}/${id}/${typed}/domains`;
    await graph(usher, 'POST', domains, { id: 'partner.test' });
    assert.equal(await hinted('partner.test'), local.origin);
    await graph(usher, 'DELETE', `${domains}/partner.test`);
    assert.equal(await hinted('partner.test'), undefined);
  });

  test('brings a real browser back by a form of its own', async (t) => {
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(authorize(usher, {}, flow).url.href);
    const arrived = page.waitForRequest((request) => request.url().startsWith(redirectUri));
    await page.locator(`button[value="${id}Exchange"]`).click();
    assert.ok(new URL((await arrived).url()).searchParams.get('code'));
  });

  test('lets nobody in whom it did not send: another browser, another state, the same answer again', async () => {
    const visitor = newVisitor(usher);
    const { away } = await leave(usher, visitor, flow, `${id}Exchange`);
    const { params } = await local.visit(away.href);
    isNobody(await newVisitor(usher).post(callback, params, local.origin));
    const second = await leave(usher, visitor, flow, `${id}Exchange`);
    const forged = { ...params, RelayState: second.away.searchParams.get('RelayState') ?? '' };
    isNobody(await visitor.post(callback, forged, local.origin));
    codeIn(await visitor.post(callback, params, local.origin));
    isNobody(await visitor.post(callback, params, local.origin));
  });

  test('sends back whoever turned back, and what it did not sign opens nothing', async () => {
    const cases: readonly Partial<Saying>[] = [
      { statuses: ['Responder', 'AuthnFailed'], signs: 'nothing' },
      { signs: 'nothing' },
      { after: (xml) => xml.replace('G-7f3a', 'G-0000') },
    ];
    for (const saying of cases) {
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, `${id}Exchange`);
      const shown = await comeBack(visitor, away, saying);
      isNobody(shown);
      assert.match(shown.left?.searchParams.get('error_description') ?? textOf(shown.html), /AADB2C90273/);
    }
  });

  test('is not used any more once the flow does not offer it', async () => {
    const visitor = newVisitor(usher);
    const { away } = await leave(usher, visitor, flow, `${id}Exchange`);
    const used = await usher.graph('DELETE', `${set}/${id}`);
    assert.equal(used.status, 400);
    await graph(usher, 'DELETE', `/beta/identity/b2cUserFlows/${flow}/userFlowIdentityProviders/${id}/$ref`);
    isNobody(await comeBack(visitor, away));
    await graph(usher, 'DELETE', `${set}/${id}`);
  });
});
