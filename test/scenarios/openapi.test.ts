import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { requiredOf } from '../support/golden/props.ts';
import { misfits, type Schema } from '../support/openapi/fits.ts';
import { startUsher, type Usher } from '../support/usher.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name?: string; readonly required?: boolean }[];
}

interface Content {
  readonly schema?: Schema;
}

interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
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

    test('describes what is answered: whatever can be read fits its schema', async () => {
      const made = [
        ['identity/apiConnectors', requiredOf('identity/apiConnectors')],
        ['identity/authenticationEventsFlows', requiredOf('identity/authenticationEventsFlows')],
        ['identity/customAuthenticationExtensions', requiredOf('identity/customAuthenticationExtensions')],
        ['identity/events/onSignupStart', requiredOf('identity/events/onSignupStart')],
      ] as const;
      for (const [set, body] of made) assert.equal((await usher.graph('POST', `/beta/${set}`, body)).status, 201, set);
      const checked = await readAll(usher, description);
      assert.ok(checked > 80, `${checked} answers were checked`);
    });
  });
}

/** Answers of lists by their path, so that keys below are of what is there. */
type Seen = Map<string, readonly string[]>;

const mostKeys = 3;

/** The addresses of a path template as far as there is something, for some of what there is. */
function addresses(template: string, seen: Seen): readonly string[] {
  let found = [''];
  for (const part of template.split('/').slice(1)) {
    found = found.flatMap((path) => {
      if (!part.startsWith('{')) return [`${path}/${part}`];
      return (seen.get(path) ?? []).slice(0, mostKeys).map((key) => `${path}/${encodeURIComponent(key)}`);
    });
  }
  return found;
}

/** Reads what the operation describes, and says what about the answer is not as described. */
async function read(usher: Usher, at: string, { responses }: Operation, about: Description, seen: Seen) {
  const { url } = about.servers[0] ?? { url: '' };
  const answer = await usher.graph('GET', `${url}${at}`, undefined, { consistencylevel: 'eventual' });
  const text = await answer.text();
  const schema = responses[answer.status]?.content?.['application/json']?.schema;
  if (schema === undefined) return { checked: false, wrong: answer.status >= 500 ? [text] : [] };
  const body = JSON.parse(text) as { readonly value?: readonly { readonly id?: string }[] };
  if (Array.isArray(body.value)) {
    seen.set(
      at,
      body.value.flatMap(({ id }) => id ?? []),
    );
  }
  const wrong = misfits(body, schema, { components: about.components.schemas, path: `${url}${at}` });
  return { checked: true, wrong };
}

/** Everything that can be reached from the lists; resolves to how many answers were looked into. */
async function readAll(usher: Usher, description: Description): Promise<number> {
  const seen: Seen = new Map();
  let checked = 0;
  for (const [path, { get }] of Object.entries(description.paths)) {
    // A key in parentheses leads to what is found by its id as well.
    if (get === undefined || path.includes('(')) continue;
    for (const at of addresses(path, seen)) {
      const result = await read(usher, at, get, description, seen);
      assert.deepEqual(result.wrong, []);
      if (result.checked) checked += 1;
    }
  }
  return checked;
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
