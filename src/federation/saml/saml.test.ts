import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthnRequest, persistentFormat, signed } from '../../../test/support/saml-provider.ts';
import { entities } from '../../model/index.ts';
import { admin } from '../testing/house.ts';
import {
  type Change,
  callback,
  departure,
  entityId,
  others,
  ours,
  reasonOf,
  settle,
  type,
} from '../testing/saml-setting.ts';
import { samlMetadata } from './service-provider.ts';

test('whoever signs in there is proved by a signed assertion', async (t) => {
  const { local, signIn } = await settle(t);
  const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
  const attributes = {
    [`${claims}/emailaddress`]: 'anna@partner.example',
    email: 'second@partner.example',
    [`${claims}/givenname`]: 'Anna',
    'urn:oid:2.5.4.4': 'Vogel &amp; S&#xF6;hne',
    displayName: ' ',
    unknown: 'x',
  };
  assert.deepEqual(await signIn(() => ({ attributes })), {
    kind: 'proved',
    person: {
      issuer: local.entityId,
      issuerAssignedId: 'G-7f3a/9+c1==',
      claims: { email: 'anna@partner.example', givenName: 'Anna', surname: 'Vogel & Söhne' },
      isEmailVerified: false,
    },
  });
});

test('the request says who asks, where the answer goes and that the name is to last', async (t) => {
  const { provider, local } = await settle(t);
  const asked: AuthnRequest[] = [];
  for (const more of [{}, { isFresh: true } as const]) {
    const departed = await provider.depart({ ...departure, ...more });
    assert.ok(departed);
    assert.equal(new URL(departed.url).searchParams.get('tenant'), '1');
    await local.visit(departed.url, (request) => {
      asked.push(request);
      return {};
    });
    const { xml, ...request } = asked.at(-1) ?? { xml: '' };
    assert.deepEqual(request, {
      id: departed.kept['requestId'],
      issuer: entityId,
      callback,
      relayState: departure.state,
      isForced: 'isFresh' in more,
    });
    assert.ok(xml.includes(`Format="${persistentFormat}"`));
  }
  assert.notEqual(asked[0]?.id, asked[1]?.id);
});

test('the metadata tells a provider what it has to know, and nothing breaks out of it', () => {
  const xml = samlMetadata(callback);
  assert.ok(xml.includes(`entityID="${entityId}"`));
  assert.ok(xml.includes(`Location="${callback}"`));
  assert.match(xml, /WantAssertionsSigned="true"/);
  assert.doesNotMatch(samlMetadata('https://login.example/a"><x>/oauth2/authresp'), /<x>|"><x/);
});

test('an address counts as proved in the domains that the provider speaks for', async (t) => {
  const { house, provider, signIn } = await settle(t);
  const email = async (address: string) => {
    const outcome = await signIn(() => ({ attributes: { mail: address } }));
    return outcome.kind === 'proved' && outcome.person.isEmailVerified;
  };
  assert.equal(await email('anna@partner.example'), false);
  const within = { parent: { type, id: provider.id }, navigation: 'domains' };
  await house.directory.create(admin, entities.externalDomainName, { id: 'partner.example' }, { within });
  assert.equal(await email('anna@partner.example'), true);
  assert.equal(await email('anna@PARTNER.example'), true);
  const others = [
    'anna@sub.partner.example',
    'anna@partner.example.evil.example',
    'anna@partner.example@evil.example',
    'partner',
  ];
  for (const address of others) assert.equal(await email(address), false, address);
});

const rejected: readonly (readonly [string, Change, RegExp])[] = [
  ['is not signed', () => ({ signs: 'nothing' }), /no assertion that the provider signed/],
  ['is signed as a response alone', () => ({ signs: 'response' }), /no assertion that the provider signed/],
  ['is signed by somebody else', () => ({ key: others }), /no assertion that the provider signed/],
  ['is signed with SHA-1', () => ({ algorithm: 'sha1' }), /algorithm that is not accepted/],
  ['is of another issuer', () => ({ issuer: 'https://evil.example' }), /another issuer/],
  ['is for another server', () => ({ audience: 'https://other.example' }), /no assertion|not for this server/],
  ['is for nobody', () => ({ conditions: '<saml:Conditions/>' }), /no assertion|not for this server/],
  ['has no conditions', () => ({ conditions: '' }), /no assertion|not for this server/],
  ['is for another address', () => ({ recipient: 'https://other.example/acs' }), /does not answer this request/],
  ['has expired', () => ({ expiresIn: -120 }), /no assertion|not for now/],
  ['is of tomorrow', () => ({ validFromIn: 86_400 }), /no assertion|not for now/],
  ['answers another request', () => ({ inResponseTo: '_another', responseInResponseTo: '_another' }), /no assertion/],
  [
    'answers another request below a forged response',
    () => ({ inResponseTo: '_another' }),
    /no assertion|does not answer/,
  ],
  ['answers no request', () => ({ inResponseTo: '', responseInResponseTo: '' }), /no assertion/],
  ['tells of no sign-in', () => ({ authnStatement: '' }), /tells of no sign-in/],
  ['is held by somebody else', () => ({ method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' }), /does not answer/],
  ['has no confirmation', () => ({ confirmation: '' }), /does not answer|no assertion/],
  [
    'has a confirmation without data',
    ({ callback: at }) => ({ confirmation: `<saml:SubjectConfirmation Method="${at}"/>` }),
    /does not answer|no assertion/,
  ],
  ['names nobody', () => ({ nameId: '' }), /is no name/],
  [
    'names somebody for a moment',
    () => ({ nameIdAttributes: ' Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"' }),
    /not persistent/,
  ],
  [
    'names an address',
    () => ({
      nameIdAttributes: ' Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"',
      nameId: 'anna@partner.example',
    }),
    /not persistent/,
  ],
  ['calls an address lasting', () => ({ nameId: 'anna@partner.example' }), /is an address/],
  ['names without saying how', () => ({ nameIdAttributes: '' }), /not persistent/],
  [
    'names somebody for another server',
    () => ({ nameIdAttributes: ` Format="${persistentFormat}" SPNameQualifier="https://other.example"` }),
    /somebody else/,
  ],
  ['names with spaces', () => ({ nameId: 'a b' }), /is no name/],
  ['names at length', () => ({ nameId: 'x'.repeat(257) }), /is no name/],
];

for (const [what, change, expected] of rejected) {
  test(`an assertion that ${what} proves nobody`, async (t) => {
    const { signIn } = await settle(t);
    assert.match(reasonOf(await signIn(change)), expected);
  });
}

test('a response signed on top of its assertion is as good', async (t) => {
  const { signIn } = await settle(t);
  assert.equal((await signIn(() => ({ signs: 'both', algorithm: 'sha512' }))).kind, 'proved');
});

test('documents are written in several ways: without prefixes, in many lines, with line ends of Windows', async (t) => {
  const { signIn } = await settle(t);
  const written: readonly ((xml: string) => string)[] = [
    (xml) => xml.replaceAll('saml:', '').replaceAll('xmlns:saml=', 'xmlns='),
    (xml) => xml.replaceAll('><', '>\n  <'),
    (xml) => xml.replaceAll('><', '>\r\n<'),
    (xml) => xml.replace(/^<\?xml[^>]*>/, ''),
  ];
  for (const before of written) {
    const outcome = await signIn(() => ({ before }));
    assert.equal(
      outcome.kind === 'proved' && outcome.person.issuerAssignedId,
      'G-7f3a/9+c1==',
      JSON.stringify(outcome),
    );
  }
  const wrapped = (xml: string) =>
    xml.replace(
      /(<(?:ds:)?SignatureValue>)([^<]+)/,
      (_, tag: string, value: string) => tag + value.replace(/.{76}/g, '$&&#13;\n'),
    );
  assert.equal((await signIn(() => ({ after: wrapped }))).kind, 'proved');
});

test('an answer that is no answer proves nobody', async (t) => {
  const { provider } = await settle(t);
  const departed = await provider.depart(departure);
  const way = { ...departure, kept: departed?.kept ?? {} };
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
  const RelayState = departure.state;
  const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';
  const answers: readonly Readonly<Record<string, string>>[] = [
    {},
    { RelayState },
    { RelayState, SAMLResponse: '' },
    { RelayState, SAMLResponse: '***' },
    { RelayState, SAMLResponse: base64(Buffer.from([0xff, 0xfe, 0x3c])) },
    { RelayState, SAMLResponse: base64('hello') },
    { RelayState, SAMLResponse: base64('<a>') },
    { RelayState, SAMLResponse: base64('<Response/>') },
    { RelayState, SAMLResponse: base64(`<Response><Status><StatusCode Value="${success}"/></Status></Response>`) },
    { RelayState, code: 'x' },
  ];
  for (const params of answers) reasonOf(await provider.receive({ params }, way));
});

test('an answer with another state, or none, is not looked into', async (t) => {
  const { local, provider } = await settle(t);
  const departed = await provider.depart(departure);
  assert.ok(departed);
  const { params } = await local.visit(departed.url);
  const way = { ...departure, kept: departed.kept };
  for (const RelayState of ['', 'another']) {
    assert.match(reasonOf(await provider.receive({ params: { ...params, RelayState } }, way)), /another state/);
  }
  const { RelayState: _, ...without } = params;
  assert.match(reasonOf(await provider.receive({ params: without }, way)), /another state/);
});

test('an answer that was good once is good for no other departure', async (t) => {
  const { local, provider } = await settle(t);
  const [first, second] = [await provider.depart(departure), await provider.depart(departure)];
  assert.ok(first && second);
  const answer = await local.visit(first.url);
  assert.equal((await provider.receive(answer, { ...departure, kept: first.kept })).kind, 'proved');
  assert.match(reasonOf(await provider.receive(answer, { ...departure, kept: second.kept })), /for this request/);
  assert.match(reasonOf(await provider.receive(answer, { ...departure, kept: {} })), /for this request/);
});

test('an answer for one tenant is good for no other', async (t) => {
  const { local, provider } = await settle(t);
  const departed = await provider.depart(departure);
  assert.ok(departed);
  const answer = await local.visit(departed.url);
  const elsewhere = callback.replace('contoso', 'fabrikam');
  reasonOf(await provider.receive(answer, { ...departure, callback: elsewhere, kept: departed.kept }));
});

test('whoever turns back there proves nothing, and an error is none of it', async (t) => {
  const { signIn } = await settle(t);
  const end = async (...statuses: readonly string[]) => signIn(() => ({ statuses, signs: 'nothing' }));
  assert.deepEqual(await end('Responder', 'AuthnFailed'), { kind: 'cancelled' });
  assert.deepEqual(await end('Requester', 'RequestDenied'), { kind: 'cancelled' });
  assert.match(reasonOf(await end('Responder')), /'Responder'/);
  assert.match(reasonOf(await end('Requester', 'InvalidNameIDPolicy')), /'InvalidNameIDPolicy'/);
  assert.match(reasonOf(await end()), /without a status/);
});

test('a failure that holds an assertion all the same proves nobody', async (t) => {
  const { signIn } = await settle(t);
  const fail = (xml: string) => xml.replace('status:Success', 'status:Responder');
  assert.match(reasonOf(await signIn(() => ({ after: fail }))), /'Responder'/);
});

test('a fresh sign-in that was asked for has to be one', async (t) => {
  const { signIn } = await settle(t);
  const old = () => ({ signedInAgo: 3600 });
  const fresh = { isFresh: true } as const;
  assert.equal((await signIn(old)).kind, 'proved');
  assert.match(reasonOf(await signIn(old, fresh)), /not fresh/);
  assert.equal((await signIn(() => ({ signedInAgo: 0 }), fresh)).kind, 'proved');
  assert.match(
    reasonOf(await signIn(() => ({ authnStatement: '<saml:AuthnStatement SessionIndex="s"/>' }), fresh)),
    /not fresh/,
  );
});

test('the local provider signs as real ones do', () => {
  const xml = '<r:Response xmlns:r="r" ID="_r"><r:Issuer>x</r:Issuer></r:Response>';
  assert.match(signed(xml, 'Response', { key: ours, algorithm: 'sha256' }), /rsa-sha256[\s\S]*<\/r:Response>$/);
});
