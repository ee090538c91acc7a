import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newFlow } from '../support/flow-settings.ts';
import { logged } from '../support/logs.ts';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

interface Journey {
  readonly id: string;
  readonly outcome: string;
  readonly errorCode: string | null;
  readonly correlationId: string;
  readonly flowId: string;
  readonly userId: string | null;
  readonly movements: readonly { readonly step: string; readonly page: string | null; readonly messages: string[] }[];
}

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

const under = (correlationId: string): string => `correlationId eq '${correlationId}'`;

const recorded = (correlationId: string) => logged<Journey>(usher, 'usher/journeys', under(correlationId));

interface SignIn {
  readonly status: { readonly errorCode: number };
}

test('a journey is found by the correlation id that the application was told with the refusal', async () => {
  const visitor = newVisitor(usher);
  const page = await visitor.open(authorize(usher).url);
  const form = await visitor.submit(page, 'createAccount');
  const { left } = await visitor.submit(form, 'cancel');
  const description = left?.searchParams.get('error_description') ?? '';
  assert.match(description, /^AADB2C90091/);
  const correlationId = /Correlation ID: ([0-9a-f-]{36})/.exec(description)?.[1] ?? '';
  const [journey] = await recorded(correlationId);
  assert.deepEqual([journey?.outcome, journey?.errorCode, journey?.flowId], ['refused', 'AADB2C90091', seeded.flow]);
  const again = await usher.graph('GET', `/beta/usher/journeys/${journey?.id}`);
  assert.equal(((await again.json()) as Journey).correlationId, correlationId);
  const signIns = await logged<SignIn>(usher, 'auditLogs/signIns', under(correlationId));
  assert.deepEqual(
    signIns.map(({ status }) => status.errorCode),
    [90091],
    'the sign-in log tells of the same journey by the same id',
  );
});

test('a journey is found by the correlation id on its error page', async () => {
  const visitor = newVisitor(usher);
  const page = await visitor.open(authorize(usher).url);
  const shown = await visitor.submit(page, 'next', { email: seeded.user, password: 'x'.repeat(5000) });
  assert.equal(shown.status, 413);
  const onPage = /error-page-correlationid">[^<]*<span[^>]*>([0-9a-f-]{36})/.exec(shown.html)?.[1];
  assert.ok(onPage, shown.html);
  const done = await visitor.submit(page, 'next', { email: seeded.user, password: seeded.password });
  assert.ok(done.left);
  const [journey] = await recorded(onPage);
  assert.equal(journey?.outcome, 'arrived');
});

test('a page that could not be shown is in the record, with the cause', async () => {
  const flow = await newFlow(usher);
  const page = `/beta/identity/b2cUserFlows/${flow}/pageLayouts/signuporsignin`;
  assert.equal((await usher.graph('PATCH', page, { pageUri: 'http://localhost:1/page.html' })).status, 204);
  const shown = await newVisitor(usher).open(authorize(usher, {}, flow).url);
  assert.match(shown.html, /AADB2C90177/);
  const onPage = /error-page-correlationid">[^<]*<span[^>]*>([0-9a-f-]{36})/.exec(shown.html)?.[1];
  const [journey] = await recorded(onPage ?? '');
  assert.deepEqual([journey?.outcome, journey?.errorCode], ['failed', 'pages.templateUnreachable']);
});

test('journeys are read with their own permission alone, and written by nobody', async () => {
  const created = await usher.graph('POST', '/beta/applications', { displayName: 'Reader' });
  assert.equal(created.status, 201);
  for (const [method, path] of [
    ['POST', '/beta/usher/journeys'],
    ['PATCH', '/beta/usher/journeys/x'],
    ['DELETE', '/beta/usher/journeys/x'],
  ] as const) {
    assert.equal((await usher.graph(method, path, {})).status, 405, `${method} ${path}`);
  }
  assert.equal((await usher.graph('GET', '/v1.0/usher/journeys')).status, 400);
});
