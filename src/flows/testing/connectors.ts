import { entities } from '../../model/index.ts';
import { type ConnectorStep, positionOf } from '../callouts/connector-step.ts';
import { type House, seed } from './harness.ts';

const basic = { '@odata.type': 'basicAuthentication', username: 'usher', password: 'sesame' };

/** Gives the tenant an API connector; resolves to its id. */
export async function addConnector(
  { directory }: House,
  targetUrl: string,
  authenticationConfiguration: Readonly<Record<string, unknown>> = basic,
): Promise<string> {
  const draft = { displayName: targetUrl, targetUrl, authenticationConfiguration };
  return (await directory.create(seed, entities.identityApiConnector, draft)).entity.id;
}

/** Lets a flow call a connector at a step. */
export const callAt = ({ directory }: House, flow: string, step: ConnectorStep, connector: string): Promise<unknown> =>
  directory.link(seed, { type: entities.identityUserFlow, id: flow }, positionOf[step], connector);
