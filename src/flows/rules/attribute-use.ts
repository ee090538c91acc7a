import { behaviour } from '../../directory/index.ts';
import { type EntityOf, entities, fold } from '../../model/index.ts';
import { faults } from '../faults.ts';

const { b2cIdentityUserFlow, identityUserFlowAttribute } = entities;

/** More flows than a tenant may have. */
const flowLimit = 999;

/** An attribute that tokens tell of stays, as one that is collected does. */
export const attributeUse = behaviour({
  type: identityUserFlowAttribute,
  async checkRemove({ id }: EntityOf<typeof identityUserFlowAttribute>, { reader }): Promise<void> {
    const { items } = await reader.find({ type: b2cIdentityUserFlow, limit: flowLimit });
    if (items.length === 0) return;
    const flows = items.map((flow) => ({ type: b2cIdentityUserFlow, id: flow.id }));
    const linked = await reader.linked(flows, 'applicationClaims');
    const found = [...linked].find(([, claims]) => claims.some((one) => fold(one.id) === fold(id)));
    if (found) throw faults.attributeReturned({ id, flow: found[0] });
  },
});
