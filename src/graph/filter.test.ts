import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import { Fault } from '../kernel/index.ts';
import { entities, type Filter } from '../model/index.ts';
import { readFilter } from './filter.ts';

const user = (text: string): Filter => readFilter(text, entities.user);
const attribute = (text: string): Filter => readFilter(text, entities.identityUserFlowAttribute);

const eq = (name: string, value: string | number | boolean | null): Filter => ({ op: 'eq', path: [name], value });

function refusal(read: () => unknown): { readonly code: string; readonly message: string } {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return { code: error.code, message: error.message };
  }
  assert.fail('it was accepted');
}

describe('$filter is read as it is meant', () => {
  const meanings: readonly (readonly [string, Filter])[] = [
    ["displayName eq 'Adele'", eq('displayName', 'Adele')],
    ["DISPLAYNAME EQ 'Adele'", eq('displayName', 'Adele')],
    ["  displayName   eq\t'Adele'  ", eq('displayName', 'Adele')],
    ["surname eq 'O''Neil'", eq('surname', "O'Neil")],
    ["surname eq ''", eq('surname', '')],
    ["displayName eq 'a) or (b and not c'", eq('displayName', 'a) or (b and not c')],
    ["displayName eq '日本 🙂'", eq('displayName', '日本 🙂')],
    ['mail eq null', eq('mail', null)],
    ['accountEnabled eq true', eq('accountEnabled', true)],
    ['accountEnabled', eq('accountEnabled', true)],
    ['not accountEnabled', { op: 'not', term: eq('accountEnabled', true) }],
    ["'Adele' eq displayName", eq('displayName', 'Adele')],
    ["'m' lt displayName", { op: 'gt', path: ['displayName'], value: 'm' }],
    ["userType eq 'guest'", eq('userType', 'Guest')],
    ["userType eq microsoft.graph.userType'guest'", eq('userType', 'Guest')],
    ['id eq 7f9c24e8-3b12-4fef-91e0-5f2ef6ae33dc', eq('id', '7f9c24e8-3b12-4fef-91e0-5f2ef6ae33dc')],
    ["id in ('a', 'b')", { op: 'in', path: ['id'], values: ['a', 'b'] }],
    ["mail in ('a@b.example',null)", { op: 'in', path: ['mail'], values: ['a@b.example', null] }],
    ["startsWith(displayName,'A')", { op: 'startsWith', path: ['displayName'], value: 'A' }],
    ["startswith( displayName , 'A' )", { op: 'startsWith', path: ['displayName'], value: 'A' }],
    ["endsWith(mail,'@b.example')", { op: 'endsWith', path: ['mail'], value: '@b.example' }],
    ["contains(displayName,'d')", { op: 'contains', path: ['displayName'], value: 'd' }],
    ["not(startswith(displayName,'A'))", { op: 'not', term: { op: 'startsWith', path: ['displayName'], value: 'A' } }],
    ['createdDateTime ge 2019-06-01T00:00:00Z', { op: 'ge', path: ['createdDateTime'], value: '2019-06-01T00:00:00Z' }],
    ['createdDateTime lt 2019-06-01', { op: 'lt', path: ['createdDateTime'], value: '2019-06-01T00:00:00Z' }],
    [
      'createdDateTime gt 2019-06-01T02:00:00.25+02:00',
      { op: 'gt', path: ['createdDateTime'], value: '2019-06-01T00:00:00Z' },
    ],
    ['identities/any()', { op: 'any', path: ['identities'] }],
    [
      "identities/any(c:c/issuerAssignedId eq 'j.smith@yahoo.com' and c/issuer eq 'contoso.onmicrosoft.com')",
      {
        op: 'any',
        path: ['identities'],
        where: {
          op: 'and',
          terms: [eq('issuerAssignedId', 'j.smith@yahoo.com'), eq('issuer', 'contoso.onmicrosoft.com')],
        },
      },
    ],
    [
      "identities/all(i: i/issuer ne 'x')",
      { op: 'all', path: ['identities'], where: { op: 'ne', path: ['issuer'], value: 'x' } },
    ],
  ];
  for (const [text, meaning] of meanings) test(text, () => assert.deepEqual(user(text), meaning));

  test('and binds stronger than or, not strongest, parentheses win', () => {
    const [a, b, c] = [eq('mail', 'a'), eq('mail', 'b'), eq('mail', 'c')];
    assert.deepEqual(user("mail eq 'a' or mail eq 'b' and mail eq 'c'"), {
      op: 'or',
      terms: [a, { op: 'and', terms: [b, c] }],
    });
    assert.deepEqual(user("(mail eq 'a' or mail eq 'b') and not mail eq 'c'"), {
      op: 'and',
      terms: [
        { op: 'or', terms: [a, b] },
        { op: 'not', term: c },
      ],
    });
    assert.deepEqual(user("mail eq 'a' and mail eq 'b' and mail eq 'c'"), { op: 'and', terms: [a, b, c] });
  });

  test('an enumeration member is stored as declared', () => {
    assert.deepEqual(attribute("userFlowAttributeType eq 'BUILTIN'"), eq('userFlowAttributeType', 'builtIn'));
  });
});

describe('$filter refuses what is not one', () => {
  const positions: readonly (readonly [string, number])[] = [
    ['', 0],
    ['displayName', 0],
    ['displayName eq', 14],
    ["displayName eq 'open", 15],
    ["displayName = 'a'", 12],
    ["displayName eq 'a' and", 22],
    ["displayName eq 'a' mail eq 'b'", 19],
    ["(displayName eq 'a'", 19],
    ["displayName eq 'a')", 18],
    ['displayName eq mail', 15],
    ["'a' eq 'b'", 7],
    ['displayName eq 5', 15],
    ['displayName eq true', 15],
    ['accountEnabled gt true', 18],
    ['mail gt null', 8],
    ["createdDateTime ge '2019'", 19],
    ['createdDateTime ge 2019-02-30', 19],
    ['createdDateTime ge 2019-13-01', 19],
    ["userType eq 'admin'", 12],
    ["startswith(displayName,'a'", 26],
    ['startswith(displayName)', 22],
    ["startswith('a',displayName)", 11],
    ["tolower(displayName) eq 'a'", 0],
    ["identities/any(c c/issuer eq 'x')", 17],
    ["identities/any(c:issuer eq 'x')", 17],
    ['identities/all()', 15],
    ['id in ()', 7],
    ["id in ('a',)", 11],
    ['identities/$count eq 0', 11],
    ["displayName eq 'a'; drop table users", 18],
    ['displayName eq "a"', 15],
    ["displayName eq 'a' -- b", 19],
    ['displayName eq 12345678901234567890123', 15],
    ['displayName eq \u0000', 15],
  ];
  for (const [text, position] of positions) {
    test(`${JSON.stringify(text)} at ${position}`, () => {
      const { code, message } = refusal(() => user(text));
      assert.equal(code, 'graph.badFilter', message);
      assert.match(message, new RegExp(`at position ${position}\\.$`));
    });
  }

  test('a property that does not exist, and one that must not be known to exist, are answered alike', () => {
    for (const name of ['nickname', 'passwordHash', 'forceChangePassword', '__proto__', 'constructor']) {
      const { code, message } = refusal(() => user(`${name} eq 'x'`));
      assert.equal(code, 'graph.unknownProperty');
      assert.equal(message, `Could not find a property named '${name}' on type 'microsoft.graph.user'.`);
    }
  });

  test('a property without an index, a secret and a path into one are refused by name', () => {
    const cases = [
      ["city eq 'x'", 'city', entities.user],
      ["passwordProfile/password eq 'x'", 'passwordProfile/password', entities.user],
      ["identities eq 'x'", 'identities', entities.user],
      ["identities/any(i:i/signInType eq 'x')", 'i/signInType', entities.user],
      ["identities/any(i:i eq 'x')", 'i', entities.user],
      ["identities/any(i:i/issuer/x eq 'x')", 'i/issuer/x', entities.user],
      ["identities/any(i:i/a/any(j:j eq 'x'))", 'i/a', entities.user],
      ["otherMails/any(i:i eq 'x')", 'otherMails', entities.user],
      ["displayName/any(i:i eq 'x')", 'displayName', entities.user],
      ["clientSecret eq 'x'", 'clientSecret', entities.socialIdentityProvider],
      ["web/homePageUrl eq 'x'", 'web/homePageUrl', entities.application],
    ] as const;
    for (const [text, name, type] of cases) {
      const { code, message } = refusal(() => readFilter(text, type));
      assert.equal(code, 'graph.unsupportedFilter', text);
      assert.ok(message.includes(`'${name}'`), message);
    }
  });

  test('nesting, values and length are bounded', () => {
    const deep = `${'('.repeat(40)}mail eq 'a'${')'.repeat(40)}`;
    assert.equal(refusal(() => user(deep)).code, 'graph.badFilter');
    assert.equal(refusal(() => user(`${'not '.repeat(40)}mail eq 'a'`)).code, 'graph.badFilter');
    assert.equal(refusal(() => user(`id in (${Array(101).fill("'a'").join(',')})`)).code, 'graph.badFilter');
    assert.equal(refusal(() => user(Array(400).fill("mail eq 'a'").join(' or '))).code, 'graph.badFilter');
    assert.equal(user(Array(100).fill("mail eq 'a'").join(' or ')).op, 'or');
  });

  test('a hostile filter is given up after a bounded number of tokens, each matched at its own place only', () => {
    const exec = mock.method(RegExp.prototype, 'exec');
    for (const part of ["'", "''", '(', '-', '1', '0-', 'a.', '2019-01-01T', '/', "a'b"]) {
      exec.mock.resetCalls();
      assert.match(refusal(() => user(part.repeat(8_000 / part.length))).code, /^graph\./, part);
      const patterns = exec.mock.calls
        .map((call) => call.this as RegExp)
        .filter(({ source }) => source.includes('<guid>'));
      assert.ok(patterns.length > 0 && patterns.length <= 1_001, `${part} ${patterns.length}`);
      // Sticky: a match that fails is not tried again further on, so that one filter is read once.
      assert.ok(
        patterns.every(({ sticky }) => sticky),
        part,
      );
    }
    exec.mock.restore();
  });
});
