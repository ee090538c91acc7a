import { randomUUID } from 'node:crypto';
import { newAccount } from '../accounts.ts';
import { newApplication, newFlow } from '../flow-settings.ts';
import { seeded } from '../usher.ts';
import { newVisitor } from '../visitor.ts';
import { type Bench, type Channel, type Raised, raisedBy, redirect, secret, verifier } from './bench.ts';
import { noAnswer, refusedCall, refusedCertificate, refusedPassword, unreadAnswer } from './connectors.ts';
import { turnedBack, unknownHere } from './foreign.ts';
import { noNumber, wrongAppCodes, wrongTextCodes } from './second-factor.ts';

/** How a code is provoked, and how it reaches whom it is for. */
export interface Provocation {
  readonly code: string;
  readonly channel: Channel;
  /** `error` of RFC 6749; absent on pages. */
  readonly error?: string;
  readonly status?: number;
  readonly raise: (bench: Bench) => Promise<Raised>;
}

const page = (code: string, raise: Provocation['raise'], status = 400): Provocation => ({
  code,
  channel: 'page',
  status,
  raise,
});

const redirected = (code: string, error: string, raise: Provocation['raise']): Provocation => ({
  code,
  channel: 'redirect',
  error,
  raise,
});

const told = (code: string, error: string, raise: Provocation['raise'], status = 400): Provocation => ({
  code,
  channel: 'token',
  error,
  status,
  raise,
});

const asking =
  (changes: Readonly<Record<string, string | null>>): Provocation['raise'] =>
  async (bench) =>
    raisedBy(await bench.authorize(changes));

const opening =
  (path: string): Provocation['raise'] =>
  async ({ usher, flow }) =>
    raisedBy(
      await newVisitor(usher).open(
        `${usher.url}/${seeded.tenant}/${path.replace('{flow}/', flow === '' ? '' : `${flow}/`)}`,
      ),
    );

/** Signs the seeded person in at a flow, then asks for more in the same browser. */
const onSession =
  (changes: Readonly<Record<string, string | null>>): Provocation['raise'] =>
  async (bench) => {
    const visitor = newVisitor(bench.usher);
    const shown = await bench.authorize({}, bench.flow, visitor);
    await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
    await bench.usher.advance(120);
    return raisedBy(await bench.authorize(changes, bench.flow, visitor));
  };

const pressing =
  (...actions: readonly string[]): Provocation['raise'] =>
  async (bench) => {
    const visitor = newVisitor(bench.usher);
    let shown = await bench.authorize({}, bench.flow, visitor);
    for (const action of actions) shown = await visitor.submit(shown, action);
    return raisedBy(shown);
  };

async function blocked(bench: Bench): Promise<Raised> {
  const flow = await newFlow(bench.usher, { userFlowType: 'signIn', settings: { isSignInBlocked: true } });
  return raisedBy(await bench.authorize({}, flow));
}

/** Redeems the code of somebody after something has happened to them. */
async function afterwards(bench: Bench, happens: (id: string) => Promise<unknown>): Promise<Raised> {
  const { id, email } = await newAccount(bench.usher);
  const code = await bench.code({}, email);
  await bench.usher.advance(2);
  await happens(id);
  return bench.redemption({ code });
}

async function locked(bench: Bench): Promise<Raised> {
  const { email: username } = await newAccount(bench.usher);
  for (let tries = 0; tries < 10; tries += 1) await bench.exchange({ username, password: `wrong-${tries}-password` });
  return bench.exchange({ username });
}

/** Of more passwords at once than there is room for, one that was turned away. Of nobody, whom the rest may lock out. */
async function crowd(bench: Bench): Promise<Raised> {
  const wrong = { username: 'nobody@contoso.example', password: 'wrong-password-1' };
  const all = await Promise.all(Array.from({ length: 40 }, () => bench.exchange(wrong)));
  return all.find(({ status }) => status === 503) ?? { channel: 'token', status: 0, text: 'nobody was turned away' };
}

const unknown = randomUUID();

/** Pages, redirects and token answers of b2c contract b.6, one row each. */
const ofFlows: readonly Provocation[] = [
  page('AADB2C90004', asking({ redirect_uri: null })),
  page('AADB2C90005', asking({ redirect_uri: 'not-an-address' })),
  page('AADB2C90006', asking({ redirect_uri: 'https://evil.example/' })),
  page('AADB2C90007', async (bench) => {
    const { appId } = await newApplication(bench.usher, {});
    return raisedBy(await bench.authorize({ client_id: appId }));
  }),
  page('AADB2C90008', asking({ client_id: null })),
  page('AADB2C90018', asking({ client_id: unknown })),
  page('AADB2C90046', opening('{flow}/oauth2/v2.0/authorize/nothing-to-go-on-with')),
  page('AADB2C90051', async (bench) => raisedBy(await bench.authorize({}, 'B2C_1_ropc'))),
  page('AADB2C90066', opening('B2C_1_nowhere/oauth2/v2.0/authorize'), 404),
  page('AADB2C90067', opening('{flow}/oauth2/v2.0/logout?post_logout_redirect_uri=nowhere')),
  page('AADB2C90092', async (bench) =>
    raisedBy(await bench.authorize({ client_id: await bench.disabledApplication() })),
  ),
  page('AADB2C90210', opening('{flow}/oauth2/v2.0/logout?id_token_hint=not-a-token')),
  page('AADB2C90272', async (bench) => {
    const flow = await newFlow(bench.usher, {
      singleSignOnSessionConfiguration: { enforceIdTokenHintOnLogout: true },
    });
    return opening(`${flow}/oauth2/v2.0/logout`)(bench);
  }),
  page('AADSTS90002', async ({ usher }) =>
    raisedBy(await newVisitor(usher).open(`${usher.url}/nowhere.example/B2C_1_susi/oauth2/v2.0/authorize`)),
  ),

  // Before the clock of the server is moved, since that of the provider stays.
  redirected('AADB2C99002', 'access_denied', unknownHere),
  redirected('AADB2C90009', 'invalid_request', asking({ response_type: 'id_token', nonce: null })),
  redirected('AADB2C90010', 'invalid_request', asking({ scope: null })),
  redirected('AADB2C90013', 'unsupported_response_type', asking({ response_type: 'everything' })),
  redirected('AADB2C90014', 'invalid_request', asking({ response_mode: 'pigeon' })),
  redirected('AADB2C90027', 'server_error', refusedPassword),
  redirected('AADB2C90028', 'server_error', refusedCertificate),
  redirected('AADB2C90037', 'server_error', blocked),
  redirected('AADB2C90043', 'invalid_request', asking({ prompt: 'please' })),
  redirected('AADB2C90055', 'invalid_scope', asking({ response_type: 'token' })),
  redirected('AADB2C90057', 'unauthorized_client', async (bench) => {
    const { appId } = await newApplication(bench.usher, { web: { redirectUris: [redirect] } });
    return raisedBy(await bench.authorize({ client_id: appId, response_type: 'id_token' }));
  }),
  redirected('AADB2C90075', 'server_error', refusedCall),
  redirected('AADB2C90162', 'server_error', noAnswer),
  redirected('AADB2C90261', 'server_error', unreadAnswer),
  redirected('AADB2C90077', 'interaction_required', asking({ prompt: 'none' })),
  redirected('AADB2C90091', 'access_denied', pressing('createAccount', 'cancel')),
  redirected('AADB2C90110', 'invalid_request', async (bench) =>
    raisedBy(await bench.authorize({ response_type: 'id_token', scope: bench.web })),
  ),
  redirected('AADB2C90112', 'invalid_request', asking({ ui_locales: 'de_DE' })),
  redirected('AADB2C90115', 'invalid_scope', asking({ scope: 'offline_access' })),
  redirected('AADB2C90117', 'invalid_scope', asking({ scope: 'openid https://nowhere.example/read' })),
  redirected('AADB2C90145', 'access_denied', noNumber),
  redirected('AADB2C90151', 'access_denied', wrongTextCodes),
  redirected('AADB2C90157', 'access_denied', wrongAppCodes),
  redirected('AADB2C90118', 'access_denied', pressing('forgotPassword')),
  redirected('AADB2C90120', 'invalid_request', asking({ max_age: 'soon' })),
  redirected('AADB2C90121', 'interaction_required', onSession({ prompt: 'none', max_age: '60' })),
  redirected('AADB2C90122', 'invalid_request', asking({ nonce: 'n'.repeat(1025) })),
  redirected('AADB2C90146', 'invalid_scope', async (bench) =>
    raisedBy(await bench.authorize({ scope: `openid ${bench.web} api://${bench.otherApi}/use` })),
  ),
  redirected('AADB2C90184', 'invalid_request', asking({ code_challenge_method: 'S512' })),
  redirected('AADB2C90205', 'invalid_scope', async (bench) =>
    raisedBy(await bench.authorize({ scope: `openid api://${bench.otherApi}/use` })),
  ),
  redirected('AADB2C90273', 'access_denied', turnedBack),
  redirected('AADB2C99005', 'invalid_scope', asking({ scope: 'openid "quoted"' })),
  redirected('AADB2C99059', 'invalid_request', async (bench) =>
    raisedBy(
      await bench.authorize({
        client_id: bench.spa,
        redirect_uri: 'http://localhost:3000/',
        code_challenge: null,
        code_challenge_method: null,
      }),
    ),
  ),

  told('AADB2C90035', 'temporarily_unavailable', crowd, 503),
  told('AADB2C90058', 'unauthorized_client', ({ exchange, web }) => exchange({ client_id: web })),
  told('AADB2C90079', 'invalid_request', ({ redemption }) => redemption({ client_secret: null })),
  told('AADB2C90080', 'invalid_grant', async (bench) => {
    const code = await bench.code();
    await bench.usher.advance(601);
    return bench.redemption({ code });
  }),
  told('AADB2C90081', 'invalid_client', ({ redemption }) => redemption({ client_secret: 'wrong' }), 401),
  told('AADB2C90083', 'invalid_request', ({ redemption }) => redemption({ grant_type: null })),
  told('AADB2C90084', 'invalid_request', ({ exchange }) => exchange({ client_secret: 'any' })),
  told('AADB2C90086', 'unsupported_grant_type', ({ redemption }) => redemption({ grant_type: 'wishing' })),
  told('AADB2C90088', 'invalid_grant', ({ redemption, otherFlow }) => redemption({}, otherFlow)),
  told('AADB2C90090', 'invalid_grant', ({ redemption }) => redemption({ code: 'garbage' })),
  told('AADB2C90107', 'invalid_scope', ({ exchange }) => exchange({ scope: 'offline_access' })),
  told('AADB2C90111', 'access_denied', async (bench) => {
    const { email: username } = await newAccount(bench.usher, { accountEnabled: false });
    return bench.exchange({ username });
  }),
  told('AADB2C90114', 'access_denied', locked),
  told('AADB2C90128', 'invalid_grant', (bench) =>
    afterwards(bench, (id) => bench.usher.graph('DELETE', `/v1.0/users/${id}`)),
  ),
  told('AADB2C90129', 'invalid_grant', (bench) =>
    afterwards(bench, (id) => bench.usher.graph('POST', `/v1.0/users/${id}/revokeSignInSessions`)),
  ),
  told('AADB2C90182', 'invalid_grant', ({ redemption }) => redemption({ code_verifier: `x${verifier.slice(1)}-` })),
  told('AADB2C90183', 'invalid_grant', ({ redemption }) => redemption({ code_verifier: 'short' })),
  told('AADB2C90224', 'unauthorized_client', ({ exchange, spa }) => exchange({ client_id: spa })),
  told('AADB2C90225', 'access_denied', ({ exchange }) => exchange({ password: 'not-the-password' })),
  told('AADB2C90226', 'invalid_request', ({ token }) => token({}, undefined, { method: 'GET' })),
  told('AADB2C90279', 'invalid_grant', async (bench) => {
    const code = await bench.code();
    return bench.token({ grant_type: 'authorization_code', client_id: bench.native, code, code_verifier: verifier });
  }),
  told('AADB2C90287', 'invalid_grant', ({ redemption }) => redemption({ redirect_uri: 'https://elsewhere.example/' })),
  told('AADB2C99013', 'unsupported_grant_type', ({ exchange }) => exchange({ response_type: 'code' })),
  told('AADSTS50055', 'invalid_grant', async (bench) => {
    const passwordProfile = { password: seeded.password, forceChangePasswordNextSignIn: true };
    const { email: username } = await newAccount(bench.usher, { passwordProfile });
    return bench.exchange({ username });
  }),
  told('AADSTS70011', 'invalid_scope', ({ ofTenant }) => ofTenant({ scope: 'https://nowhere.example/.default' })),
  told('AADSTS70003', 'unsupported_grant_type', ({ ofTenant }) => ofTenant({ grant_type: 'password' })),
  told('AADSTS700016', 'unauthorized_client', ({ ofTenant }) => ofTenant({ client_id: unknown })),
  told('AADSTS7000215', 'invalid_client', ({ ofTenant }) => ofTenant({ client_secret: 'wrong' }), 401),
  told('AADSTS7000218', 'invalid_client', ({ ofTenant }) => ofTenant({ client_secret: null }), 401),
  told('AADSTS7000112', 'unauthorized_client', async (bench) =>
    bench.ofTenant({ client_id: await bench.disabledApplication() }),
  ),
  told(
    'AADSTS700025',
    'invalid_client',
    ({ tenant, native }) =>
      tenant.token({ grant_type: 'refresh_token', refresh_token: 'any', client_id: native, client_secret: secret }),
    401,
  ),
  told('AADSTS900144', 'invalid_request', ({ ofTenant }) => ofTenant({ scope: null })),
];

/** What is wrong at a flow in B2C's number is wrong at the tenant in the directory's: the same provocation, and what it is called there. */
const atTenant: Readonly<Record<string, readonly [code: string, error?: string]>> = {
  AADB2C90004: ['AADSTS900971'],
  AADB2C90006: ['AADSTS50011'],
  AADB2C90007: ['AADSTS500113'],
  AADB2C90013: ['AADSTS70005', 'unsupported_response_type'],
  AADB2C90014: ['AADSTS70007', 'invalid_request'],
  AADB2C90043: ['AADSTS90023', 'invalid_request'],
  AADB2C90046: ['AADSTS90007'],
  AADB2C90067: ['AADSTS90102'],
  AADB2C90077: ['AADSTS50058', 'login_required'],
  AADB2C90080: ['AADSTS70008', 'invalid_grant'],
  AADB2C90090: ['AADSTS70000', 'invalid_grant'],
  AADB2C90120: ['AADSTS9002313', 'invalid_request'],
  AADB2C90121: ['AADSTS70044', 'login_required'],
  AADB2C90128: ['AADSTS50034', 'invalid_grant'],
  AADB2C90129: ['AADSTS50173', 'invalid_grant'],
  AADB2C90146: ['AADSTS28000', 'invalid_scope'],
  AADB2C90182: ['AADSTS501481', 'invalid_grant'],
  AADB2C90184: ['AADSTS501491', 'invalid_request'],
  AADB2C90205: ['AADSTS650057', 'invalid_scope'],
  AADB2C90226: ['AADSTS900561', 'invalid_request'],
  AADB2C90287: ['AADSTS500112', 'invalid_grant'],
  AADB2C99059: ['AADSTS9002325', 'invalid_request'],
};

const ofTenant = ofFlows.flatMap((row): readonly Provocation[] => {
  const [code, error] = atTenant[row.code] ?? [];
  if (code === undefined) return [];
  const named = error === undefined ? {} : { error };
  return [{ ...row, code, ...named, raise: ({ tenant }) => row.raise(tenant) }];
});

export const provocations: readonly Provocation[] = [...ofFlows, ...ofTenant];
