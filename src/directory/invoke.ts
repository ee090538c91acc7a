import { type Caller, systemFor } from '../kernel/index.ts';
import { type EntityType, validateParameters } from '../model/index.ts';
import type { Directory, OperationTarget } from './directory.ts';
import { faults } from './faults.ts';
import type { Room } from './room.ts';

/** Throws `model.*`, `directory.notFound`, `directory.unknownOperation`, and what the operation throws. */
export async function invokeOperation(
  room: Room,
  directory: Directory,
  caller: Caller,
  { type, id, within }: OperationTarget,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const place = within ? { within } : {};
  const target = id === undefined ? undefined : await directory.get({ type, id, ...place });
  if (id !== undefined && !target) throw faults.notFound({ id });
  const concrete: EntityType = target?.type ?? type;
  const declared = Object.hasOwn(concrete.operations, name) ? concrete.operations[name] : undefined;
  const run = room.rules.operation(concrete, name);
  if (!declared || !run || (declared.on === 'entity') !== (target !== undefined)) {
    throw faults.unknownOperation({ operation: name, type: concrete.name });
  }
  return run({
    caller,
    trusted: systemFor(caller, name),
    tenant: room.tenant,
    clock: room.clock,
    directory,
    parameters: validateParameters(name, declared.parameters, parameters),
    ...place,
    ...(target ? { target } : {}),
  });
}
