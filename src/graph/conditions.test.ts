import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openWorld, seed, type World } from './testing/harness.ts';

const flows = '/beta/identity/b2cUserFlows';
const newFlow = (id: string) => ({ id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 });

describe('a request under a condition', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
  });
  after(() => world.close());

  /** Makes a flow and gives its address, its first etag and the one after a change. */
  async function changedFlow(id: string) {
    const made = await world.send('POST', flows, { body: newFlow(id) });
    const at = `${flows}/B2C_1_${id}`;
    const first = String(made.headers['etag']);
    assert.equal((await world.send('PATCH', at, { body: { defaultLanguageTag: 'de' } })).status, 204);
    const second = String((await world.get(at)).headers['etag']);
    assert.notEqual(first, second);
    return { at, first, second };
  }

  test('is served when one of the tags it names is that of the entity, compared weakly', async () => {
    const { at, first, second } = await changedFlow('List');
    const patch = async (ifMatch: string) =>
      world.send('PATCH', at, { body: { defaultLanguageTag: 'fr' }, headers: { 'if-match': ifMatch } });
    assert.equal((await patch(`${first}, "x,y"`)).status, 412);
    const strong = second.replace(/^W\//, '');
    assert.equal((await patch(`"x,y", ${strong}`)).status, 204);
    assert.equal((await patch(second)).status, 412);
    assert.equal((await patch('*')).status, 204);
    assert.equal((await world.send('DELETE', at, { headers: { 'if-match': second } })).status, 412);
    const third = String((await world.get(at)).headers['etag']);
    assert.equal((await world.send('DELETE', at, { headers: { 'if-match': `${first},${third}` } })).status, 204);
  });

  test('is refused when the condition cannot be read, and nothing is written', async () => {
    const { at, second } = await changedFlow('Unread');
    for (const header of ['if-match', 'if-none-match']) {
      for (const value of ['7', 'W/7', `${second} x`, '', '"a']) {
        const answer = await world.send('PATCH', at, {
          body: { defaultLanguageTag: 'fr' },
          headers: { [header]: value },
        });
        assert.equal(answer.status, 400, `${header}: ${value}`);
        assert.equal(answer.body.error.code, 'BadRequest');
      }
    }
    assert.equal((await world.get(at)).headers['etag'], second);
  });

  test('of two writers with the same tag exactly one wins', async () => {
    const { at, second } = await changedFlow('Race');
    const answers = await Promise.all(
      ['fr', 'it', 'es', 'nl'].map((defaultLanguageTag) =>
        world.send('PATCH', at, { body: { defaultLanguageTag }, headers: { 'if-match': second } }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 412, 412, 412]);
    const [refused] = answers.filter(({ status }) => status === 412);
    assert.equal(refused?.body.error.code, 'PreconditionFailed');
  });

  test('is answered 304 without a body when the caller has this state, and fully when it has another', async () => {
    const { at, first, second } = await changedFlow('Cached');
    const read = (headers: Readonly<Record<string, string>>, path = at) => world.get(path, { headers });
    for (const ifNoneMatch of [second, `"x", ${second}`, second.slice(2), '*']) {
      const same = await read({ 'if-none-match': ifNoneMatch });
      assert.equal(same.status, 304, ifNoneMatch);
      assert.equal(same.body, '');
      assert.equal(same.headers['etag'], second);
      assert.equal(same.headers['content-type'], undefined);
    }
    assert.equal((await read({ 'if-none-match': first })).status, 200);
    assert.equal((await read({ 'if-match': second })).status, 200);
    assert.equal((await read({ 'if-match': first })).status, 412);
    // What is shown beside the flow has no part in its etag.
    assert.equal((await read({ 'if-none-match': second }, `${at}?$expand=identityProviders`)).status, 200);
    assert.equal((await read({ 'if-none-match': '*' }, `${flows}/B2C_1_Nothing`)).status, 404);
    assert.equal((await read({ 'if-none-match': '*' }, flows)).status, 200, 'a collection has no etag');
  });

  test('is understood for the content of a page too', async () => {
    const at = `${flows}/B2C_1_susi/languages/de`;
    const put = (path: string, body: unknown, headers = {}) => world.send('PUT', path, { body, headers });
    assert.equal((await put(at, { isEnabled: true }, { 'if-none-match': '*' })).status, 201);
    assert.equal((await put(at, { isEnabled: false }, { 'if-none-match': '*' })).status, 412, 'it is there by now');
    assert.equal((await put(`${flows}/B2C_1_susi/languages/fr`, {}, { 'if-match': '*' })).status, 412, 'it is not');
    const page = `${at}/defaultPages/selfasserted/$value`;
    const read = (headers = {}) => world.get(page, { headers });
    const etag = String((await read()).headers['etag']);
    assert.equal((await read({ 'if-none-match': etag })).status, 304);
    assert.equal((await read({ 'if-none-match': '"x"' })).status, 200);
    assert.equal((await read({ 'if-match': '"x"' })).status, 412);
  });

  test('that wants nothing to be there yet is refused over what is there', async () => {
    const { at, second } = await changedFlow('There');
    for (const value of ['*', second]) {
      const patch = await world.send('PATCH', at, {
        body: { defaultLanguageTag: 'fr' },
        headers: { 'if-none-match': value },
      });
      assert.equal(patch.status, 412, value);
    }
    const made = await world.send('POST', flows, { body: newFlow('Fresh'), headers: { 'if-none-match': '*' } });
    assert.equal(made.status, 201);
  });
});

describe('an answer', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
  });
  after(() => world.close());

  const google = '/v1.0/identity/identityProviders/Google-OAUTH';

  test('is JSON, or refused with 406 when the caller accepts none; 401 and 403 come first', async () => {
    const read = (accept: string, as: string | null = 'all') => world.get(google, { as, headers: { accept } });
    for (const accept of ['application/xml', 'application/json;odata=verbose', 'application/json;q=0, */*', 'x']) {
      const answer = await read(accept);
      assert.equal(answer.status, 406, accept);
      assert.equal(answer.body.error.code, 'NotAcceptable');
      assert.match(String(answer.headers['content-type']), /^application\/json;odata\.metadata=minimal/);
    }
    assert.equal((await read('application/xml', null)).status, 401);
    assert.equal((await read('text/html, */*;q=0.1')).status, 200);
    const written = await world.send('PATCH', google, {
      body: { clientId: 'other' },
      headers: { accept: 'application/xml' },
    });
    assert.equal(written.status, 204, 'a write that answers nothing has no format');
    const bare = await world.get(`${google}/clientId/$value`, { headers: { accept: 'text/plain' } });
    assert.equal(bare.body, 'other');
    const wide = await world.get('/v1.0/users?$count=true', {
      headers: { accept: 'application/json;IEEE754Compatible=true', consistencylevel: 'eventual' },
    });
    assert.equal(wide.body['@odata.count'], '0');
    assert.match(String(wide.headers['content-type']), /IEEE754Compatible=true/);
    const metadata = await world.get('/v1.0/$metadata', { as: null, headers: { accept: 'application/xml' } });
    assert.equal(metadata.status, 200);
  });

  test('is 415 for a body in another format, character set or coding', async () => {
    const patch = async (headers: Readonly<Record<string, string>>) =>
      (await world.send('PATCH', google, { body: { clientId: 'same' }, headers })).status;
    assert.equal(await patch({ 'content-type': 'application/json; charset="UTF-8"; odata.metadata=minimal' }), 204);
    assert.equal(await patch({ 'content-encoding': 'identity' }), 204);
    for (const type of ['text/plain', 'application/xml', 'application/json;charset=utf-16', '']) {
      assert.equal(await patch({ 'content-type': type }), 415, type);
    }
    assert.equal(await patch({ 'content-encoding': 'gzip' }), 415);
  });

  test('is of OData 4.0, and a caller that understands only older versions is told so', async () => {
    const read = (headers: Readonly<Record<string, string>>) => world.get(google, { headers });
    for (const version of ['4.0', '4.01', '5.0'])
      assert.equal((await read({ 'odata-maxversion': version })).status, 200);
    for (const version of ['4.0', '4.01']) assert.equal((await read({ 'odata-version': version })).status, 200);
    for (const headers of [{ 'odata-maxversion': '3.0' }, { 'odata-maxversion': 'x' }, { 'odata-version': '3.0' }]) {
      const answer = await read(headers);
      assert.equal(answer.status, 400);
      assert.equal(answer.headers['odata-version'], '4.0');
      assert.match(answer.body.error.message, /4\.0/);
    }
  });

  test('says which preferences it follows', async () => {
    const prefer = async (method: string, path: string, header: string, body?: unknown) =>
      (await world.send(method, path, { body, headers: { prefer: header } })).headers['preference-applied'];
    assert.equal(await prefer('GET', '/v1.0/users', 'odata.maxpagesize=5, return=minimal'), 'odata.maxpagesize=5');
    assert.equal(await prefer('GET', google, 'odata.maxpagesize=5, return=representation'), undefined);
    const members = 'include-unknown-enum-members';
    assert.equal(await prefer('GET', '/v1.0/users', `${members}, maxpagesize=5`), `odata.maxpagesize=5, ${members}`);
    assert.equal(await prefer('PATCH', google, 'return=minimal', { clientId: 'a' }), 'return=minimal');
    assert.equal(await prefer('PATCH', google, 'return=representation', { clientId: 'b' }), 'return=representation');
    assert.equal(await prefer('PATCH', google, 'respond-async', { clientId: 'c' }), undefined);
    assert.equal(await prefer('PATCH', google, 'return=minimal', { nothing: 'c' }), undefined, 'nor a refusal');
  });

  test('names the request by the id of its caller when that is a GUID, else by its own', async () => {
    const ids = async (id: string) => {
      const { headers, body } = await world.get('/v1.0/users/x', {
        headers: { 'client-request-id': id, 'return-client-request-id': 'true' },
      });
      assert.equal(body.error.innerError['request-id'], headers['request-id']);
      assert.equal(body.error.innerError['client-request-id'], headers['client-request-id']);
      return [headers['request-id'], headers['client-request-id']] as const;
    };
    const given = '7e3f6f1c-1f43-4e7e-9a52-0cf7bd4b3a11';
    const [ours, echoed] = await ids(given);
    assert.equal(echoed, given);
    assert.notEqual(ours, given);
    for (const id of ['mine', `${given}x`, '<script>']) {
      const [request, client] = await ids(id);
      assert.equal(request, client);
      assert.notEqual(client, id);
    }
  });
});
