/** What a tenant, or one of its user flows, gave out is worth nothing at another one, and is not used up there. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { newFlow } from '../support/flow-settings.ts';
import { authorize, codeFor, redirectUri, type TokenAnswer } from '../support/sign-in.ts';
import { seeded, temporaryFolder, type Usher } from '../support/usher.ts';
import { fieldsOf, newVisitor } from '../support/visitor.ts';
import { fabrikam, shared, startBoth } from './two-tenants.ts';

interface Place {
  readonly tenant: string;
  readonly flow: string;
}

/** Presents it at a place; true when it opened something there. */
type Present = (place: Place) => Promise<boolean>;

interface Thing {
  readonly made: (usher: Usher) => Promise<Present>;
  /** Good in every user flow of its tenant, as is meant. */
  readonly ofTenant?: boolean;
}

type Form = Readonly<Record<string, string>>;

const home: Place = { tenant: seeded.tenant, flow: seeded.flow };
const client = { client_id: shared.web, client_secret: shared.secret };
const scope = `openid offline_access ${shared.web}`;

const urlOf = (usher: Usher, { tenant, flow }: Place, path: string): string => `${usher.url}/${tenant}/${flow}/${path}`;

const moved = (address: string, place: Place): string =>
  address.replace(`/${home.tenant}/${home.flow}/`, `/${place.tenant}/${place.flow}/`);

async function post(usher: Usher, place: Place, path: string, form: Form) {
  const response = await fetch(urlOf(usher, place, `oauth2/v2.0/${path}`), {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const body = (await response.json().catch(() => ({}))) as TokenAnswer;
  return { status: response.status, body };
}

const attemptOf = (usher: Usher) => authorize(usher, { client_id: shared.web, scope });

async function codeAndForm(usher: Usher): Promise<Form> {
  const attempt = attemptOf(usher);
  const code = await codeFor(newVisitor(usher), attempt);
  const exchange = { code, code_verifier: attempt.verifier, redirect_uri: redirectUri };
  return { grant_type: 'authorization_code', ...client, ...exchange };
}

async function tokensOf(usher: Usher): Promise<TokenAnswer> {
  const { status, body } = await post(usher, home, 'token', await codeAndForm(usher));
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const active = async (usher: Usher, place: Place, token = ''): Promise<boolean> =>
  (await post(usher, place, 'introspect', { ...client, token })).body['active'] === true;

/** A device that has asked; `verification_uri` is where its person goes. */
async function deviceOf(usher: Usher): Promise<Form> {
  const { status, body } = await post(usher, home, 'devicecode', { ...client, scope: 'openid' });
  assert.equal(status, 200, JSON.stringify(body));
  return body as Form;
}

async function letIn(usher: Usher, device: Form): Promise<void> {
  const visitor = newVisitor(usher);
  const found = await visitor.submit(await visitor.open(device['verification_uri_complete'] ?? ''), 'find');
  const page = await visitor.submit(found, 'continue');
  await visitor.submit(page, 'next', { email: seeded.user, password: seeded.password });
}

function assertionFor(usher: Usher): Form {
  const now = Math.floor(Date.now() / 1000);
  const party = { iss: shared.signing, sub: shared.signing, aud: urlOf(usher, home, 'oauth2/v2.0/token') };
  const assertion = shared.key.sign({ ...party, jti: randomUUID(), iat: now, exp: now + 60 });
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return { client_assertion_type: type, client_assertion: assertion };
}

/** The ids under which the two tenants stand in cookies and in the addresses of journeys. */
const tenantIds: Readonly<Record<string, string>> = {
  [seeded.tenant]: seeded.tenantId,
  [fabrikam.domain]: fabrikam.id,
};
const idOf = ({ tenant }: Place): string => tenantIds[tenant] ?? '';

const things: Readonly<Record<string, Thing>> = {
  'an authorization code': {
    async made(usher) {
      const form = await codeAndForm(usher);
      return async (place) => (await post(usher, place, 'token', form)).status === 200;
    },
  },
  'a refresh token that is exchanged': {
    async made(usher) {
      const { refresh_token = '' } = await tokensOf(usher);
      const form = { grant_type: 'refresh_token', ...client, refresh_token };
      return async (place) => (await post(usher, place, 'token', form)).status === 200;
    },
  },
  'a refresh token that is asked about': {
    async made(usher) {
      const { refresh_token } = await tokensOf(usher);
      return (place) => active(usher, place, refresh_token);
    },
  },
  'a refresh token that is taken back': {
    async made(usher) {
      const { refresh_token = '' } = await tokensOf(usher);
      return async (place) => {
        await post(usher, place, 'revoke', { ...client, token: refresh_token });
        return !(await active(usher, home, refresh_token));
      };
    },
  },
  'an access token that is asked about': {
    async made(usher) {
      const { access_token } = await tokensOf(usher);
      return (place) => active(usher, place, access_token);
    },
  },
  'an access token that is taken back': {
    async made(usher) {
      const { access_token = '' } = await tokensOf(usher);
      return async (place) => {
        await post(usher, place, 'revoke', { ...client, token: access_token });
        return !(await active(usher, home, access_token));
      };
    },
  },
  'an access token at the user info': {
    async made(usher) {
      const { access_token } = await tokensOf(usher);
      const headers = { authorization: `Bearer ${access_token}` };
      return async (place) => (await fetch(urlOf(usher, place, 'openid/v2.0/userinfo'), { headers })).status === 200;
    },
  },
  'a device code': {
    async made(usher) {
      const device = await deviceOf(usher);
      await letIn(usher, device);
      const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
      const form = { grant_type, ...client, device_code: device['device_code'] ?? '' };
      return async (place) => (await post(usher, place, 'token', form)).status === 200;
    },
  },
  'the code that a person types for a device': {
    async made(usher) {
      const device = await deviceOf(usher);
      return async (place) => {
        const visitor = newVisitor(usher);
        const page = await visitor.open(urlOf(usher, place, 'oauth2/v2.0/deviceauth'));
        const found = await visitor.submit(page, 'find', { user_code: device['user_code'] ?? '' });
        return /value="continue"/.test(found.html);
      };
    },
  },
  'the name of a pushed request': {
    async made(usher) {
      const parameters = Object.fromEntries(attemptOf(usher).url.searchParams);
      const { body } = await post(usher, home, 'par', { ...parameters, ...client });
      const query = new URLSearchParams({ client_id: shared.web, request_uri: String(body['request_uri']) });
      return async (place) =>
        (await newVisitor(usher).open(`${urlOf(usher, place, 'oauth2/v2.0/authorize')}?${query}`)).status === 200;
    },
  },
  'a signed assertion': {
    async made(usher) {
      const proof = assertionFor(usher);
      return async (place) => (await post(usher, place, 'introspect', { token: 'x', ...proof })).status === 200;
    },
  },
  'an ID token as a hint': {
    ofTenant: true,
    async made(usher) {
      const { id_token = '' } = await tokensOf(usher);
      const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: redirectUri });
      return async (place) => {
        const visit = await newVisitor(usher).open(`${urlOf(usher, place, 'oauth2/v2.0/logout')}?${query}`);
        return visit.left !== undefined;
      };
    },
  },
  'the cookie of a session, by whatever name': {
    ofTenant: true,
    async made(usher) {
      const visitor = newVisitor(usher);
      await codeFor(visitor, attemptOf(usher));
      const value = visitor.cookies.get(`x-ms-cpim-sso_${seeded.tenantId}`) ?? assert.fail('no session');
      return async (place) => {
        const url = authorize(usher, { client_id: shared.web, scope: 'openid', prompt: 'none' }).url.href;
        const headers = { cookie: `x-ms-cpim-sso_${idOf(place)}=${value}` };
        const answer = await fetch(moved(url, place), { headers, redirect: 'manual' });
        return new URL(answer.headers.get('location') ?? usher.url).searchParams.has('code');
      };
    },
  },
  'the address and the cookie of a journey': {
    ofTenant: true,
    async made(usher) {
      const visitor = newVisitor(usher);
      const shown = await visitor.open(attemptOf(usher).url);
      return async (place) => (await visitor.open(shown.url.href.replace(seeded.tenantId, idOf(place)))).status === 200;
    },
  },
  'an answer to a screen of a journey': {
    ofTenant: true,
    async made(usher) {
      const visitor = newVisitor(usher);
      const shown = await visitor.open(attemptOf(usher).url);
      const typed = { email: seeded.user, password: seeded.password, action: 'next' };
      const fields = { ...fieldsOf(shown.html), ...typed };
      return async (place) => {
        const address = shown.url.href.replace(seeded.tenantId, idOf(place));
        return (await visitor.post(address, fields, usher.url)).left?.searchParams.has('code') ?? false;
      };
    },
  },
  'an invitation': {
    ofTenant: true,
    async made(usher) {
      const draft = { invitedUserEmailAddress: `${randomUUID()}@else.example`, inviteRedirectUrl: redirectUri };
      const response = await usher.graph('POST', '/v1.0/invitations', draft);
      const { inviteRedeemUrl = '' } = (await response.json()) as { readonly inviteRedeemUrl?: string };
      return async (place) => {
        const address = inviteRedeemUrl.replace(seeded.tenantId, idOf(place)).replace(seeded.tenant, place.tenant);
        return /<form/.test((await newVisitor(usher).open(address)).html);
      };
    },
  },
};

describe('at another place', () => {
  let usher: Usher;
  const places: Record<string, Place> = {};
  before(async () => {
    usher = await startBoth(temporaryFolder());
    places['another tenant'] = { tenant: fabrikam.domain, flow: seeded.flow };
    places['another user flow'] = { tenant: seeded.tenant, flow: await newFlow(usher) };
  });
  after(() => usher?.stop());

  for (const [name, { made, ofTenant }] of Object.entries(things)) {
    for (const where of ['another tenant', ...(ofTenant ? [] : ['another user flow'])]) {
      test(`${name} opens nothing at ${where}, and is still good at its own`, async () => {
        const present = await made(usher);
        const place = places[where] ?? assert.fail(where);
        assert.equal(await present(place), false, `at ${where}`);
        assert.equal(await present(home), true, 'at home');
      });
    }
  }

  test('no two tenants sign with the same key', async () => {
    const keysOf = async (tenant: string) => {
      const answer = await fetch(`${usher.url}/${tenant}/${seeded.flow}/discovery/v2.0/keys`);
      const { keys } = (await answer.json()) as {
        readonly keys: readonly { readonly kid: string; readonly n: string }[];
      };
      return keys.flatMap(({ kid, n }) => [kid, n]);
    };
    const [mine, theirs] = [await keysOf(seeded.tenant), await keysOf(fabrikam.domain)];
    assert.ok(mine.length > 0 && theirs.length > 0);
    assert.deepEqual(
      mine.filter((one) => theirs.includes(one)),
      [],
    );
  });
});
