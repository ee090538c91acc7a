import { behaviour } from '../../directory/index.ts';
import { type EntityOf, type EntityType, entities, fold } from '../../model/index.ts';
import type { StoreReader } from '../../store/index.ts';
import { faults } from '../faults.ts';

const { b2cIdentityUserFlow, b2xIdentityUserFlow, identityApiConnector } = entities;

/** More flows than a tenant may have. */
const flowLimit = 999;

const holder = 'apiConnectorConfiguration/';

/** The id of a flow that calls the connector. */
async function flowCalling(id: string, type: EntityType, reader: StoreReader): Promise<string | undefined> {
  const { items } = await reader.find({ type, limit: flowLimit });
  const flows = items.map((flow) => ({ type, id: flow.id }));
  if (flows.length === 0) return undefined;
  for (const position of Object.keys(type.navigations).filter((name) => name.startsWith(holder))) {
    const linked = await reader.linked(flows, position);
    const found = [...linked].find(([, connectors]) => connectors.some((one) => fold(one.id) === fold(id)));
    if (found) return found[0];
  }
  return undefined;
}

/** A flow that lost its connector in silence would let everybody through whom the connector was to stop (Graph contract e row 25). */
export const connectorUse = behaviour({
  type: identityApiConnector,
  async checkRemove({ id }: EntityOf<typeof identityApiConnector>, { reader }): Promise<void> {
    for (const type of [b2cIdentityUserFlow, b2xIdentityUserFlow]) {
      const flow = await flowCalling(id, type, reader);
      if (flow !== undefined) throw faults.connectorInUse({ id, flow });
    }
  },
});
