import type { EntityOf, entities } from '../model/index.ts';

type Protected = Partial<Pick<EntityOf<typeof entities.b2cIdentityUserFlow>, 'multifactorAuthenticationConfiguration'>>;

/**
 * Why a flow does not run although its kind does: it asks for something that decides who comes in and that no step does yet. To let people in
 * without it would be worse than to let in nobody. `connectors`: the positions at which the flow calls an API.
 */
export function notYet(flow: Protected, connectors: readonly string[]): string | undefined {
  const { multifactorAuthenticationConfiguration: factors } = flow;
  const [connector] = connectors;
  if (connector !== undefined) return `calls an API connector at ${connector}`;
  const isAsked = (factors?.multifactorAuthenticationState ?? 'off') !== 'off';
  const method = factors?.multifactorAuthenticationMethod;
  if (isAsked && method === 'phoneCall') return 'has a multifactorAuthenticationMethod of phoneCall';
  return undefined;
}
