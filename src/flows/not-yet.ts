import type { EntityOf, entities } from '../model/index.ts';

type Protected = Pick<EntityOf<typeof entities.b2cIdentityUserFlow>, 'multifactorAuthenticationConfiguration'>;

/**
 * Why a flow does not run although its kind does: it asks for something that decides who comes in and that no step does yet. To let people in
 * without it would be worse than to let in nobody. `connectors`: the positions at which the flow calls an API.
 */
export function notYet(flow: Protected, connectors: readonly string[]): string | undefined {
  const { multifactorAuthenticationState: state, multifactorAuthenticationMethod: method } =
    flow.multifactorAuthenticationConfiguration;
  const [connector] = connectors;
  if (connector !== undefined) return `calls an API connector at ${connector}`;
  if (state !== 'off' && method === 'phoneCall') return 'has a multifactorAuthenticationMethod of phoneCall';
  return undefined;
}
