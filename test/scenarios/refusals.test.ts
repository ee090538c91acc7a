import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import { authorize, claimsIn, codeFor, redeem, redirectUri, refresh, token } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { fieldsOf, newVisitor, textOf, type Visit } from '../support/visitor.ts';

let usher: Usher;

const open = (changes: Readonly<Record<string, string | null>>, flow?: string): Promise<Visit> =>
  newVisitor(usher).open(authorize(usher, changes, flow).url);

/** The page says what happened, carries the code and the correlation id, and sends nobody anywhere. */
function assertErrorPage(visit: Visit, status: number, says: RegExp): void {
  assert.equal(visit.left, undefined, `redirected to ${visit.left?.href}`);
  assert.equal(visit.status, status);
  assert.match(textOf(visit.html), says);
  assert.match(visit.html, /error-page-correlationid/);
  assert.match(visit.headers.get('content-type') ?? '', /^text\/html/);
}

for (const engine of engines) {
  describe(engine.name, () => {
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    test('an unknown tenant is refused before anything else', async () => {
      const visit = await newVisitor(usher).open(
        `/unknown.onmicrosoft.com/${seeded.flow}/oauth2/v2.0/authorize?client_id=x`,
      );
      assert.equal(visit.left, undefined);
      assert.equal(visit.status, 400);
      assert.match(textOf(visit.html), /AADSTS90002/);
    });

    test('a version of Graph that does not exist is refused as Graph refuses it, but a tenant may have its name', async () => {
      for (const path of ['/v2.0/users', '/V3/', '/v1/identity/b2cUserFlows']) {
        const response = await usher.graph('GET', path);
        assert.equal(response.status, 400, path);
        const { error } = (await response.json()) as { error: { code: string; message: string } };
        assert.deepEqual([error.code, error.message], ['BadRequest', 'Invalid version. Use v1.0 or beta.']);
        assert.ok(response.headers.get('request-id'));
      }
      const visit = await newVisitor(usher).open(`/v2.0/${seeded.flow}/oauth2/v2.0/authorize?client_id=x`);
      assertErrorPage(visit, 400, /AADSTS90002/);
      assertErrorPage(await newVisitor(usher).open('/users'), 404, /nothing at this address/);
    });

    test('an unknown flow is AADB2C90066 on the error page', async () => {
      assertErrorPage(await open({}, 'B2C_1_nothing'), 404, /AADB2C90066: Invalid policy 'B2C_1_nothing'/);
    });

    test('an unknown client and a missing one are told on the error page', async () => {
      const unknown = '99999999-9999-4999-8999-999999999999';
      assertErrorPage(await open({ client_id: unknown }), 400, new RegExp(`AADB2C90018: The client ID '${unknown}'`));
      assertErrorPage(
        await open({ client_id: null }),
        400,
        /AADB2C90008: The request does not contain a client ID parameter\./,
      );
    });

    test('an unregistered redirect URI is never redirected to, whatever trick it uses', async () => {
      const tricks = [
        'https://evil.example/',
        'http://localhost:3000',
        'http://localhost:3000/../',
        'http://localhost:3000/.',
        'http://localhost:3000/?x=1',
        'http://localhost:3000/#x',
        'http://localhost:3000/%2e%2e/',
        'http://localhost:3001/',
        'https://localhost:3000/',
        'http://LOCALHOST:3000/',
        'http://localhost:3000@evil.example/',
        'http://localhost:3000\\@evil.example/',
        'http://127.0.0.1:3000/',
        '//evil.example/',
        'javascript:alert(1)',
        'data:text/html,hello',
        ' http://localhost:3000/',
        'http://localhost:3000/\n',
        'http://localhost:3000/ http://evil.example/',
      ];
      for (const trick of tricks) {
        const visit = await open({ redirect_uri: trick });
        assert.equal(visit.left, undefined, `${trick} was redirected to`);
        assert.equal(visit.status, 400, trick);
        assert.match(textOf(visit.html), /AADB2C9000[567]/, trick);
      }
      assertErrorPage(
        await open({ redirect_uri: null }),
        400,
        /AADB2C90004: The request does not contain a redirect URI\./,
      );
    });

    test('a parameter given twice is refused', async () => {
      const { url } = authorize(usher);
      for (const name of ['client_id', 'redirect_uri', 'scope', 'state']) {
        const doubled = new URL(url);
        doubled.searchParams.append(name, url.searchParams.get(name) ?? '');
        const visit = await newVisitor(usher).open(doubled);
        assert.ok(visit.left ? visit.left.searchParams.has('error') : visit.status === 400, name);
        assert.equal(visit.left?.searchParams.has('code') ?? false, false);
      }
    });

    test('what is wrong beyond client and redirect URI goes back to the application, with state', async () => {
      const cases: readonly [Readonly<Record<string, string | null>>, RegExp][] = [
        [{ scope: null }, /^AADB2C90010/],
        [{ response_type: 'nonsense' }, /^AADB2C90013/],
        [{ response_mode: 'nonsense' }, /^AADB2C90014/],
        [{ prompt: 'nonsense' }, /^AADB2C90043/],
        [{ prompt: 'none' }, /^AADB2C90077/],
        [{ scope: 'openid https://contoso.onmicrosoft.com/unknown/read' }, /^AADB2C90(117|205)/],
        [{ code_challenge: null, code_challenge_method: null }, /^AADB2C99059/],
      ];
      for (const [changes, says] of cases) {
        const attempt = authorize(usher, changes);
        const visit = await newVisitor(usher).open(attempt.url);
        const back = visit.left;
        assert.ok(back, `${JSON.stringify(changes)}: ${visit.status} ${textOf(visit.html)}`);
        const answer = back.searchParams.has('error') ? back.searchParams : new URLSearchParams(back.hash.slice(1));
        assert.equal(`${back.origin}/`, redirectUri);
        assert.match(answer.get('error_description') ?? '', says, JSON.stringify(changes));
        assert.match(answer.get('error_description') ?? '', /\r\nCorrelation ID: [0-9a-f-]{36}\r\nTimestamp: .+Z\r\n$/);
        assert.equal(answer.get('state'), attempt.state);
      }
    });

    test('a code is redeemed once; a replay is refused and takes the tokens of the first with it', async () => {
      const attempt = authorize(usher);
      const code = await codeFor(newVisitor(usher), attempt);
      const first = await redeem(usher, attempt, code);
      assert.equal(first.status, 200, JSON.stringify(first.answer));
      const replay = await redeem(usher, attempt, code);
      assert.equal(replay.status, 400);
      assert.equal(replay.answer.error, 'invalid_grant');
      assert.match(replay.answer.error_description ?? '', /^AADB2C90080|^AADB2C90129|^AADB2C90090/);
      const orphan = await refresh(usher, first.answer.refresh_token ?? '');
      assert.equal(orphan.status, 400);
      assert.equal(orphan.answer.error, 'invalid_grant');
    });

    test('of ten redemptions of one code at the same moment one succeeds', async () => {
      const attempt = authorize(usher);
      const code = await codeFor(newVisitor(usher), attempt);
      const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(usher, attempt, code)));
      assert.ok(answers.filter(({ status }) => status === 200).length <= 1);
    });

    test('a refresh token rotates; the old one is refused and takes the family with it', async () => {
      const attempt = authorize(usher);
      const first = await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt));
      const second = await refresh(usher, first.answer.refresh_token ?? '');
      assert.equal(second.status, 200, JSON.stringify(second.answer));
      assert.notEqual(second.answer.refresh_token, first.answer.refresh_token);
      assert.equal(claimsIn(second.answer.id_token)['sub'], claimsIn(first.answer.id_token)['sub']);
      const replay = await refresh(usher, first.answer.refresh_token ?? '');
      assert.equal(replay.status, 400);
      assert.equal(replay.answer.error, 'invalid_grant');
      const family = await refresh(usher, second.answer.refresh_token ?? '');
      assert.equal(family.status, 400, 'the successor must be revoked too');
    });

    test('a code is bound to its flow, its client, its redirect URI and its verifier', async () => {
      const flow = await usher.graph('POST', '/beta/identity/b2cUserFlows', {
        id: 'other',
        userFlowType: 'signUpOrSignIn',
        userFlowTypeVersion: 3,
      });
      assert.equal(flow.status, 201, await flow.clone().text());
      const wrong: readonly [string, Readonly<Record<string, string>>, string?][] = [
        ['another verifier', { code_verifier: 'a'.repeat(43) }],
        ['another redirect URI', { redirect_uri: 'http://localhost:5173/' }],
        ['another client', { client_id: seeded.web, client_secret: seeded.secret }],
        ['another flow', {}, 'B2C_1_other'],
      ];
      for (const [what, changes, otherFlow] of wrong) {
        const attempt = authorize(usher);
        const code = await codeFor(newVisitor(usher), attempt);
        const parameters = {
          grant_type: 'authorization_code',
          code,
          code_verifier: attempt.verifier,
          redirect_uri: attempt.redirectUri,
          ...changes,
        };
        const { status, answer } = await token(usher, parameters, otherFlow ?? seeded.flow);
        assert.equal(status, 400, `${what}: ${JSON.stringify(answer)}`);
        assert.match(answer.error_description ?? '', /^AADB2C9/, what);
        if (otherFlow) assert.match(answer.error_description ?? '', /^AADB2C90088/);
      }
    });

    test('a wrong password and an unknown account get the same page', async () => {
      const pages: string[] = [];
      for (const email of [seeded.user, 'nobody@contoso.example']) {
        const visitor = newVisitor(usher);
        const shown = await visitor.open(authorize(usher).url);
        const again = await visitor.submit(shown, 'next', { email, password: 'Wrong-password-1' });
        assert.equal(again.status, 200);
        assert.equal(fieldsOf(again.html)['password'] ?? '', '', 'a password never comes back');
        pages.push(textOf(again.html).replaceAll(email, 'EMAIL'));
      }
      assert.equal(pages[0], pages[1]);
    });

    test('a code typed wrongly five times is dead, and the right one then no longer helps', async () => {
      const visitor = newVisitor(usher);
      const email = 'five-times@example.com';
      const start = await visitor.open(authorize(usher).url);
      const form = await visitor.submit(start, 'createAccount');
      let page = await visitor.submit(form, 'email_ver_but_send', { email });
      const code = await usher.code(email);
      const wrong = code === '000000' ? '000001' : '000000';
      for (let count = 0; count < 5; count += 1)
        page = await visitor.submit(page, 'email_ver_but_verify', { email_ver_input: wrong });
      page = await visitor.submit(page, 'email_ver_but_verify', { email_ver_input: code });
      assert.doesNotMatch(page.html, /id="email_success"/);
    });

    test('a journey continued in another browser, or after an hour, says so and how to go on', async () => {
      const visitor = newVisitor(usher);
      const shown = await visitor.open(authorize(usher).url);
      const stranger = await newVisitor(usher).open(shown.url);
      assertErrorPage(stranger, 410, /expired|start again/i);

      await usher.advance(3601);
      assertErrorPage(await visitor.open(shown.url), 410, /expired|start again/i);
      assertErrorPage(
        await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password }),
        410,
        /expired|start again/i,
      );
    });

    test('Graph refuses malformed, unknown, duplicate and oversized bodies with its own errors', async () => {
      const path = '/beta/identity/b2cUserFlows';
      const headers = { authorization: `Bearer ${await usher.graphToken()}`, 'content-type': 'application/json' };
      const post = async (body: string) => {
        const response = await fetch(`${usher.url}${path}`, { method: 'POST', headers, body });
        return {
          status: response.status,
          error: ((await response.json()) as { error: { code: string; message: string } }).error,
        };
      };
      const valid = { id: 'twice', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };

      assert.equal((await post('{"id": ')).status, 400);
      const unknown = await post(JSON.stringify({ ...valid, colour: 'blue' }));
      assert.equal(unknown.status, 400);
      assert.match(unknown.error.message, /Invalid property 'colour'/);
      assert.equal((await usher.graph('POST', path, valid)).status, 201);
      const duplicate = await post(JSON.stringify({ ...valid, id: 'B2C_1_TWICE' }));
      assert.equal(duplicate.status, 409);
      assert.equal(duplicate.error.code, 'Conflict');
      const oversized = await post(JSON.stringify({ ...valid, id: 'big', description: 'x'.repeat(1_100_000) }));
      assert.equal(oversized.status, 413);
      assert.equal((await usher.graph('GET', `${path}/B2C_1_big`)).status, 404);
    });

    test('Graph without a token, with garbage, and with a token of a flow is 401', async () => {
      const attempt = authorize(usher);
      const { answer } = await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt));
      for (const authorization of [undefined, 'Bearer', 'Bearer nonsense', `Bearer ${answer.access_token}`]) {
        const response = await fetch(`${usher.url}/beta/identity/b2cUserFlows`, {
          headers: authorization ? { authorization } : {},
        });
        assert.equal(response.status, 401, authorization);
        const { error } = (await response.json()) as { error: { code: string } };
        assert.equal(error.code, 'InvalidAuthenticationToken');
      }
    });

    test('an answer to an older screen changes nothing and says so', async () => {
      const visitor = newVisitor(usher);
      const email = 'older-screen@example.com';
      const start = await visitor.open(authorize(usher).url);
      const form = await visitor.submit(start, 'createAccount');
      const sent = await visitor.submit(form, 'email_ver_but_send', { email });
      const again = await visitor.submit(form, 'email_ver_but_send', { email });
      assert.equal(again.status, 200);
      assert.notEqual(textOf(again.html), textOf(sent.html), 'the page must tell why it is not what was asked for');
      assert.match(again.html, /role="(status|alert)"/);
      assert.equal((await usher.outbox(email)).length, 1, 'no second code is mailed');
    });
  });
}
