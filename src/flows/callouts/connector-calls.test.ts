import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { certificateFor } from '../../../test/support/certificate.ts';
import {
  type Answering,
  failing,
  goOn,
  json,
  type ListeningApi,
  listeningApi,
} from '../../../test/support/listening-api.ts';
import { createOutside, type Outside } from '../../connectors/index.ts';
import { entities } from '../../model/index.ts';
import { pkcs12Between } from '../connectors/testing/pkcs12.ts';
import { addConnector } from '../testing/connectors.ts';
import { type House, openHouse, seed } from '../testing/harness.ts';
import { restRules } from './circuit-breaker.ts';
import { type ConnectorCalls, createConnectorCalls } from './connector-calls.ts';

const body = { email: 'ida@contoso.example', step: 'PreTokenIssuance' };

/** What each failure comes to, and how often the API is called. */
const outcomes: Readonly<Record<keyof typeof failing, readonly [string, number]>> = {
  hangs: ['AADB2C90162', 2],
  'closes the connection': ['AADB2C90162', 2],
  'closes it in the middle of the answer': ['AADB2C90162', 2],
  drips: ['AADB2C90162', 2],
  'answers 500': ['AADB2C90075', 1],
  'sends it inside': ['AADB2C90075', 1],
  'answers 3 MB': ['AADB2C90261', 1],
  'answers HTML': ['AADB2C90261', 1],
  'answers what is no UTF-8': ['AADB2C90261', 1],
  'answers what is no JSON': ['AADB2C90261', 1],
};

const failures: readonly (readonly [string, Answering, string, number])[] = [
  ...(Object.keys(outcomes) as (keyof typeof failing)[]).map((how) => [how, failing[how], ...outcomes[how]] as const),
  ['answers without version', json({ action: 'Continue' }), 'AADB2C90261', 1],
  ['answers in another version', json({ version: '2.0.0', action: 'Continue' }), 'AADB2C90261', 1],
  ['answers without action', json({ version: '1.0.0' }), 'AADB2C90261', 1],
  [
    'answers 400 without status',
    json({ version: '1.0.0', action: 'ValidationError', userMessage: 'x' }, 400),
    'AADB2C90075',
    1,
  ],
  ['answers 401', json({}, 401), 'AADB2C90027', 1],
  ['answers 403', json({}, 403), 'AADB2C90027', 1],
];

describe('calls of API connectors', () => {
  let house: House;
  let api: ListeningApi;
  let connectors: ConnectorCalls;
  const callsOver = (outside: Outside, milliseconds = 10_000) =>
    createConnectorCalls({ ...house, outside, milliseconds });
  const ask = (connectorId: string, calls = connectors) =>
    calls.ask({
      connectorId,
      address: '203.0.113.7',
      step: 'PreTokenIssuance',
      audience: 'b2c',
      body,
      attributes: [],
      occasion: { flowId: 'B2C_1_susi', appId: 'a', correlationId: 'c' },
    });
  const codeOf = async (connectorId: string, calls = connectors) => {
    const { answer } = await ask(connectorId, calls);
    return answer.kind === 'Flaw' ? answer.code : answer.kind;
  };
  before(async () => {
    house = await openHouse();
    api = await listeningApi();
  });
  beforeEach(() => {
    connectors = callsOver(house.outside);
    api.answering = goOn();
    api.calls.length = 0;
  });
  after(async () => {
    await api.close();
    await house.close();
  });

  test('the API is sent JSON, with user name and password', async () => {
    const { answer, attempts } = await ask(await addConnector(house, `${api.origin}/a?code=k`));
    assert.deepEqual([answer.kind, attempts], ['Continue', 1]);
    const [call] = api.calls;
    assert.deepEqual([call?.method, call?.url, call?.body], ['POST', '/a?code=k', body]);
    assert.equal(call?.headers['content-type'], 'application/json');
    assert.equal(call?.headers.authorization, `Basic ${Buffer.from('usher:sesame').toString('base64')}`);
  });

  test('a connection is kept for the next call of the connector, and for no other one', async () => {
    const [one, other] = [await addConnector(house, api.origin), await addConnector(house, api.origin)];
    const before = api.connections;
    for (let turn = 0; turn < 3; turn += 1) await ask(one);
    assert.equal(api.connections, before + 1);
    await ask(other);
    assert.equal(api.connections, before + 2);
  });

  test('an API may speak of the attributes that the tenant has now', async () => {
    const names = async () => (await connectors.attributes()).map(({ id }) => id);
    assert.ok((await names()).includes('city'));
    const draft = { displayName: 'Shoe size', dataType: 'int64' } as const;
    const { entity } = await house.directory.create(seed, entities.identityUserFlowAttribute, draft);
    assert.ok((await names()).includes(entity.id));
    await house.directory.remove(seed, { type: entities.identityUserFlowAttribute, id: entity.id });
    assert.ok(!(await names()).includes(entity.id));
  });

  for (const [how, answering, code, attempts] of failures) {
    test(`an API that ${how} lets nobody go on`, async () => {
      api.answering = answering;
      // Only who never comes to an end is to be given up soon, so that a busy machine changes nothing.
      const calls = how === 'hangs' || how === 'drips' ? callsOver(house.outside, 200) : connectors;
      const came = await ask(await addConnector(house, api.origin), calls);
      assert.equal(came.answer.kind, 'Flaw');
      assert.deepEqual(
        [came.answer.kind === 'Flaw' && came.answer.code, came.attempts, api.calls.length],
        [code, attempts, attempts],
      );
    });
  }

  test('an API that answers at the second attempt has answered', async () => {
    api.answering = (response, call, request) => {
      api.answering = goOn();
      request.socket.destroy();
      return response.destroyed && call;
    };
    assert.equal((await ask(await addConnector(house, api.origin))).answer.kind, 'Continue');
    assert.equal(api.calls.length, 2);
  });

  test('a name that leads nowhere, a server that does not listen, and one that may not be called are told apart', async () => {
    const causeOf = async (url: string, calls = connectors) => {
      const { answer, attempts } = await ask(await addConnector(house, url), calls);
      return [answer.kind === 'Flaw' && answer.code, answer.kind === 'Flaw' && answer.cause, attempts];
    };
    assert.deepEqual(await causeOf('https://nowhere.invalid/'), ['AADB2C90162', 'unknownHost', 2]);
    assert.deepEqual(await causeOf('https://localhost:1/'), ['AADB2C90162', 'unreachable', 2]);
    const guarded = callsOver(createOutside({ allowLoopback: false }));
    assert.deepEqual(await causeOf(api.origin, guarded), ['AADB2C90162', 'forbidden', 1]);
    assert.deepEqual(await causeOf('https://169.254.169.254/latest', guarded), ['AADB2C90162', 'forbidden', 1]);
    assert.equal(api.calls.length, 0);
  });

  test('an API that fails again and again is given a rest, then one call tries it', async () => {
    const [failing, other] = [await addConnector(house, api.origin), await addConnector(house, api.origin)];
    api.answering = json({}, 503);
    for (let turn = 0; turn < restRules.failures; turn += 1) assert.equal(await codeOf(failing), 'AADB2C90075');
    const before = api.calls.length;
    const { answer, attempts } = await ask(failing);
    assert.deepEqual([answer.kind === 'Flaw' && answer.cause, attempts, api.calls.length], ['resting', 0, before]);
    assert.equal(await codeOf(other), 'AADB2C90075', 'another connector is asked all the same');
    house.clock.advance(restRules.seconds);
    assert.equal(await codeOf(failing), 'AADB2C90075', 'it still fails');
    assert.equal(await codeOf(failing), 'AADB2C90162', 'and rests again');
    house.clock.advance(restRules.seconds);
    api.answering = goOn();
    assert.deepEqual([await codeOf(failing), await codeOf(failing)], ['Continue', 'Continue']);
  });

  test('while one call tries it, nobody else waits for it', async () => {
    const connector = await addConnector(house, api.origin);
    api.answering = json({}, 503);
    for (let turn = 0; turn < restRules.failures; turn += 1) await ask(connector);
    house.clock.advance(restRules.seconds);
    const came = await Promise.all(Array.from({ length: 10 }, () => codeOf(connector)));
    assert.deepEqual(came.filter((code) => code === 'AADB2C90075').length, 1);
  });

  test('what people do wrong is no failure of the API', async () => {
    const connector = await addConnector(house, api.origin);
    for (const answering of [json({}, 401), json({}, 404), failing['answers what is no JSON']]) {
      api.answering = answering;
      for (let turn = 0; turn <= restRules.failures; turn += 1) assert.notEqual(await codeOf(connector), 'AADB2C90162');
    }
  });

  test('a connector that is gone is told as such', async () => {
    const id = await addConnector(house, api.origin);
    await house.directory.remove(seed, { type: entities.identityApiConnector, id });
    const { answer, attempts } = await ask(id);
    assert.deepEqual(
      [answer.kind === 'Flaw' && answer.sentence, attempts],
      ['the API connector does not exist any more', 0],
    );
  });

  describe('over TLS', () => {
    const server = certificateFor('localhost');
    const outside = createOutside({ allowLoopback: true, authorities: [server.certificate] });
    const secureApi = async (t: TestContext, more = {}) => {
      const secure = await listeningApi({ cert: server.certificate, key: server.key, ...more });
      t.after(() => secure.close());
      return secure;
    };

    test('an authority that the operator names is trusted, and no other one', async (t) => {
      const secure = await secureApi(t);
      const connector = await addConnector(house, secure.origin);
      assert.equal(await codeOf(connector), 'AADB2C90162');
      assert.equal(await codeOf(connector, callsOver(outside)), 'Continue');
    });

    test('a certificate of another name is not taken', async (t) => {
      const other = certificateFor('api.contoso.example');
      const secure = await secureApi(t, { cert: other.certificate, key: other.key });
      const trusting = createOutside({ allowLoopback: true, authorities: [other.certificate] });
      assert.equal(await codeOf(await addConnector(house, secure.origin), callsOver(trusting)), 'AADB2C90162');
      assert.equal(secure.calls.length, 0);
    });

    /** An API that tells by `x-thumbprint` which certificate it was shown. */
    const asking = async (t: TestContext) => {
      const secure = await secureApi(t, { requestCert: true, rejectUnauthorized: false });
      const shown: string[] = [];
      secure.answering = (response, call, request) => {
        const certificate = (request.socket as TLSSocket).getPeerCertificate();
        shown.push(certificate.fingerprint?.replaceAll(':', '') ?? 'none');
        goOn()(response, call, request);
      };
      return { secure, shown };
    };
    const certified = (origin: string, from: number, to: number) => {
      const { base64, password } = pkcs12Between(house.clock.now() + from, house.clock.now() + to);
      return addConnector(house, origin, { '@odata.type': 'pkcs12Certificate', pkcs12Value: base64, password });
    };
    const thumbprintOf = async (id: string) => {
      const found = await house.directory.get({ type: entities.identityApiConnector, id });
      const given = found?.entity.authenticationConfiguration;
      return given?.['@odata.type'] === 'clientCertificateAuthentication' ? given.certificateList[0]?.thumbprint : '';
    };

    test('each connector shows its own certificate, and one without shows none', async (t) => {
      const { secure, shown } = await asking(t);
      const calls = callsOver(outside);
      const [one, other] = [await certified(secure.origin, -100, 100), await certified(secure.origin, -100, 100)];
      const plain = await addConnector(house, secure.origin);
      for (const id of [one, other, plain, one, other]) assert.equal(await codeOf(id, calls), 'Continue');
      const [first, second] = [await thumbprintOf(one), await thumbprintOf(other)];
      assert.deepEqual(shown, [first, second, 'none', first, second]);
      assert.equal(secure.connections, 3, 'each has a connection of its own and keeps it');
      assert.equal(secure.calls[0]?.headers.authorization, undefined);
    });

    test('a certificate that was replaced is not shown any more', async (t) => {
      const { secure, shown } = await asking(t);
      const calls = callsOver(outside);
      const id = await certified(secure.origin, -100, 100);
      assert.equal(await codeOf(id, calls), 'Continue');
      const { base64, password } = pkcs12Between(house.clock.now() - 100, house.clock.now() + 100);
      const authenticationConfiguration = { '@odata.type': 'pkcs12Certificate', pkcs12Value: base64, password };
      await house.directory.update(seed, { type: entities.identityApiConnector, id }, { authenticationConfiguration });
      assert.equal(await codeOf(id, calls), 'Continue');
      assert.notEqual(shown[0], shown[1]);
      assert.equal(shown[1], await thumbprintOf(id));
    });

    test('a certificate that is not valid now is not shown, and a refused one is told as such', async (t) => {
      const { secure } = await asking(t);
      const expired = await certified(secure.origin, -200, -100);
      assert.deepEqual([await codeOf(expired, callsOver(outside)), secure.calls.length], ['AADB2C90028', 0]);
      secure.answering = json({}, 403);
      assert.equal(await codeOf(await certified(secure.origin, -100, 100), callsOver(outside)), 'AADB2C90028');
    });

    test('TLS 1.1 is refused', async (t) => {
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
      const secure = await secureApi(t, old);
      assert.equal(await codeOf(await addConnector(house, secure.origin), callsOver(outside)), 'AADB2C90162');
      assert.equal(secure.calls.length, 0);
    });
  });
});
