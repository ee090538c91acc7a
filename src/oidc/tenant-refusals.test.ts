import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spoken } from './dialect/directory-words.ts';
import { codeOf, type ErrorCode, refusal, rows } from './dialect/errors.ts';
import { apiUri, type House, ids, openHouse } from './testing/harness.ts';
import { authorizeUrl, readRedirect, shownCode } from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const state = 'c3RhdGU=|mine';

const tenantUrl = (changes: Readonly<Record<string, string | null>>): string => authorizeUrl(changes, '');

/** What is sent to the application, in the numbers of the directory. */
const redirected: Readonly<Record<string, readonly [Readonly<Record<string, string | null>>, string]>> = {
  'no scope': [{ scope: null }, 'invalid_request AADSTS900144'],
  'an unknown scope': [{ scope: 'openid User.Read' }, 'invalid_scope AADSTS70011'],
  'two resources': [{ scope: `openid ${apiUri}/tasks.read ${ids.otherApi}/other.use` }, 'invalid_scope AADSTS28000'],
  'no permission': [{ scope: `openid ${apiUri}/tasks.admin` }, 'invalid_scope AADSTS650057'],
  'an unknown response type': [{ response_type: 'what' }, 'unsupported_response_type AADSTS70005'],
  'an implicit answer to a client without it': [{ response_type: 'token' }, 'unsupported_response_type AADSTS70005'],
  'no code challenge': [{ code_challenge: null, code_challenge_method: null }, 'invalid_request AADSTS9002325'],
  'an unknown prompt': [{ prompt: 'what' }, 'invalid_request AADSTS90023'],
};

for (const [name, [changes, expected]] of Object.entries(redirected)) {
  test(`${name} is answered with ${expected}`, async () => {
    const { params } = readRedirect(await house.fetch(tenantUrl(changes)));
    const description = params.get('error_description') ?? '';
    assert.equal(`${params.get('error')} ${/^AAD\w+/.exec(description)?.[0]}`, expected);
    assert.match(description, /\r\nCorrelation ID: [\w-]{36}\r\nTimestamp: [\d-]{10} [\d:]{8}Z\r\n$/);
    assert.equal(params.get('state'), state);
  });
}

const shown: Readonly<Record<string, readonly [Readonly<Record<string, string | null>>, string]>> = {
  'no client': [{ client_id: null }, 'AADSTS900144'],
  'an unknown client': [{ client_id: '99999999-9999-4999-8999-999999999999' }, 'AADSTS700016'],
  'no redirect URI': [{ redirect_uri: null }, 'AADSTS900971'],
  'a redirect URI that is not registered': [{ redirect_uri: 'https://evil.example/' }, 'AADSTS50011'],
};

for (const [name, [changes, expected]] of Object.entries(shown)) {
  test(`${name} is shown to the person as ${expected}, and nobody is redirected`, async () => {
    assert.equal(await shownCode(await house.fetch(tenantUrl(changes))), expected);
  });
}

/** Of what only user flows do: passwords at the token endpoint, their own switches for signing out, minors, unknown flows. */
const ofFlowsAlone = [
  ...['AADB2C90051', 'AADB2C90058', 'AADB2C90066', 'AADB2C90107', 'AADB2C90224', 'AADB2C90225', 'AADB2C90272'],
  ...['AADB2C99013', 'AADB2C99900'],
];

test('whatever else B2C has a number for, the directory has one too', () => {
  const b2c = Object.keys(rows).filter((code) => code.startsWith('AADB2C')) as ErrorCode[];
  const left = b2c.filter((code) => codeOf(spoken(refusal(code, 'x', 'y'), 'directory'))?.startsWith('AADB2C'));
  assert.deepEqual(left.sort(), ofFlowsAlone.sort());
  for (const code of b2c) assert.equal(spoken(refusal(code), 'b2c').code, `oidc.${code}`);
});

test('what stands in the text goes along', () => {
  const fault = spoken(refusal('AADB2C90006', 'https://evil.example/', ids.spa), 'directory');
  assert.match(fault.message, /'https:\/\/evil.example\/'/);
  assert.match(spoken(refusal('AADB2C90008'), 'directory').message, /'client_id'/);
});
