import type { PrepareContext } from '../../directory/index.ts';
import type { EntityType } from '../../model/index.ts';
import { type AttributeCollection, demandAssigned, demandInputs, inputsOf, targetsAfter } from './collection-page.ts';
import { faults } from './faults.ts';

/** A handler that is set has somebody to sign in with. Throws `flows.providerMissing`. */
export async function demandProvider(
  handler: object | null | undefined,
  path: string,
  context: PrepareContext<EntityType>,
): Promise<void> {
  if (!handler) return;
  const providers = await targetsAfter(`${path}/identityProviders`, context);
  if (providers.length === 0) throw faults.providerMissing({ handler: path, target: path });
}

/** The inputs of a page that is set name attributes that are collected. Throws `flows.unassignedInput` and its like. */
export async function demandPage(
  handler: Partial<AttributeCollection> | null | undefined,
  path: string,
  context: PrepareContext<EntityType>,
): Promise<void> {
  const inputs = inputsOf(handler);
  if (!inputs) return;
  demandInputs(inputs, path);
  demandAssigned(inputs, await targetsAfter(`${path}/attributes`, context), path);
}

/**
 * A new page that leaves attributes out removes them from what is collected (page of the update operation: all inputs to be retained must be
 * sent).
 */
export function attributesKept(
  handler: Partial<AttributeCollection> | null | undefined,
  path: string,
): Readonly<Record<string, readonly string[]>> {
  const inputs = inputsOf(handler);
  return inputs ? { [`${path}/attributes`]: inputs.map(({ attribute }) => attribute) } : {};
}
