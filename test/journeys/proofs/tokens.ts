import assert from 'node:assert/strict';
import { lifeOf } from '../../support/flow-settings.ts';
import { claimsIn } from '../../support/sign-in.ts';
import type { Chapter } from '../proof.ts';
import { flowKinds } from '../settings.ts';

const configurable = flowKinds.filter((kind) => kind !== 'passwordReset');

export const tokens: Chapter = {
  proofs: [
    {
      settings: ['tokenLifetimeConfiguration/accessAndIdTokenLifetimeInMinutes'],
      kinds: configurable,
      says: 'Access and ID tokens live as many minutes as the flow says, from the next token on',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        const { tokens: usual } = await bench.finish(kind, flow);
        assert.equal(lifeOf(usual.id_token), 3600);
        await bench.set(flow, { tokenLifetimeConfiguration: { accessAndIdTokenLifetimeInMinutes: 7 } });
        const { tokens: short } = await bench.finish(kind, flow);
        assert.deepEqual([lifeOf(short.id_token), lifeOf(short.access_token)], [420, 420]);
      },
    },
    {
      settings: ['tokenClaimsConfiguration/claimTypeForUserFlowId'],
      kinds: flowKinds,
      says: 'The claim that names the user flow is tfp or acr',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        assert.equal(claimsIn((await bench.finish(kind, flow)).tokens.id_token)['tfp'], flow);
        await bench.set(flow, { tokenClaimsConfiguration: { claimTypeForUserFlowId: 'acr' } });
        const claims = claimsIn((await bench.finish(kind, flow)).tokens.id_token);
        assert.deepEqual([claims['acr'], claims['tfp']], [flow, undefined]);
      },
    },
  ],
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
  ],
};
