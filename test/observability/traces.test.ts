import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { graph } from '../support/federation.ts';
import { newFlow } from '../support/flow-settings.ts';
import { goOn, type ListeningApi, listeningApi } from '../support/listening-api.ts';
import { type OtlpReceiver, otlpReceiver } from '../support/otlp-receiver.ts';
import { authorize, codeIn, redeem, token } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

/** Stands in everything personal or secret that the walk below gives away. */
const marker = 'Zmarkerz';
const email = `${marker}.ada@contoso.example`;
const password = `${marker}-Olive-42`;
const traceId = 'a'.repeat(8) + 'b'.repeat(24);
const correlationId = '6f1d8b2e-77aa-4c62-9d5b-2f0f5d1f6a10';
const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: marker, password: marker };
const headers = {
  traceparent: `00-${traceId}-${'c'.repeat(16)}-01`,
  tracestate: `vendor=${marker}`,
  baggage: `user=${marker}`,
  'client-request-id': correlationId,
  'user-agent': marker,
};

describe('what is told of a sign-up to a collector, the log and nobody else', () => {
  let usher: Usher;
  let receiver: OtlpReceiver;
  let api: ListeningApi;
  /** Everything that was exported, and the log. */
  let told: Buffer;
  let traces: Buffer;
  let metrics: Buffer;
  const secrets: string[] = [];

  before(async () => {
    receiver = await otlpReceiver();
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_SERVICE_NAME: 'usher-under-test',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=tests',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    });
    usher = await startUsher({ data: temporaryFolder(), args: ['--log-level', 'debug'] });
    const file = (name: string) => readFileSync(join(dirname(usher.caFile), name));
    api = await listeningApi({ cert: file('server.pem'), key: file('server-key.pem') });
    api.answering = goOn({ displayName: `${marker} from the API` });
    const flow = await flowWithConnector();
    await signUp(flow);
    await goWrong(flow);
    await usher.stop();
    traces = receiver.received('/v1/traces');
    metrics = receiver.received('/v1/metrics');
    told = Buffer.concat([traces, metrics, Buffer.from(usher.log())]);
  });
  after(async () => {
    await usher?.stop();
    await api?.close();
    await receiver?.close();
  });

  async function flowWithConnector(): Promise<string> {
    const flow = await newFlow(usher);
    const draft = {
      displayName: 'Check',
      targetUrl: `${api.origin}/check?key=${marker}`,
      authenticationConfiguration: basic,
    };
    const { id } = await graph(usher, 'POST', '/beta/identity/apiConnectors', draft);
    const place = `/beta/identity/b2cUserFlows/${flow}/apiConnectorConfiguration/postAttributeCollection/$ref`;
    await graph(usher, 'PUT', place, { '@odata.id': `${usher.url}/beta/identity/apiConnectors/${id}` });
    return flow;
  }

  async function signUp(flow: string): Promise<void> {
    const visitor = newVisitor(usher, headers);
    const attempt = authorize(usher, { login_hint: email, nonce: marker }, flow);
    let shown = await visitor.submit(await visitor.open(attempt.url), 'createAccount');
    shown = await visitor.submit(shown, 'email_ver_but_send', { email });
    const email_ver_input = await usher.code(email);
    shown = await visitor.submit(shown, 'email_ver_but_verify', { email, email_ver_input });
    shown = await visitor.submit(shown, 'continue', { email, newPassword: password, reenterPassword: password });
    const code = codeIn(shown);
    const { status, answer } = await redeem(usher, attempt, code, flow);
    assert.equal(status, 200, JSON.stringify(answer));
    secrets.push(...visitor.cookies.values());
    secrets.push(
      code,
      String(answer.id_token).slice(-40),
      String(answer.refresh_token),
      attempt.state,
      attempt.verifier,
    );
  }

  /** Every way of putting a personal value where an address, a query or an error might carry it on. */
  async function goWrong(flow: string): Promise<void> {
    const visitor = newVisitor(usher, headers);
    const shown = await visitor.open(authorize(usher, {}, flow).url);
    await visitor.submit(shown, 'next', { email, password: `${password}-wrong` });
    await token(usher, { grant_type: marker, code: marker, client_id: marker, scope: marker }, flow);
    const addresses = [
      `/v1.0/users/${email}`,
      `/v1.0/users('${email}')/memberOf`,
      `/beta/users?$filter=mail eq '${email}'`,
      `/beta/${marker}/${email}`,
    ];
    for (const address of addresses) await usher.graph('GET', address);
    await usher.graph('POST', '/beta/users', { displayName: marker, mailNickname: { broken: marker } });
    for (const address of [
      `/${marker}/redeem?ticket=${marker}`,
      `/journey/${marker}/${marker}`,
      `/${seeded.tenant}/redeem?ticket=${marker}`,
      `/${seeded.tenant}/${marker}/oauth2/v2.0/authorize?client_id=${marker}&redirect_uri=${marker}`,
      `/${marker}/${email}`,
      `/${seeded.tenant}/oauth2/authresp?state=${marker}&code=${marker}`,
    ]) {
      await fetch(`${usher.url}${address}`, { headers: { ...headers, authorization: `Bearer ${marker}` } });
    }
  }

  const holds = (where: Buffer, text: string): boolean => where.includes(Buffer.from(text));

  test('nothing personal, no secret, no code and no query is in it', () => {
    assert.ok(secrets.length >= 5 && secrets.every((secret) => secret.length > 8));
    for (const secret of [marker, marker.toLowerCase(), ...secrets]) assert.ok(!holds(told, secret), secret);
  });

  test('every kind of work is a span, and all of them are found by the journey', () => {
    const names = [
      'GET /{tenant}/{flow}/oauth2/v2.0/authorize',
      'POST /journey/{tenant}/{id}',
      'POST /{tenant}/{flow}/oauth2/v2.0/token',
      'GET /v1.0/users/{id}',
      'step ',
      'call connector',
      'send mail',
      'hash hash',
      'hash verify',
      'grant authorization_code',
      'store write',
      'store ephemeral.take',
    ];
    for (const name of names) assert.ok(holds(traces, name), `there is no span '${name}'`);
    for (const text of [correlationId, 'usher.flow.id', 'usher-under-test', 'deployment.environment.name']) {
      assert.ok(holds(traces, text), text);
    }
  });

  test('a request continues the trace it names, and so does the API of the tenant, which hears nothing else of it', () => {
    assert.ok(traces.includes(Buffer.from(traceId, 'hex')));
    const [call] = api.calls;
    assert.match(String(call?.headers['traceparent']), new RegExp(`^00-${traceId}-(?!c{16})[0-9a-f]{16}-01$`));
    assert.deepEqual([call?.headers['tracestate'], call?.headers['baggage']], [undefined, undefined]);
  });

  test('lines of the log name their trace', () => {
    const lines = usher
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const moved = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'journey.moved');
    assert.ok(moved.length > 3);
    for (const line of moved) {
      assert.equal(line.correlationId, correlationId);
      assert.equal(line.trace_id, traceId);
      assert.match(line.span_id, /^[0-9a-f]{16}$/);
    }
  });

  test('metrics are pushed under the names that Prometheus has them by', () => {
    for (const name of [
      'http.server.request.duration',
      'usher.journeys.began',
      'usher.tokens.issued',
      'usher.store.duration',
    ]) {
      assert.ok(holds(metrics, name), name);
    }
  });
});
