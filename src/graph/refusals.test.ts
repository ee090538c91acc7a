import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { defineFaults, type Fault } from '../kernel/index.ts';
import { storeFaults } from '../store/index.ts';
import { errorReply } from './error.ts';
import { type Body, openWorld, origin, type Sent, seed, type World } from './testing/harness.ts';

/** The refusals of Graph contract d.6, d.3 and d.5, as a client sees them. */

const flows = '/beta/identity/b2cUserFlows';
const flow = `${flows}/B2C_1_susi`;
const missing = (id: string) =>
  `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
const noSegment = (name: string) => `Resource not found for the segment '${name}'.`;

type Case = readonly [request: string, status: number, code: string, message: string | RegExp, sent?: Sent];

const unknownAddresses: readonly Case[] = [
  ['GET /v1.0/nothing', 400, 'BadRequest', noSegment('nothing')],
  ['DELETE /v1.0/nothing/x/y', 400, 'BadRequest', noSegment('nothing')],
  [`GET ${flow}/nothing`, 400, 'BadRequest', noSegment('nothing')],
  ['POST /v1.0/identity/b2cUserFlows', 400, 'BadRequest', noSegment('b2cUserFlows')],
  ['GET /v1.0/users/$value', 400, 'BadRequest', noSegment('$value')],
  ['GET /v1.0/$count', 400, 'BadRequest', noSegment('$count')],
];

const malformedAddresses: readonly Case[] = [
  ['GET /v1.0/users/%zz', 400, 'BadRequest', /escape/],
  ['GET /v1.0/users/%C3%28', 400, 'BadRequest', /escape/],
  ['GET /v1.0/users?$filter=%E0', 400, 'BadRequest', /escape/],
  ['GET /v1.0/users?%zz=1', 400, 'BadRequest', /escape/],
  ['GET /v1.0/users/a%2Fb', 400, 'BadRequest', /slash/],
  ['GET /v1.0/users/a%00', 400, 'BadRequest', /control/],
  ['GET /v1.0//users', 400, 'BadRequest', /empty segment/],
  [`GET /v1.0/users${'/x'.repeat(20)}`, 400, 'BadRequest', /segments/],
  [`GET /v1.0/users/${'x'.repeat(2_000)}`, 400, 'BadRequest', /too long/],
  [`GET /v1.0/users/${'x'.repeat(17_000)}`, 414, 'UriTooLong', /16384/],
  [`GET /v1.0/users?x=${'x'.repeat(17_000)}`, 414, 'UriTooLong', /16384/],
  [`POST /beta/$batch?x=${'x'.repeat(17_000)}`, 414, 'UriTooLong', /16384/, { body: {} }],
];

const options: readonly Case[] = [
  ['GET /v1.0/users?$top=1&$top=1', 400, 'BadRequest', "The query option '$top' was sent more than once."],
  ['GET /beta/users?$top=1&TOP=1', 400, 'BadRequest', "The query option '$top' was sent more than once."],
  ['GET /v1.0/users?$nothing=1', 400, 'BadRequest', "The query option '$nothing' is not recognized."],
  ['GET /beta/users?$apply=x', 400, 'BadRequest', "The query option '$apply' is not recognized."],
  [`DELETE ${flow}?$top=1`, 400, 'Request_UnsupportedQuery', "The query option '$top' is not supported here."],
  [`POST ${flows}?$filter=x`, 400, 'Request_UnsupportedQuery', "The query option '$filter' is not supported here."],
  ['GET /v1.0/$metadata?$top=1', 400, 'Request_UnsupportedQuery', "The query option '$top' is not supported here."],
  [`GET ${flow}/languages/en/defaultPages/x/$value?$select=id`, 400, 'Request_UnsupportedQuery', /\$select/],
];

const absent: readonly Case[] = [
  ['GET /v1.0/users/none', 404, 'Request_ResourceNotFound', missing('none')],
  ['GET /v1.0/users/none@x.example', 404, 'Request_ResourceNotFound', missing('none@x.example')],
  ["GET /v1.0/applications(appId='none')", 404, 'Request_ResourceNotFound', missing('none')],
  [`PATCH ${flows}/none`, 404, 'Request_ResourceNotFound', missing('none'), { body: { defaultLanguageTag: 'en' } }],
  [`DELETE ${flows}/none`, 404, 'Request_ResourceNotFound', missing('none')],
  [`GET ${flows}/none/languages`, 404, 'Request_ResourceNotFound', missing('none')],
  [`GET ${flow}/userAttributeAssignments/none`, 404, 'Request_ResourceNotFound', missing('none')],
  [`GET ${flow}/identityProviders/none`, 404, 'Request_ResourceNotFound', missing('none')],
  [`DELETE ${flow}/identityProviders/none/$ref`, 404, 'Request_ResourceNotFound', missing('none')],
  [
    `POST ${flow}/identityProviders/$ref`,
    404,
    'Request_ResourceNotFound',
    missing('none'),
    { body: { '@odata.id': 'https://graph.microsoft.com/beta/identity/identityProviders/none' } },
  ],
];

const text = (body: string, type = 'application/json'): Sent => ({ body, headers: { 'content-type': type } });

const bodies: readonly Case[] = [
  [`POST ${flows}`, 400, 'BadRequest', 'Empty Payload. JSON content expected.'],
  [`POST ${flows}`, 400, 'BadRequest', /not valid JSON/, text('{"id":')],
  [`POST ${flows}`, 400, 'Request_BadRequest', /must be a JSON object/, text('[]')],
  [`POST ${flows}`, 413, 'RequestEntityTooLarge', /larger/, { body: { id: 'x'.repeat(100_000) } }],
  [`POST ${flows}`, 415, 'UnsupportedMediaType', /application\/json/, text('{}', 'text/plain')],
  [`POST ${flows}`, 415, 'UnsupportedMediaType', /application\/json/, text('{}', '')],
  [`POST ${flows}`, 415, 'UnsupportedMediaType', /utf-8/, text('{}', 'application/json;charset=latin1')],
  [`POST ${flow}/identityProviders/$ref`, 415, 'UnsupportedMediaType', /json/, text('x', 'text/plain')],
  ['POST /beta/$batch', 415, 'UnsupportedMediaType', /json/, text('{}', 'text/plain')],
];

const headers: readonly Case[] = [
  ['GET /v1.0/users', 406, 'NotAcceptable', /Accept/, { headers: { accept: 'text/html' } }],
  ['GET /v1.0/users', 400, 'BadRequest', /If-None-Match/, { headers: { 'if-none-match': 'x' } }],
  ['GET /v1.0/users', 400, 'BadRequest', /OData-MaxVersion/, { headers: { 'odata-maxversion': '3.0' } }],
  [`PATCH ${flow}`, 412, 'PreconditionFailed', /precondition/, { body: {}, headers: { 'if-match': '"other"' } }],
  [`DELETE ${flow}`, 412, 'PreconditionFailed', /precondition/, { headers: { 'if-match': '"other"' } }],
];

describe('a refusal', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
  });
  after(() => world.close());

  for (const [request, status, code, message, sent = {}] of [
    ...unknownAddresses,
    ...malformedAddresses,
    ...options,
    ...absent,
    ...bodies,
    ...headers,
  ]) {
    const about = `${request.slice(0, 90)} ${JSON.stringify(sent).slice(0, 60)}`;
    test(`${about}: ${status} ${code}`, async () => {
      const [method = '', path = ''] = request.split(' ', 2);
      const answer = await world.send(method, path, sent);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      const { error } = answer.body;
      assert.equal(error.code, code);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.deepEqual(Object.keys(error.innerError), ['date', 'request-id', 'client-request-id']);
      assert.match(error.innerError.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      assert.equal(error.innerError['request-id'], answer.headers['request-id']);
      assert.deepEqual(world.observed, [], 'nothing failed inside');
    });
  }

  test('names are ignored that are nobody’s, or on v1.0 lack their $', async () => {
    for (const query of ['nothing=1', 'top=0', 'apply=x', '=', 'x&', '%24top=1', '$TOP=1', '&&']) {
      assert.equal((await world.get(`/v1.0/users?${query}`)).status, 200, query);
    }
    assert.equal((await world.get('/beta/users?top=0')).status, 400);
    assert.equal((await world.get('/beta/users?apply=x')).status, 200);
  });

  test('of a method tells those that are allowed, and there is no HEAD', async () => {
    for (const [method, path, allow] of [
      ['HEAD', '/v1.0/users', 'GET, POST'],
      ['TRACE', '/v1.0/users', 'GET, POST'],
      ['PUT', flow, 'GET, PATCH, DELETE'],
      ['PATCH', '/beta/identity/userFlows/x', 'GET, DELETE'],
      ['POST', '/beta', 'GET'],
      ['GET', '/beta/$batch', 'POST'],
      ['DELETE', `${flow}/identityProviders/$ref`, 'GET, POST, PATCH, PUT'],
      ['GET', `${flow}/userAttributeAssignments/setOrder`, 'POST'],
    ] as const) {
      const answer = await world.send(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers['allow'], allow, `${method} ${path}`);
      assert.equal(answer.body.error.code, 'Request_BadRequest');
      assert.equal(answer.body.error.message, 'Specified HTTP method is not allowed for the request target.');
    }
  });

  test('of a member tells which, and why', async () => {
    const details = async (body: Body, path = flows, method = 'POST') => {
      const answer = await world.send(method, path, { body });
      assert.ok([400, 409].includes(answer.status), JSON.stringify(answer.body));
      return answer.body.error.details?.map(({ code, target }: Body) => `${code} ${target}`);
    };
    const valid = { id: 'x', userFlowType: 'signIn', userFlowTypeVersion: 1 };
    assert.deepEqual(await details({ ...valid, colour: 'blue' }), ['unknownProperty colour']);
    assert.deepEqual(await details({ ...valid, userFlowTypeVersion: 'one' }), ['invalidValue userFlowTypeVersion']);
    assert.deepEqual(await details({ ...valid, singleSignOnSessionConfiguration: { sessionLifetimeInMinutes: -5 } }), [
      'invalidValue singleSignOnSessionConfiguration/sessionLifetimeInMinutes',
    ]);
    assert.deepEqual(await details({ id: 'x', userFlowType: 'signIn' }), ['requiredProperty userFlowTypeVersion']);
    assert.deepEqual(await details({ ...valid, identityProviders: 7 }), ['badValue identityProviders']);
    assert.deepEqual(await details({ id: 'B2C_1_y' }, flow, 'PATCH'), ['immutableProperty id']);
    assert.deepEqual(await details({ userFlowType: 'signIn' }, flow, 'PATCH'), ['immutableProperty userFlowType']);
    assert.deepEqual(await details({ ...valid, id: 'b2c_1_SUSI' }), ['PropertyConflict id']);
    const provider = { '@odata.type': '#microsoft.graph.socialIdentityProvider', displayName: 'G', clientId: 'c' };
    assert.deepEqual(
      await details(
        { ...provider, identityProviderType: 'Google', clientSecret: 's' },
        '/v1.0/identity/identityProviders',
      ),
      ['PropertyConflict id'],
    );
  });
});

describe('a fault of a room', () => {
  const faults = defineFaults('flows', {
    badTag: { status: 400, message: "The language '{tag}' is not valid." },
    inUse: { status: 409, message: 'It is in use.' },
    attributeTaken: { status: 409, message: 'It exists already.' },
    odd: { status: 418, message: 'Odd.' },
    broken: { status: 500, message: 'SELECT secret' },
  });

  const problemOf = (fault: Fault): Body => {
    const { status, body } = errorReply(fault, {
      clock: { now: () => 0 },
      requestId: 'r',
      correlationId: 'c',
      identity: true,
      url: new URL(`${origin}/beta/x`),
    });
    const { innerError: _, ...error } = JSON.parse(String(body)).error;
    return { status, ...error };
  };

  test('that names a member of the body becomes a detail', () => {
    const message = "The language 'xx' is not valid.";
    assert.deepEqual(problemOf(faults.badTag({ tag: 'xx', target: 'defaultLanguageTag' })), {
      status: 400,
      code: 'Request_BadRequest',
      message,
      details: [{ code: 'badTag', target: 'defaultLanguageTag', message }],
    });
    assert.deepEqual(problemOf(faults.attributeTaken({ property: 'displayName' })).details, [
      { code: 'PropertyConflict', target: 'displayName', message: 'It exists already.' },
    ]);
  });

  test('that names none has no details', () => {
    assert.deepEqual(problemOf(faults.inUse()), { status: 409, code: 'Conflict', message: 'It is in use.' });
  });

  test('that a question would take too much is told as a query that is not supported', () => {
    const { status, code, message } = problemOf(storeFaults.tooWide());
    assert.deepEqual([status, code], [400, 'Request_UnsupportedQuery']);
    assert.match(message, /filter on an indexed property/);
  });

  test('with a status that Graph does not document has the code of a bad request, and a defect says nothing', () => {
    assert.equal(problemOf(faults.odd()).code, 'Request_BadRequest');
    assert.deepEqual(problemOf(faults.broken()), {
      status: 500,
      code: 'generalException',
      message: 'An internal error occurred. Try again later.',
    });
  });
});
