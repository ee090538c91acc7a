import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { flowsFaults } from '../flows/index.ts';
import type { Fault } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { allowedRedirect } from './dialect/redirect-uri.ts';
import { change, configure } from './testing/client.ts';
import { apiUri, type House, ids, openHouse } from './testing/harness.ts';
import { authorizeUrl, createBrowser, readRedirect, shownCode, signIn } from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const webRedirect = 'http://localhost:3001/cb';
const asWeb = { client_id: ids.web, redirect_uri: webRedirect };

const shown: Readonly<Record<string, readonly [Readonly<Record<string, string | null>>, string]>> = {
  'no client': [{ client_id: null }, 'AADB2C90008'],
  'an unknown client': [{ client_id: '99999999-9999-4999-8999-999999999999' }, 'AADB2C90018'],
  'no redirect URI': [{ redirect_uri: null }, 'AADB2C90004'],
  'a relative redirect URI': [{ redirect_uri: '/cb' }, 'AADB2C90005'],
  'an application without redirect URIs': [{ client_id: ids.daemon }, 'AADB2C90007'],
};

for (const [name, [changes, code]] of Object.entries(shown)) {
  test(`${name} is shown as ${code} and redirected nowhere`, async () => {
    const response = await house.fetch(authorizeUrl({ response_type: 'nonsense', prompt: 'none', ...changes }));
    assert.ok(response.status >= 400);
    assert.equal(await shownCode(response), code);
  });
}

test('an unknown flow and an unknown tenant are shown, before anything else is looked at', async () => {
  const noFlow = await house.fetch(authorizeUrl({ client_id: null }, 'B2C_1_none'));
  assert.equal(await shownCode(noFlow), 'AADB2C90066');
  const noTenant = await house.fetch('/nobody.example/B2C_1_susi/oauth2/v2.0/authorize');
  assert.equal(await shownCode(noTenant), 'AADSTS90002');
});

/** security.md §5 no. 6, 22, 24, 25: near misses of `http://localhost:3000/` and `https://spa.example/cb`. */
const nearMisses = [
  'http://localhost:3000',
  'http://localhost:3000//',
  'http://localhost:3000/.',
  'http://localhost:3000/../',
  'http://localhost:3000/..;/',
  'http://localhost:3000/%2e%2e/',
  'http://localhost:3000/%252f',
  'http://localhost:3000/x',
  'http://localhost:3000/?x=1',
  'http://localhost:3000/?',
  'http://localhost:3000/#',
  'http://localhost:3000/#x',
  'http://localhost:3001/',
  'http://localhost/',
  'http://LOCALHOST:3000/',
  'HTTP://localhost:3000/',
  'http://127.0.0.1:3000/',
  'http://localhost.evil.example:3000/',
  'http://localhost:3000@evil.example/',
  'http://localhost:3000%40evil.example/',
  'http://evil.example/http://localhost:3000/',
  'http://evil.example?http://localhost:3000/',
  'http://user@localhost:3000/',
  'http://user:pass@localhost:3000/',
  'http://localhost:3000\\@evil.example/',
  'http://localhost:3000\\evil',
  'http:\\\\localhost:3000/',
  'http:/localhost:3000/',
  'http:localhost:3000/',
  '//localhost:3000/',
  '///localhost:3000/',
  '\\\\evil.example',
  '//evil.example/',
  'https:evil.example',
  ' http://localhost:3000/',
  'http://localhost:3000/ ',
  '\thttp://localhost:3000/',
  'http://localhost:3000/\r\nSet-Cookie: x=1',
  'http://localhost:3000/%0d%0aSet-Cookie:x=1',
  'http://localhost:3000/\u0000',
  'http://local\u200bhost:3000/',
  'http://loc\u0430lhost:3000/',
  'https://spa.example',
  'https://spa.example/',
  'https://spa.example/CB',
  'https://spa.example/cb/',
  'https://spa.example/cbx',
  'https://spa.example/cb/../evil',
  'https://spa.example/cb;evil',
  'https://spa.example/cb?next=//evil.example',
  'https://spa.example:443/cb',
  'https://spa.example:8443/cb',
  'https://spa.example./cb',
  'https://spaXexample/cb',
  'https://evil-spa.example/cb',
  'https://spa.example.evil.example/cb',
  'https://evil.example/spa.example/cb',
  'https://evil.example#spa.example/cb',
  'https://evil.example\\.spa.example/cb',
  'http://spa.example/cb',
  'javascript:alert(1)',
  'javascript://localhost:3000/%0aalert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'about:blank',
  'view-source:http://localhost:3000/',
  'blob:http://localhost:3000/',
  '*',
  'http://*',
  'http://localhost:*/',
];

test('no near miss of a registered redirect URI is ever redirected to', async () => {
  assert.ok(nearMisses.length >= 60);
  for (const uri of nearMisses) {
    for (const prompt of ['none', 'bogus']) {
      const response = await house.fetch(authorizeUrl({ redirect_uri: uri, prompt }));
      assert.ok(response.status >= 400, uri);
      assert.match((await shownCode(response)) ?? '', /^AADB2C9000[56]$/, uri);
      assert.deepEqual(response.headers.getSetCookie(), [], uri);
    }
  }
});

test('a forbidden scheme is refused even where somebody has registered it', async () => {
  const { items } = await house.contoso.directory.find({ type: entities.application, limit: 1 });
  const [found] = items;
  assert.ok(found);
  const uri = 'javascript:alert(1)';
  const careless = { ...found.entity, web: { ...found.entity.web, redirectUris: [uri] } };
  assert.throws(() => allowedRedirect(careless, uri), { code: 'oidc.AADB2C90005' });
});

test('a native application may listen on any loopback port, and a page may not', async () => {
  const native = { client_id: ids.native, prompt: 'none' };
  const anyPort = await house.fetch(authorizeUrl({ ...native, redirect_uri: 'http://localhost:51234/' }));
  assert.equal(readRedirect(anyPort).to, 'http://localhost:51234/');
  const otherPath = await house.fetch(authorizeUrl({ ...native, redirect_uri: 'http://localhost:51234/x' }));
  assert.equal(await shownCode(otherPath), 'AADB2C90006');
  const scheme = await house.fetch(authorizeUrl({ ...native, redirect_uri: 'myapp://auth' }));
  assert.equal(readRedirect(scheme).to, 'myapp://auth');
});

test('a parameter sent twice is refused on a page', async () => {
  const response = await house.fetch(`${authorizeUrl()}&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F`);
  assert.equal(response.status, 400);
  assert.equal(await shownCode(response), 'http.repeated');
});

const sent: Readonly<Record<string, readonly [Readonly<Record<string, string | null>>, string, string]>> = {
  'no response type': [{ response_type: null }, 'unsupported_response_type', 'AADB2C90013'],
  'an unknown response type': [{ response_type: 'code magic' }, 'unsupported_response_type', 'AADB2C90013'],
  'an implicit grant not switched on': [{ response_type: 'id_token' }, 'unauthorized_client', 'AADB2C90057'],
  'an unknown response mode': [{ response_mode: 'pigeon' }, 'invalid_request', 'AADB2C90014'],
  'no scope': [{ scope: null }, 'invalid_request', 'AADB2C90010'],
  'an unknown scope': [{ scope: 'openid nonsense' }, 'invalid_scope', 'AADB2C90117'],
  'an unknown scope of a known API': [{ scope: `openid ${apiUri}/nonsense` }, 'invalid_scope', 'AADB2C90117'],
  'a scope that was not granted': [{ scope: `openid ${apiUri}/tasks.admin` }, 'invalid_scope', 'AADB2C90205'],
  'scopes of two APIs': [
    { scope: `openid ${apiUri}/tasks.read api://${ids.otherApi}/other.use` },
    'invalid_scope',
    'AADB2C90146',
  ],
  'a scope with an illegal character': [{ scope: 'openid a"b' }, 'invalid_scope', 'AADB2C99005'],
  'neither openid nor a resource': [{ scope: 'offline_access' }, 'invalid_scope', 'AADB2C90115'],
  'no code challenge': [{ code_challenge: null, code_challenge_method: null }, 'invalid_request', 'AADB2C99059'],
  'a plain code challenge': [{ code_challenge_method: null }, 'invalid_request', 'AADB2C90184'],
  'a language that is none': [{ ui_locales: 'de d_AT' }, 'invalid_request', 'AADB2C90112'],
  'an unknown prompt': [{ prompt: 'magic' }, 'invalid_request', 'AADB2C90043'],
  'prompt none with another': [{ prompt: 'none login' }, 'invalid_request', 'AADB2C90043'],
  'a bad max_age': [{ max_age: '-1' }, 'invalid_request', 'AADB2C90120'],
  'prompt none without a session': [{ prompt: 'none' }, 'interaction_required', 'AADB2C90077'],
};

for (const [name, [changes, error, code]] of Object.entries(sent)) {
  test(`${name} is told to the application as ${error}, ${code}`, async () => {
    const response = await house.fetch(authorizeUrl(changes));
    const { to, params } = readRedirect(response);
    assert.equal(response.status, 302);
    assert.equal(to, 'http://localhost:3000/');
    assert.equal(params.get('error'), error);
    assert.match(
      params.get('error_description') ?? '',
      new RegExp(`^${code}: [^\\r\\n]+\\r\\nCorrelation ID: [0-9a-f-]{36}\\r\\nTimestamp: [^\\r\\n]+Z\\r\\n$`),
    );
    assert.equal(params.get('state'), 'c3RhdGU=|mine');
    assert.equal(params.get('code'), null);
  });
}

test('a web application sends a code challenge where its settings ask for it', async () => {
  const without = { ...asWeb, code_challenge: null, code_challenge_method: null, prompt: 'none' };
  const errorOf = async (changes: Readonly<Record<string, string | null>>) =>
    readRedirect(await house.fetch(authorizeUrl(changes))).params.get('error');
  assert.equal(await errorOf(without), 'interaction_required');
  await configure(house, ids.web, { isPkceRequired: true });
  assert.equal(await errorOf(without), 'invalid_request');
  assert.equal(await errorOf({ ...asWeb, prompt: 'none' }), 'interaction_required');
  await configure(house, ids.web, { isPkceRequired: false });
});

test('request objects are not read, and a request that nobody pushed is none', async () => {
  const errorOf = async (changes: Readonly<Record<string, string>>) =>
    readRedirect(await house.fetch(authorizeUrl(changes))).params.get('error');
  assert.equal(await errorOf({ request: 'eyJhbGciOiJub25lIn0.e30.' }), 'request_not_supported');
  assert.equal(await errorOf({ request_uri: 'https://spa.example/request.jwt' }), 'request_uri_not_supported');
});

test('the text about a silent request names its prompt', async () => {
  const { params } = readRedirect(await house.fetch(authorizeUrl({ prompt: 'none' })));
  const text =
    "AADB2C90077: User does not have an existing session and request prompt parameter has a value of 'none'.";
  assert.ok(params.get('error_description')?.startsWith(text));
});

test('errors come in the response mode that was asked for', async () => {
  const inQuery = await house.fetch(authorizeUrl({ prompt: 'none', response_mode: 'query' }));
  assert.match(inQuery.headers.get('location') ?? '', /^http:\/\/localhost:3000\/\?error=interaction_required&/);
  const byDefault = await house.fetch(authorizeUrl({ prompt: 'none', response_mode: null }));
  assert.match(byDefault.headers.get('location') ?? '', /\/\?error=/);
  const posted = await house.fetch(authorizeUrl({ prompt: 'none', response_mode: 'form_post', state: '"><script>' }));
  const page = await posted.text();
  assert.equal(posted.status, 200);
  assert.match(page, /<form id="auto" method="post" action="http:\/\/localhost:3000\/">/);
  assert.match(page, /name="state" value="&quot;&gt;&lt;script&gt;"/);
  assert.doesNotMatch(posted.headers.get('content-security-policy') ?? '', /form-action/);
});

test('a redirect URI with a query keeps it', async () => {
  const url = authorizeUrl({
    client_id: ids.web,
    redirect_uri: 'https://web.example/cb?fixed=1',
    response_mode: 'query',
    prompt: 'none',
  });
  const response = await house.fetch(url);
  assert.match(response.headers.get('location') ?? '', /^https:\/\/web\.example\/cb\?fixed=1&error=/);
});

test('parameters nobody knows are ignored', async () => {
  const odd = {
    domain_hint: 'nobody.example',
    'x-client-SKU': 'msal.js.browser',
    clidata: '1',
    pocd: '1',
    claims: '{"id_token":{"x":null}}',
    usher_ticket: '{}',
  };
  const response = await signIn(house, createBrowser(house), { url: authorizeUrl(odd) });
  assert.ok(readRedirect(response).params.get('code'));
});

test('the request may be posted', async () => {
  const url = new URL(authorizeUrl({ prompt: 'none' }));
  const response = await house.fetch(url.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: url.search.slice(1),
  });
  assert.equal(readRedirect(response).params.get('error'), 'interaction_required');
});

test('what the person refuses is told to the application as access_denied', async () => {
  const codes = {
    forgotPassword: 'AADB2C90118: The user has forgotten their password.',
    cancelled: 'AADB2C90091: The user has cancelled entering self-asserted information.',
    tooManyAttempts: 'AADB2C90157: ',
    accountDisabled: 'AADB2C90111: ',
  } as const;
  for (const [refusal, text] of Object.entries(codes)) {
    const response = await signIn(house, createBrowser(house), { ending: { refusal: refusal as keyof typeof codes } });
    const { params } = readRedirect(response);
    assert.equal(response.status, 302);
    assert.equal(params.get('error'), 'access_denied');
    assert.ok(params.get('error_description')?.startsWith(text), refusal);
    assert.match(params.get('error_description') ?? '', /\r\nCorrelation ID: /);
    assert.equal(params.get('state'), 'c3RhdGU=|mine');
  }
});

test('a disabled application is refused on a page', async () => {
  await change(house, ids.native, { isDisabled: true });
  const refused = await house.fetch(authorizeUrl({ client_id: ids.native, redirect_uri: 'myapp://auth' }));
  assert.equal(await shownCode(refused), 'AADB2C90092');
  await change(house, ids.native, { isDisabled: false });
  const taken = await house.fetch(authorizeUrl({ client_id: ids.native, redirect_uri: 'myapp://auth' }));
  assert.equal(taken.status, 303);
});

/** What an operator is told of while the start of every journey fails so. */
async function failuresWhileStarting(fault: Fault) {
  const { start } = house.contoso.journeys;
  house.observed.length = 0;
  Object.assign(house.contoso.journeys, { start: () => Promise.reject(fault) });
  const response = await house.fetch(authorizeUrl());
  Object.assign(house.contoso.journeys, { start });
  return { response, failures: house.observed.filter(({ kind }) => kind === 'http.failed') };
}

test('a journey that cannot be started is explained on a page, without a redirect, and is no failure of the server', async () => {
  const refused = flowsFaults.notRunnable({ id: 'B2C_1_susi', reason: 'is of type signUp' });
  const { response, failures } = await failuresWhileStarting(refused);
  assert.equal(response.status, 501);
  assert.equal(await shownCode(response), 'flows.notRunnable');
  assert.deepEqual(failures, []);
});

test('every other fault of the server is told to the operator', async () => {
  const { response, failures } = await failuresWhileStarting(flowsFaults.unknownStep({ step: 'x' }));
  assert.equal(response.status, 500);
  assert.equal(failures.length, 1);
});

test('a flow without a way to sign in is shown under the code B2C has for it', async () => {
  const { start } = house.contoso.journeys;
  const refused = async (): Promise<never> => {
    throw flowsFaults.noProvider();
  };
  Object.assign(house.contoso.journeys, { start: refused });
  const response = await house.fetch(authorizeUrl());
  Object.assign(house.contoso.journeys, { start });
  const page = await response.clone().text();
  assert.equal(await shownCode(response), 'AADB2C90051');
  assert.equal(response.status, 400);
  assert.match(page, /No suitable claims providers were found\./);
});
