import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import { startUsher, type Usher } from '../support/usher.ts';

const eventual = { consistencylevel: 'eventual' };

interface Body {
  readonly error: { readonly code: string; readonly message: string };
  readonly value: readonly unknown[];
  readonly '@odata.count': number;
}

/** Each would have to look at every user, and so would be refused with two of them as with a million. */
const refused: readonly (readonly [query: string, message: RegExp])[] = [
  [
    `$filter=contains(displayName,'e')`,
    /^Unsupported or invalid query filter clause .*'displayName' of resource 'user'/,
  ],
  [`$filter=endswith(displayName,'e')`, /^Unsupported or invalid query filter clause/],
  [`$filter=substring(displayName,1) eq 'dele'`, /^Unsupported or invalid query filter clause/],
  ['$filter=length(displayName) gt 3', /^Unsupported or invalid query filter clause/],
  ['$filter=year(createdDateTime) eq 2026', /^Unsupported or invalid query filter clause/],
  ['$filter=displayName eq givenName', /^Unsupported or invalid query filter clause/],
  [`$filter=identities/any(i:i/signInType eq 'emailAddress')`, /^Unsupported or invalid query filter clause/],
  [`$filter=otherMails/any(m:contains(m,'e'))`, /^Unsupported or invalid query filter clause/],
  [`$filter=businessPhones/any(p:p ne '1')`, /^Unsupported or invalid query filter clause/],
  [`$filter=passwordPolicies eq 'None'`, /^The request uses a filter property that is not indexed$/],
  [
    '$filter=lastPasswordChangeDateTime ge 2020-01-01T00:00:00Z',
    /^The request uses a filter property that is not indexed$/,
  ],
  ['$filter=identities/$count gt 1', /^The request uses a filter property that is not indexed$/],
  ['$search="legalAgeGroupClassification:adult"', /^The request uses a filter property that is not indexed$/],
  ['$orderby=city', /^Sorting is not supported for property 'city' of resource 'user'\.$/],
  [`$filter=accountEnabled eq true and contains(mail,'e')`, /^Unsupported or invalid query filter clause/],
  [
    `$filter=accountEnabled eq true or passwordPolicies eq 'None'`,
    /^The request uses a filter property that is not indexed$/,
  ],
];

/** What an index does serve, of the same properties. */
const served: readonly string[] = [
  `$filter=startswith(displayName,'adele')`,
  `$search="displayName:adele"`,
  `$filter=endswith(mail,'@contoso.example') and accountEnabled eq true`,
  `$filter=identities/any(i:i/issuerAssignedId eq 'adele@contoso.example' and i/issuer eq 'contoso.onmicrosoft.com')`,
  '$filter=createdDateTime ge 2020-01-01T00:00:00Z',
  '$orderby=displayName',
];

for (const engine of engines) {
  describe(engine.name, () => {
    let usher: Usher;
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    const ask = async (collection: string, query: string) => {
      const path = `/v1.0/${collection}?${query.replaceAll(' ', '%20').replaceAll('"', '%22')}&$count=true`;
      const answer = await usher.graph('GET', path, undefined, eventual);
      return { status: answer.status, body: (await answer.json()) as Body };
    };

    test('a query that no index serves is refused with an error of Graph, not run', async () => {
      for (const [query, message] of refused) {
        const { status, body } = await ask('users', query);
        assert.equal(status, 400, query);
        assert.equal(body.error.code, 'Request_UnsupportedQuery', query);
        assert.match(body.error.message, message, query);
      }
    });

    test('nor is it run when only its number is asked for, or when it arrives in a batch', async () => {
      const query = `$filter=contains(displayName,'e')`;
      assert.equal((await ask('users/$count', query)).status, 400);
      const requests = [{ id: '1', method: 'GET', url: `/users?${query}`, headers: { ConsistencyLevel: 'eventual' } }];
      const answer = await usher.graph('POST', '/v1.0/$batch', { requests });
      const { responses } = (await answer.json()) as { readonly responses: readonly { readonly status: number }[] };
      assert.deepEqual(
        responses.map(({ status }) => status),
        [400],
      );
    });

    test('what an index serves of the same properties is answered', async () => {
      for (const query of served) {
        const { status, body } = await ask('users', query);
        assert.equal(status, 200, `${query}: ${JSON.stringify(body)}`);
        assert.ok(body.value.length > 0, query);
        assert.equal(body['@odata.count'], body.value.length, query);
      }
    });
  });
}
