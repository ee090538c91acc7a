import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  authorizeWeb,
  codeOf,
  lifeOf,
  membersOf,
  newApplication,
  newFlow,
  passThrough,
  refreshWeb,
  setFlow,
  webTokens,
} from '../support/flow-settings.ts';
import { authorize, claimsIn, codeFor, redeem } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { fieldsOf, newVisitor } from '../support/visitor.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

const day = 86_400;

async function metadata(flow: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${usher.url}/${seeded.tenant}/${flow}/v2.0/.well-known/openid-configuration`);
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

test('lifetimes are the flow’s, from the next token on', async () => {
  const flow = await newFlow(usher);
  const usual = await webTokens(usher, flow);
  assert.deepEqual([lifeOf(usual.access_token), lifeOf(usual.id_token)], [3600, 3600]);
  const { expires_in, expires_on, not_before, id_token_expires_in, refresh_token_expires_in } = usual;
  assert.deepEqual([expires_in, id_token_expires_in, refresh_token_expires_in], [3600, 3600, 14 * day]);
  assert.equal(Number(expires_on) - Number(not_before), 3600);
  const chosen = { accessAndIdTokenLifetimeInMinutes: 5, refreshTokenLifetimeInDays: 2 };
  await setFlow(usher, { tokenLifetimeConfiguration: chosen }, flow);
  for (const answer of [await webTokens(usher, flow), (await refreshWeb(usher, flow, usual)).answer]) {
    assert.deepEqual([lifeOf(answer.access_token), lifeOf(answer.id_token)], [300, 300]);
    assert.deepEqual([answer['expires_in'], answer['id_token_expires_in']], [300, 300]);
    assert.equal(answer['refresh_token_expires_in'], 2 * day);
  }
});

test('tokens of the front channel live as long as the others', async () => {
  const flow = await newFlow(usher);
  const application = (await (await usher.graph('GET', `/beta/applications(appId='${seeded.web}')`)).json()) as {
    readonly id: string;
  };
  const implicitGrantSettings = { enableIdTokenIssuance: true, enableAccessTokenIssuance: true };
  const patch = { web: { implicitGrantSettings } };
  assert.equal((await usher.graph('PATCH', `/beta/applications/${application.id}`, patch)).status, 204);
  await setFlow(usher, { tokenLifetimeConfiguration: { accessAndIdTokenLifetimeInMinutes: 7 } }, flow);
  const url = authorizeWeb(usher, flow, { response_type: 'code id_token token' });
  const members = await passThrough(newVisitor(usher), url);
  assert.equal(members.get('expires_in'), '420');
  assert.equal(lifeOf(members.get('access_token') ?? ''), 420);
  assert.equal(lifeOf(members.get('id_token') ?? ''), 420);
});

test('refreshing goes on until the window of the flow is over', async () => {
  const flow = await newFlow(usher, {
    tokenLifetimeConfiguration: { refreshTokenLifetimeInDays: 2, rollingRefreshTokenLifetimeInDays: 3 },
  });
  const first = await webTokens(usher, flow);
  assert.equal(first['refresh_token_expires_in'], 2 * day);
  await usher.advance(1.5 * day);
  const second = await refreshWeb(usher, flow, first);
  assert.equal(second.status, 200);
  const left = Number(second.answer['refresh_token_expires_in']);
  assert.ok(left <= 1.5 * day && left > 1.5 * day - 60, `${left} seconds of the window are left`);
  await usher.advance(1.5 * day);
  const late = await refreshWeb(usher, flow, second.answer);
  assert.equal(codeOf(late), 'AADB2C90080');
  assert.match(
    late.answer.error_description ?? '',
    /^AADB2C90080: The provided grant has expired\. Please re-authenticate and try again\. Current time: [^,]+, Grant issued time: [^,]+, Grant sliding window expiration time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\r\n/,
  );
});

test('without a window refreshing has no end, and closing one takes back what was promised', async () => {
  const flow = await newFlow(usher, {
    tokenLifetimeConfiguration: { refreshTokenLifetimeInDays: 90, rollingRefreshTokenLifetimeInDays: -1 },
  });
  let answer = await webTokens(usher, flow);
  for (const _ of [1, 2, 3]) {
    await usher.advance(80 * day);
    const next = await refreshWeb(usher, flow, answer);
    assert.equal(next.status, 200);
    answer = next.answer;
    assert.equal(answer['refresh_token_expires_in'], 90 * day);
  }
  await setFlow(usher, { tokenLifetimeConfiguration: { rollingRefreshTokenLifetimeInDays: 90 } }, flow);
  assert.match((await refreshWeb(usher, flow, answer)).answer.error_description ?? '', /sliding window/);
});

test('a grant that was not used in time says so in other words', async () => {
  const flow = await newFlow(usher, { tokenLifetimeConfiguration: { refreshTokenLifetimeInDays: 1 } });
  const first = await webTokens(usher, flow);
  await usher.advance(day);
  const { answer } = await refreshWeb(usher, flow, first);
  assert.match(answer.error_description ?? '', /^AADB2C90080: .*Grant expiration time: /);
});

test('a single-page application has a day, whatever the flow says', async () => {
  const tokenLifetimeConfiguration = { refreshTokenLifetimeInDays: 90 };
  await setFlow(usher, { tokenLifetimeConfiguration });
  const attempt = authorize(usher);
  const { answer } = await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt));
  assert.equal(answer['refresh_token_expires_in'], day);
  await setFlow(usher, { tokenLifetimeConfiguration: { refreshTokenLifetimeInDays: 14 } });
});

test('the claim that names the flow, the subject and the issuer are the flow’s', async () => {
  const flow = await newFlow(usher);
  const usual = claimsIn((await webTokens(usher, flow)).id_token);
  assert.deepEqual([usual['sub'], usual['tfp'], usual['acr']], [usual['oid'], flow, undefined]);
  assert.equal(usual['iss'], `${usher.url}/${seeded.tenantId}/v2.0/`);
  await setFlow(
    usher,
    {
      tokenClaimsConfiguration: {
        isSubjectClaimSupported: false,
        claimTypeForUserFlowId: 'acr',
        isIssuerEntityUserFlow: true,
      },
    },
    flow,
  );
  const visitor = newVisitor(usher);
  const tokens = await webTokens(usher, flow, visitor, { client_info: '1' });
  for (const token of [tokens.id_token, tokens.access_token]) {
    const claims = claimsIn(token);
    assert.equal(claims['sub'], 'Not supported currently. Use oid claim.');
    assert.deepEqual([claims['oid'], claims['tfp'], claims['acr']], [usual['oid'], undefined, flow]);
    assert.equal(claims['iss'], `${usher.url}/tfp/${seeded.tenantId}/${flow.toLowerCase()}/v2.0/`);
  }
  const { claims_supported: listed, issuer } = await metadata(flow);
  assert.equal(issuer, claimsIn(tokens.id_token)['iss']);
  assert.ok(Array.isArray(listed) && listed.includes('acr') && !listed.includes('tfp'));

  const info = JSON.parse(Buffer.from(String(tokens['client_info']), 'base64url').toString()) as {
    readonly uid: string;
  };
  assert.equal(info.uid, `${usual['oid']}-${flow.toLowerCase()}`);
  const authorization = { authorization: `Bearer ${tokens.access_token}` };
  const userinfo = await fetch(`${usher.url}/${seeded.tenant}/${flow}/openid/v2.0/userinfo`, {
    headers: authorization,
  });
  const told = (await userinfo.json()) as Readonly<Record<string, unknown>>;
  assert.deepEqual([told['sub'], told['oid']], ['Not supported currently. Use oid claim.', usual['oid']]);
  assert.equal((await refreshWeb(usher, flow, tokens)).status, 200);
  const hinted = { prompt: 'none', id_token_hint: String(tokens.id_token) };
  const silent = await visitor.open(authorizeWeb(usher, flow, hinted));
  assert.ok(membersOf(silent.left).get('code'), 'the hint names the person whose session it is');
});

test('application claims are those that the flow selects; none selected: everything that is known', async () => {
  const flow = await newFlow(usher);
  const application = (name: unknown): boolean =>
    ['name', 'given_name', 'family_name', 'emails', 'city'].includes(String(name));
  const told = async () => {
    const answer = await webTokens(usher, flow);
    const names = [answer.id_token, answer.access_token].map((token) =>
      Object.keys(claimsIn(token)).filter(application),
    );
    assert.deepEqual(names[0], names[1]);
    return names[0]?.toSorted();
  };
  assert.deepEqual(await told(), ['emails', 'family_name', 'given_name', 'name']);
  const claims = `/beta/identity/b2cUserFlows/${flow}/applicationClaims`;
  const links = ['surname', 'city', 'email'];
  for (const id of links) {
    const reference = { '@odata.id': `https://graph.microsoft.com/beta/identity/userFlowAttributes/${id}` };
    assert.equal((await usher.graph('POST', `${claims}/$ref`, reference)).status, 204);
  }
  assert.deepEqual(await told(), ['emails', 'family_name']);
  const { claims_supported: listed } = await metadata(flow);
  assert.ok(Array.isArray(listed));
  assert.deepEqual(listed.filter(application).toSorted(), ['city', 'emails', 'family_name']);
  for (const id of links) assert.equal((await usher.graph('DELETE', `${claims}/${id}/$ref`)).status, 204);
  assert.deepEqual(await told(), ['emails', 'family_name', 'given_name', 'name']);
});

test('a renewed token says of the person what the first one said', async () => {
  const flow = await newFlow(usher);
  const first = await webTokens(usher, flow);
  const claims = `/beta/identity/b2cUserFlows/${flow}/applicationClaims/$ref`;
  const reference = { '@odata.id': 'https://graph.microsoft.com/beta/identity/userFlowAttributes/city' };
  assert.equal((await usher.graph('POST', claims, reference)).status, 204);
  const { answer } = await refreshWeb(usher, flow, first);
  const { iat: _, nbf: __, exp: ___, nonce: ____, ...before } = claimsIn(first.id_token);
  const { iat: _____, nbf: ______, exp: _______, ...after } = claimsIn(answer.id_token);
  assert.deepEqual(after, before);
});

test('a token is answered alone, where the application may have it', async () => {
  const flow = await newFlow(usher);
  const { appId } = await newApplication(usher, {
    web: { redirectUris: [webRedirectOf('token')], implicitGrantSettings: { enableAccessTokenIssuance: true } },
  });
  const asked = {
    client_id: appId,
    redirect_uri: webRedirectOf('token'),
    code_challenge: null,
    code_challenge_method: null,
  };
  const url = authorizeWeb(usher, flow, { ...asked, response_type: 'token', scope: appId, nonce: null });
  const members = await passThrough(newVisitor(usher), url);
  assert.deepEqual([...members.keys()].toSorted(), [
    'access_token',
    'expires_in',
    'iss',
    'scope',
    'state',
    'token_type',
  ]);
  assert.equal(claimsIn(members.get('access_token') ?? '')['aud'], appId);
  const both = { ...asked, response_type: 'token id_token', scope: `openid ${appId}` };
  const refused = await newVisitor(usher).open(authorizeWeb(usher, flow, both));
  assert.match(membersOf(refused.left).get('error_description') ?? '', /^AADB2C90057: /);
});

test('tokens of both kinds may be asked for in either order', async () => {
  const flow = await newFlow(usher);
  const implicitGrantSettings = { enableAccessTokenIssuance: true, enableIdTokenIssuance: true };
  const redirect = webRedirectOf('both');
  const { appId } = await newApplication(usher, { web: { redirectUris: [redirect], implicitGrantSettings } });
  const asked = { client_id: appId, redirect_uri: redirect, scope: `openid ${appId}` };
  const plain = { code_challenge: null, code_challenge_method: null };
  for (const response_type of ['token id_token', 'id_token token', 'token+id_token']) {
    const url = authorizeWeb(usher, flow, { ...asked, ...plain, response_type });
    const members = await passThrough(newVisitor(usher), url);
    assert.deepEqual([members.get('token_type'), members.get('code')], ['Bearer', null]);
    const { nonce, at_hash: hash } = claimsIn(members.get('id_token') ?? '');
    const half = createHash('sha256')
      .update(members.get('access_token') ?? '')
      .digest()
      .subarray(0, 16);
    assert.deepEqual([nonce, hash], ['some-nonce', half.toString('base64url')]);
  }
});

const webRedirectOf = (name: string): string => `https://${name}.example/cb`;

test('form_post is a page that posts itself', async () => {
  const flow = await newFlow(usher);
  const visitor = newVisitor(usher);
  const url = authorizeWeb(usher, flow, { response_mode: 'form_post', state: 'a|b&"<c>' });
  const shown = await visitor.open(url);
  const page = await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
  assert.equal(page.status, 200);
  assert.match(page.html, /<form id="auto" method="post" action="http:\/\/localhost:3001\/cb">/);
  const fields = fieldsOf(page.html);
  assert.ok(fields['code']);
  assert.equal(fields['state'], 'a|b&"<c>');
});
