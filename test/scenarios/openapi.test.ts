import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { startUsher, type Usher } from '../support/usher.ts';

interface Operation {
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name?: string; readonly required?: boolean }[];
}

interface Description {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const methods = ['get', 'post', 'patch', 'put', 'delete'];

for (const version of ['v1.0', 'beta']) {
  describe(`the OpenAPI description of ${version}`, () => {
    let usher: Usher;
    let description: Description;
    before(async () => {
      usher = await startUsher();
      const root = await fetch(`${usher.url}/${version}/`);
      const link = /<([^>]+)>; rel="service-desc"/.exec(root.headers.get('link') ?? '')?.[1];
      assert.ok(link, 'the service document says where it is');
      const answer = await fetch(link);
      assert.equal(answer.status, 200);
      description = (await answer.json()) as Description;
    });
    after(() => usher.stop());

    test('is valid, and its server is the one it came from', async () => {
      const { valid, errors } = await new Validator().validate({ ...structuredClone(description) });
      assert.deepEqual([valid, errors], [true, undefined]);
      assert.deepEqual(description.servers, [{ url: `/${version}` }]);
    });

    test('describes operations that are there: without a token each is answered as it says', async () => {
      let sent = 0;
      for (const [path, item] of Object.entries(description.paths)) {
        for (const method of methods.filter((one) => item[one])) {
          const { security, parameters = [] } = item[method] as Operation;
          const query = parameters.filter(({ required }) => required).map(({ name }) => `${name}=x`);
          const url = `${usher.url}/${version}${path.replaceAll(/\{[^}]*\}/g, 'x')}?${query.join('&')}`;
          const answer = await fetch(url, { method: method.toUpperCase() });
          await answer.arrayBuffer();
          assert.equal(answer.status, security.length === 0 ? 200 : 401, `${method} ${path}`);
          sent += 1;
        }
      }
      assert.ok(sent > 200, String(sent));
    });
  });
}

describe('an address that cannot be read', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher.stop());

  for (const [what, path, status, code] of [
    ['with a broken escape', '/v1.0/users/%zz', 400, 'BadRequest'],
    ['with a broken escape, in a query', '/beta/users?$filter=%zz', 400, 'BadRequest'],
    ['beyond the limit', `/v1.0/users?x=${'x'.repeat(17_000)}`, 414, 'UriTooLong'],
  ] as const) {
    test(`${what} is refused in Graph's envelope`, async () => {
      const answer = await fetch(`${usher.url}${path}`);
      assert.equal(answer.status, status);
      const { error } = (await answer.json()) as { error: Record<string, unknown> };
      assert.equal(error['code'], code);
      assert.ok(error['innerError']);
    });
  }

  test('beyond the limit of all headers is 431', async () => {
    const answer = await fetch(`${usher.url}/v1.0/users?x=${'x'.repeat(40_000)}`);
    assert.equal(answer.status, 431);
  });
});
