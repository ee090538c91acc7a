import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import { arrange } from '../support/golden/arrange.ts';
import { compare, locationOf } from '../support/golden/compare.ts';
import { type Body, type Example, examples } from '../support/golden/example.ts';
import { excused } from '../support/golden/excused.ts';
import { filled } from '../support/golden/props.ts';
import { Stage } from '../support/golden/stage.ts';
import { startUsher, type Usher } from '../support/usher.ts';

const applicable = examples.filter(({ id }) => !Object.hasOwn(excused, id));

const everyEngine = process.env['TEST_LONG'] === '1';

test('every excuse is of an example that exists', () => {
  const known = new Set(examples.map(({ id }) => id));
  assert.deepEqual(
    Object.keys(excused).filter((id) => !known.has(id)),
    [],
  );
  assert.ok(applicable.length > 200, `${applicable.length} examples are replayed`);
});

/** Headers of a page that mean something; the others are the client's own business. */
const sent = new Set(['prefer', 'consistencylevel', 'if-match']);

async function replay(usher: Usher, example: Example): Promise<void> {
  const stage = new Stage(usher);
  try {
    await arrange(stage, example);
    const url = stage.translate(stage.place(example.url));
    const body: Body = example.requestBody && JSON.parse(stage.translate(JSON.stringify(filled(example.requestBody))));
    const headers = Object.fromEntries(
      Object.entries(example.requestHeaders ?? {}).filter(([name]) => sent.has(name.toLowerCase())),
    );
    const response = await usher.graph(example.method, `/${example.version}${url}`, body, headers);
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '' ? JSON.parse(text) : text;
    remember(stage, example, response, json);
    assert.equal(response.status, example.status, text);
    const shapeOnly = example.url.toLowerCase().startsWith('/auditlogs');
    const selectsSilently = example.url.toLowerCase().startsWith('/users/delta');
    const translate = (one: string) => stage.translate(one);
    const comparing = { origin: usher.url, translate, shapeOnly, selectsSilently };
    if (typeof example.responseBody === 'object') compare(example.responseBody, json, comparing);
    const location = example.responseHeaders?.['Location'];
    if (location)
      assert.equal(locationOf(String(response.headers.get('location'))), locationOf(stage.translate(location)));
  } finally {
    await stage.clear();
  }
}

/** What the example itself made goes away with the rest, and its id stands for the one on the page. */
function remember(stage: Stage, example: Example, response: Response, json: Body): void {
  const place = response.headers.get('location');
  if (response.status !== 201 || !place) return;
  // An invitation stays; the guest it made is a user like others.
  if (json.invitedUser?.id) stage.made(`/beta/users/${json.invitedUser.id}`);
  else stage.made(new URL(place).pathname);
  if (typeof example.responseBody?.id === 'string') stage.standsFor(example.responseBody.id, json.id);
}

for (const [turn, { name, options }] of engines.entries()) {
  // By turns on one engine each, since all of them keep the same conformance tests.
  const here = applicable.filter((_, index) => everyEngine || index % engines.length === turn);
  describe(`the examples of the public reference, on ${name}`, () => {
    let usher: Usher;
    before(async () => {
      usher = await startUsher(options());
    });
    after(() => usher.stop());

    let passed = 0;
    for (const example of here) {
      test(`${example.id} ${example.method} ${example.url}`, async () => {
        await replay(usher, example);
        passed += 1;
      });
    }
    test('are counted', (t) => {
      const failed = here.length - passed;
      t.diagnostic(`golden on ${name}: ${passed} passed, ${Object.keys(excused).length} excused, ${failed} failed`);
      assert.equal(failed, 0);
    });
  });
}

describe('the excused examples', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher.stop());

  for (const example of examples.filter(({ id }) => Object.hasOwn(excused, id))) {
    test(`${example.id} needs its excuse still`, async () => {
      await assert.rejects(replay(usher, example), assert.AssertionError);
    });
  }
});
