import { type Behaviour, behaviour } from '../../directory/index.ts';
import { usedBy } from '../../identity/index.ts';
import { type EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';

const { identityApiConnector, identityUserFlowAttribute } = entities;

/** A flow that lost its connector in silence would let everybody through whom the connector was to stop (Graph contract e row 25). */
const connectorInUse = behaviour({
  type: identityApiConnector,
  async checkRemove({ id }: EntityOf<typeof identityApiConnector>, { reader }): Promise<void> {
    const user = await usedBy({ type: identityApiConnector, id }, reader);
    if (user !== undefined) throw faults.connectorInUse({ id, user });
  },
});

/** An attribute that tokens tell of stays, as one that is collected does. */
const attributeInUse = behaviour({
  type: identityUserFlowAttribute,
  async checkRemove({ id }: EntityOf<typeof identityUserFlowAttribute>, { reader }): Promise<void> {
    const user = await usedBy({ type: identityUserFlowAttribute, id }, reader);
    if (user !== undefined) throw faults.attributeInUse({ id, user });
  },
});

export const inUseRules: readonly Behaviour[] = [connectorInUse, attributeInUse];
