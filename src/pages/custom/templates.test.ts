import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustableClock } from '../../kernel/index.ts';
import type { TemplateOptions } from './template.ts';
import { createTemplates, type TemplateServers } from './templates.ts';

type Request = Parameters<TemplateServers['send']>[0];
type Answer = Awaited<ReturnType<TemplateServers['send']>>;
type Answered = Extract<Answer, { kind: 'answered' }>;

const uri = 'https://pages.example.com/unified.html';
const options: TemplateOptions = { url: new URL(uri), runsScripts: false, runsBodyScripts: false };

const page = (title: string, more: { readonly etag?: string; readonly cacheControl?: string } = {}): Answered => ({
  kind: 'answered',
  status: 200,
  contentType: 'text/html; charset=utf-8',
  body: Buffer.from(`<title>${title}</title><div id="api"></div>`),
  ...more,
});

const status = (code: number): Answer => ({
  kind: 'answered',
  status: code,
  contentType: 'text/html',
  body: Buffer.alloc(0),
});

const failed = (cause: string): Answer => ({ kind: 'failed', cause, reason: '' });

/** A server that answers with what stands in `next`, and what it was asked. */
function setUp(first: Answer) {
  const clock = adjustableClock({ now: () => 1_795_255_200 });
  const asked: Request[] = [];
  const site = { next: first };
  const templates = createTemplates(
    {
      async send(request) {
        asked.push(request);
        return site.next;
      },
    },
    clock,
  );
  const title = async (): Promise<string | undefined> => (await templates.of(options)).title;
  return { clock, asked, site, templates, title };
}

test('a page is fetched once, however many ask at the same moment, and again when its time is over', async () => {
  const { clock, asked, site, title } = setUp(page('one', { cacheControl: 'public, max-age=60' }));
  assert.deepEqual(await Promise.all([title(), title(), title()]), ['one', 'one', 'one']);
  site.next = page('two');
  clock.advance(59);
  assert.deepEqual([await title(), asked.length], ['one', 1]);
  clock.advance(2);
  assert.deepEqual([await title(), asked.length], ['two', 2]);
  assert.deepEqual(asked[0], {
    target: 'template',
    method: 'GET',
    url: uri,
    headers: { accept: 'text/html' },
    milliseconds: 3_000,
    bytes: 256 * 1024,
  });
});

test('what its server says of the time counts within bounds', async () => {
  for (const [cacheControl, seconds] of [
    ['max-age=99999999', 3_600],
    ['no-store', 5],
    ['max-age=600, no-cache', 5],
    ['max-age=0', 5],
    [undefined, 5],
  ] as const) {
    const { clock, asked, title } = setUp(page('one', cacheControl === undefined ? {} : { cacheControl }));
    await title();
    clock.advance(seconds - 1);
    await title();
    assert.equal(asked.length, 1, cacheControl);
    clock.advance(1);
    await title();
    assert.equal(asked.length, 2, cacheControl);
  }
});

test('a page that has not changed is confirmed by its ETag and not sent again', async () => {
  const { clock, asked, site, title } = setUp(page('one', { etag: '"1"' }));
  await title();
  site.next = status(304);
  clock.advance(10);
  assert.equal(await title(), 'one');
  assert.equal(asked[1]?.headers['if-none-match'], '"1"');
  clock.advance(10);
  assert.equal(await title(), 'one');
});

test('while its server fails the copy is shown for four hours, and the server is spared', async () => {
  const { clock, asked, site, title } = setUp(page('one'));
  await title();
  site.next = failed('timedOut');
  clock.advance(6);
  assert.equal(await title(), 'one');
  assert.equal(await title(), 'one');
  assert.equal(asked.length, 2);
  clock.advance(11);
  assert.equal(await title(), 'one');
  assert.equal(asked.length, 3);
  clock.advance(4 * 3_600);
  await assert.rejects(title(), { code: 'pages.templateTimedOut' });
  site.next = page('back');
  clock.advance(11);
  assert.equal(await title(), 'back');
});

test('each way to fail has its own fault, told at once to those who ask again', async () => {
  for (const [answer, code] of [
    [status(404), 'pages.templateNotFound'],
    [status(403), 'pages.templateRefused'],
    [status(302), 'pages.templateRefused'],
    [status(304), 'pages.templateRefused'],
    [status(503), 'pages.templateFailed'],
    [failed('forbidden'), 'pages.templateForbidden'],
    [failed('timedOut'), 'pages.templateTimedOut'],
    [failed('tooLong'), 'pages.templateMalformed'],
    [failed('unreachable'), 'pages.templateUnreachable'],
    [{ ...page('x'), contentType: 'application/json' }, 'pages.templateMalformed'],
    [{ ...page('x'), body: Buffer.from('<p>no place</p>') }, 'pages.templateMalformed'],
    [{ ...page('x'), body: Buffer.from([0x3c, 0xff, 0xfe]) }, 'pages.templateMalformed'],
  ] as const) {
    const { asked, title } = setUp(answer);
    await assert.rejects(title(), { code });
    await assert.rejects(title(), { code });
    assert.equal(asked.length, 1, code);
  }
});

test('a page that became broken does not take the place of the good one', async () => {
  const { clock, site, title } = setUp(page('good'));
  await title();
  site.next = { ...page('x'), body: Buffer.from('<h1>We are moving</h1>') };
  clock.advance(6);
  assert.equal(await title(), 'good');
});

test('with and without scripts are two copies', async () => {
  const { site, templates } = setUp(page('x'));
  const body = Buffer.from('<script>one()</script><div id="api"></div>');
  site.next = { ...page('x'), body };
  assert.equal((await templates.of(options)).head.length, 0);
  assert.equal((await templates.of({ ...options, runsScripts: true })).head.length, 1);
});
