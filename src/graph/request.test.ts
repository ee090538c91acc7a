import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { contextKey, keyText, segmentOf } from './key.ts';
import { idOfReference } from './reference.ts';
import { type GraphRequest, parseRequest } from './request.ts';
import { exchangeOf } from './testing/harness.ts';

const parse = (path: string, headers: Readonly<Record<string, string>> = {}): GraphRequest =>
  parseRequest(exchangeOf('GET', path, { headers }));

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return error.code;
  }
  assert.fail('it was accepted');
}

describe('the path', () => {
  test('is split into segments and decoded exactly once', () => {
    const texts = (path: string) => parse(path).segments.map(({ text }) => text);
    assert.deepEqual(texts('/beta'), []);
    assert.deepEqual(texts('/beta/'), []);
    assert.deepEqual(texts('/BETA/users/'), ['users']);
    assert.deepEqual(texts('/v1.0/users/a%2Bb@c.example'), ['users', 'a+b@c.example']);
    assert.deepEqual(texts('/v1.0/users/a+b@c.example'), ['users', 'a+b@c.example']);
    assert.deepEqual(texts('/v1.0/users/%2541'), ['users', '%41']);
    assert.deepEqual(texts("/beta/users('x')/%24count"), ["users('x')", '$count']);
  });

  test('is refused when it could mean two things', () => {
    const hostile = [
      '/beta/users/a%2Fb',
      '/beta/users/a%5Cb',
      '/beta/users//x',
      '/beta/users/x//',
      '/beta/users/%00',
      '/beta/users/%0d%0aset-cookie:x',
      '/beta/users/%',
      '/beta/users/%ff',
      `/beta/users/${'a'.repeat(1_101)}`,
      `/beta/${'a/'.repeat(17)}`,
    ];
    for (const path of hostile)
      assert.equal(
        codeOf(() => parse(path)),
        'graph.badUrl',
        path.slice(0, 40),
      );
  });

  test('takes keys in parentheses with doubled quotes, by name, or not at all', () => {
    const key = (text: string) => segmentOf(text).key;
    assert.equal(key('users'), undefined);
    assert.deepEqual(key("users('a')"), { kind: 'value', value: 'a' });
    assert.deepEqual(key("users('O''Neil')"), { kind: 'value', value: "O'Neil" });
    assert.deepEqual(key('users(a-1_b.c)'), { kind: 'value', value: 'a-1_b.c' });
    const named = (...members: [string, string, boolean][]) => ({
      kind: 'named',
      members: new Map(members.map(([name, text, quoted]) => [name, { text, quoted }])),
    });
    assert.deepEqual(key("applications(appId='x')"), named(['appid', 'x', true]));
    assert.deepEqual(
      key("f(a='x,y',B=1, c = null)"),
      named(['a', 'x,y', true], ['b', '1', false], ['c', 'null', false]),
    );
    assert.deepEqual(key('f()'), { kind: 'empty' });
    for (const text of [
      "u(a='x',)",
      "u(a='x',a='y')",
      "u(a='x' b='y')",
      'u(a=)',
      "u('a)",
      "u(a')",
      "u('a'b')",
      "u('')",
      "u('a','b')",
      'u(a b)',
      "u(x='a' or 1=1)",
      "u(='a')",
    ]) {
      assert.deepEqual(key(text), { kind: 'malformed' }, text);
    }
  });

  test('is written with keys that read back as they were', () => {
    for (const id of ['B2C_1_susi', "O'Neil", 'a b', 'ä+/?#', "'); drop"]) {
      const [, inner] = /^\((.*)\)$/s.exec(decodeURIComponent(keyText(id))) ?? [];
      assert.deepEqual(segmentOf(`x(${inner})`).key, { kind: 'value', value: id });
    }
    assert.equal(contextKey("O'Neil"), "('O''Neil')");
  });
});

describe('query options', () => {
  const options = (path: string) => Object.fromEntries(parse(path).options);

  test('are matched without regard to case; on beta the $ may be missing', () => {
    assert.deepEqual(options('/v1.0/users?$TOP=5&%24select=id&x=1&y'), { $top: '5', $select: 'id' });
    assert.deepEqual(options('/v1.0/users?top=5'), {});
    assert.deepEqual(options('/beta/users?Top=5&x=1'), { $top: '5' });
    assert.deepEqual(options("/beta/users?$filter=displayName+eq+'a%2Bb%26c%3Dd'"), {
      $filter: "displayName eq 'a+b&c=d'",
    });
    assert.deepEqual(options('/beta/users?'), {});
  });

  test('are refused when repeated, unknown or beyond all bounds', () => {
    assert.equal(
      codeOf(() => options('/v1.0/users?$top=5&$top=6')),
      'graph.repeatedOption',
    );
    assert.equal(
      codeOf(() => options('/beta/users?$top=5&TOP=5')),
      'graph.repeatedOption',
    );
    assert.equal(
      codeOf(() => options('/v1.0/users?$apply=x')),
      'graph.unknownOption',
    );
    assert.equal(
      codeOf(() => options('/v1.0/users?$id=x')),
      'graph.unknownOption',
    );
    assert.equal(
      codeOf(() => options(`/v1.0/users?${'a&'.repeat(70)}`)),
      'graph.badUrl',
    );
    assert.equal(
      codeOf(() => options(`/v1.0/users?$filter=${'a'.repeat(9_000)}`)),
      'graph.badOption',
    );
    assert.equal(
      codeOf(() => options('/v1.0/users?$filter=%E0')),
      'graph.badUrl',
    );
  });
});

test('headers say how much metadata, which answer and which page size is wanted', () => {
  assert.equal(parse('/beta').format.metadata, 'minimal');
  assert.equal(parse('/beta', { accept: 'application/json;odata.metadata=none' }).format.metadata, 'none');
  assert.equal(parse('/beta?$format=application/json;odata.metadata=full').format.metadata, 'full');
  assert.deepEqual(parse('/beta', { prefer: 'respond-async, return=representation' }).preferences, {
    return: 'representation',
  });
  assert.deepEqual(parse('/beta', { prefer: 'odata.maxpagesize=7' }).preferences, { maxPageSize: 7 });
  assert.deepEqual(parse('/beta', { prefer: 'return=everything;odata.maxpagesize=0' }).preferences, {});
});

describe('a reference', () => {
  const id = (reference: unknown) => idOfReference(reference, entities.identityProviderBase);

  test('is understood in every documented form', () => {
    const forms = [
      'https://graph.microsoft.com/beta/identity/identityProviders/Google-OAUTH',
      'https://graph.microsoft.com/v1.0/identityProviders/Google-OAUTH',
      'https://graph.microsoft.com/v1/identity/identityProviders/Google-OAUTH',
      "https://localhost:8443/beta/identity/identityProviders('Google-OAUTH')",
      'https://localhost:8443/beta/identity/identityproviders(%27Google-OAUTH%27)',
      '/beta/identity/identityProviders/Google-OAUTH',
      'identity/identityProviders/Google-OAUTH',
      "identityProviders('Google-OAUTH')",
      'https://graph.microsoft.com/beta/identity/identityProviders/Google-OAUTH/',
      'Google-OAUTH',
    ];
    for (const form of forms) assert.equal(id(form), 'Google-OAUTH', form);
  });

  test('names an entity of a derived type by the collection of the type it derives from', () => {
    const extension = 'https://graph.microsoft.com/v1.0/identity/customAuthenticationExtensions/one';
    assert.equal(idOfReference(extension, entities.onOtpSendCustomExtension), 'one');
    assert.equal(
      codeOf(() => idOfReference(extension, entities.identityProviderBase)),
      'graph.badReference',
    );
  });

  test('is refused when it names another kind, or nothing, or more than a path', () => {
    const hostile = [
      undefined,
      null,
      7,
      {},
      '',
      '/',
      'https://',
      'https://graph.microsoft.com/v1.0/users/x',
      "users('x')",
      'identityProviders/x?y=1',
      'https://h/identityProviders/x#y',
      "identityProviders('x",
      'identityProviders/%',
      'a'.repeat(2_049),
      'javascript:alert(1)//x',
    ];
    for (const form of hostile)
      assert.equal(
        codeOf(() => id(form)),
        'graph.badReference',
        String(form).slice(0, 40),
      );
  });
});
