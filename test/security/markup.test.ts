/** What strangers, applications, providers, APIs and administrators send is text on every page that shows it: over the whole server. */
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { connect, newConnector } from '../support/example.ts';
import { flowWith, giveProvider, graph, leave } from '../support/federation.ts';
import { newApplication, newFlow, setFlow } from '../support/flow-settings.ts';
import { blocking, complaining, type ListeningApi, listeningApi } from '../support/listening-api.ts';
import { authorize, redirectUri } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, unescapeHtml, type Visit } from '../support/visitor.ts';

const mark = 'zqx7';
const payloads = [
  `<script>${mark}</script>`,
  `"><img src=x onerror=${mark}>`,
  `' onfocus='${mark}' autofocus x='`,
  `</title></textarea></style><svg onload=${mark}>`,
  `<!--"><iframe srcdoc=${mark}>`,
] as const;

/** The part of a text that a browser would take for markup, where somebody's text brought it along. */
function assertText({ html }: Pick<Visit, 'html'>, payload: string): void {
  assert.ok(!html.includes(payload), `as it was sent: ${payload}`);
  const tags = [...html.matchAll(/<[a-z!/][^>"]*(?:"[^"]*"[^>"]*)*>/gi)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
  assert.deepEqual(
    tags.filter((tag) => tag.includes(mark)),
    [],
  );
}

/** The same, and it is really there, as text. */
function assertShown(visit: Visit, payload: string): void {
  assertText(visit, payload);
  assert.ok(unescapeHtml(visit.html).includes(payload), `it is shown: ${payload}`);
}

describe('markup that is sent to the server', () => {
  let usher: Usher;
  let api: ListeningApi;
  before(async () => {
    [usher, api] = await Promise.all([startUsher(), listeningApi()]);
  });
  after(async () => {
    await api?.close();
    await usher?.stop();
  });

  const open = (changes: Readonly<Record<string, string | null>>, flow: string = seeded.flow): Promise<Visit> =>
    newVisitor(usher).open(authorize(usher, changes, flow).url);

  async function provide(t: TestContext, parts: object = {}) {
    const provider = await giveProvider(usher, parts);
    t.after(() => provider.server.close());
    return provider;
  }

  test('in any parameter of a request is text on the page it leads to', async () => {
    const names = [
      'login_hint',
      'domain_hint',
      'ui_locales',
      'pageFlavor',
      'state',
      'nonce',
      'prompt',
      'scope',
      'max_age',
      'acr_values',
      'id_token_hint',
      'claims',
      'display',
      'unknown',
    ];
    for (const payload of payloads) {
      for (const name of names) assertText(await open({ [name]: payload }), payload);
    }
  });

  test('in what the error page tells is text', async () => {
    for (const payload of payloads) {
      for (const changes of [
        { redirect_uri: payload },
        { redirect_uri: `https://evil.example/${payload}` },
        { client_id: payload },
        { response_mode: payload, redirect_uri: null },
        { request_uri: payload, redirect_uri: null },
      ]) {
        const refused = await open(changes);
        assert.equal(refused.status, 400);
        assertText(refused, payload);
      }
      assertText(await open({}, encodeURIComponent(payload)), payload);
      assertText(
        await newVisitor(usher).open(`/${encodeURIComponent(payload)}/B2C_1_susi/oauth2/v2.0/authorize`),
        payload,
      );
      assertText(
        await newVisitor(usher).open(`/${seeded.tenant}/redeem?ticket=${encodeURIComponent(payload)}`),
        payload,
      );
      const back = new URLSearchParams({ state: payload, error: payload, error_description: payload });
      assertText(await newVisitor(usher).open(`/${seeded.tenant}/oauth2/authresp?${back}`), payload);
    }
  });

  test('in what is typed comes back as text, in every field', async () => {
    for (const payload of payloads) {
      const visitor = newVisitor(usher);
      const page = await visitor.open(authorize(usher).url);
      assertShown(await visitor.submit(page, 'next', { email: payload, password: 'Wrong-password-1' }), payload);
      const form = await visitor.submit(await visitor.open(authorize(usher).url), 'createAccount');
      assertShown(await visitor.submit(form, 'email_ver_but_send', { email: payload }), payload);
    }
  });

  test('in the names of applications, attributes and providers is text', async (t) => {
    for (const payload of payloads) {
      const { appId } = await newApplication(usher, { displayName: payload, spa: { redirectUris: [redirectUri] } });
      assertShown(await open({ client_id: appId, scope: 'openid' }), payload);
      const provider = await provide(t, { displayName: payload });
      const flow = await flowWith(usher, [provider, { id: 'EmailPassword-OAUTH' }]);
      assertShown(await open({}, flow), payload);
    }
  });

  test('in the words that a flow has of its own is text', async () => {
    const flow = await newFlow(usher);
    await setFlow(usher, { isLanguageCustomizationEnabled: true }, flow);
    const base = `/beta/identity/b2cUserFlows/${flow}/languages`;
    await usher.graph('PUT', `${base}/de`, { id: 'de', isEnabled: true });
    for (const payload of payloads) {
      const strings = ['heading', 'button_signin', 'createaccount_intro', 'createaccount_link', 'forgotpassword_link'];
      const LocalizedStrings = strings.map((StringId) => ({
        ElementType: 'UxElement',
        ElementId: null,
        StringId,
        Override: true,
        Value: payload,
      }));
      const put = await usher.graph('PUT', `${base}/de/overridesPages/signuporsignin/$value`, { LocalizedStrings });
      assert.equal(put.status, 204, await put.text());
      assertShown(await open({ ui_locales: 'de' }, flow), payload);
    }
  });

  test('in the message of an API is text, on the form and on the page that ends the way', async (t) => {
    const provider = await provide(t);
    const flow = await flowWith(usher, [provider]);
    await connect(usher, flow, 'postFederationSignup', await newConnector(usher, `${api.origin}/check`));
    for (const [index, payload] of payloads.entries()) {
      provider.server.person = { sub: `person-${index}`, name: payload, given_name: payload, email: 'a@b.example' };
      for (const answering of [blocking(payload), complaining(payload)]) {
        api.answering = answering;
        const visitor = newVisitor(usher);
        const { away } = await leave(usher, visitor, flow, provider.button);
        const { url, params } = await provider.server.signIn(away.href);
        assertText(await visitor.open(`${url}?${new URLSearchParams(params)}`), payload);
      }
      api.answering = blocking(payload);
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, provider.button);
      const { url, params } = await provider.server.signIn(away.href);
      assertShown(await visitor.open(`${url}?${new URLSearchParams(params)}`), payload);
    }
  });

  test('in a claim of a provider is text in the form that it fills in', async (t) => {
    const provider = await provide(t);
    const flow = await flowWith(usher, [provider]);
    await graph(usher, 'POST', `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`, {
      userAttribute: { id: 'displayName' },
      displayName: payloads[1],
      isOptional: false,
      requiresVerification: false,
      userInputType: 'textBox',
    });
    for (const payload of payloads) {
      provider.server.person = { sub: `claims-${payload.length}`, name: payload };
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, provider.button);
      const { url, params } = await provider.server.signIn(away.href);
      const form = await visitor.open(`${url}?${new URLSearchParams(params)}`);
      assertText(form, payload);
      assertShown(form, payloads[1]);
    }
  });

  test('in a form that posts itself to the application is the value of a field, and its script the only one', async () => {
    for (const payload of payloads) {
      const posted = await open({ response_mode: 'form_post', prompt: 'none', state: payload });
      assert.equal(posted.status, 200);
      assertShown(posted, payload);
      assert.equal([...posted.html.matchAll(/<script/g)].length, 1);
      const policy = posted.headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/=]+'; base-uri 'none'$/);
    }
  });

  test('in a user code is text on the pages of devices', async () => {
    const url = `/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/deviceauth`;
    for (const payload of payloads) {
      const visitor = newVisitor(usher);
      const page = await visitor.open(`${url}?user_code=${encodeURIComponent(payload)}`);
      assertText(page, payload);
      assertText(await visitor.submit(page, 'find', { user_code: payload }), payload);
    }
  });

  test('is told back by no API as HTML', async () => {
    for (const payload of payloads) {
      const text = encodeURIComponent(payload);
      for (const path of [`/v1.0/users/${text}`, `/beta/${text}`, `/v1.0/users?$filter=${text}`]) {
        const response = await usher.graph('GET', path);
        assert.doesNotMatch(response.headers.get('content-type') ?? '', /html/, path);
        assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      }
      const refused = await fetch(`${usher.url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: payload, client_id: payload, scope: payload }),
      });
      assert.match(refused.headers.get('content-type') ?? '', /^application\/json/);
    }
  });
});
