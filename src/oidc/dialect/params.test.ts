import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type House, openHouse, origin } from '../testing/harness.ts';
import { authorizeUrl, createBrowser, postToken, readRedirect, redemption, signIn } from '../testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const flow = `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0`;

const post = (url: string, body: string): Promise<Response> =>
  house.fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });

/** Longest values; what one byte more is answered with. */
const caps: readonly (readonly [name: string, longest: number, told: 'page' | 'application'])[] = [
  ['state', 4096, 'page'],
  ['client_id', 2048, 'page'],
  ['redirect_uri', 2048, 'page'],
  ['nonce', 1024, 'application'],
  ['login_hint', 320, 'application'],
  ['ui_locales', 256, 'application'],
  ['scope', 4096, 'application'],
  ['code_challenge', 128, 'application'],
  ['prompt', 2048, 'application'],
];

for (const [name, longest, told] of caps) {
  test(`${name} may have ${longest} bytes; with more no journey begins and the ${told} hears of it`, async () => {
    const { started } = house.contoso.journeys;
    const before = started.length;
    const response = await house.fetch(authorizeUrl({ [name]: `${'é'.repeat(longest / 2)}x` }));
    assert.equal(started.length, before);
    const text = `AADB2C90122: Input for '${name}' received`;
    const location = response.headers.get('location');
    if (told === 'page') assert.equal(location, null);
    assert.ok(
      (told === 'page' ? await response.text() : readRedirect(response).params.get('error_description'))?.includes(
        text,
      ),
    );
    const atLimit = await house.fetch(authorizeUrl({ [name]: 'x'.repeat(longest) }));
    assert.ok(!`${decodeURIComponent(atLimit.headers.get('location') ?? '')}${await atLimit.text()}`.includes('90122'));
  });
}

test('a form longer than 64 KiB is refused as too large, wherever it is posted', async () => {
  const long = new URL(authorizeUrl({ unknown: 'x'.repeat(65_536) })).search.slice(1);
  const { started } = house.contoso.journeys;
  const before = started.length;
  assert.equal((await post(`${flow}/authorize`, long)).status, 413);
  assert.equal((await post(`${flow}/logout`, long)).status, 413);
  assert.equal(started.length, before);
  const answer = await postToken(house, { ...redemption('x'), unknown: 'x'.repeat(65_536) });
  assert.equal(answer.status, 413);
  assert.equal(answer.body['error'], 'invalid_request');
});

test('a long parameter without a meaning is ignored', async () => {
  const response = await signIn(house, createBrowser(house), { url: authorizeUrl({ clidata: 'x'.repeat(5000) }) });
  assert.ok(readRedirect(response).params.get('code'));
});

test('a value too long is refused at the sign-out too', async () => {
  const response = await house.fetch(`${flow}/logout?state=${'x'.repeat(4097)}`);
  assert.equal(response.status, 400);
  assert.match(await response.text(), /AADB2C90122/);
});

test('a parameter once in the query and once in the form is refused; one without a meaning may be in both', async () => {
  const form = new URL(authorizeUrl({ prompt: 'none', clidata: '1' })).search.slice(1);
  const twice = await post(`${flow}/authorize?redirect_uri=https%3A%2F%2Fspa.example%2Fcb`, form);
  assert.equal(twice.status, 400);
  assert.match(await twice.text(), /http\.repeated/);
  const once = await post(`${flow}/authorize?clidata=2`, form);
  assert.equal(readRedirect(once).params.get('error'), 'interaction_required');
});
