import assert from 'node:assert/strict';
import { type Answered, lifeOf } from '../../support/flow-settings.ts';
import { claimsIn, type TokenAnswer, token } from '../../support/sign-in.ts';
import { seeded } from '../../support/usher.ts';
import type { Bench } from '../bench.ts';
import type { Chapter, Proof } from '../proof.ts';
import { type FlowKind, flowKinds } from '../settings.ts';

const configurable = flowKinds.filter((kind) => kind !== 'passwordReset');

const day = 86_400;
const lifetimes = (tokenLifetimeConfiguration: object) => ({ tokenLifetimeConfiguration });
const claims = (tokenClaimsConfiguration: object) => ({ tokenClaimsConfiguration });
const told = (tokenClaims: object) => ({ settings: { tokenClaims } });

/** Tokens of an application whose refresh tokens live as long as the flow says: those of one in a browser live a day. */
const tokensOf = async (bench: Bench, kind: FlowKind, flow: string): Promise<TokenAnswer> =>
  (await bench.finish(kind, flow, { isWeb: true })).tokens;

function renew(bench: Bench, kind: FlowKind, flow: string, { refresh_token = '' }: TokenAnswer): Promise<Answered> {
  const web = { client_id: seeded.web, client_secret: seeded.secret };
  const client = kind === 'resourceOwner' ? { client_id: bench.passwordClient } : web;
  return token(bench.usher, { grant_type: 'refresh_token', refresh_token, ...client }, flow);
}

/** What the ID token of somebody says who goes through the flow now. */
const idTokenOf = async (bench: Bench, kind: FlowKind, flow: string): Promise<Readonly<Record<string, unknown>>> =>
  claimsIn((await bench.finish(kind, flow)).tokens.id_token);

async function discovered({ usher }: Bench, flow: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${usher.url}/${seeded.tenant}/${flow}/v2.0/.well-known/openid-configuration`);
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

async function select({ usher }: Bench, flow: string, attribute: string): Promise<void> {
  const reference = { '@odata.id': `${usher.url}/beta/identity/userFlowAttributes/${attribute}` };
  const response = await usher.graph('POST', `/beta/identity/b2cUserFlows/${flow}/applicationClaims/$ref`, reference);
  assert.equal(response.status, 204, await response.text());
}

const lives: readonly Proof[] = [
  {
    settings: ['tokenLifetimeConfiguration/accessAndIdTokenLifetimeInMinutes'],
    kinds: configurable,
    says: 'Access and ID tokens live as many minutes as the flow says, from the next token on',
    async prove(bench, kind) {
      const flow = await bench.flow(kind);
      const { tokens: usual } = await bench.finish(kind, flow);
      assert.equal(lifeOf(usual.id_token), 3600);
      await bench.set(flow, lifetimes({ accessAndIdTokenLifetimeInMinutes: 7 }));
      const { tokens: short } = await bench.finish(kind, flow);
      assert.deepEqual([lifeOf(short.id_token), lifeOf(short.access_token)], [420, 420]);
    },
  },
  {
    settings: ['tokenLifetimeConfiguration/refreshTokenLifetimeInDays'],
    kinds: configurable,
    says: 'A refresh token can be used for as many days as the flow says',
    async prove(bench, kind) {
      const flow = await bench.flow(kind, lifetimes({ refreshTokenLifetimeInDays: 1 }));
      const short = await tokensOf(bench, kind, flow);
      await bench.set(flow, lifetimes({ refreshTokenLifetimeInDays: 2 }));
      const long = await tokensOf(bench, kind, flow);
      const lasting = [short, long].map(({ refresh_token_expires_in }) => refresh_token_expires_in);
      assert.deepEqual(lasting, [day, 2 * day]);
      await bench.usher.advance(day + 1);
      const late = (await renew(bench, kind, flow, short)).answer.error_description ?? '';
      assert.match(late, /^AADB2C90080: .*Grant expiration time: /);
      assert.equal((await renew(bench, kind, flow, long)).status, 200);
    },
  },
  {
    settings: ['tokenLifetimeConfiguration/rollingRefreshTokenLifetimeInDays'],
    kinds: configurable,
    says: 'Tokens are renewed without a new sign-in until the window of the flow is over',
    async prove(bench, kind) {
      const window = (days: number) =>
        lifetimes({ refreshTokenLifetimeInDays: 2, rollingRefreshTokenLifetimeInDays: days });
      const flow = await bench.flow(kind, window(2));
      const first = await tokensOf(bench, kind, flow);
      await bench.usher.advance(day);
      const second = await renew(bench, kind, flow, first);
      assert.ok(Number(second.answer['refresh_token_expires_in']) <= day);
      await bench.set(flow, window(-1));
      const third = await renew(bench, kind, flow, second.answer);
      assert.equal(third.answer['refresh_token_expires_in'], 2 * day);
      await bench.usher.advance(day);
      await bench.set(flow, window(2));
      const late = (await renew(bench, kind, flow, third.answer)).answer.error_description ?? '';
      assert.match(late, /^AADB2C90080: .*sliding window/);
    },
  },
];

const protocol: readonly Proof[] = [
  {
    settings: ['tokenClaimsConfiguration/isIssuerEntityUserFlow'],
    kinds: flowKinds,
    says: 'The issuer names the tenant, or tenant and flow, in tokens and metadata alike',
    async prove(bench, kind) {
      const flow = await bench.flow(kind);
      const issuers = async () => [
        (await idTokenOf(bench, kind, flow))['iss'],
        (await discovered(bench, flow))['issuer'],
      ];
      const plain = `${bench.usher.url}/${seeded.tenantId}/v2.0/`;
      assert.deepEqual(await issuers(), [plain, plain]);
      await bench.set(flow, claims({ isIssuerEntityUserFlow: true }));
      const own = `${bench.usher.url}/tfp/${seeded.tenantId}/${flow.toLowerCase()}/v2.0/`;
      assert.deepEqual(await issuers(), [own, own]);
    },
  },
  {
    settings: ['tokenClaimsConfiguration/isSubjectClaimSupported'],
    kinds: flowKinds,
    says: 'The subject of a token is the person, or says that it is not supported',
    async prove(bench, kind) {
      const flow = await bench.flow(kind);
      const usual = await idTokenOf(bench, kind, flow);
      assert.equal(usual['sub'], usual['oid']);
      await bench.set(flow, claims({ isSubjectClaimSupported: false }));
      const { sub, oid } = await idTokenOf(bench, kind, flow);
      assert.equal(sub, 'Not supported currently. Use oid claim.');
      assert.notEqual(oid, sub);
    },
  },
  {
    settings: ['tokenClaimsConfiguration/claimTypeForUserFlowId'],
    kinds: flowKinds,
    says: 'The claim that names the user flow is tfp or acr',
    async prove(bench, kind) {
      const flow = await bench.flow(kind);
      assert.equal((await idTokenOf(bench, kind, flow))['tfp'], flow);
      await bench.set(flow, claims({ claimTypeForUserFlowId: 'acr' }));
      const { acr, tfp } = await idTokenOf(bench, kind, flow);
      assert.deepEqual([acr, tfp], [flow, undefined]);
    },
  },
];

/** Kinds of flows that lead to other providers. */
const federating = flowKinds.filter((kind) => kind !== 'passwordReset' && kind !== 'resourceOwner');

/** A claim about another provider that has vouched for a person: in the metadata, and in the tokens of whoever comes through it. */
const providerClaim = (setting: string, claim: string, says: string): Proof => ({
  settings: [`settings/tokenClaims/${setting}`],
  kinds: federating,
  says,
  async prove(bench, kind) {
    const { facebook } = bench;
    const settings = { identityProviders: [{ id: facebook.id }] };
    const flow = await bench.flow(kind, settings);
    // Where nobody signs up, the account is there before.
    await facebook.comeThrough(await bench.flow('signUp', settings));
    for (const isIncluded of [true, false]) {
      await bench.set(flow, told({ [setting]: isIncluded }));
      const { claims_supported: listed } = await discovered(bench, flow);
      assert.ok(Array.isArray(listed));
      const claims = await facebook.comeThrough(flow);
      assert.deepEqual([listed.includes(claim), claim in claims], [isIncluded, isIncluded]);
    }
  },
});

const people: readonly Proof[] = [
  {
    settings: ['applicationClaims'],
    kinds: flowKinds,
    says: 'Tokens tell of a person what the flow selects, and all that is known while it selects nothing',
    async prove(bench, kind) {
      const flow = await bench.flow(kind);
      const tells = async () => (await idTokenOf(bench, kind, flow))['emails'] !== undefined;
      assert.equal(await tells(), true);
      await select(bench, flow, 'city');
      assert.equal(await tells(), false);
      await select(bench, flow, 'email');
      assert.equal(await tells(), true);
    },
  },
  {
    settings: ['settings/tokenClaims/isNewUserIncluded'],
    kinds: ['signUpOrSignIn', 'signUp'],
    says: 'The first token of a new account says that it is new, where the flow lets it',
    async prove(bench, kind) {
      const flow = await bench.flow(kind);
      const saysNew = async () =>
        claimsIn((await bench.finish(kind, flow, { isNew: true })).tokens.id_token)['newUser'];
      assert.equal(await saysNew(), true);
      await bench.set(flow, told({ isNewUserIncluded: false }));
      assert.equal(await saysNew(), undefined);
    },
  },
  providerClaim(
    'isIdentityProviderIncluded',
    'idp',
    'The first token of somebody whom another provider has proved names it, and the metadata lists the claim, where the flow lets tokens carry it',
  ),
  providerClaim(
    'isIdentityProviderAccessTokenIncluded',
    'idp_access_token',
    'The first token bears what another provider gave for its own API, and the metadata lists the claim, where the flow lets tokens carry it',
  ),
];

export const tokens: Chapter = {
  proofs: [...lives, ...protocol, ...people],
  exemptions: [
    {
      settings: [
        'tokenLifetimeConfiguration/accessAndIdTokenLifetimeInMinutes',
        'tokenLifetimeConfiguration/refreshTokenLifetimeInDays',
        'tokenLifetimeConfiguration/rollingRefreshTokenLifetimeInDays',
      ],
      kinds: ['passwordReset'],
      because: 'Lifetimes of tokens of a password reset cannot be configured (as in Azure AD B2C).',
    },
    {
      settings: ['settings/tokenClaims/isNewUserIncluded'],
      kinds: ['signIn', 'passwordReset', 'profileUpdate', 'resourceOwner'],
      because: 'The flow makes no accounts.',
    },
    {
      settings: [
        'settings/tokenClaims/isIdentityProviderIncluded',
        'settings/tokenClaims/isIdentityProviderAccessTokenIncluded',
      ],
      kinds: ['passwordReset', 'resourceOwner'],
      because: 'Nobody comes through another provider: the flow is about passwords of the tenant itself.',
    },
  ],
};
