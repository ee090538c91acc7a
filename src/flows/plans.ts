import type { Directory } from '../directory/index.ts';
import { type EntityOf, entities, fold } from '../model/index.ts';
import { compile } from './compile.ts';
import { faults } from './faults.ts';
import type { Plan } from './plan.ts';

export interface Plans {
  /** By user flow id, without regard to case. Throws `flows.unknownFlow`, `flows.notRunnable`. */
  of(flowId: string): Promise<Plan>;
}

const { identityUserFlow, identityUserFlowAttribute, identityUserFlowAttributeAssignment } = entities;

/** Compiled plans, kept until the flow, one of its assignments, or an attribute changes. Only flows that exist are kept. */
export function createPlans(directory: Directory): Plans {
  const kept = new Map<string, Plan>();
  let changes = 0;
  directory.onChange(identityUserFlow, ({ key, root }) => {
    changes += 1;
    kept.delete(fold(root?.key ?? key));
  });
  directory.onChange(identityUserFlowAttribute, () => {
    changes += 1;
    kept.clear();
  });

  async function read(flowId: string): Promise<Plan> {
    const flow = await directory.get({ type: identityUserFlow, id: flowId });
    if (!flow) throw faults.unknownFlow({ id: flowId });
    if (!('userAttributeAssignments' in flow.type.navigations)) return compile(flow, [], []);
    const parent = { type: flow.type, id: flow.entity.id };
    const { items } = await directory.find({
      type: identityUserFlowAttributeAssignment,
      within: [{ parent, navigation: 'userAttributeAssignments' }],
      limit: 999,
    });
    const assignments = items.map(({ entity }) => entity);
    return compile(flow, assignments, await attributesOf(assignments));
  }

  async function attributesOf(
    assignments: readonly { readonly id: string }[],
  ): Promise<readonly EntityOf<typeof identityUserFlowAttribute>[]> {
    const found = await Promise.all(
      assignments.map(({ id }) => directory.get({ type: identityUserFlowAttribute, id })),
    );
    return found.flatMap((one) => (one ? [one.entity] : []));
  }

  return {
    async of(flowId) {
      const cached = kept.get(fold(flowId));
      if (cached) return cached;
      const before = changes;
      const plan = await read(flowId);
      // A change while reading may have made this plan old already: it serves this journey and is not kept.
      if (before === changes) kept.set(fold(plan.flowId), plan);
      return plan;
    },
  };
}
