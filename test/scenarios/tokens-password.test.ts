import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newAccount } from '../support/accounts.ts';
import { type Answered, authorizeWeb, codeOf, newApplication, setFlow } from '../support/flow-settings.ts';
import { logged } from '../support/logs.ts';
import { claimsIn, type TokenAnswer } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf } from '../support/visitor.ts';

let usher: Usher;
let client: string;
before(async () => {
  usher = await startUsher();
  client = (await newApplication(usher, allowed)).appId;
});
after(() => usher?.stop());

const ropc = 'B2C_1_ropc';

const implicit = { web: { implicitGrantSettings: { enableAccessTokenIssuance: true } } };
const allowed = { isFallbackPublicClient: true, publicClient: { redirectUris: ['myapp://auth'] }, ...implicit };

async function post(form: Readonly<Record<string, string | null>>, flow = ropc): Promise<Answered> {
  const sent = Object.entries(form).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const response = await fetch(`${usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(Object.fromEntries(sent)),
  });
  return { status: response.status, answer: (await response.json()) as TokenAnswer };
}

const exchange = (changes: Readonly<Record<string, string | null>> = {}, flow?: string): Promise<Answered> =>
  post(
    {
      grant_type: 'password',
      client_id: client,
      username: seeded.user,
      password: seeded.password,
      scope: `openid ${client} offline_access`,
      response_type: 'token id_token',
      ...changes,
    },
    flow,
  );

const seen = (answered: Answered): string => `${answered.status} ${answered.answer.error} ${codeOf(answered)}`;

test('a password is exchanged for tokens of the flow, and they are renewed there', async () => {
  const { status, answer } = await exchange();
  assert.equal(status, 200, JSON.stringify(answer));
  assert.deepEqual(Object.keys(answer).toSorted(), [
    'access_token',
    'expires_in',
    'expires_on',
    'id_token',
    'id_token_expires_in',
    'not_before',
    'profile_info',
    'refresh_token',
    'refresh_token_expires_in',
    'resource',
    'scope',
    'token_type',
  ]);
  const claims = claimsIn(answer.id_token);
  assert.deepEqual([claims['tfp'], claims['aud'], claims['emails']], [ropc, client, [seeded.user]]);
  assert.equal(claimsIn(answer.access_token)['aud'], client);
  assert.equal(answer['expires_in'], 3600);
  const form = { grant_type: 'refresh_token', client_id: client, refresh_token: answer.refresh_token ?? '' };
  const renewed = await post({ ...form, response_type: 'id_token', resource: client });
  assert.equal(renewed.status, 200, JSON.stringify(renewed.answer));
  assert.equal(claimsIn(renewed.answer.id_token)['oid'], claims['oid']);
  assert.equal(
    codeOf(await post({ ...form, refresh_token: renewed.answer.refresh_token ?? '' }, seeded.flow)),
    'AADB2C90088',
  );
});

test('the seeded native application exchanges passwords at the seeded flow as they are', async () => {
  const { status, answer } = await exchange({ client_id: seeded.native, scope: `openid ${seeded.scope}` });
  assert.equal(status, 200, JSON.stringify(answer));
  assert.equal(claimsIn(answer.access_token)['aud'], seeded.api);
});

test('only what was asked for is answered', async () => {
  const idOnly = (await exchange({ scope: 'openid' })).answer;
  assert.deepEqual([idOnly.access_token, idOnly.refresh_token], [undefined, undefined]);
  const tokenOnly = (await exchange({ scope: client, response_type: null })).answer;
  assert.deepEqual([tokenOnly.id_token, tokenOnly['profile_info']], [undefined, undefined]);
  const info = (await exchange({ client_info: '1' })).answer['client_info'];
  assert.match(Buffer.from(String(info), 'base64url').toString(), /-b2c_1_ropc/);
});

test('lifetimes and claims are those of the flow', async () => {
  const settings = {
    tokenLifetimeConfiguration: { accessAndIdTokenLifetimeInMinutes: 5 },
    tokenClaimsConfiguration: { claimTypeForUserFlowId: 'acr' },
  };
  await setFlow(usher, settings, ropc);
  const { answer } = await exchange();
  assert.deepEqual([answer['expires_in'], claimsIn(answer.id_token)['acr']], [300, ropc]);
  const usual = {
    tokenLifetimeConfiguration: { accessAndIdTokenLifetimeInMinutes: 60 },
    tokenClaimsConfiguration: { claimTypeForUserFlowId: 'tfp' },
  };
  await setFlow(usher, usual, ropc);
});

test('at other flows nobody exchanges a password, and this one shows no page', async () => {
  assert.equal(seen(await exchange({}, seeded.flow)), '400 unsupported_grant_type AADB2C90086');
  const page = await newVisitor(usher).open(authorizeWeb(usher, ropc));
  assert.equal(page.status, 400);
  assert.match(textOf(page.html), /AADB2C90051/);
});

test('the application must be a public one, with the flow and implicit tokens switched on', async () => {
  const apps = {
    '400 unauthorized_client AADB2C90058': { web: { redirectUris: ['https://web.example/'], ...implicit.web } },
    '400 unauthorized_client AADB2C90224': { ...allowed, isFallbackPublicClient: false },
    '400 unauthorized_client AADB2C90057': { ...allowed, web: {} },
  };
  for (const [expected, parts] of Object.entries(apps)) {
    const { appId } = await newApplication(usher, parts);
    assert.equal(seen(await exchange({ client_id: appId })), expected);
  }
  assert.equal(seen(await exchange({ client_secret: 'any' })), '400 invalid_request AADB2C90084');
});

test('a flow that would have to ask for more than a password exchanges none', async () => {
  const factor = (multifactorAuthenticationState: string) => ({
    multifactorAuthenticationConfiguration: { multifactorAuthenticationState },
  });
  const asks: readonly (readonly [object, object])[] = [
    [{ settings: { isSignInBlocked: true } }, { settings: { isSignInBlocked: false } }],
    [{ settings: { ageGating: { isEnabled: true } } }, { settings: { ageGating: { isEnabled: false } } }],
    [{ isConditionalAccessEnforced: true }, { isConditionalAccessEnforced: false }],
    [factor('on'), factor('off')],
  ];
  for (const [more, nothing] of asks) {
    await setFlow(usher, more, ropc);
    assert.equal(seen(await exchange()), '400 unauthorized_client AADB2C90224', JSON.stringify(more));
    await setFlow(usher, nothing, ropc);
    assert.equal((await exchange()).status, 200);
  }
});

test('what is missing is named', async () => {
  for (const name of ['username', 'password', 'scope']) {
    const { answer } = await exchange({ [name]: null });
    assert.match(
      answer.error_description ?? '',
      new RegExp(`^AADB2C90083: The request is missing required parameter: ${name}\\.`),
    );
  }
  assert.equal(seen(await exchange({ scope: 'offline_access' })), '400 invalid_scope AADB2C90107');
  assert.equal(seen(await exchange({ response_type: 'code' })), '400 unsupported_grant_type AADB2C99013');
});

test('a wrong password and an unknown account get one answer', async () => {
  const wrong = await exchange({ password: 'not-the-password-1' });
  const unknown = await exchange({ username: 'nobody@contoso.example' });
  const told = ({ status, answer }: Answered) => [
    status,
    answer.error,
    answer.error_description?.replace(/Correlation ID: \S+\r\nTimestamp: [^\r]+/, ''),
  ];
  assert.deepEqual(told(wrong), told(unknown));
  assert.equal(seen(wrong), '400 access_denied AADB2C90225');
});

test('accounts are locked, disabled and told to change their password as on the page', async () => {
  const named = async (properties?: object) => ({ username: (await newAccount(usher, properties)).email });
  const locked = await named();
  for (let tries = 0; tries < 10; tries += 1) await exchange({ ...locked, password: `wrong-${tries}-password` });
  assert.equal(seen(await exchange(locked)), '400 access_denied AADB2C90114');
  await usher.advance(61);
  assert.equal((await exchange(locked)).status, 200);

  const disabled = await named({ accountEnabled: false });
  assert.equal(seen(await exchange(disabled)), '400 access_denied AADB2C90111');
  assert.equal(seen(await exchange({ ...disabled, password: 'wrong-password-1' })), '400 access_denied AADB2C90225');

  const forced = await named({ passwordProfile: { password: seeded.password, forceChangePasswordNextSignIn: true } });
  assert.equal(seen(await exchange(forced)), '400 invalid_grant AADSTS50055');
});

interface LogEntry {
  readonly isInteractive: boolean;
  readonly userPrincipalName: string | null;
  readonly status: { readonly errorCode: number };
}

test('the log of sign-ins tells who was exchanged for, and who was not', async () => {
  await exchange();
  await exchange({ username: 'stranger@contoso.example' });
  const isStranger = ({ status, userPrincipalName }: LogEntry): boolean =>
    status.errorCode === 90225 && userPrincipalName === 'stranger@contoso.example';
  const entries = await logged<LogEntry>(usher, 'auditLogs/signIns', `appId eq '${client}'`, (all) =>
    all.some(isStranger),
  );
  assert.ok(entries.some(({ status, isInteractive }) => status.errorCode === 0 && !isInteractive));
});
