import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownAttribute } from './answer-claims.ts';
import { type ConnectorStep, connectorSteps } from './connector-step.ts';
import { type ConnectorAnswer, type HttpAnswer, mostAnswerBytes, readConnectorAnswer } from './read-answer.ts';

const app = '0123456789abcdef0123456789abcdef';
const attributes: readonly KnownAttribute[] = [
  { id: 'displayName', dataType: 'string' },
  { id: 'postalCode', dataType: 'string' },
  { id: 'email', dataType: 'string' },
  { id: `extension_${app}_Shoesize`, dataType: 'int64' },
  { id: `extension_${app}_Member`, dataType: 'boolean' },
  { id: `extension_${app}_Since`, dataType: 'dateTime' },
  { id: `extension_${app}_Colours`, dataType: 'stringCollection' },
];

const sent = (body: string | Buffer, status = 200, contentType = 'application/json; charset=utf-8'): HttpAnswer => ({
  status,
  contentType,
  body: Buffer.from(body),
});
const json = (body: unknown, status = 200) => sent(JSON.stringify(body), status);

const read = (answer: HttpAnswer, step: ConnectorStep = 'PostAttributeCollection', audience: 'b2c' | 'b2x' = 'b2c') =>
  readConnectorAnswer(step, audience, answer, { attributes, credentials: 'password' });

const goOn = { version: '1.0.0', action: 'Continue' };
const block = { version: '1.0.0', action: 'ShowBlockPage', userMessage: 'Not today.' };
const invalid = { version: '1.0.0', status: 400, action: 'ValidationError', userMessage: 'Check the code.' };

const kindAt = (step: ConnectorStep, answer: HttpAnswer, audience: 'b2c' | 'b2x' = 'b2c') => {
  const came = read(answer, step, audience);
  return came.kind === 'Flaw' ? came.code : came.kind;
};

test('each step takes the answers of its row, in flows of both kinds', () => {
  const table: Readonly<Record<ConnectorStep, readonly string[]>> = {
    PostFederationSignup: ['Continue', 'ShowBlockPage', 'AADB2C90075'],
    PostAttributeCollection: ['Continue', 'ShowBlockPage', 'ValidationError'],
    PreTokenIssuance: ['Continue', 'AADB2C90261', 'AADB2C90075'],
  };
  const answers = [json(goOn), json(block), json(invalid, 400)];
  for (const step of connectorSteps) {
    assert.deepEqual(
      answers.map((answer) => kindAt(step, answer)),
      table[step],
      step,
    );
    const guests = step === 'PreTokenIssuance' ? answers.map(() => 'AADB2C90261') : table[step];
    assert.deepEqual(
      answers.map((answer) => kindAt(step, answer, 'b2x')),
      guests,
      `${step} of guests`,
    );
  }
});

function flawOf(answer: HttpAnswer, step?: ConnectorStep): Extract<ConnectorAnswer, { kind: 'Flaw' }> {
  const came = read(answer, step);
  return came.kind === 'Flaw' ? came : assert.fail(`it is taken as ${came.kind}`);
}

const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;

const flaws: readonly (readonly [string, HttpAnswer, string, RegExp])[] = [
  ['a server that fails', sent('', 500), 'AADB2C90075', /status 500/],
  ['a redirect', sent('', 302), 'AADB2C90075', /status 302/],
  ['another success', json(goOn, 201), 'AADB2C90075', /must be 200/],
  ['a wrong password', sent('', 401), 'AADB2C90027', /user name and password/],
  ['no permission', sent('', 403), 'AADB2C90027', /status 403/],
  ['nothing', sent(''), 'AADB2C90261', /empty/],
  ['HTML', sent('<html></html>', 200, 'text/html'), 'AADB2C90261', /Content-Type application\/json/],
  ['text that is JSON', sent(JSON.stringify(goOn), 200, 'text/plain'), 'AADB2C90261', /Content-Type/],
  ['no JSON', sent('{"version":'), 'AADB2C90261', /not valid JSON/],
  ['no UTF-8', sent(Buffer.from([0x7b, 0xff, 0x7d])), 'AADB2C90261', /UTF-8/],
  ['too much', sent(' '.repeat(mostAnswerBytes + 1)), 'AADB2C90261', /longer than/],
  ['a list', json([goOn]), 'AADB2C90261', /one JSON object/],
  ['null', json(null), 'AADB2C90261', /one JSON object/],
  ['a list in a list in a list', sent(deep), 'AADB2C90261', /one JSON object|not valid JSON/],
  ['no version', json({ action: 'Continue' }), 'AADB2C90261', /'version' is missing/],
  ['a number for a version', json({ ...goOn, version: 1 }), 'AADB2C90261', /must be a text/],
  ['the next version', json({ ...goOn, version: '2.0.0' }), 'AADB2C90261', /not known here/],
  ['no action', json({ version: '1.0.0' }), 'AADB2C90261', /'action' is missing/],
  ['an action in other letters', json({ ...goOn, action: 'continue' }), 'AADB2C90261', /must be one of Continue/],
  ['an inherited name for an action', json({ ...goOn, action: 'toString' }), 'AADB2C90261', /must be one of/],
  ['a block page without a message', json({ ...block, userMessage: ' ' }), 'AADB2C90261', /'userMessage'/],
  ['a message without end', json({ ...block, userMessage: 'x'.repeat(2_001) }), 'AADB2C90261', /longer than 2000/],
  ['a block page with 400', json(block, 400), 'AADB2C90075', /must have the HTTP status 200/],
  ['a validation error with 200', json(invalid), 'AADB2C90261', /must have the HTTP status 400/],
  ['a validation error without status', json({ ...invalid, status: undefined }, 400), 'AADB2C90075', /'status'/],
  ['a validation error of custom policies', json({ ...invalid, status: 409 }, 409), 'AADB2C90075', /status 409/],
  ['a plain 400', sent('Bad Request', 400, 'text/plain'), 'AADB2C90075', /Content-Type/],
  ['a number where a text belongs', json({ ...goOn, postalCode: 12349 }), 'AADB2C90261', /'postalCode' must be a text/],
  ['markup in a name', json({ ...goOn, displayName: '<b>' }), 'AADB2C90261', /not allowed/],
  ['a line break', json({ ...goOn, postalCode: '1\n2' }), 'AADB2C90261', /not allowed/],
  ['a long value', json({ ...goOn, postalCode: '1'.repeat(41) }), 'AADB2C90261', /longer than 40/],
  [
    'a broken number',
    json({ ...goOn, extension_Shoesize: 4.5 }),
    'AADB2C90261',
    /'extension_Shoesize' must be a whole/,
  ],
  ['a number too large', json({ ...goOn, extension_Shoesize: 2 ** 60 }), 'AADB2C90261', /whole number/],
  ['a maybe', json({ ...goOn, extension_Member: 'maybe' }), 'AADB2C90261', /true or false/],
  ['a day that is none', json({ ...goOn, extension_Since: '2001-02-30' }), 'AADB2C90261', /must be a date/],
  ['an object for a list', json({ ...goOn, extension_Colours: {} }), 'AADB2C90261', /list of texts/],
];

for (const [what, answer, code, sentence] of flaws) {
  test(`nobody goes on with ${what}`, () => {
    const flaw = flawOf(answer);
    assert.equal(flaw.code, code);
    assert.match(flaw.sentence, sentence);
  });
}

test('a refusal speaks of the certificate where one was sent', () => {
  const answer = readConnectorAnswer('PreTokenIssuance', 'b2c', sent('', 403), {
    attributes,
    credentials: 'certificate',
  });
  assert.deepEqual([answer.kind, answer.kind === 'Flaw' && answer.code], ['Flaw', 'AADB2C90028']);
});

const claimsOf = (members: object) => {
  const answer = read(json({ ...goOn, ...members }));
  return answer.kind === 'Continue' ? answer : assert.fail(JSON.stringify(answer));
};

test('claims are found by either name, in letters of any case, and come with their attribute ids', () => {
  const { claims, ignored } = claimsOf({
    PostalCode: '12349',
    extension_shoesize: 43,
    [`extension_${app}_Member`]: true,
    extension_Since: '2001-02-03',
    extension_Colours: ['red', 'blue'],
  });
  assert.deepEqual(claims, {
    postalCode: '12349',
    [`extension_${app}_Shoesize`]: 43,
    [`extension_${app}_Member`]: true,
    [`extension_${app}_Since`]: '2001-02-03T00:00:00Z',
    [`extension_${app}_Colours`]: 'red,blue',
  });
  assert.deepEqual(ignored, []);
});

test('numbers and yes or no may be written as texts', () => {
  const { claims } = claimsOf({ extension_Shoesize: '43', extension_Member: 'False' });
  assert.deepEqual(Object.values(claims), [43, false]);
});

test('of two names for one claim the longer one counts', () => {
  const { claims } = claimsOf({ extension_Shoesize: 1, [`extension_${app}_Shoesize`]: 2 });
  assert.deepEqual(claims, { [`extension_${app}_Shoesize`]: 2 });
});

test('an empty text clears, null says nothing', () => {
  const { claims, ignored } = claimsOf({ postalCode: '', displayName: null, extension_Shoesize: '' });
  assert.deepEqual(claims, { postalCode: '', [`extension_${app}_Shoesize`]: '' });
  assert.deepEqual(ignored, []);
});

test('what is unknown is ignored and told, what only repeats the request is not', () => {
  const { claims, ignored } = claimsOf({
    email: 'other@example.com',
    Shoesize: 43,
    accountEnabled: false,
    __proto__: null,
    step: 'PostAttributeCollection',
    ui_locales: 'en-US',
    client_id: 'x',
    identities: [],
    objectId: 'x',
  });
  assert.deepEqual(claims, {});
  assert.deepEqual(ignored, ['email', 'Shoesize', 'accountEnabled']);
});

test('every version that begins with 1 is taken: its members are those of 1.0.0', () => {
  for (const version of ['1', '1.0', '1.0.0', '1.0.1']) assert.equal(read(json({ ...goOn, version })).kind, 'Continue');
  for (const version of ['', '0.9', '10.0', '1.0.0.0', '1.0-beta', '1.'])
    assert.equal(read(json({ ...goOn, version })).kind, 'Flaw');
});

test('a status may be a text, a message is trimmed, a byte order mark is no character', () => {
  const answer = sent(`\ufeff${JSON.stringify({ ...invalid, status: '400', userMessage: ' No. ' })}`, 400, '');
  assert.deepEqual(read(answer), { kind: 'ValidationError', userMessage: 'No.' });
});
