import type { EntityOf, entities } from '../model/index.ts';

type Protected = Pick<EntityOf<typeof entities.b2cIdentityUserFlow>, 'multifactorAuthenticationConfiguration'>;

/**
 * Why a flow does not run although its kind does: it asks for something that decides who comes in and that no step does yet. To let people in
 * without it would be worse than to let in nobody.
 */
export function notYet(flow: Protected): string | undefined {
  const { multifactorAuthenticationState: state, multifactorAuthenticationMethod: method } =
    flow.multifactorAuthenticationConfiguration;
  if (state !== 'off' && method === 'phoneCall') return 'has a multifactorAuthenticationMethod of phoneCall';
  return undefined;
}
