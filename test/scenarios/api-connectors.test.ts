import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { accountWith } from '../support/accounts.ts';
import { pkcs12For } from '../support/certificate.ts';
import {
  accounts,
  claimsAfter,
  flowWith,
  type GivenProvider,
  giveProvider,
  graph,
  local,
  through,
} from '../support/federation.ts';
import { freshEmail } from '../support/flow-person.ts';
import { newFlow } from '../support/flow-settings.ts';
import { blocking, complaining, goOn, json, type ListeningApi, listeningApi } from '../support/listening-api.ts';
import { type Attempt, authorize, claimsIn, codeIn, redeem, refresh } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

type Position = 'postFederationSignup' | 'postAttributeCollection' | 'preTokenIssuance';

const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'usher', password: 'sesame' };
const chosen = { newPassword: 'Olive-drum-42', reenterPassword: 'Olive-drum-42' };

describe('API connectors', () => {
  let usher: Usher;
  let api: ListeningApi;
  let provider: GivenProvider;
  let people = 0;
  before(async () => {
    usher = await startUsher();
    const file = (name: string) => readFileSync(join(dirname(usher.caFile), name));
    // With a certificate of the development authority, as `usher trust` has it, and asking who is calling.
    const tls = { cert: file('server.pem'), key: file('server-key.pem'), requestCert: true, rejectUnauthorized: false };
    api = await listeningApi(tls);
    provider = await giveProvider(usher);
  });
  beforeEach(() => {
    api.answering = goOn();
    api.calls.length = 0;
  });
  after(async () => {
    await provider?.server.close();
    await api?.close();
    await usher?.stop();
  });

  async function newConnector(authenticationConfiguration: object = basic, targetUrl = `${api.origin}/check`) {
    const draft = { displayName: 'Check', targetUrl, authenticationConfiguration };
    return String((await graph(usher, 'POST', '/beta/identity/apiConnectors', draft))['id']);
  }
  const place = (flow: string, position: Position) =>
    `/beta/identity/b2cUserFlows/${flow}/apiConnectorConfiguration/${position}/$ref`;
  const connect = (flow: string, position: Position, id: string) =>
    graph(usher, 'PUT', place(flow, position), { '@odata.id': `${usher.url}/beta/identity/apiConnectors/${id}` });

  async function flowCalling(position: Position, parts: object = {}): Promise<string> {
    const flow = await newFlow(usher, parts);
    await connect(flow, position, await newConnector());
    return flow;
  }

  interface Walk {
    readonly visitor: Visitor;
    readonly attempt: Attempt;
    readonly email: string;
    shown: Visit;
  }

  /** Up to the page with a proved address. */
  async function begin(flow: string): Promise<Walk> {
    const [visitor, attempt, email] = [newVisitor(usher), authorize(usher, {}, flow), freshEmail()];
    let shown = await visitor.submit(await visitor.open(attempt.url), 'createAccount');
    shown = await visitor.submit(shown, 'email_ver_but_send', { email });
    const email_ver_input = await usher.code(email);
    shown = await visitor.submit(shown, 'email_ver_but_verify', { email, email_ver_input });
    return { visitor, attempt, email, shown };
  }
  async function signUp(flow: string, values: Readonly<Record<string, string>> = {}): Promise<Walk> {
    const walk = await begin(flow);
    walk.shown = await walk.visitor.submit(walk.shown, 'continue', { email: walk.email, ...chosen, ...values });
    return walk;
  }
  async function signIn(flow: string, visitor = newVisitor(usher)): Promise<Pick<Walk, 'attempt' | 'shown'>> {
    const attempt = authorize(usher, {}, flow);
    const shown = await visitor.open(attempt.url);
    if (shown.left) return { attempt, shown };
    return { attempt, shown: await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password }) };
  }
  const claimsOf = ({ attempt, shown }: Pick<Walk, 'attempt' | 'shown'>, flow: string) =>
    claimsAfter(usher, flow, attempt, shown);
  const messageOf = ({ shown }: Pick<Walk, 'shown'>): string => textOf(shown.html);

  test('a flow calls an API from the moment it is linked until it is unlinked', async () => {
    const flow = await newFlow(usher);
    await signUp(flow);
    assert.equal(api.calls.length, 0);
    await connect(flow, 'postAttributeCollection', await newConnector());
    api.answering = blocking('Registration is closed.');
    const stopped = await signUp(flow);
    assert.match(messageOf(stopped), /You cannot go on here.*Registration is closed\./);
    assert.equal(
      (await accounts(usher)).filter(({ identities }) =>
        identities.some((one) => one.issuerAssignedId === stopped.email),
      ).length,
      0,
    );
    const back = await stopped.visitor.submit(stopped.shown, 'cancel');
    assert.match(back.left?.searchParams.get('error_description') ?? '', /^AADB2C90091/);
    const [call] = api.calls;
    assert.equal(call?.headers.authorization, `Basic ${Buffer.from('usher:sesame').toString('base64')}`);
    assert.deepEqual(
      [call?.body['step'], call?.body['email'], call?.body['client_id']],
      ['PostAttributeCollection', stopped.email, seeded.spa],
    );
    assert.doesNotMatch(JSON.stringify(call?.body), /Olive-drum/, 'a password is for nobody');
    await graph(usher, 'DELETE', place(flow, 'postAttributeCollection'));
    assert.ok(codeIn((await signUp(flow)).shown));
    assert.equal(api.calls.length, 1);
  });

  test('a complaint stands on the page that asked, and what the API puts right is what is kept', async () => {
    const flow = await flowCalling('postAttributeCollection');
    const path = `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`;
    const optional = { isOptional: true, requiresVerification: false, userInputType: 'textBox' };
    await graph(usher, 'POST', path, { ...optional, userAttribute: { id: 'postalCode' } });
    api.answering = complaining('Please enter a valid postal code <here>.');
    const walk = await signUp(flow, { postalCode: '12-345' });
    assert.match(messageOf(walk), /Please enter a valid postal code <here>\./);
    assert.match(walk.shown.html, /value="12-345"/);
    api.answering = goOn({ postalCode: '12345', city: 'Nowhere' });
    walk.shown = await walk.visitor.submit(walk.shown, 'continue', { ...chosen, postalCode: '12 345' });
    const claims = await claimsOf(walk, flow);
    assert.deepEqual([claims['postalCode'], claims['city']], ['12345', 'Nowhere']);
    const kept = await accountWith(usher, String(claims['oid']), ['postalCode', 'city']);
    assert.deepEqual([kept['postalCode'], kept['city']], ['12345', null], 'what the flow does not collect is not kept');
  });

  test('after a provider, an API fills in the page or ends the sign-up', async () => {
    const flow = await flowWith(usher, [provider, local]);
    const path = `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`;
    const optional = { isOptional: true, requiresVerification: false, userInputType: 'textBox' };
    await graph(usher, 'POST', path, { ...optional, userAttribute: { id: 'jobTitle' } });
    await connect(flow, 'postFederationSignup', await newConnector());
    const come = () => {
      people += 1;
      provider.server.person = { sub: `subject-${people}`, name: 'Ida' };
      return newVisitor(usher);
    };
    api.answering = goOn({ jobTitle: 'Supplier' });
    const visitor = come();
    const { attempt, shown } = await through(usher, visitor, flow, provider);
    assert.match(shown.html, /value="Supplier"/);
    const done = await visitor.submit(shown, 'continue');
    assert.equal((await claimsOf({ attempt, shown: done }, flow))['jobTitle'], 'Supplier');
    api.answering = blocking('We do not know you.');
    assert.match(textOf((await through(usher, come(), flow, provider)).shown.html), /We do not know you\./);
  });

  test('before tokens are issued, an API adds to them, also on single sign-on, and not when they are renewed', async () => {
    const flow = await flowCalling('preTokenIssuance', { userFlowType: 'signIn' });
    const visitor = newVisitor(usher);
    api.answering = goOn({ jobTitle: 'First', displayName: '' });
    const first = await signIn(flow, visitor);
    const { answer } = await redeem(usher, first.attempt, codeIn(first.shown), flow);
    const claims = claimsIn(answer.id_token);
    assert.deepEqual([claims['jobTitle'], claims['name']], ['First', undefined]);
    assert.equal(claimsIn(answer.access_token)['jobTitle'], 'First');
    assert.equal(api.calls[0]?.body['objectId'], claims['oid']);
    assert.equal((await accountWith(usher, String(claims['oid']), ['jobTitle']))['jobTitle'], null);
    api.answering = goOn({ jobTitle: 'Second' });
    const renewed = await refresh(usher, answer.refresh_token ?? '', flow);
    assert.equal(
      claimsIn(renewed.answer.id_token)['jobTitle'],
      'First',
      'a renewed token says what the first one said',
    );
    assert.equal(api.calls.length, 1);
    assert.equal((await claimsOf(await signIn(flow, visitor), flow))['jobTitle'], 'Second');
    assert.equal(api.calls.length, 2, 'one call for each sign-in');
  });

  test('a person who is asked more on the way is told of once', async () => {
    const flow = await flowCalling('preTokenIssuance', {
      userFlowType: 'signIn',
      multifactorAuthenticationConfiguration: {
        multifactorAuthenticationState: 'on',
        multifactorAuthenticationMethod: 'email',
      },
    });
    const plain = await newFlow(usher, { userFlowType: 'signIn' });
    const visitor = newVisitor(usher);
    await signIn(plain, visitor);
    const attempt = authorize(usher, {}, flow);
    let shown = await visitor.open(attempt.url);
    assert.equal(shown.left, undefined, 'a second factor is asked for');
    assert.equal(api.calls.length, 0);
    const control = 'emailVerificationControl';
    shown = await visitor.submit(shown, `${control}_but_send_code`);
    const code = { emailVerificationCode: await usher.code(seeded.user) };
    shown = await visitor.submit(shown, `${control}_but_verify_code`, code);
    if (!shown.left) shown = await visitor.submit(shown, 'continue', code);
    assert.ok(codeIn(shown));
    assert.equal(api.calls.length, 1);
  });

  test('nobody gets a token past an API that fails, silently or not', async () => {
    const flow = await flowCalling('preTokenIssuance', { userFlowType: 'signIn' });
    const visitor = newVisitor(usher);
    assert.ok(codeIn((await signIn(flow, visitor)).shown));
    api.answering = json({}, 500);
    const { shown } = await signIn(flow, visitor);
    const id = '[0-9a-f]{8}-[0-9a-f-]{27}';
    const told = `AADB2C90075: The claims exchange 'PreTokenIssuanceRestful' specified in step '1' returned HTTP error response with Code 'InternalServerError' and Reason 'Internal Server Error'\\. Correlation ID: ${id}`;
    assert.match(textOf(shown.html), new RegExp(told));
    const silent = await visitor.open(authorize(usher, { prompt: 'none' }, flow).url);
    assert.equal(silent.left?.searchParams.get('error'), 'interaction_required');
    const back = await visitor.submit(shown, 'cancel');
    assert.equal(back.left?.searchParams.get('error'), 'server_error');
    assert.match(
      back.left?.searchParams.get('error_description') ?? '',
      /^AADB2C90075: The claims exchange 'PreTokenIssuanceRestful'/,
    );
    api.answering = goOn();
    assert.ok(codeIn((await signIn(flow, visitor)).shown));
  });

  test('a client certificate that was uploaded through Graph is shown to the API', async () => {
    const certificate = { '@odata.type': '#microsoft.graph.pkcs12Certificate', ...pkcs12For('usher') };
    const id = await newConnector(certificate);
    const shown: string[] = [];
    api.answering = (response, call, request) => {
      shown.push((request.socket as TLSSocket).getPeerCertificate().fingerprint?.replaceAll(':', '') ?? 'none');
      goOn()(response, call, request);
    };
    const flow = await newFlow(usher, { userFlowType: 'signIn' });
    await connect(flow, 'preTokenIssuance', id);
    assert.ok(codeIn((await signIn(flow)).shown));
    const read = await graph(usher, 'GET', `/beta/identity/apiConnectors/${id}`);
    const { certificateList } = read['authenticationConfiguration'] as {
      certificateList: readonly { readonly thumbprint: string }[];
    };
    assert.deepEqual(shown, [certificateList[0]?.thumbprint]);
  });
});
