import type { Guard } from './guard.ts';

/** What keeps tenants and user flows apart. */
export const isolation: readonly Guard[] = [
  {
    attack: 28,
    file: 'src/oidc/standards/own-access-token.ts',
    code: ' && (tfp ?? acr) === segmentOf(authority);',
    without: ';',
    test: 'test/security/isolation-runtime.test.ts',
    named: 'opens nothing at',
  },
  {
    attack: 28,
    file: 'src/oidc/standards/pushed-params.ts',
    code: 'found?.flowId === authorityId && found.appId',
    without: 'found?.appId',
    test: 'test/security/isolation-runtime.test.ts',
    named: 'opens nothing at',
  },
  {
    attack: 28,
    file: 'src/oidc/authority.ts',
    code: 'authority === undefined && flowId === to.id',
    without: 'authority === undefined',
    test: 'test/security/isolation-runtime.test.ts',
    named: 'opens nothing at',
  },
];
