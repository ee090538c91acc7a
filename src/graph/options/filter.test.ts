import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import { type EntityType, entities, entity, type Filter, property } from '../../model/index.ts';
import { refusal } from '../testing/refusal.ts';
import { readFilter } from './filter.ts';

const { collection, complex, complexType, dateTimeOffset, flags: flagSet, flagsType, int32, string } = property;

const now = 1_795_255_200;
const of = (type: EntityType, text: string): Filter => readFilter(text, type, 'beta', now);
const user = (text: string): Filter => of(entities.user, text);
const attribute = (text: string): Filter => of(entities.identityUserFlowAttribute, text);
const flow = (text: string): Filter => of(entities.b2cIdentityUserFlow, text);
const eq = (name: string, value: string | number | boolean | null): Filter => ({ op: 'eq', path: [name], value });

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
    ["tolower(displayName) eq 'adele'", eq('displayName', 'adele')],
    ["startswith(tolower(displayName),'a')", { op: 'startsWith', path: ['displayName'], value: 'a' }],
    ["startsWith(displayName,'A') eq true", { op: 'startsWith', path: ['displayName'], value: 'A' }],
    ["$it/displayName eq 'Adele'", eq('displayName', 'Adele')],
    ["Microsoft.Graph.User/displayName eq 'Adele'", eq('displayName', 'Adele')],
    ['createdDateTime le now()', { op: 'le', path: ['createdDateTime'], value: '2026-11-21T10:00:00Z' }],
    [
      "extension_d09380e2b4c6429a203fb816a04a7ad0_tier eq 'Gold'",
      eq('extension_d09380e2b4c6429a203fb816a04a7ad0_tier', 'Gold'),
    ],
    ["otherMails/any(m:m eq 'a')", { op: 'any', path: ['otherMails'], where: { op: 'eq', path: [], value: 'a' } }],
    [
      "otherMails/any(m:endswith(m,'@x.example'))",
      { op: 'any', path: ['otherMails'], where: { op: 'endsWith', path: [], value: '@x.example' } },
    ],
    ['id eq 7f9c24e8-3b12-4fef-91e0-5f2ef6ae33dc', eq('id', '7f9c24e8-3b12-4fef-91e0-5f2ef6ae33dc')],
    ["id in ('a', 'b')", { op: 'in', path: ['id'], values: ['a', 'b'] }],
    ["mail in ('a@b.example',null)", { op: 'in', path: ['mail'], values: ['a@b.example', null] }],
    ["startsWith(displayName,'A')", { op: 'startsWith', path: ['displayName'], value: 'A' }],
    ["startswith( displayName , 'A' )", { op: 'startsWith', path: ['displayName'], value: 'A' }],
    ["endsWith(mail,'@b.example')", { op: 'endsWith', path: ['mail'], value: '@b.example' }],
    ["not(startswith(displayName,'A'))", { op: 'not', term: { op: 'startsWith', path: ['displayName'], value: 'A' } }],
    ['createdDateTime ge 2019-06-01T00:00:00Z', { op: 'ge', path: ['createdDateTime'], value: '2019-06-01T00:00:00Z' }],
    ['createdDateTime lt 2019-06-01', { op: 'lt', path: ['createdDateTime'], value: '2019-06-01T00:00:00Z' }],
    [
      'createdDateTime gt 2019-06-01T02:00:00.25+02:00',
      { op: 'gt', path: ['createdDateTime'], value: '2019-06-01T00:00:00Z' },
    ],
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

/** What only small collections answer. */
describe('$filter of a small collection is read as it is meant', () => {
  const nested = (value: boolean): Filter => ({
    op: 'eq',
    path: ['tokenClaimsConfiguration', 'isIssuerEntityUserFlow'],
    value,
  });
  const call = (name: string, ...of: unknown[]) => ({ call: name, of });
  const compare = (by: string, left: unknown, right: unknown) => ({ op: 'compare', by, left, right });
  const path = (...names: string[]) => ({ path: names });
  const meanings: readonly (readonly [string, unknown])[] = [
    ['tokenClaimsConfiguration/isIssuerEntityUserFlow', nested(true)],
    ["contains(id,'d')", { op: 'contains', path: ['id'], value: 'd' }],
    ["contains(id,'d') eq false", { op: 'not', term: { op: 'contains', path: ['id'], value: 'd' } }],
    ['id ge defaultLanguageTag', compare('ge', path('id'), path('defaultLanguageTag'))],
    ["startswith('abc',id)", compare('eq', call('startswith', { value: 'abc' }, path('id')), { value: true })],
    ['length(id) gt 5', compare('gt', call('length', path('id')), { value: 5 })],
    ['5 lt length(id)', compare('gt', call('length', path('id')), { value: 5 })],
    [
      "concat(concat(id,'-'),defaultLanguageTag) eq 'a-b'",
      compare('eq', call('concat', call('concat', path('id'), { value: '-' }), path('defaultLanguageTag')), {
        value: 'a-b',
      }),
    ],
    [
      "substring(id,1,2) eq 'b'",
      compare('eq', call('substring', path('id'), { value: 1 }, { value: 2 }), { value: 'b' }),
    ],
    ["indexof(id,'_') eq 3", compare('eq', call('indexof', path('id'), { value: '_' }), { value: 3 })],
    [
      'length(id) in (1, 2)',
      {
        op: 'or',
        terms: [
          compare('eq', call('length', path('id')), { value: 1 }),
          compare('eq', call('length', path('id')), { value: 2 }),
        ],
      },
    ],
    ["isof('microsoft.graph.b2cIdentityUserFlow')", { op: 'isof', path: [], types: ['b2cIdentityUserFlow'] }],
    [
      "userFlowIdentityProviders/any(p:p/id eq 'Google-OAUTH')",
      { op: 'linked', navigation: 'userFlowIdentityProviders', where: eq('id', 'Google-OAUTH') },
    ],
    ['identityProviders/any()', { op: 'linked', navigation: 'userFlowIdentityProviders' }],
    [
      "userFlowIdentityProviders/all(p:p/id eq 'Google-OAUTH')",
      {
        op: 'not',
        term: {
          op: 'linked',
          navigation: 'userFlowIdentityProviders',
          where: { op: 'not', term: eq('id', 'Google-OAUTH') },
        },
      },
    ],
    [
      "apiConnectorConfiguration/postFederationSignup/id eq 'x'",
      { op: 'linked', navigation: 'apiConnectorConfiguration/postFederationSignup', where: eq('id', 'x') },
    ],
    [
      "apiConnectorConfiguration/postFederationSignup/id ne 'x'",
      {
        op: 'or',
        terms: [
          { op: 'not', term: { op: 'linked', navigation: 'apiConnectorConfiguration/postFederationSignup' } },
          {
            op: 'linked',
            navigation: 'apiConnectorConfiguration/postFederationSignup',
            where: { op: 'ne', path: ['id'], value: 'x' },
          },
        ],
      },
    ],
  ];
  for (const [text, meaning] of meanings) test(text, () => assert.deepEqual(flow(text), meaning));

  const cast: Filter = { op: 'isof', path: [], types: ['socialIdentityProvider'] };
  test('what lies behind a cast is null where the entity is of another type', () => {
    const provider = (text: string) => of(entities.identityProviderBase, text);
    const named = 'microsoft.graph.socialIdentityProvider/clientId';
    assert.deepEqual(provider(`${named} eq 'x'`), { op: 'and', terms: [cast, eq('clientId', 'x')] });
    assert.deepEqual(provider(`${named} ne 'x'`), {
      op: 'or',
      terms: [
        { op: 'not', term: cast },
        { op: 'ne', path: ['clientId'], value: 'x' },
      ],
    });
    assert.deepEqual(provider(`${named} eq null`), {
      op: 'or',
      terms: [{ op: 'not', term: cast }, eq('clientId', null)],
    });
    assert.deepEqual(provider('isof(microsoft.graph.socialIdentityProvider)'), cast);
    assert.equal(refusal(() => provider("microsoft.graph.user/mail eq 'x'")).code, 'graph.badFilter');
    assert.equal(refusal(() => provider("isof('microsoft.graph.user')")).code, 'graph.badFilter');
    assert.equal(refusal(() => provider(`length(${named}) gt 3`)).code, 'graph.unsupportedFilter');
  });

  test('the published filters of authentication events are understood', () => {
    const id = '63856651-13d9-4784-9abf-20758d509e19';
    const events = (text: string) => of(entities.authenticationEventsFlow, text);
    const type = 'microsoft.graph.externalUsersSelfServiceSignUpEventsFlow';
    const handler = 'microsoft.graph.onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp';
    const flowType: Filter = { op: 'isof', path: [], types: ['externalUsersSelfServiceSignUpEventsFlow'] };
    assert.deepEqual(events(`${type}/conditions/applications/includeApplications/any(appId:appId/appId eq '${id}')`), {
      op: 'and',
      terms: [
        flowType,
        { op: 'any', path: ['conditions', 'applications', 'includeApplications'], where: eq('appId', id) },
      ],
    });
    const google = `${type}/onAuthenticationMethodLoadStart/${handler}/identityProviders/any(idp:idp/id eq 'Google-OAUTH')`;
    assert.ok(
      JSON.stringify(events(google)).includes('"navigation":"onAuthenticationMethodLoadStart/identityProviders"'),
    );
    const extensions = of(
      entities.customAuthenticationExtension,
      "isOf('microsoft.graph.onTokenIssuanceStartCustomExtension')",
    );
    assert.deepEqual(extensions, { op: 'isof', path: [], types: ['onTokenIssuanceStartCustomExtension'] });
  });

  test('flags are members in the order of their values, and has asks for some of them', () => {
    const account = { ...flags, name: 'flagged' };
    assert.deepEqual(of(account, "kinds eq 'C,a'"), eq('kinds', 'a,c'));
    assert.deepEqual(of(account, "kinds eq '0'"), eq('kinds', '0'));
    assert.deepEqual(of(account, "kinds has 'C'"), { op: 'has', path: ['kinds'], members: ['c'] });
    assert.deepEqual(of(account, "kinds has microsoft.graph.kinds'b,a'"), {
      op: 'has',
      path: ['kinds'],
      members: ['a', 'b'],
    });
    assert.equal(refusal(() => of(account, "kinds has 'd'")).code, 'graph.badFilter');
    assert.equal(refusal(() => flow("userFlowType has 'signUp'")).code, 'graph.badFilter');
  });

  test('lambdas stand in lambdas, and functions of times and days are compared with their kind', () => {
    const [year, any] = [
      'year(at) eq 2026',
      "parts/any(p:p/tags/any(t:t eq 'x' or startswith(t,'y')) and p/size gt 1)",
    ];
    assert.deepEqual(of(flags, year), compare('eq', call('year', path('at')), { value: 2026 }));
    assert.deepEqual(
      of(flags, 'date(at) ge 2026-11-21'),
      compare('ge', call('date', path('at')), { value: '2026-11-21' }),
    );
    assert.deepEqual(of(flags, 'at ge 2026-11-21'), { op: 'ge', path: ['at'], value: '2026-11-21T00:00:00Z' });
    assert.deepEqual(of(flags, any), {
      op: 'any',
      path: ['parts'],
      where: {
        op: 'and',
        terms: [
          {
            op: 'any',
            path: ['tags'],
            where: {
              op: 'or',
              terms: [
                { op: 'eq', path: [], value: 'x' },
                { op: 'startsWith', path: [], value: 'y' },
              ],
            },
          },
          { op: 'gt', path: ['size'], value: 1 },
        ],
      },
    });
    assert.deepEqual(of(flags, 'parts/$count gt 1'), compare('gt', call('count', path('parts')), { value: 1 }));
    for (const wrong of [
      'year(kinds) eq 1',
      "date(at) eq 'x'",
      'length(at) eq 1',
      "length(kinds) eq 'x'",
      'year(at)',
    ]) {
      assert.equal(refusal(() => of(flags, wrong)).code, 'graph.badFilter', wrong);
    }
  });
});

/** A small type with what no declared one has all at once. */
const flags: EntityType = entity('flags', {
  properties: {
    kinds: flagSet(flagsType('kinds', { a: 1, b: 2, c: 4 }, [])),
    at: dateTimeOffset(),
    parts: collection(complex(complexType('part', { size: int32(), tags: collection(string()) }))),
  },
  source: 'https://example.test/',
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
    ["'a' eq 'b'", 7],
    ['displayName eq 5', 15],
    ['displayName eq true', 15],
    ['mail gt null', 8],
    ["createdDateTime ge '2019'", 19],
    ['createdDateTime ge 2019-02-30', 19],
    ['createdDateTime ge 2019-13-01', 19],
    ["startswith(displayName,'a'", 26],
    ['startswith(displayName)', 0],
    ['tolower(displayName', 19],
    ["tolower(displayName,'x') eq 'a'", 0],
    ["cast(displayName,'x') eq 'a'", 0],
    ['now(1) le createdDateTime', 0],
    ["identities/any(c c/issuer eq 'x')", 17],
    ["identities/any(c:issuer eq 'x')", 17],
    ['identities/all()', 15],
    ['id in ()', 7],
    ["id in ('a',)", 11],
    ["identities/$count('x') eq 0", 0],
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

  test('a name that is no directory extension is not looked for among undeclared members', () => {
    for (const name of ['extension_tier', 'loyalty', 'extension_d09380e2b4c6429a203fb816a04a7ad0']) {
      assert.equal(refusal(() => user(`${name} eq 'x'`)).code, 'graph.unknownProperty');
    }
  });

  test('a secret, a path into one and what is no single value are refused by name', () => {
    const cases = [
      ["passwordProfile/password eq 'x'", 'passwordProfile/password', entities.user],
      ["identities eq 'x'", 'identities', entities.user],
      ["identities/any(i:i/signInType eq 'x')", 'identities', entities.user],
      ["identities/any(i:i eq 'x')", 'i', entities.user],
      ["identities/any(i:i/issuer/x eq 'x')", 'i/issuer/x', entities.user],
      ["displayName/any(i:i eq 'x')", 'displayName', entities.user],
      ["clientSecret eq 'x'", 'clientSecret', entities.socialIdentityProvider],
      ["userFlowIdentityProviders eq 'x'", 'userFlowIdentityProviders', entities.b2cIdentityUserFlow],
      ['userAttributeAssignments/any()', 'userAttributeAssignments', entities.b2cIdentityUserFlow],
      ['tokenClaimsConfiguration eq null', 'tokenClaimsConfiguration', entities.b2cIdentityUserFlow],
    ] as const;
    for (const [text, name, type] of cases) {
      const { code, message } = refusal(() => of(type, text));
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
